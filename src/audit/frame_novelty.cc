// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/frame_novelty.h"

#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "base/check.h"

namespace peekproof::audit {
namespace {

constexpr int kGreys = 64;
constexpr int kGreyStep = 256 / kGreys;
constexpr uint8_t kFamiliar = 3;            // Times that a grey was looked at.
constexpr double kLeastUnfamiliar = 0.007;  // Share of the pixels.
constexpr float kAlwaysCaller = 0.9F;
constexpr float kSeldomCaller = 0.1F;
constexpr int kAlike = 16;             // Grey levels.
constexpr double kMostChanged = 0.15;  // Share of the background; a raw frame changes more.
constexpr int kMostSkipped = 24;

}  // namespace

FrameNovelty::FrameNovelty(const cv::Mat1f& caller_presence) : counts_(caller_presence.total() * kGreys) {
  cv::compare(caller_presence, kAlwaysCaller, watched_, cv::CMP_LT);
  cv::compare(caller_presence, kSeldomCaller, background_, cv::CMP_LT);
}

bool FrameNovelty::Offer(const cv::Mat3b& thumbnail) {
  PEEKPROOF_CHECK(thumbnail.size() == watched_.size(), "{}x{} instead of {}x{}", thumbnail.cols,
                  thumbnail.rows, watched_.cols, watched_.rows);
  cv::cvtColor(thumbnail, grey_, cv::COLOR_BGR2GRAY);
  if (!IsNew()) {
    ++skipped_;
    return false;
  }
  skipped_ = 0;
  Count();
  cv::swap(grey_, last_);
  return true;
}

bool FrameNovelty::IsNew() const {
  return last_.empty() || skipped_ >= kMostSkipped || !IsLikeLast() ||
         UnfamiliarPixels() >= kLeastUnfamiliar * static_cast<double>(grey_.total());
}

bool FrameNovelty::IsLikeLast() const {
  int changed = 0;
  for (int y = 0; y < grey_.rows; ++y) {
    for (int x = 0; x < grey_.cols; ++x)
      changed += background_(y, x) != 0 && std::abs(grey_(y, x) - last_(y, x)) > kAlike ? 1 : 0;
  }
  return changed <= kMostChanged * cv::countNonZero(background_);
}

int FrameNovelty::UnfamiliarPixels() const {
  int unfamiliar = 0;
  const uint8_t* counts = counts_.data();
  for (int y = 0; y < grey_.rows; ++y) {
    for (int x = 0; x < grey_.cols; ++x, counts += kGreys)
      unfamiliar += watched_(y, x) != 0 && counts[grey_(y, x) / kGreyStep] < kFamiliar ? 1 : 0;
  }
  return unfamiliar;
}

void FrameNovelty::Count() {
  uint8_t* counts = counts_.data();
  for (int y = 0; y < grey_.rows; ++y) {
    for (int x = 0; x < grey_.cols; ++x, counts += kGreys) {
      uint8_t& count = counts[grey_(y, x) / kGreyStep];
      if (count < kFamiliar) ++count;
    }
  }
}

}  // namespace peekproof::audit
