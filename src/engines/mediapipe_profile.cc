// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mediapipe_profile.h"

#include <utility>

#include "engines/blend.h"
#include "engines/quantize.h"
#include "engines/temporal.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

class MediapipeProfile : public Profile {
 public:
  MediapipeProfile(ProfileParts parts, float smooth)
      : Profile(std::move(parts)), smooths_(smooth > 0.0F), smoother_(smooth) {}

  void Track(image::AlphaMask* coarse) override {
    if (smooths_) smoother_.Apply(&coarse->values);
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    QuantizeMask(coarse.values, &coarse8_);
    UnitMask(coarse8_, &unit_);
    upscaler_.Apply(unit_, camera.size(), mask);
  }

  void Forget() override { smoother_.Forget(); }

 private:
  bool smooths_;
  UncertaintySmoother smoother_;
  MaskUpscaler upscaler_{UpscaleOptions{}};
  cv::Mat1b coarse8_;
  cv::Mat1f unit_;
};

}  // namespace

std::unique_ptr<Profile> MakeMediapipeProfile(ProfileParts parts, float smooth) {
  if (smooth > 0.0F) parts.previous_masks = -1;
  return std::make_unique<MediapipeProfile>(std::move(parts), smooth);
}

}  // namespace peekproof::engines
