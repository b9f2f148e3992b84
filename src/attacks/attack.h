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

/// Finds the candidates of single frames, each by itself, so that frames can be looked at in parallel. Not
/// thread-safe: one per thread.
class LeakRule {
 public:
  virtual ~LeakRule() = default;
  /// In      evidence: the frame and its masks.
  /// Out     evidence: leak, leak_px.
  virtual void Find(FrameEvidence* evidence) = 0;
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

/// A way to recover the room from a recording: how candidates are found in frames, and how they are gathered.
///
/// Whoever runs it shows it all frames in presentation order `surveys()` times first, then makes a rule for
/// each thread and one gatherer, and hands the gatherer the frames with what the rule found.
class Attack {
 public:
  virtual ~Attack() = default;

  /// Passes over the recording before the one that gathers.
  virtual int surveys() const { return 0; }
  /// One frame of pass `survey`, from 0 on.
  virtual void Survey(int /*survey*/, const image::Frame& /*frame*/) {}

  /// Whether what its rule finds in a frame is all that it takes from it, so that the candidates of several
  /// attacks can be gathered together.
  virtual bool has_candidates() const { return true; }

  /// Null where it looks at frames only in their order. The attack must outlive it.
  virtual std::unique_ptr<LeakRule> MakeRule() const { return nullptr; }
  /// The attack must outlive it.
  virtual std::unique_ptr<Gatherer> MakeGatherer() const = 0;
};

}  // namespace peekproof::attacks
