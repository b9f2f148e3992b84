// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "testbed/animation.h"
#include "testbed/caller.h"
#include "testbed/foreground.h"
#include "testbed/key_options.h"
#include "testbed/warp_motion.h"

namespace peekproof::testbed {

/// Who is before the camera.
struct ForegroundOptions {
  /// "drawn", or a file: a still with a matte, or a video with alpha, or else one to be keyed.
  std::string source = "drawn";
  std::string matte;           ///< Of a still; empty: its own (MatteOfStill).
  KeyOptions key;              ///< Of a video to be keyed.
  PlacementOptions placement;  ///< Of a file.

  /// Of a drawn caller: PresetLook below kPresetLooks, from there on PersonLook; none: VariedLook of the
  /// seed.
  std::optional<int> look;
  std::optional<float> strands;    ///< In place of the look's, 0 to 1.
  std::optional<HeldObject> held;  ///< In the hand at the right of the picture, in place of the look's.
  std::optional<SecondPersonMotion> second;  ///< Somebody else, behind the caller; none: alone.
  int render_height_px = 360;                ///< Height at which people are drawn before they are scaled.

  Result<void> Validate() const;
};

/// Opens the person that options name. motion: valid. Errors  those of Validate and of reading files.
Result<std::unique_ptr<Foreground>> MakeForeground(const ForegroundOptions& options,
                                                   const MotionOptions& motion, uint64_t seed);

}  // namespace peekproof::testbed
