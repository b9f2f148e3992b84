// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

/// The effect sends nothing before its first masked frame (service.js).
CanvasOptions Defaults() {
  CanvasOptions options;
  options.schedule.on_start = "freeze";
  return options;
}

Result<std::unique_ptr<Profile>> MakeBbb(const Spec& spec, const SegmenterMaker& make_segmenter) {
  CanvasOptions options = Defaults();
  PEEKPROOF_RETURN_IF_ERROR(BindCanvas(&options).Assign(spec));
  return MakeCanvasProfile(options, make_segmenter);
}

}  // namespace

/// Derived from Jitsi's first engine, with the same mask blur; the service crops its wallpaper to cover the
/// frame. Engines notes 1.4. Deviations: the default model is the landscape model, since the service's own
/// (meet-full with SIMD, meet-lite without) come with no package; the brightness control, 100 % by default,
/// is left out.
ProfileEntry BbbEntry() {
  CanvasOptions options = Defaults();
  return {{.name = "bbb",
           .description = "BigBlueButton: as Jitsi's first engine, wallpaper cropped to cover; "
                          "bbb(model=meet-full) and bbb(model=meet-lite) are the service's two variants",
           .source = "bigbluebutton-html5, services/virtual-background; other default model",
           .fit = Fit::kCover,
           .blur = "gaussian(sigma=25)",
           .parameters = BindCanvas(&options).Describe()},
          MakeBbb};
}

}  // namespace peekproof::engines
