// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"
#include "media/colour_tags.h"

namespace peekproof::media {

struct VideoInput;

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
  int video_streams = 1;     ///< In the file; the first is read.
  ColourTags colour;         ///< As the frames are converted: a silent matrix or range is settled.
  double pixel_aspect = 1;   ///< Width of an upright pixel over its height; frames are handed out unscaled.
  int grey_bits = 0;         ///< Bits of a sample where the stream has one channel (see ConvertGrey), else 0.
  bool has_alpha = false;    ///< Whether frames carry alpha (see ConvertWithAlpha).
  int64_t ticks_per_second = 0;  ///< Presentation times are whole numbers of these; 0 where unknown.
  double origin_s = 0;           ///< Where time 0 lies on the file's own clock, which its sound shares.
  double first_time_s = 0;       ///< Presentation time of the first frame handed out.
};

struct ReaderOptions {
  double start_s = 0;                ///< First presentation time to hand out.
  std::optional<double> end_s;       ///< First presentation time not to hand out; none: to the end.
  std::optional<cv::Rect> crop;      ///< Tile to hand out, in pixels of the upright (rotated) picture.
  int threads = 0;                   ///< Decoder threads; 0: as many as cores.
  int64_t max_pixels = 8192 * 8192;  ///< Larger frames are refused; so is a block over 512 MiB.
  double sequence_frame_rate = 25;   ///< Of numbered pictures, which carry no time.
  std::stop_token stop;              ///< Ends reading with kInterrupted, also within Open.

  Result<void> Validate() const;
};

/// Reads the first video stream of a file, or a numbered image sequence ("shot_%04d.png"), frame by frame.
///
/// Use: Open; then while Advance() gives true, Convert() or ConvertScaled() (or neither: decode only).
/// Damaged frames are counted in diagnostics() and skipped; a truncated file ends early and says so there. A
/// size change in mid-stream ends with kUnsupported. Not thread-safe.
///
/// Times: presentation times from the first frame's, which is 0; see Timeline for missing ones. Colour: by
/// the stream's tags; where they are silent as ColourEncodingOf says (matrix BT.709 from 720 rows, BT.601
/// below). Pixels are taken as square. Only formats that hold their own data are read, and nothing but the
/// named file.
class VideoReader {
 public:
  /// Errors  kNotFound, kIo, kUnsupported (no video stream, directory, not a video, absurd size, crop
  /// outside),
  ///         kCorruptData (nothing decodes), kInvalidArgument (options; no frame in the time range),
  ///         kInterrupted, each a one-line message with reason, remedy and file name.
  static Result<std::unique_ptr<VideoReader>> Open(const std::string& path, const ReaderOptions& options);
  /// The same from bytes, which must outlive the reader.
  static Result<std::unique_ptr<VideoReader>> OpenBytes(std::span<const uint8_t> bytes,
                                                        const ReaderOptions& options);
  ~VideoReader();

  const VideoInfo& info() const;
  const Diagnostics& diagnostics() const;

  /// Decodes the next frame in presentation order. False at the end of the range. At least one frame comes
  /// before the first false: Open has seen to it.
  Result<bool> Advance();
  /// Number of the current frame among those handed out, from 0, and its presentation time in seconds.
  int64_t index() const;
  double time_s() const;

  /// Current frame, rotated and cropped, BGR 8-bit sRGB full range; the buffer is reused if its size fits.
  Result<void> Convert(cv::Mat3b* bgr);
  /// The same, scaled to `size`, averaging when shrinking: for thumbnails, several times faster than Convert
  /// and a resize.
  Result<void> ConvertScaled(cv::Size size, cv::Mat3b* bgr);
  /// The current frame with its own alpha, as it is stored (straight, unless the file's maker multiplied):
  /// BGR as Convert, alpha 0 to 255, which is 255 throughout where the stream has none.
  Result<void> ConvertWithAlpha(cv::Mat4b* bgra);
  /// The samples of a grey stream without loss, whatever its range: 0 to 2^grey_bits - 1. For depth, mattes
  /// and other measured values. Errors  kUnsupported (a colour stream).
  Result<void> ConvertGrey(cv::Mat1w* samples);

 private:
  class State;
  explicit VideoReader(std::unique_ptr<State> state);
  static Result<std::unique_ptr<VideoReader>> OpenInput(VideoInput input, const ReaderOptions& options);
  std::unique_ptr<State> state_;
};

}  // namespace peekproof::media
