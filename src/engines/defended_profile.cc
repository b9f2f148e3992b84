// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/defended_profile.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/blend.h"
#include "engines/guided_filter.h"
#include "engines/luma.h"
#include "engines/quantize.h"

namespace peekproof::engines {
namespace {

constexpr GuidedFilterOptions kMatting{.radius = 8, .epsilon = 1e-4F, .subsample = 1};

ProfileParts PartsLike(const Profile& profile) {
  return {.blend = profile.blend_model(),
          .schedule = profile.schedule(),
          .previous_masks = profile.previous_masks()};
}

class DefendedProfile : public Profile {
 public:
  DefendedProfile(std::unique_ptr<Profile> inner, const DefenseOptions& defenses)
      : Profile(PartsLike(*inner)), inner_(std::move(inner)), defenses_(defenses), matting_(kMatting) {}

  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    return inner_->Segment(camera, coarse);
  }
  void Track(image::AlphaMask* coarse) override { inner_->Track(coarse); }
  bool KeepsMask(const cv::Mat3b& camera) override { return inner_->KeepsMask(camera); }
  void Forget() override { inner_->Forget(); }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    inner_->Refine(coarse, camera, mask);
    if (defenses_.matting) {
      LumaOf(kLumaBt601, camera, &luma_);
      UnitMask(*mask, &unit_);
      matting_.Apply(luma_, unit_, &refined_);
      QuantizeMask(refined_, mask);
    }
    if (defenses_.choke_px > 0) {
      const int side = 2 * defenses_.choke_px + 1;
      cv::erode(*mask, *mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
    }
    if (defenses_.clip > 0) cv::threshold(*mask, *mask, 255 * defenses_.clip, 0, cv::THRESH_TOZERO);
  }

 private:
  std::unique_ptr<Profile> inner_;
  DefenseOptions defenses_;
  GuidedFilter matting_;
  cv::Mat1b luma_;
  cv::Mat1f unit_;
  cv::Mat1f refined_;
};

}  // namespace

ParameterSet BindDefenses(DefenseOptions* defenses) {
  ParameterSet set;
  set.Integer("defend_choke", &defenses->choke_px, 0, 64, "defense: the mask shrinks by so many pixels");
  set.Number("defend_clip", &defenses->clip, 0.0F, 0.99F, "defense: mask values up to this become 0");
  set.Flag("defend_matting", &defenses->matting,
           "defense: the mask's edge is brought to the picture's at full resolution");
  return set;
}

Result<DefenseOptions> TakeDefenses(Spec* spec) {
  Spec own{spec->name, {}};
  const auto is_defense = [](const auto& value) { return value.first.starts_with("defend_"); };
  std::copy_if(spec->values.begin(), spec->values.end(), std::back_inserter(own.values), is_defense);
  std::erase_if(spec->values, is_defense);
  DefenseOptions defenses;
  PEEKPROOF_RETURN_IF_ERROR(BindDefenses(&defenses).Assign(own));
  return defenses;
}

std::unique_ptr<Profile> Defend(std::unique_ptr<Profile> profile, const DefenseOptions& defenses) {
  if (!defenses.any()) return profile;
  return std::make_unique<DefendedProfile>(std::move(profile), defenses);
}

}  // namespace peekproof::engines
