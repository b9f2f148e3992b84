// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

struct MediapipeOptions {
  std::string model = "landscape";
  Schedule schedule{.on_failure = "freeze"};
};

ParameterSet Bind(MediapipeOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

Result<std::unique_ptr<Profile>> MakeMediapipe(const Spec& spec, const SegmenterMaker& make_segmenter) {
  MediapipeOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return MakeLinearProfile(std::move(parts), {MaskSampling::kBilinear, 0.0F, MaskBorder::kReplicate});
}

}  // namespace

/// Bilinear both ways, no smoothing in space or time, mask used as alpha. Engines notes 1.2. Deviation: the
/// upscaled mask is kept in 8 bit, as the web package hands it out; the C++ graph keeps floats.
ProfileEntry MediapipeEntry() {
  MediapipeOptions options;
  return {{.name = "mediapipe",
           .description = "MediaPipe selfie segmentation as shipped: bilinear mask used as alpha",
           .source = "mediapipe, modules/selfie_segmentation",
           .fit = Fit::kCover,
           .parameters = Bind(&options).Describe()},
          MakeMediapipe};
}

}  // namespace peekproof::engines
