// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/feather.h"
#include "engines/guided_filter.h"
#include "engines/luma.h"
#include "engines/profiles.h"
#include "engines/quantize.h"

namespace peekproof::engines {
namespace {

/// Guesses: Microsoft publishes no constants.
struct TeamsOptions {
  std::string model = "landscape";
  GuidedFilterOptions guided{.radius = 6, .epsilon = 1e-3F, .subsample = 4};
  int feather_px = 4;
  Schedule schedule;
};

ParameterSet Bind(TeamsOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Integer("radius", &options->guided.radius, 1, 31, "guided filter: radius in steps of 4 frame pixels");
  set.Number("epsilon", &options->guided.epsilon, 1e-6F, 1.0F,
             "guided filter: luma variance below which it smooths");
  set.Integer("feather", &options->feather_px, 0, 32,
              "half the width of the outward feather, in frame pixels");
  BindSchedule(&options->schedule, &set);
  return set;
}

class TeamsProfile : public Profile {
 public:
  TeamsProfile(ProfileParts parts, const TeamsOptions& options)
      : Profile(std::move(parts)), filter_(options.guided), feather_(options.feather_px) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    LumaOf(kLumaBt601, camera, &luma_);
    filter_.Apply(luma_, coarse.values, &refined_);
    QuantizeMask(refined_, &refined8_);
    feather_.Apply(refined8_, mask);
  }

 private:
  GuidedFilter filter_;
  OutwardFeather feather_;
  cv::Mat1b luma_;
  cv::Mat1f refined_;
  cv::Mat1b refined8_;
};

Result<std::unique_ptr<Profile>> MakeTeams(const Spec& spec, const SegmenterMaker& make_segmenter) {
  TeamsOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<TeamsProfile>(std::move(parts), options));
}

}  // namespace

/// Guided filter, then an outward feather. Engines notes 1.10: Microsoft names a deep guided filter for the
/// edge, users see the body feathered outward; network, constants and behaviour in time are guessed.
ProfileEntry TeamsEntry() {
  TeamsOptions options;
  return {{.name = "teams",
           .description = "Approximation of Microsoft Teams: guided filter, edge feathered outward",
           .source = "after Microsoft's poster on segmentation in Teams and users' reports",
           .approximation = true,
           .fit = Fit::kCover,
           .blur = "gaussian(sigma=15)",
           .parameters = Bind(&options).Describe()},
          MakeTeams};
}

}  // namespace peekproof::engines
