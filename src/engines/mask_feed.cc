// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mask_feed.h"

namespace peekproof::engines {

MaskFeed::MaskFeed(Profile* profile)
    : profile_(*profile),
      schedule_(profile->schedule()),
      entries_(static_cast<size_t>(profile->schedule().lag) + 2) {}

void MaskFeed::Reset() {
  for (Entry& entry : entries_) entry.picture = -1;
  newest_ = 0;
  frame_ = 0;
  failures_ = 0;
  gave_up_ = false;
  profile_.Forget();
}

bool MaskFeed::IsDue(const cv::Mat3b& camera) {
  if (gave_up_ || frame_ < schedule_.load_frames) return false;
  if ((frame_ - schedule_.load_frames) % schedule_.stride != 0) return false;
  const Entry& newest = entries_[newest_];
  const bool has_mask = newest.picture >= 0 && !newest.failed;
  return !(profile_.KeepsMask(camera) && has_mask);
}

bool MaskFeed::MakesFailure() const {
  return frame_ >= schedule_.fail_from && frame_ < schedule_.fail_from + schedule_.fail_frames;
}

void MaskFeed::Infer(const cv::Mat3b& camera, std::string* failure) {
  const size_t next = (newest_ + 1) % entries_.size();
  Entry& entry = entries_[next];
  if (MakesFailure()) {
    *failure = kMadeFailure;
  } else if (auto segmented = profile_.Segment(camera, &entry.coarse); !segmented.ok()) {
    *failure = segmented.error().message;
  }
  if (failure->empty()) {
    failures_ = 0;
    profile_.Track(&entry.coarse);
    entry.picture = frame_;
    entry.failed = false;
    newest_ = next;
    return;
  }
  ++failures_;
  if (schedule_.failures_to_raw > 0 && failures_ >= schedule_.failures_to_raw) gave_up_ = true;
  // Whether an older mask may go on serving is the service's choice; if not, this frame's place stays empty.
  entry.picture = -1;
  if (FallbackOf(schedule_.on_failure) == Fallback::kOldMask) return;
  entry.picture = frame_;
  entry.failed = true;
  newest_ = next;
}

const MaskFeed::Entry* MaskFeed::NewestAvailable() const {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    if (entry.picture < 0 || entry.picture > frame_ - schedule_.lag) continue;
    if (best == nullptr || entry.picture > best->picture) best = &entry;
  }
  return best;
}

Shown MaskFeed::WithoutMask(Fallback fallback) const {
  if (fallback == Fallback::kRaw) return Shown::kRaw;
  return fallback == Fallback::kFreeze ? Shown::kFrozen : Shown::kBackground;
}

FedMask MaskFeed::Next(const cv::Mat3b& camera) {
  FedMask fed;
  if (IsDue(camera)) Infer(camera, &fed.failure);
  const Entry* entry = NewestAvailable();
  if (gave_up_ || frame_ < schedule_.raw_frames) {
    fed.shown = Shown::kRaw;
  } else if (entry == nullptr) {
    fed.shown = WithoutMask(FallbackOf(schedule_.on_start));
  } else if (entry->failed) {
    fed.shown = WithoutMask(FallbackOf(schedule_.on_failure));
  } else {
    fed.coarse = &entry->coarse;
    fed.age = static_cast<int>(frame_ - entry->picture);
  }
  ++frame_;
  return fed;
}

}  // namespace peekproof::engines
