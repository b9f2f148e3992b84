// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/bilateral.h"
#include "engines/profiles.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

struct ArtifactOptions {
  std::string model = "selfie";
  Schedule schedule;
};

ParameterSet Bind(ArtifactOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

class ArtifactProfile : public Profile {
 public:
  using Profile::Profile;

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), &wide_);
    bilateral_.Apply(wide_, &smooth_);
    Binomial3(smooth_, mask);
  }

 private:
  MaskUpscaler upscaler_{{.rounding = MaskRounding::kDown}};  // The generator drops the fraction.
  MaskBilateral bilateral_{{.diameter = 5, .sigma_color = 25.0F, .sigma_space = 25.0F}};
  cv::Mat1b wide_;
  cv::Mat1b smooth_;
};

Result<std::unique_ptr<Profile>> MakeArtifact(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ArtifactOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<ArtifactProfile>(std::move(parts)));
}

}  // namespace

/// The generator behind the paper's MediaPipe numbers: the square model's mask at frame size, bilateral
/// filter (d 5, sigmas 25) and Gaussian 3x3 on its 8-bit form, used as alpha. Attacks notes 1.4. It stands
/// for Google Meet there but has neither joint bilateral filter nor light wrapping.
ProfileEntry MediapipeArtifactEntry() {
  ArtifactOptions options;
  return {{.name = "mediapipe-artifact",
           .description = "The paper's MediaPipe generator: square model, bilateral filter, small blur",
           .source = "Seeing Through (USENIX Security 2025), published artifact",
           .fit = Fit::kStretch,
           .parameters = Bind(&options).Describe()},
          MakeArtifact};
}

}  // namespace peekproof::engines
