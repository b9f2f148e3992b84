// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"

#include <utility>

#include "engines/downscale.h"

namespace peekproof::engines {
namespace {

class LinearProfile : public Profile {
 public:
  LinearProfile(std::unique_ptr<models::Segmenter> segmenter, const UpscaleOptions& upscale)
      : segmenter_(std::move(segmenter)), upscaler_(upscale) {}

  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    DownscaleFrame(camera, segmenter_->input_size(), Downscale::kBilinear, &small_);
    return segmenter_->Segment(small_, coarse);
  }

  Result<void> Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), mask);
    return {};
  }

  const BlendModel& blend_model() const override { return blend_; }

 private:
  std::unique_ptr<models::Segmenter> segmenter_;
  MaskUpscaler upscaler_;
  BlendModel blend_;
  cv::Mat3b small_;
};

}  // namespace

std::unique_ptr<Profile> MakeLinearProfile(std::unique_ptr<models::Segmenter> segmenter,
                                           const UpscaleOptions& upscale) {
  return std::make_unique<LinearProfile>(std::move(segmenter), upscale);
}

ParameterSet BindCanvas(CanvasOptions* options) {
  ParameterSet set;
  set.Text("model", &options->model, "segmentation model: registry name or path");
  set.Choice("mode", &options->mode, {"image", "blur"},
             "what the wallpaper is; sets the mask's blur to 4 px or 8 px");
  set.Choice("upscale", &options->upscale, {"bilinear", "nearest"},
             "mask interpolation: bilinear as in the code, nearest as in the paper");
  return set;
}

Result<std::unique_ptr<Profile>> MakeCanvasProfile(const Spec& spec, const SegmenterMaker& make_segmenter) {
  CanvasOptions options;
  PEEKPROOF_RETURN_IF_ERROR(BindCanvas(&options).Assign(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, make_segmenter(options.model));
  return MakeLinearProfile(std::move(segmenter),
                           {options.upscale == "nearest" ? MaskSampling::kNearest : MaskSampling::kBilinear,
                            options.mode == "blur" ? 8.0F : 4.0F, MaskBorder::kTransparent});
}

}  // namespace peekproof::engines
