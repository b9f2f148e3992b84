// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"
#include "media/video_reader.h"

namespace peekproof::apply {

/// Depth pictures that go with a recording: a grey video of 16 bits (8 to 16 are taken, and spread to 16), or
/// numbered pictures, 0 nearest. Read once, forward.
class DepthStream {
 public:
  /// Errors  VideoReader::Open's; kUnsupported (not a grey stream: says how to make one).
  /// frame_rate: of numbered pictures, which carry no time; 0: the reader's default.
  static Result<std::unique_ptr<DepthStream>> Open(const std::string& path, double frame_rate = 0);

  /// The picture that starts last at or before the frame's time (the first one before that). Valid until the
  /// next call. Errors  the reader's; kInvalidArgument (times that go back).
  Result<const cv::Mat1w*> At(const image::Frame& frame);

  /// What is damaged in the stream, and whether it ended long before it was last asked.
  Diagnostics diagnostics() const;

 private:
  explicit DepthStream(std::unique_ptr<media::VideoReader> reader) : reader_(std::move(reader)) {}
  Result<void> ReadNext();

  std::unique_ptr<media::VideoReader> reader_;
  cv::Mat1w shown_;
  cv::Mat1w next_;
  double shown_s_ = 0;
  double next_s_ = 0;
  bool has_next_ = false;
  double last_asked_s_ = 0;
};

}  // namespace peekproof::apply
