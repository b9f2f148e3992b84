// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "media/video_reader.h"

namespace peekproof::media {

/// A video that starts again when it ends, at its own frame rate: what a moving virtual background is.
///
/// The frame that starts last at or before a time is shown. The last one is shown for the time that its
/// predecessors were on average, or to the end that the file states, if that is no more than twice as long.
/// A still picture is a video of one frame. The frames do not depend on the order of the questions.
///
/// Cost  Decodes in order: a step forward costs the frames between, a step back the video from its start.
/// Memory: two frames and the decoder's. Not thread-safe.
class LoopedVideo {
 public:
  /// options: its time range and crop are what is looped. Errors  VideoReader::Open's.
  static Result<std::unique_ptr<LoopedVideo>> Create(const std::string& path,
                                                     const ReaderOptions& options = {});

  /// The frame shown at a time, of any sign, BGR 8-bit sRGB. Lives until the next question.
  /// Errors  kInvalidArgument (not finite); the reader's.
  Result<const cv::Mat3b*> At(double time_s);

  /// Changes whenever At gives another picture than before.
  int64_t serial() const { return serial_; }
  const VideoInfo& info() const { return info_; }
  /// What went wrong in the first pass in which something did.
  const Diagnostics& diagnostics() const {
    return diagnostics_.empty() ? reader_->diagnostics() : diagnostics_;
  }

 private:
  LoopedVideo(std::string path, ReaderOptions options);
  Result<void> Rewind();
  Result<void> StepTo(double time_s);
  Result<void> TakeNext();
  double TimeInLoop(double time_s) const;

  const std::string path_;
  const ReaderOptions options_;
  std::unique_ptr<VideoReader> reader_;
  VideoInfo info_;
  Diagnostics diagnostics_;  ///< Of the passes that are over.
  cv::Mat3b shown_;          ///< Empty before the first.
  int64_t serial_ = 0;
  double shown_s_ = 0;  ///< From the first frame's time.
  cv::Mat3b next_;
  std::optional<double> next_s_;    ///< None at the end.
  std::optional<double> period_s_;  ///< None until the end was seen.
};

}  // namespace peekproof::media
