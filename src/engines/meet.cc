// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/joint_bilateral.h"
#include "engines/profiles.h"
#include "engines/quantize.h"

namespace peekproof::engines {
namespace {

/// Defaults: Volcomix's own (its App.tsx), since Google publishes none.
struct MeetOptions {
  std::string model = "landscape";
  std::string mode = "image";
  JointBilateralOptions bilateral;
  BlendModel blend{.light_wrap = 0.3F, .coverage_low = 0.5F, .coverage_high = 0.75F, .smooth_coverage = true};
  Schedule schedule{.lag = 1, .on_failure = "freeze"};  ///< Deferred read-back: the mask of the frame before.
};

ParameterSet Bind(MeetOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Choice("mode", &options->mode, {"image", "blur"},
             "what the background is; a blurred room gets no light wrapping");
  set.Number("sigma_space", &options->bilateral.sigma_space, 0.1F, 8.0F,
             "joint bilateral filter: reach in mask pixels");
  set.Number("sigma_color", &options->bilateral.sigma_color, 0.01F, 1.0F,
             "joint bilateral filter: colour distance, RGB from 0 to 1");
  BindCoverage(&options->blend, 0.9999F, &set);
  set.Number("wrap", &options->blend.light_wrap, 0.0F, 1.0F,
             "light wrapping: wallpaper light on the caller's edge");
  BindSchedule(&options->schedule, &set);
  return set;
}

class MeetProfile : public Profile {
 public:
  MeetProfile(ProfileParts parts, const JointBilateralOptions& bilateral)
      : Profile(std::move(parts)), bilateral_(bilateral) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    QuantizeMask(coarse.values, &coarse8_);  // The reference keeps both masks in 8-bit textures.
    bilateral_.Apply(coarse8_, camera, mask);
  }

 private:
  JointBilateralUpsampler bilateral_;
  cv::Mat1b coarse8_;
};

Result<std::unique_ptr<Profile>> MakeMeet(const Spec& spec, const SegmenterMaker& make_segmenter) {
  MeetOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  PEEKPROOF_RETURN_IF_ERROR(CheckCoverage("meet", options.blend));
  if (options.mode == "blur") options.blend.light_wrap = 0.0F;
  ProfileParts parts{.downscale = Downscale::kNearest, .blend = options.blend, .schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<MeetProfile>(std::move(parts), options.bilateral));
}

}  // namespace

/// Nearest downscale, joint bilateral upsampling, smoothstep coverage, light wrapping by screen. Engines
/// notes 1.1; the paper (section 3.2) confirms the steps, not the constants, for Google Meet 111.0.
ProfileEntry MeetEntry() {
  MeetOptions options;
  return {{.name = "meet",
           .description = "Like Google Meet: joint bilateral edge, light wrapping, mask one frame late",
           .source = "Volcomix's public reimplementation and its defaults; Meet's constants are not public",
           .approximation = true,
           .fit = Fit::kCover,
           .blur = "volcomix",
           .parameters = Bind(&options).Describe()},
          MakeMeet};
}

}  // namespace peekproof::engines
