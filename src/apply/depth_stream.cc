// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/depth_stream.h"

#include <fmt/format.h>

#include <utility>

namespace peekproof::apply {
namespace {

constexpr double kSameTime_s = 1e-4;  // Two files round their times to different clocks.

}  // namespace

Result<std::unique_ptr<DepthStream>> DepthStream::Open(const std::string& path, double frame_rate) {
  media::ReaderOptions options;
  if (frame_rate > 0) options.sequence_frame_rate = frame_rate;
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(path, options));
  if (reader->info().grey_bits == 0) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("a depth stream has one channel, this has colours ({}); write it as grey pictures of "
                    "16 bits or as ffv1 in mkv with pixel format gray16le: {}",
                    reader->info().pixel_format, path)};
  }
  std::unique_ptr<DepthStream> stream(new DepthStream(std::move(reader)));
  PEEKPROOF_RETURN_IF_ERROR(stream->ReadNext());
  return stream;
}

Result<void> DepthStream::ReadNext() {
  PEEKPROOF_ASSIGN_OR_RETURN(has_next_, reader_->Advance());
  if (!has_next_) return {};
  next_s_ = reader_->time_s();
  PEEKPROOF_RETURN_IF_ERROR(reader_->ConvertGrey(&next_));
  // Samples of fewer bits are spread over all sixteen: the largest becomes 65535.
  const int bits = reader_->info().grey_bits;
  if (bits < 16) next_.convertTo(next_, CV_16U, 65535.0 / ((1 << bits) - 1));
  return {};
}

Result<const cv::Mat1w*> DepthStream::At(const image::Frame& frame) {
  if (frame.time_s < last_asked_s_) {
    return Error{ErrorCode::kInvalidArgument, "a depth stream is read forward only"};
  }
  last_asked_s_ = frame.time_s;
  while (has_next_ && (shown_.empty() || next_s_ <= frame.time_s + kSameTime_s)) {
    std::swap(shown_, next_);
    shown_s_ = next_s_;
    PEEKPROOF_RETURN_IF_ERROR(ReadNext());
  }
  return &shown_;
}

Diagnostics DepthStream::diagnostics() const {
  Diagnostics found = reader_->diagnostics();
  constexpr double kLateBy_s = 1.0;
  if (!has_next_ && last_asked_s_ > shown_s_ + kLateBy_s) {
    found.Add(ErrorCode::kCorruptData, "the depth stream ended before the recording; its last picture stayed",
              shown_s_);
  }
  return found;
}

}  // namespace peekproof::apply
