// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/profile.h"

#include <fmt/format.h>

#include <utility>

#include "engines/blend.h"

namespace peekproof::engines {
namespace {

Error BadFrame(const std::string& why) { return {ErrorCode::kInvalidArgument, "engine: " + why}; }

class ProfileEngine : public Engine {
 public:
  explicit ProfileEngine(std::unique_ptr<Profile> profile) : profile_(std::move(profile)) {}

  Result<void> Process(const image::Frame& camera, const cv::Mat3b& wallpaper,
                       Composite* composite) override {
    PEEKPROOF_RETURN_IF_ERROR(Check(camera.bgr, wallpaper));
    size_ = camera.bgr.size();
    if (profile_->lag() == 0) {
      PEEKPROOF_RETURN_IF_ERROR(profile_->Segment(camera.bgr, &coarse_));
      has_mask_ = true;
    }
    if (has_mask_) {
      PEEKPROOF_RETURN_IF_ERROR(profile_->Refine(coarse_, camera.bgr, &mask_));
    } else {
      mask_.create(size_);
      mask_ = uint8_t{0};
    }
    const BlendModel& model = profile_->blend_model();
    AlphaOfMask(model, mask_, &composite->alpha.values);
    Compose(model, mask_, camera.bgr, wallpaper, &composite->bgr);
    if (profile_->lag() == 0) return {};
    // For the next frame. A failure must not leave the older mask to be used again.
    has_mask_ = false;
    PEEKPROOF_RETURN_IF_ERROR(profile_->Segment(camera.bgr, &coarse_));
    has_mask_ = true;
    return {};
  }

  void Reset() override {
    has_mask_ = false;
    size_ = {};
  }

 private:
  Result<void> Check(const cv::Mat3b& camera, const cv::Mat3b& wallpaper) const {
    if (camera.empty()) return BadFrame("the frame is empty");
    if (wallpaper.size() != camera.size()) {
      return BadFrame(fmt::format("the wallpaper has {}x{} pixels, the frame {}x{}: fit it first",
                                  wallpaper.cols, wallpaper.rows, camera.cols, camera.rows));
    }
    if (!size_.empty() && size_ != camera.size()) {
      return BadFrame(fmt::format("the frame size changed from {}x{} to {}x{} without a reset", size_.width,
                                  size_.height, camera.cols, camera.rows));
    }
    return {};
  }

  std::unique_ptr<Profile> profile_;
  cv::Size size_;
  bool has_mask_ = false;
  image::AlphaMask coarse_;
  cv::Mat1b mask_;
};

class ProfileMatter : public Matter {
 public:
  explicit ProfileMatter(std::unique_ptr<Profile> profile) : profile_(std::move(profile)) {}

  Result<void> Estimate(const cv::Mat3b& bgr, image::AlphaMask* alpha, image::AlphaMask* mask) override {
    if (bgr.empty()) return BadFrame("the frame is empty");
    PEEKPROOF_RETURN_IF_ERROR(profile_->Segment(bgr, &coarse_));
    PEEKPROOF_RETURN_IF_ERROR(profile_->Refine(coarse_, bgr, &mask_));
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

std::unique_ptr<Engine> EngineOf(std::unique_ptr<Profile> profile) {
  return std::make_unique<ProfileEngine>(std::move(profile));
}

std::unique_ptr<Matter> MatterOf(std::unique_ptr<Profile> profile) {
  return std::make_unique<ProfileMatter>(std::move(profile));
}

}  // namespace peekproof::engines
