// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/learn_room.h"

#include <fmt/format.h>

#include "media/video_reader.h"

namespace peekproof::apply {
namespace {

constexpr double kLongest_s = 10;
constexpr int kRepeats = 12;  ///< Of a picture: as many as make a plate be believed.

}  // namespace

Result<void> LearnRoom(const std::string& path, const std::optional<cv::Rect>& crop, cv::Size size,
                       const std::stop_token& stop,
                       const std::function<Result<void>(const image::Frame&)>& learn) {
  media::ReaderOptions options;
  options.crop = crop;
  options.stop = stop;
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(path, options));
  if (reader->info().size != size) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the empty room has {}x{} pixels, the recording {}x{}; film both alike: {}",
                    reader->info().size.width, reader->info().size.height, size.width, size.height, path)};
  }
  image::Frame frame;
  int64_t count = 0;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader->Advance());
    if (!more) break;
    PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&frame.bgr));
    frame.index = count;
    frame.time_s = reader->time_s();
    if (frame.time_s - reader->info().first_time_s > kLongest_s) break;
    PEEKPROOF_RETURN_IF_ERROR(learn(frame));
    ++count;
  }
  if (count == 0) return Error{ErrorCode::kCorruptData, "nothing of the empty room can be read: " + path};
  for (; count < kRepeats; ++count) PEEKPROOF_RETURN_IF_ERROR(learn(frame));
  return {};
}

}  // namespace peekproof::apply
