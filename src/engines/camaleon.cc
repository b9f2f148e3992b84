// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/profiles.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

struct CamaleonOptions {
  std::string model = "landscape";
  float threshold = 0.5F;                     ///< Of a network trained with binary cross-entropy; not stated.
  Schedule schedule{.on_failure = "freeze"};  ///< A canvas: it keeps its picture.
};

ParameterSet Bind(CamaleonOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("threshold", &options->threshold, 0.0F, 1.0F, "mask value above which the caller shows");
  BindSchedule(&options->schedule, &set);
  return set;
}

class CamaleonProfile : public Profile {
 public:
  CamaleonProfile(ProfileParts parts, float threshold) : Profile(std::move(parts)), threshold_(threshold) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), &soft_);
    cv::threshold(soft_, *mask, static_cast<double>(threshold_) * 255.0, 255.0, cv::THRESH_BINARY);
  }

 private:
  float threshold_;
  MaskUpscaler upscaler_{UpscaleOptions{}};
  cv::Mat1b soft_;
};

Result<std::unique_ptr<Profile>> MakeCamaleon(const Spec& spec, const SegmenterMaker& make_segmenter) {
  CamaleonOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.blend = {.cut_mask = true}, .schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<CamaleonProfile>(std::move(parts), options.threshold));
}

}  // namespace

/// The caller's pixels are copied over the wallpaper by a mask without soft edges (the paper names blending
/// of the edge as future work). Deviations: the landscape network stands in for the paper's UNet, whose
/// weights are not public; the face detector, which crops what the network sees and stops the caller from
/// showing where no known face is found, is left out; where the mask is cut, at the network's size or at the
/// frame's, is a guess.
ProfileEntry CamaleonEntry() {
  CamaleonOptions options;
  return {{.name = "camaleon",
           .description = "CamaLeon: hard mask, pixels pasted without softening",
           .source = "CamaLeon (paper); other network, no face gate",
           .approximation = true,
           .fit = Fit::kCover,
           .parameters = Bind(&options).Describe()},
          MakeCamaleon};
}

}  // namespace peekproof::engines
