// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "attacks/frame_alignment.h"
#include "attacks/room_restoration.h"
#include "base/result.h"
#include "engines/engine.h"

namespace peekproof::attacks {

/// How frames become one picture.
enum class BlurAggregate { kMean, kWeighted, kMedian, kLargest };

/// The stages of an attack on a blurred background; each can be left out.
struct BlurAttackOptions {
  double fps = 0;       ///< At most so many frames a second count; 0: all.
  int every = 1;        ///< Of those that are left, of so many one counts.
  int resize_long = 0;  ///< Longer side that frames are shrunk to, in pixels; 0: none.
  Alignment align = Alignment::kAuto;
  BlurAggregate aggregate = BlurAggregate::kMean;
  int samples = 64;           ///< Most frames that a median is made of.
  bool paint_black = false;   ///< The caller counts as black instead of not at all, as in the blur study.
  double caller_level = 0.1;  ///< Probability from which a pixel is the caller's, in [0, 1].
  double margin = -1;         ///< Distance from the caller up to which frames do not count, as a share of the
                              ///< height; below 0: 3 sigma of the blur, 0.025 or 0.1.
  bool restore = true;
  bool halo = true;  ///< The caller's halo is taken away in a second look.
  RestorationOptions restoration;
  double sigma_px = 0;   ///< Of the blur in pixels of the frame, if it is known; 0: told from the picture.
  bool denoise = false;  ///< Non-local means.
  bool clahe = false;    ///< Contrast-limited adaptive histogram equalization.
};

/// Reads a spec: `deblur` or `blur-study`, with parameters.
/// Errors  kInvalidArgument: unknown name or parameter, bad value.
Result<BlurAttackOptions> ParseBlurAttack(const std::string& spec);

/// An attack on blurs, as `peekproof list attacks` shows it.
struct BlurAttackInfo {
  std::string name;
  std::string description;
  std::string source;
  std::vector<engines::ParameterInfo> parameters;
};
const std::vector<BlurAttackInfo>& ListBlurAttacks();

}  // namespace peekproof::attacks
