// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"

namespace peekproof::media {

struct WriterOptions {
  std::string codec = "libx264";  ///< FFmpeg encoder name; "ffv1" or "libx264rgb" with crf 0 is lossless.
  double frame_rate = 25;
  int64_t bit_rate = 0;  ///< Bits per second; 0: constant quality by `crf`.
  int crf = 23;          ///< Constant rate factor where bit_rate is 0 and the encoder has one.
  std::string preset = "veryfast";
  std::string pixel_format = "yuv420p";
  bool bt709 = true;  ///< Matrix, primaries and transfer tags: BT.709, else BT.601.
  bool full_range = false;
  int threads = 1;  ///< 1 gives the same bytes on every machine.

  Result<void> Validate() const;
};

/// Encodes frames into a file whose container follows from its name. Colour tags are written.
class VideoWriter {
 public:
  static Result<std::unique_ptr<VideoWriter>> Create(const std::string& path, cv::Size size,
                                                     const WriterOptions& options);
  /// Discards what Finish has not completed.
  ~VideoWriter();

  /// Appends a frame of the size given to Create, BGR 8-bit sRGB, at time number / frame_rate.
  Result<void> Write(const cv::Mat3b& bgr);
  /// Appends a frame at an explicit time in seconds (variable frame rate); times must grow.
  Result<void> WriteAt(const cv::Mat3b& bgr, double time_s);
  /// Flushes the encoder and completes the file.
  Result<void> Finish();

 private:
  struct State;
  explicit VideoWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekproof::media
