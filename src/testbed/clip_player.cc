// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/clip_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/video_reader.h"

namespace peekproof::testbed {

namespace {

Result<cv::Mat> FrameOf(media::VideoReader* reader, ClipContent content) {
  if (content == ClipContent::kColour) {
    cv::Mat3b bgr;
    PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&bgr));
    return cv::Mat(bgr);
  }
  cv::Mat4b bgra;
  PEEKPROOF_RETURN_IF_ERROR(reader->ConvertWithAlpha(&bgra));
  return cv::Mat(bgra);
}

}  // namespace

Result<std::unique_ptr<ClipPlayer>> ClipPlayer::Open(const std::string& path, ClipContent content,
                                                     int64_t limit_bytes) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader, media::VideoReader::Open(path, {}));
  if (content == ClipContent::kWithAlpha && !reader->info().has_alpha)
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the footage has no alpha (pixel format {}); give VP9 or ProRes 4444 with alpha, PNG "
                    "pictures with alpha, or key it: {}",
                    reader->info().pixel_format, path)};
  std::unique_ptr<ClipPlayer> player(new ClipPlayer);
  int64_t bytes = 0;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader->Advance());
    if (!more) break;
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat frame, FrameOf(reader.get(), content));
    bytes += static_cast<int64_t>(frame.total() * frame.elemSize());
    if (bytes > limit_bytes && !player->frames_.empty()) {
      player->diagnostics_.Add(
          ErrorCode::kUnsupported,
          fmt::format("footage is played up to its first {} frames, more are not kept in memory",
                      player->frames_.size()));
      break;
    }
    player->frames_.push_back(frame);
    player->times_s_.push_back(reader->time_s() -
                               (player->times_s_.empty() ? reader->time_s() : reader->info().first_time_s));
  }
  player->diagnostics_.Merge(reader->diagnostics());
  return player;
}

cv::Mat ClipPlayer::At(double time_s) const {
  const double last_s = times_s_.back();
  if (!(last_s > 0)) return frames_.front();
  double within_s = std::fmod(std::max(0.0, time_s), 2 * last_s);
  if (within_s > last_s) within_s = 2 * last_s - within_s;
  // A frame stands from its own time on; times of containers are rounded.
  constexpr double kRounding_s = 1e-4;
  const auto behind = std::upper_bound(times_s_.begin(), times_s_.end(), within_s + kRounding_s);
  const auto index = std::max<std::ptrdiff_t>(0, behind - times_s_.begin() - 1);
  return frames_[static_cast<size_t>(index)];
}

}  // namespace peekproof::testbed
