// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/linear_profile.h"
#include "engines/profiles.h"

namespace peekproof::engines {

/// Derived from Jitsi's first engine, with the same mask blur; the service crops its wallpaper to cover the
/// frame (Fit::kCover). Engines notes 1.4. Deviations: the default model is the landscape model instead of
/// segm_full_v679 (give model=PATH for that one); its brightness control, 100 % by default, is left out.
ProfileEntry BbbEntry() {
  CanvasOptions options;
  return {{"bbb", "BigBlueButton: as Jitsi's first engine, wallpaper cropped to cover",
           "bigbluebutton-html5, services/virtual-background; other default model",
           BindCanvas(&options).Describe()},
          MakeCanvasProfile};
}

}  // namespace peekproof::engines
