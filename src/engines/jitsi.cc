// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {

/// Canvas downscale, mask drawn at frame size under CSS blur(4px) (8 px in blur mode), then source-in: a
/// linear alpha without coverage or temporal smoothing. Engines notes 1.3. The service stretches its
/// wallpaper to the frame (Fit::kStretch); that, like blurring the room, is the caller's business.
ProfileEntry JitsiEntry() {
  CanvasOptions options;
  return {{"jitsi", "Jitsi Meet, first engine (V1): mask blurred by 4 px, linear alpha",
           "jitsi-meet, JitsiStreamBackgroundEffect", BindCanvas(&options).Describe()},
          MakeCanvasProfile};
}

}  // namespace peekproof::engines
