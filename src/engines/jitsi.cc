// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

Result<std::unique_ptr<Profile>> MakeJitsi(const Spec& spec, const SegmenterMaker& make_segmenter) {
  CanvasOptions options;
  PEEKPROOF_RETURN_IF_ERROR(BindCanvas(&options).Assign(spec));
  return MakeCanvasProfile(options, make_segmenter);
}

}  // namespace

/// Canvas downscale, mask drawn at frame size under CSS blur(4px) (8 px in blur mode), then source-in: a
/// linear alpha without coverage or temporal smoothing. Engines notes 1.3.
ProfileEntry JitsiEntry() {
  CanvasOptions options;
  return {{.name = "jitsi",
           .description = "Jitsi Meet, first engine (V1): mask blurred by 4 px, linear alpha",
           .source = "jitsi-meet, JitsiStreamBackgroundEffect",
           .fit = Fit::kStretch,
           .blur = "gaussian(sigma=25)",
           .parameters = BindCanvas(&options).Describe()},
          MakeJitsi};
}

}  // namespace peekproof::engines
