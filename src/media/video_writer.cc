// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include "media/encoded_file.h"

namespace peekproof::media {

Result<void> WriterOptions::Validate() const {
  const auto invalid = [](const char* message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (!(frame_rate >= 0.1 && frame_rate <= 1000))
    return invalid("the frame rate must lie between 0.1 and 1000");
  if (bit_rate < 0) return invalid("the bit rate must be 0 (constant quality) or more");
  if (crf < 0 || crf > 63) return invalid("the constant rate factor must lie between 0 and 63");
  if (key_frame_interval < 0) return invalid("the key frame interval must be 0 or more frames");
  if (threads < 0) return invalid("the number of threads must be 0 (as many as cores) or more");
  return {};
}

VideoWriter::VideoWriter(std::unique_ptr<PictureSink> sink) : sink_(std::move(sink)) {}
VideoWriter::~VideoWriter() = default;

Result<std::unique_ptr<VideoWriter>> VideoWriter::Create(const std::string& path, cv::Size size,
                                                         const WriterOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  constexpr int kMaxSide = 16384;
  if (size.width < 1 || size.height < 1 || size.width > kMaxSide || size.height > kMaxSide) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a video of {}x{} cannot be written; sides are 1 to {} pixels", size.width,
                             size.height, kMaxSide)};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(std::unique_ptr<PictureSink> sink, EncodedFile::Create(path, size, options));
  return std::unique_ptr<VideoWriter>(new VideoWriter(std::move(sink)));
}

Result<void> VideoWriter::Write(const cv::Mat3b& bgr) { return sink_->Write(bgr, std::nullopt); }
Result<void> VideoWriter::WriteAt(const cv::Mat3b& bgr, double time_s) { return sink_->Write(bgr, time_s); }
Result<void> VideoWriter::Finish() { return sink_->Finish(); }

}  // namespace peekproof::media
