// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/call_recorder.h"

#include <filesystem>
#include <utility>

namespace peekproof::testbed {

CallRecorder::CallRecorder(std::string path, std::unique_ptr<media::VideoWriter> writer,
                           std::unique_ptr<Channel> channel, int64_t bit_rate)
    : path_(std::move(path)), writer_(std::move(writer)), channel_(std::move(channel)) {
  sent_.bit_rate = bit_rate;
}
CallRecorder::~CallRecorder() = default;

Result<std::unique_ptr<CallRecorder>> CallRecorder::Create(const std::string& directory, cv::Size size,
                                                           double frame_rate, const ChannelOptions& options,
                                                           uint64_t seed) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  std::unique_ptr<Channel> channel;
  if (!options.IsPlain()) {
    PEEKPROOF_ASSIGN_OR_RETURN(channel, Channel::Create(options, size, frame_rate, seed));
  }
  const Recording recording = RecordingOf(options, size, frame_rate);
  std::string path = (std::filesystem::path(directory) / "call").string() + recording.extension;
  PEEKPROOF_ASSIGN_OR_RETURN(auto writer, media::VideoWriter::Create(path, size, recording.writer));
  const int64_t bit_rate = options.codec == ChannelCodec::kLossless ? 0 : options.bit_rate;
  return std::unique_ptr<CallRecorder>(
      new CallRecorder(std::move(path), std::move(writer), std::move(channel), bit_rate));
}

Result<Received> CallRecorder::Write(const cv::Mat3b& bgr, int64_t index, double time_s) {
  PEEKPROOF_CHECK(index == next_, "frame {} where {} is due", index, next_);
  ++next_;
  if (channel_ != nullptr) PEEKPROOF_RETURN_IF_ERROR(channel_->Send(bgr, time_s, &sent_));
  if (sent_.shown()) {
    PEEKPROOF_RETURN_IF_ERROR(writer_->WriteAt(channel_ != nullptr ? sent_.picture : bgr, time_s));
  }
  return Received{sent_.shown(), sent_.absence, sent_.scale, sent_.bytes, sent_.bit_rate};
}

Result<void> CallRecorder::Finish() { return writer_->Finish(); }

}  // namespace peekproof::testbed
