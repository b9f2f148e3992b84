// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "media/video_writer.h"
#include "testbed/channel.h"
#include "testbed/channel_options.h"

namespace peekproof::testbed {

/// What the recording holds of a frame.
struct Received {
  bool shown = true;  ///< It is in the recording; false: the one before stays on the screen.
  Absence absence = Absence::kNone;
  double scale = 1;      ///< Width sent over full width.
  int64_t bytes = 0;     ///< Of the coded frame; 0 where the recording is the encoder's own stream.
  int64_t bit_rate = 0;  ///< That the encoder was set to, bits per second; 0 for lossless.
};

/// Records a call at the other side: "call.mp4" or "call.webm" in a folder.
///
/// Where every frame arrives as it is sent, at one rate, the file is the encoder's own stream. Otherwise the
/// received pictures are recorded without further loss, in RGB by libx264rgb, each at the time of its frame;
/// frames that did not arrive are absent (variable frame rate). The first frame always arrives, so the file's
/// time 0 is the call's.
class CallRecorder {
 public:
  /// directory: exists. size: of all pictures. seed: of dips and losses.
  /// Errors  kInvalidArgument (options, size); kUnsupported (this FFmpeg lacks an encoder; H.264 of odd
  ///         sides); kIo.
  static Result<std::unique_ptr<CallRecorder>> Create(const std::string& directory, cv::Size size,
                                                      double frame_rate, const ChannelOptions& options,
                                                      uint64_t seed);
  /// Discards what Finish has not completed.
  ~CallRecorder();

  /// Sends and records a picture, BGR 8-bit sRGB. index: from 0, each one more. time_s: grows.
  Result<Received> Write(const cv::Mat3b& bgr, int64_t index, double time_s);
  /// Completes the file.
  Result<void> Finish();

  const std::string& path() const { return path_; }

 private:
  CallRecorder(std::string path, std::unique_ptr<media::VideoWriter> writer, std::unique_ptr<Channel> channel,
               int64_t bit_rate);

  std::string path_;
  std::unique_ptr<media::VideoWriter> writer_;
  std::unique_ptr<Channel> channel_;  ///< Null: the encoder's own stream is the file.
  Sent sent_;
  int64_t next_ = 0;
};

}  // namespace peekproof::testbed
