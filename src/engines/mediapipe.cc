// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/mediapipe_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

struct MediapipeOptions {
  std::string model = "landscape";
  float smooth = 0.0F;
  Schedule schedule{.on_failure = "freeze"};
};

ParameterSet Bind(MediapipeOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number(
      "smooth", &options->smooth, 0.0F, 1.0F,
      "ratio of MediaPipe's segmentation smoother, which the shipped graph leaves out: 0.7 in its pose "
      "graph, 0.9 in its documentation");
  BindSchedule(&options->schedule, &set);
  return set;
}

Result<std::unique_ptr<Profile>> MakeMediapipe(const Spec& spec, const SegmenterMaker& make_segmenter) {
  MediapipeOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return MakeMediapipeProfile(std::move(parts), options.smooth);
}

}  // namespace

/// Bilinear both ways, no smoothing in space or time, mask used as alpha. Engines notes 1.2. The mask is kept
/// in 8 bit at both sizes, as in the web package; the C++ graph keeps floats.
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
