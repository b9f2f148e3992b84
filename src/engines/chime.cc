// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

struct ChimeOptions {
  std::string model = "landscape";
  /// Before its first mask the service takes an empty one: the background covers everything. An error hands
  /// the camera's buffer on. Both: BackgroundFilterProcessor.ts, process, and BackgroundReplacementFilter.ts.
  /// Above 30 % of the processor its governor raises the stride by 1 every 5 s, up to 10.
  Schedule schedule{.on_start = "background", .on_failure = "raw"};
};

ParameterSet Bind(ChimeOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

Result<std::unique_ptr<Profile>> MakeChime(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ChimeOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return MakeLinearProfile(std::move(parts), {MaskSampling::kBilinear, 0.0F, MaskBorder::kReplicate});
}

}  // namespace

/// Canvas downscale, mask drawn bilinearly at frame size (its worker is told to blur by 0 pixels), then
/// `source-in` the frame, then `destination-over` a wallpaper stretched to the frame. Engines notes 1.9.
/// Deviation: the stride is fixed, since a governor by processor load would make runs differ.
ProfileEntry ChimeEntry() {
  ChimeOptions options;
  return {{.name = "chime",
           .description = "Amazon Chime SDK: bilinear mask used as alpha, camera raw after errors; "
                          "chime(stride=10) is what its governor comes to on a busy machine",
           .source = "amazon-chime-sdk-js, src/backgroundfilter and src/backgroundreplacementprocessor",
           .fit = Fit::kStretch,
           .blur = "chime",
           .parameters = Bind(&options).Describe()},
          MakeChime};
}

}  // namespace peekproof::engines
