// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/leak_finder.h"
#include "attacks/wallpaper.h"
#include "base/result.h"
#include "engines/engine.h"
#include "models/segmenter.h"

namespace peekproof::attacks {

/// The per-frame part of "Seeing Through" (paper sections 4.1 to 4.3): re-purposes the service's matting,
/// removes wallpaper and caller, and hands out what is left as candidates.
///
/// Threads One per thread; a frame's evidence does not depend on other frames.
class SeeingThroughAnalyser {
 public:
  /// In      engine: the service whose matte is re-purposed. caller: second network, which finds the caller
  ///         (the artifact: DeepLabv3 with ResNet-101, which does not run in real time on a processor; any
  ///         segmenter will do, "selfie" by default in the audit).
  /// Errors  Those of options.Validate().
  static Result<std::unique_ptr<SeeingThroughAnalyser>> Create(const SeeingThroughOptions& options,
                                                               std::unique_ptr<engines::Matter> engine,
                                                               std::unique_ptr<models::Segmenter> caller);

  /// In      frame: its pixels are shared with the evidence, not copied: leave them alone while it is in use.
  ///         wallpaper: of the frame's size.
  /// Out     evidence: all fields; buffers reused.
  /// Errors  kInvalidArgument (sizes differ), and those of the networks.
  Result<void> Analyse(const image::Frame& frame, const Wallpaper& wallpaper, FrameEvidence* evidence);

  const engines::BlendModel& blend_model() const { return engine_->blend_model(); }

 private:
  SeeingThroughAnalyser(const SeeingThroughOptions& options, std::unique_ptr<engines::Matter> engine,
                        std::unique_ptr<models::Segmenter> caller);

  std::unique_ptr<engines::Matter> engine_;
  std::unique_ptr<models::Segmenter> caller_;
  LeakFinder finder_;
  cv::Mat3b small_;
  image::AlphaMask small_caller_;
};

/// Gathering by the largest leak first (paper section 4.3 "Leak aggregation"): each pixel keeps the colour
/// that it had in the frame with the most candidates among those in which it is one.
///
/// Differs: streams (the artifact sorts all frames first; the result is the same, ties go to the earlier
/// frame); absent pixels are absent, not black. Confidence, which the paper does not have, is the share of
/// agreeing frames: of the frames in which the pixel was a candidate, and one more, those within 12 of the
/// kept colour in every channel since it was kept. It is not calibrated.
class LargestLeakFirst : public Gatherer {
 public:
  explicit LargestLeakFirst(cv::Size size);

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;

 private:
  void AddPixel(const FrameEvidence& evidence, int y, int x);

  image::Reconstruction room_;  ///< Confidence is computed by Finish.
  cv::Mat1i leak_px_;           ///< Candidates of the frame that gave the colour; 0: none did.
  cv::Mat_<uint16_t> agreeing_;
};

}  // namespace peekproof::attacks
