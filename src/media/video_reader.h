// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"

namespace peekproof::media {

/// What a stream says of itself.
struct VideoInfo {
  cv::Size size;                 ///< Of the frames handed out: after rotation and crop.
  double duration_s = 0;         ///< 0 where the container does not say.
  double frame_rate = 0;         ///< Average, frames per second; 0 where unknown.
  int64_t frame_count_hint = 0;  ///< Estimate for progress, within the time range; 0 where unknown.
  bool has_audio = false;
  std::string codec;         ///< FFmpeg's short name, for example "h264".
  std::string container;     ///< FFmpeg's short name.
  std::string pixel_format;  ///< FFmpeg's short name, for example "yuv420p10le".
  int rotation_degrees = 0;  ///< Clockwise turn that was applied: 0, 90, 180 or 270.
};

struct ReaderOptions {
  double start_s = 0;                ///< First presentation time to hand out.
  std::optional<double> end_s;       ///< First presentation time not to hand out; none: to the end.
  std::optional<cv::Rect> crop;      ///< Tile to hand out, in pixels of the upright (rotated) picture.
  int threads = 0;                   ///< Decoder threads; 0: as many as cores.
  int64_t max_pixels = 8192 * 8192;  ///< Larger frames are refused.

  Result<void> Validate() const;
};

/// Reads the first video stream of a file, or a numbered image sequence ("shot_%04d.png"), frame by frame.
///
/// Use: Open; then while Advance() gives true, Convert() or ConvertScaled() (or neither: decode only).
/// Damaged frames are counted in diagnostics() and skipped; a truncated file ends early and says so there. A
/// size change in mid-stream ends with kUnsupported. Not thread-safe.
class VideoReader {
 public:
  /// Errors  kNotFound, kIo, kUnsupported (no video stream, directory, not a video, absurd size, crop
  /// outside),
  ///         kCorruptData (nothing decodes), each a one-line message with reason, remedy and file name.
  static Result<std::unique_ptr<VideoReader>> Open(const std::string& path, const ReaderOptions& options);
  ~VideoReader();

  const VideoInfo& info() const;
  const Diagnostics& diagnostics() const;

  /// Decodes the next frame in presentation order. False at the end of the range. At least one frame comes
  /// before the first false, otherwise kCorruptData or kInvalidArgument (empty time range) is returned.
  Result<bool> Advance();
  /// Number of the current frame among those handed out, from 0, and its presentation time in seconds.
  int64_t index() const;
  double time_s() const;

  /// Current frame, rotated and cropped, BGR 8-bit sRGB full range; the buffer is reused if its size fits.
  Result<void> Convert(cv::Mat3b* bgr);
  /// The same, scaled to `size` (fast bilinear): for thumbnails.
  Result<void> ConvertScaled(cv::Size size, cv::Mat3b* bgr);

 private:
  struct State;
  explicit VideoReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekproof::media
