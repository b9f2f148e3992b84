// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/profile.h"

#include <fmt/format.h>

#include <utility>

#include "engines/blend.h"
#include "engines/mask_feed.h"

namespace peekproof::engines {
namespace {

Error BadFrame(const std::string& why) { return {ErrorCode::kInvalidArgument, "engine: " + why}; }

class ProfileEngine : public Engine {
 public:
  explicit ProfileEngine(std::unique_ptr<Profile> profile)
      : profile_(std::move(profile)), feed_(profile_.get()) {}

  Result<void> Process(const image::Frame& camera, Background* background, Composite* composite) override {
    PEEKPROOF_RETURN_IF_ERROR(Check(camera.bgr));
    size_ = camera.bgr.size();
    FedMask fed = feed_.Next(camera.bgr);
    composite->failure = std::move(fed.failure);
    composite->shown = fed.shown;
    composite->mask_age = fed.age;
    // There is nothing to freeze before the first composite.
    const bool can_freeze = started_ && composite->bgr.size() == size_;
    if (fed.shown == Shown::kFrozen && !can_freeze) composite->shown = Shown::kBackground;
    started_ = true;
    switch (composite->shown) {
      case Shown::kComposed:
        profile_->Refine(*fed.coarse, camera.bgr, &mask_);
        return Mix(camera, background, composite);
      case Shown::kBackground:
        mask_.create(size_);
        mask_ = uint8_t{0};
        return Mix(camera, background, composite);
      case Shown::kRaw:
        camera.bgr.copyTo(composite->bgr);
        composite->alpha.values.create(size_);
        composite->alpha.values = 1.0F;
        return {};
      case Shown::kFrozen:
        break;
    }
    return {};
  }

  EngineTraits traits() const override {
    const Schedule& schedule = profile_->schedule();
    return {schedule.lag, schedule.stride, profile_->previous_masks(), 0};
  }

  void Reset() override {
    feed_.Reset();
    started_ = false;
    size_ = {};
  }

 private:
  Result<void> Mix(const image::Frame& camera, Background* background, Composite* composite) {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* behind, background->Draw({camera, mask_}));
    if (behind->size() != size_) {
      return BadFrame(fmt::format("the wallpaper has {}x{} pixels, the frame {}x{}: fit it first",
                                  behind->cols, behind->rows, size_.width, size_.height));
    }
    const BlendModel& model = profile_->blend_model();
    AlphaOfMask(model, mask_, &composite->alpha.values);
    Compose(model, mask_, camera.bgr, *behind, &composite->bgr);
    return {};
  }

  Result<void> Check(const cv::Mat3b& camera) const {
    if (camera.empty()) return BadFrame("the frame is empty");
    if (!size_.empty() && size_ != camera.size()) {
      return BadFrame(fmt::format("the frame size changed from {}x{} to {}x{} without a reset", size_.width,
                                  size_.height, camera.cols, camera.rows));
    }
    return {};
  }

  std::unique_ptr<Profile> profile_;
  MaskFeed feed_;
  cv::Size size_;
  bool started_ = false;
  cv::Mat1b mask_;
};

/// A picture that has the frame's size already.
class FixedBackground : public Background {
 public:
  explicit FixedBackground(const cv::Mat3b& picture) : picture_(picture) {}
  Result<const cv::Mat3b*> Draw(const BackgroundView& /*view*/) override { return &picture_; }

 private:
  const cv::Mat3b& picture_;
};

class ProfileMatter : public Matter {
 public:
  explicit ProfileMatter(std::unique_ptr<Profile> profile) : profile_(std::move(profile)) {}

  Result<void> Estimate(const cv::Mat3b& bgr, image::AlphaMask* alpha, image::AlphaMask* mask) override {
    if (bgr.empty()) return BadFrame("the frame is empty");
    profile_->Forget();
    PEEKPROOF_RETURN_IF_ERROR(profile_->Segment(bgr, &coarse_));
    profile_->Track(&coarse_);
    profile_->Refine(coarse_, bgr, &mask_);
    if (IsPlainLinear(blend_model())) {
      UnitMask(mask_, &alpha->values);
      mask->values = alpha->values;
    } else {
      // The caller may hand in masks that a linear engine left sharing their memory.
      if (mask->values.data == alpha->values.data) mask->values = cv::Mat1f();
      UnitMask(mask_, &mask->values);
      AlphaOfMask(blend_model(), mask_, &alpha->values);
    }
    return {};
  }

  const BlendModel& blend_model() const override { return profile_->blend_model(); }

 private:
  std::unique_ptr<Profile> profile_;
  image::AlphaMask coarse_;
  cv::Mat1b mask_;
};

}  // namespace

Result<void> Profile::Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) {
  DownscaleFrame(camera, segmenter().input_size(), parts_.downscale, &small_);
  return segmenter().Segment(small_, coarse);
}

void BindModel(std::string* model, ParameterSet* set) {
  set->Text("model", model, "segmentation model: registry name or path");
}

void BindCoverage(BlendModel* blend, float most_high, ParameterSet* set) {
  set->Number("coverage_low", &blend->coverage_low, 0.0F, 0.999F,
              "mask value at which the caller begins to show");
  set->Number("coverage_high", &blend->coverage_high, 0.001F, most_high,
              "mask value from which the caller hides the wallpaper");
}

Result<void> CheckCoverage(const std::string& engine, const BlendModel& blend) {
  if (blend.coverage_low < blend.coverage_high) return {};
  return Error{ErrorCode::kInvalidArgument,
               "engine " + engine + ": coverage_low must be less than coverage_high"};
}

Result<void> Engine::Process(const image::Frame& camera, const cv::Mat3b& wallpaper, Composite* composite) {
  FixedBackground background(wallpaper);
  return Process(camera, &background, composite);
}

std::unique_ptr<Engine> EngineOf(std::unique_ptr<Profile> profile) {
  return std::make_unique<ProfileEngine>(std::move(profile));
}

std::unique_ptr<Matter> MatterOf(std::unique_ptr<Profile> profile) {
  return std::make_unique<ProfileMatter>(std::move(profile));
}

}  // namespace peekproof::engines
