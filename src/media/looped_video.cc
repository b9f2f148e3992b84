// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/looped_video.h"

#include <cmath>
#include <utility>

#include "media/timeline.h"

namespace peekproof::media {
namespace {

/// How long a loop takes whose last of `count` frames begins at last_s.
double PeriodOf(double last_s, int64_t count, double stated_s) {
  constexpr double kStill = 1.0;
  if (count < 2) return kStill;
  const double mean_s = last_s / static_cast<double>(count - 1);
  const bool plausible = stated_s > last_s + kTimeTolerance && stated_s <= last_s + 2 * mean_s;
  return plausible ? stated_s : last_s + mean_s;
}

}  // namespace

LoopedVideo::LoopedVideo(std::string path, ReaderOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

Result<std::unique_ptr<LoopedVideo>> LoopedVideo::Create(const std::string& path,
                                                         const ReaderOptions& options) {
  std::unique_ptr<LoopedVideo> video(new LoopedVideo(path, options));
  PEEKPROOF_RETURN_IF_ERROR(video->Rewind());
  video->info_ = video->reader_->info();
  return video;
}

Result<void> LoopedVideo::Rewind() {
  if (reader_ != nullptr) diagnostics_ = diagnostics();
  PEEKPROOF_ASSIGN_OR_RETURN(reader_, VideoReader::Open(path_, options_));
  PEEKPROOF_RETURN_IF_ERROR(TakeNext());
  PEEKPROOF_CHECK(next_s_.has_value(), "an opened video has no frame");
  shown_s_ = *next_s_;
  std::swap(shown_, next_);
  ++serial_;
  return TakeNext();
}

/// Decodes the frame behind the shown one, or learns that there is none.
Result<void> LoopedVideo::TakeNext() {
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader_->Advance());
  next_s_.reset();
  if (more) {
    PEEKPROOF_RETURN_IF_ERROR(reader_->Convert(&next_));
    next_s_ = reader_->time_s() - reader_->info().first_time_s;
  } else if (!period_s_) {
    const bool whole = options_.start_s <= 0 && !options_.end_s;
    period_s_ = PeriodOf(shown_s_, reader_->index() + 1, whole ? reader_->info().duration_s : 0);
  }
  return {};
}

Result<void> LoopedVideo::StepTo(double time_s) {
  while (next_s_ && *next_s_ <= time_s + kTimeTolerance) {
    shown_s_ = *next_s_;
    std::swap(shown_, next_);
    ++serial_;
    PEEKPROOF_RETURN_IF_ERROR(TakeNext());
  }
  return {};
}

double LoopedVideo::TimeInLoop(double time_s) const {
  double in_loop_s = std::fmod(time_s, *period_s_);
  if (in_loop_s < 0) in_loop_s += *period_s_;
  return *period_s_ - in_loop_s < kTimeTolerance ? 0 : in_loop_s;
}

Result<const cv::Mat3b*> LoopedVideo::At(double time_s) {
  if (!std::isfinite(time_s)) return Error{ErrorCode::kInvalidArgument, "a looped video has no such time"};
  if (!period_s_) {
    // Within the first pass, or on to its end, where the period shows.
    const bool forward = time_s >= shown_s_ - kTimeTolerance;
    const bool before_the_start = time_s < -kTimeTolerance;
    if (!forward && !before_the_start) PEEKPROOF_RETURN_IF_ERROR(Rewind());
    PEEKPROOF_RETURN_IF_ERROR(StepTo(before_the_start ? HUGE_VAL : time_s));
    if (!period_s_) return &std::as_const(shown_);
  }
  const double in_loop_s = TimeInLoop(time_s);
  if (in_loop_s < shown_s_ - kTimeTolerance) PEEKPROOF_RETURN_IF_ERROR(Rewind());
  PEEKPROOF_RETURN_IF_ERROR(StepTo(in_loop_s));
  return &std::as_const(shown_);
}

}  // namespace peekproof::media
