// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engines/profile.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {

/// The profile that most services share: network, interpolation with or without a Gaussian, and the result
/// used as alpha as it is.
std::unique_ptr<Profile> MakeLinearProfile(ProfileParts parts, const UpscaleOptions& upscale);

/// Options of the services that draw their mask on a canvas (Jitsi Meet V1, BigBlueButton).
struct CanvasOptions {
  std::string model = "landscape";
  std::string mode = "image";
  std::string upscale = "bilinear";
  Schedule schedule{.on_failure =
                        "freeze"};  ///< An error ends the frame's step; the canvas keeps its picture.
};

ParameterSet BindCanvas(CanvasOptions* options);

/// As MakeLinearProfile with the canvas's blur of the mask: standard deviation 4 px for an image, 8 px in
/// blur mode, fading where the mask touches the frame's edge.
Result<std::unique_ptr<Profile>> MakeCanvasProfile(const CanvasOptions& options,
                                                   const SegmenterMaker& make_segmenter);

}  // namespace peekproof::engines
