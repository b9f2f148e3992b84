// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/guard_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/blend.h"
#include "engines/block_grid.h"
#include "engines/quantize.h"

namespace peekproof::engines {
namespace {

const cv::Vec3b kPlainGrey(64, 64, 64);  ///< What stands where there is no background to show.

/// Smallest number of mask pixels on the outline that a speed is told from.
constexpr int kLeastOutline = 16;
/// Largest margin for motion, in mask pixels.
constexpr int kMostMargin = 8;

cv::Mat1b RampTable(float low, float high) {
  cv::Mat1b table(1, 256);
  for (int i = 0; i < 256; ++i) {
    const float unit = (static_cast<float>(i) / 255.0F - low) / (high - low);
    table(0, i) = static_cast<uint8_t>(255 * std::clamp(unit, 0.0F, 1.0F) + 0.5F);
  }
  return table;
}

/// Lowers the mask to `limit` where that is less.
void TakeLess(const cv::Mat& limit, cv::Mat1b* mask) {
  cv::Mat less = *mask;
  cv::min(limit, less, less);
}

/// A change beside the band makes the whole band there doubtful.
RoomPlateOptions PlateOptionsOf(const GuardOptions& options) {
  RoomPlateOptions plate = options.plate;
  plate.shadow = options.matte.tolerance.shadow;
  plate.glow = options.matte.tolerance.glow;
  plate.doubt_blocks = std::max(plate.doubt_blocks, options.zone.reach_blocks + options.zone.core_blocks + 2);
  return plate;
}

}  // namespace

GuardEngine::GuardEngine(std::unique_ptr<Profile> profile, const GuardOptions& options)
    : profile_(std::move(profile)),
      options_(options),
      feed_(profile_.get()),
      zone_(options.zone),
      plate_(PlateOptionsOf(options)),
      matte_(options.matte),
      state_(options.limits),
      upscaler_(UpscaleOptions{}),
      ramp_(RampTable(options.careful_low, options.careful_high)) {}

EngineTraits GuardEngine::traits() const { return {options_.schedule.lag, options_.schedule.stride, -1, 0}; }

void GuardEngine::Reset() {
  ForgetMasks();
  feed_.Reset();
  state_.Reset();
  plate_.Forget();
  frame_ = 0;
  phase_ = GuardPhase::kOpening;
  size_ = {};
}

void GuardEngine::ForgetMasks() {
  history_.clear();
  zone_.Forget();
  changes_.Forget();
  speed_ = 0;
  last_picture_ = -1;
  last_alpha_.release();
}

Result<void> GuardEngine::LearnRoom(const image::Frame& camera) {
  if (camera.bgr.empty()) return Error{ErrorCode::kInvalidArgument, "engine: the frame is empty"};
  PEEKPROOF_RETURN_IF_ERROR(profile_->Segment(camera.bgr, &setup_coarse_));
  profile_->Refine(setup_coarse_, camera.bgr, &network_);
  zone_.Update(network_, 0);
  zone_.Forget();
  cv::split(camera.bgr, planes_.data());
  // The user says that nobody is there, the network may call furniture the caller: what it calls so is
  // learnt, but not believed where it does not agree.
  cv::bitwise_not(zone_.clear(), suspect_);
  everywhere_.create(suspect_.size());
  everywhere_.setTo(255);
  outside_.create(suspect_.size());
  outside_.setTo(kOutside);
  plate_.MeetLight(planes_, everywhere_);
  plate_.Learn(planes_, everywhere_, outside_, true);
  plate_.Doubt(suspect_);
  return {};
}

Result<void> GuardEngine::Process(const image::Frame& camera, Background* background, Composite* composite) {
  if (camera.bgr.empty()) return Error{ErrorCode::kInvalidArgument, "engine: the frame is empty"};
  if (camera.bgr.size() != size_) {
    feed_.Reset();
    frame_ = 0;
    ForgetMasks();
  }
  size_ = camera.bgr.size();
  const FedMask fed = feed_.Next(camera.bgr);
  composite->failure = fed.failure;
  composite->mask_age = fed.coarse == nullptr ? -1 : fed.age;
  GuardSight sight{size_, camera.time_s, composite->mask_age, !fed.failure.empty(), 0};
  if (fed.coarse != nullptr) {
    TakeMask(fed, camera);
    cv::split(camera.bgr, planes_.data());
    sight.changed = plate_.MeetLight(planes_, zone_.clear());
  }
  ++frame_;
  const GuardDecision decision = state_.Next(sight);
  phase_ = decision.phase;
  if (decision.forget_masks) ForgetMasks();
  if (decision.forget_room) plate_.Forget();
  // An older mask has wider margins, so that what is clear of them is still room.
  const bool has_mask = fed.coarse != nullptr && fed.age <= options_.limits.most_mask_age;
  if (options_.learn && has_mask && !decision.forget_room)
    plate_.Learn(planes_, zone_.clear(), zone_.kinds(), false);
  if (decision.show_caller && zone_.has_caller()) {
    ShowCaller(camera, background, composite);
  } else {
    last_alpha_.release();
    changes_.Forget();
    ShowBackground(camera, background, composite);
  }
  return {};
}

void GuardEngine::TakeMask(const FedMask& fed, const image::Frame& camera) {
  profile_->Refine(*fed.coarse, camera.bgr, &network_);
  const int64_t picture = frame_ - fed.age;
  if (picture != last_picture_) RememberMask(fed.coarse->values);
  last_picture_ = picture;
  zone_.Update(network_, ExtraBlocks(fed.age));
}

void GuardEngine::RememberMask(const cv::Mat1f& coarse) {
  cv::Mat1b mask;
  if (history_.size() > static_cast<size_t>(options_.hold_masks)) {
    mask = history_.back();
    history_.pop_back();
  }
  QuantizeMask(coarse, &mask);
  if (!history_.empty()) MeasureSpeed(history_.front(), mask);
  history_.insert(history_.begin(), mask);
}

/// The outline has moved by the area that changed sides over its length.
void GuardEngine::MeasureSpeed(const cv::Mat1b& last, const cv::Mat1b& now) {
  cv::Mat1b was;
  cv::Mat1b is;
  cv::Mat1b inner;
  cv::threshold(last, was, 127, 255, cv::THRESH_BINARY);
  cv::threshold(now, is, 127, 255, cv::THRESH_BINARY);
  cv::erode(is, inner, SquareOfReach(1));
  const int outline = cv::countNonZero(is) - cv::countNonZero(inner);
  cv::bitwise_xor(was, is, was);
  const float moved =
      static_cast<float>(cv::countNonZero(was)) / static_cast<float>(std::max(kLeastOutline, outline));
  const auto frames = static_cast<float>(std::max<int>(1, options_.schedule.stride));
  speed_ = std::max(moved / frames, 0.8F * speed_);
}

int GuardEngine::ExtraBlocks(int age) const {
  if (age <= 0 || history_.empty()) return 0;
  const float cell_px = static_cast<float>(size_.width) / static_cast<float>(history_.front().cols);
  const float moved_px = 2 * speed_ * static_cast<float>(age) * cell_px;
  return std::min(kMostMargin, static_cast<int>(std::ceil(moved_px / kBlockSide)));
}

void GuardEngine::MakeCareful(cv::Size size, int age) {
  history_.front().copyTo(careful_coarse_);
  const size_t held = std::min(history_.size(), static_cast<size_t>(options_.hold_masks));
  for (size_t i = 1; i < held; ++i) TakeLess(history_[i], &careful_coarse_);
  const int margin =
      options_.choke_cells + static_cast<int>(std::lround(2 * speed_ * static_cast<float>(1 + age)));
  if (margin > 0) cv::erode(careful_coarse_, careful_coarse_, SquareOfReach(std::min(margin, kMostMargin)));
  UnitMask(careful_coarse_, &careful_unit_);
  upscaler_.Apply(careful_unit_, size, &careful_);
  cv::LUT(careful_, ramp_, careful_);
}

/// Hides at once, reveals over reveal_frames.
void GuardEngine::LimitReveal() {
  if (options_.reveal_frames > 1) {
    if (last_alpha_.size() != alpha_.size()) last_alpha_ = cv::Mat1b::zeros(alpha_.size());
    const double step = std::ceil(255.0 / options_.reveal_frames);
    cv::add(last_alpha_, cv::Scalar(step), last_alpha_);
    TakeLess(last_alpha_, &alpha_);
    alpha_.copyTo(last_alpha_);
  }
}

bool GuardEngine::DoubtChanges(double time_s) {
  const double seconds = time_s - shown_s_;
  shown_s_ = time_s;
  if (!changes_.Update({alpha_, network_, zone_.kinds(), plate_.trusted(), seconds})) return false;
  plate_.Doubt(changes_.blocks());
  return true;
}

void GuardEngine::ShowCaller(const image::Frame& camera, Background* background, Composite* composite) {
  const GuardEvidence evidence{camera.bgr, planes_, zone_.kinds(), plate_, network_, careful_, ramp_};
  bool shows_untrusted = false;
  const auto decide = [&] {
    shows_untrusted = ShowsUntrusted(zone_.kinds(), plate_.trusted());
    if (shows_untrusted) MakeCareful(size_, composite->mask_age);
    matte_.Apply(evidence, &alpha_);
  };
  decide();
  if (DoubtChanges(camera.time_s)) decide();
  LimitReveal();
  const auto behind = background->Draw({camera, alpha_});
  if (!behind.ok() || (*behind)->size() != size_) {
    ShowAlone(behind, composite);
    return;
  }
  composite->shown = Shown::kComposed;
  UnitMask(alpha_, &composite->alpha.values);
  const BlendModel& blend = profile_->blend_model();
  if (shows_untrusted) {
    matte_.SoftShares(evidence, alpha_, &soft_);
    foreground_.Apply(camera.bgr, soft_, &caller_colour_);
    Compose(blend, alpha_, caller_colour_, **behind, &composite->bgr);
  } else {
    Compose(blend, alpha_, camera.bgr, **behind, &composite->bgr);
  }
  matte_.CleanMixtures(evidence, alpha_, &composite->bgr);
}

void GuardEngine::ShowBackground(const image::Frame& camera, Background* background, Composite* composite) {
  nothing_.create(size_);
  nothing_.setTo(0);
  ShowAlone(background->Draw({camera, nothing_}), composite);
}

void GuardEngine::ShowAlone(const Result<const cv::Mat3b*>& behind, Composite* composite) const {
  composite->shown = Shown::kBackground;
  composite->alpha.values.create(size_);
  composite->alpha.values.setTo(0);
  if (behind.ok() && (*behind)->size() == size_) {
    (*behind)->copyTo(composite->bgr);
    return;
  }
  composite->failure = behind.ok() ? fmt::format("the background has {}x{} pixels, the frame {}x{}",
                                                 (*behind)->cols, (*behind)->rows, size_.width, size_.height)
                                   : behind.error().message;
  composite->bgr.create(size_);
  composite->bgr.setTo(kPlainGrey);
}

}  // namespace peekproof::engines
