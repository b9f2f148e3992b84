// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/caller_finder.h"
#include "base/result.h"
#include "engines/engine.h"
#include "models/segmenter.h"

namespace peekproof::attacks {

/// Runs the networks that attacks look through: the service's, re-purposed on the recorded frame (paper
/// section 4.1), and a second one, which finds the caller (section 4.2).
///
/// Threads One per thread; a frame's evidence does not depend on other frames.
class EvidenceMaker {
 public:
  /// caller: in the artifact DeepLabv3 with ResNet-101, which does not run in real time on a processor; any
  /// segmenter will do.
  EvidenceMaker(std::unique_ptr<engines::Matter> engine, std::unique_ptr<models::Segmenter> caller);

  /// In      frame: its pixels are shared with the evidence, not copied: leave them alone while it is in use.
  /// Out     evidence: all but leak and leak_px; buffers reused.
  /// Errors  Those of the networks.
  Result<void> Make(const image::Frame& frame, FrameEvidence* evidence);

  const engines::BlendModel& blend_model() const { return engine_->blend_model(); }

 private:
  std::unique_ptr<engines::Matter> engine_;
  CallerFinder caller_;
};

}  // namespace peekproof::attacks
