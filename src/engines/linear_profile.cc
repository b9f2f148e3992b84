// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"

#include <utility>

namespace peekproof::engines {
namespace {

class LinearProfile : public Profile {
 public:
  LinearProfile(ProfileParts parts, const UpscaleOptions& upscale)
      : Profile(std::move(parts)), upscaler_(upscale) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), mask);
  }

 private:
  MaskUpscaler upscaler_;
};

}  // namespace

std::unique_ptr<Profile> MakeLinearProfile(ProfileParts parts, const UpscaleOptions& upscale) {
  return std::make_unique<LinearProfile>(std::move(parts), upscale);
}

ParameterSet BindCanvas(CanvasOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Choice("mode", &options->mode, {"image", "blur"},
             "what the background is; sets the mask's blur to 4 px or 8 px");
  set.Choice("upscale", &options->upscale, {"bilinear", "nearest"},
             "mask interpolation: bilinear as in the code, nearest as in the paper");
  BindSchedule(&options->schedule, &set);
  return set;
}

Result<std::unique_ptr<Profile>> MakeCanvasProfile(const CanvasOptions& options,
                                                   const SegmenterMaker& make_segmenter) {
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return MakeLinearProfile(std::move(parts),
                           {options.upscale == "nearest" ? MaskSampling::kNearest : MaskSampling::kBilinear,
                            options.mode == "blur" ? 8.0F : 4.0F, MaskBorder::kTransparent});
}

}  // namespace peekproof::engines
