// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"

namespace peekproof::testbed {

enum class ClipContent {
  kColour,     ///< BGR 8-bit sRGB, CV_8UC3.
  kWithAlpha,  ///< The same and straight alpha, CV_8UC4.
};

/// Plays footage for longer than it lasts without a jump: forwards, backwards, and so on. The frames are kept
/// in memory, up to a limit; of longer footage the part that fits is played. Not thread-safe.
class ClipPlayer {
 public:
  /// Errors  media::VideoReader's; kUnsupported (alpha is wanted and there is none).
  static Result<std::unique_ptr<ClipPlayer>> Open(const std::string& path,
                                                  ClipContent content = ClipContent::kColour,
                                                  int64_t limit_bytes = int64_t{384} << 20);

  /// The frame that is on screen at a time from 0 on. Shares memory with the player; not to be written to.
  cv::Mat At(double time_s) const;

  cv::Size size() const { return frames_.front().size(); }
  int frames() const { return static_cast<int>(frames_.size()); }
  /// The frame number i, from 0.
  const cv::Mat& frame(int i) const { return frames_[static_cast<size_t>(i)]; }
  /// What did not decode, and whether the footage was cut to the limit.
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  ClipPlayer() = default;

  std::vector<cv::Mat> frames_;
  std::vector<double> times_s_;  ///< From the first frame's.
  Diagnostics diagnostics_;
};

}  // namespace peekproof::testbed
