// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "engines/profile.h"

namespace peekproof::engines {

/// MediaPipe's web package (@mediapipe/selfie_segmentation 0.1.1675465747): frame squeezed to the network
/// bilinearly, mask stored in 8 bit at the network's size, read from there bilinearly at the frame's size,
/// in 8 bit again, and used as alpha as it is.
///
/// In      smooth: ratio of UncertaintySmoother; 0 as shipped.
std::unique_ptr<Profile> MakeMediapipeProfile(ProfileParts parts, float smooth);

}  // namespace peekproof::engines
