// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/live_unmix.h"

#include <algorithm>
#include <bit>
#include <opencv2/imgproc.hpp>

#include "attacks/wallpaper.h"

namespace peekproof::attacks {
namespace {

constexpr int kVotesPerDoubling = 120;  ///< The vote is bounded: each doubling of the call adds as many.
constexpr int kCollarPx = 25;           ///< Of a frame of 720 rows, around doubtful pixels.
constexpr float kTrustedSupport = 0.3F;

/// Every frame votes at first, then every second, every fourth, ...
bool Votes(int64_t frame) {
  const auto doublings = static_cast<uint64_t>(frame / kVotesPerDoubling);
  const uint64_t stride = std::bit_floor(std::max<uint64_t>(1, doublings));
  return static_cast<uint64_t>(frame) % stride == 0;
}

/// Whether the wallpaper is learned anew after so many votes: after 1, 2, 4, ... 32 and then every 32.
bool IsDue(int votes, int last) { return votes >= std::min(std::max(1, 2 * last), last + 32); }

}  // namespace

LiveUnmix::LiveUnmix(cv::Size size, const engines::BlendModel& blend, const UnmixOptions& options)

    : size_(size), blend_(blend), options_(options), vote_(size) {}

void LiveUnmix::Add(const FrameEvidence& evidence) {
  if (Votes(frames_)) {
    Vote(evidence);
    if (IsDue(vote_.frames(), renewed_at_)) RenewWallpaper();
  }
  ++frames_;
  unmix_->Add(evidence);
}

void LiveUnmix::Vote(const FrameEvidence& evidence) {
  const cv::Mat1b sure = DoubtfulPixels(evidence.engine_alpha.values, evidence.caller.values);
  cv::Mat1b small;
  cv::resize(sure, small, cv::Size(std::max(1, sure.cols / 4), std::max(1, sure.rows / 4)), 0, 0,
             cv::INTER_NEAREST);
  const int side = 2 * (kCollarPx * sure.rows / (4 * 720)) + 1;
  cv::dilate(small, small, cv::getStructuringElement(cv::MORPH_RECT, {side, side}));
  cv::resize(small, doubtful_, sure.size(), 0, 0, cv::INTER_NEAREST);
  vote_.Add(evidence.frame.bgr, doubtful_);
}

void LiveUnmix::RenewWallpaper() {
  renewed_at_ = vote_.frames();
  const image::ColourVote::Mode mode = vote_.Finish();
  const cv::Mat1b supported(mode.support >= kTrustedSupport);
  auto wallpaper = Wallpaper::Of(mode.colour, cv::Mat1b(mode.known & supported), mode.support);
  if (unmix_ == nullptr)
    unmix_ = std::make_unique<Unmix>(std::move(wallpaper), blend_, options_);
  else
    unmix_->SetWallpaper(std::move(wallpaper));
}

image::Reconstruction LiveUnmix::Finish() {
  if (unmix_ == nullptr) return image::Reconstruction::Absent(size_);
  RenewWallpaper();
  return unmix_->Finish();
}

}  // namespace peekproof::attacks
