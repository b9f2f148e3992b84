// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "engines/profile.h"
#include "engines/spec.h"

namespace peekproof::engines {

/// Published and obvious defenses that can be put behind any service's mask.
struct DefenseOptions {
  int choke_px = 0;      ///< The mask shrinks by so many frame pixels, 0 to 64.
  float clip = 0;        ///< Mask values up to this become 0, those above stay; 0 to 0.99.
  bool matting = false;  ///< A guided filter at full resolution brings the mask's edge to the picture's.

  bool any() const { return choke_px > 0 || clip > 0 || matting; }
};

/// Binds the defenses as defend_choke, defend_clip and defend_matting: parameters that every service's engine
/// takes beside its own.
ParameterSet BindDefenses(DefenseOptions* defenses);

/// Takes the defenses' parameters out of a spec.
/// Errors  kInvalidArgument: ParameterSet::Assign's.
Result<DefenseOptions> TakeDefenses(Spec* spec);

/// The profile with its mask defended: matting, then choke, then clip, on the mask before coverage.
///
/// Source  Choke: grow and erode before the feather (obs-backgroundremoval, pull request 204). Clip: attacks
///         copy pixels with little alpha (reference notes on attacks, section 3). Matting: the costly defense
///         of full resolution; here the guided filter of radius 8 and epsilon 1e-4 at every pixel.
///         The defenses of Seeing Through's section 6 are not available to us.
std::unique_ptr<Profile> Defend(std::unique_ptr<Profile> profile, const DefenseOptions& defenses);

}  // namespace peekproof::engines
