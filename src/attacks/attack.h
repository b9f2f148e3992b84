// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "image/frame.h"
#include "image/mask.h"
#include "image/reconstruction.h"

namespace peekproof::attacks {

/// All that one frame tells an attack, found without looking at other frames, so that frames can be analysed
/// in parallel. Buffers are reused from frame to frame.
struct FrameEvidence {
  image::Frame frame;
  image::AlphaMask
      engine_alpha;              ///< The service's matte re-estimated on the recorded frame (M of the paper).
  image::AlphaMask engine_mask;  ///< The same before coverage (engines::Matter::Estimate).
  image::AlphaMask caller;       ///< Second segmentation, at frame size.
  image::BinaryMask leak;        ///< Candidate leak pixels after all removals (complement of M1, M2, M3).
  int64_t leak_px = 0;           ///< Number of set pixels of `leak`.
};

/// Gathers the evidence of frames, in presentation order, into a picture of the room.
/// Memory is bounded by the frame size.
class Gatherer {
 public:
  virtual ~Gatherer() = default;
  virtual void Add(const FrameEvidence& evidence) = 0;
  /// The room as far as the frames added so far tell. May be called more than once.
  virtual image::Reconstruction Finish() = 0;
};

}  // namespace peekproof::attacks
