// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "attacks/attack.h"
#include "attacks/caller_palette.h"
#include "attacks/pixel_history.h"
#include "attacks/unmix_observer.h"
#include "attacks/unmix_solver.h"
#include "attacks/wallpaper.h"
#include "base/result.h"
#include "engines/engine.h"

namespace peekproof::attacks {

struct UnmixOptions {
  ObserverOptions observer;
  SolverOptions solver;
  float min_gap_s = 0.15F;                ///< Two kept observations of a pixel are at least this far apart.
  std::shared_ptr<const UnmixNets> nets;  ///< What it believes; null: FittedNets.
  float min_confidence = 0.1F;            ///< Estimates below are absent from the result.

  /// kInvalidArgument naming the field, when a value is out of range.
  Result<void> Validate() const;
};

/// Gathering by un-blending: keeps the most telling observations of every pixel over the whole call, then
/// solves each pixel for the one room colour that they agree on.
///
/// A recorded rim pixel is a mixture of room and wallpaper. The wallpaper is known, the room does not move,
/// so a pixel's observations lie on a line from the wallpaper's colour; where along it the room lies follows
/// from the service's alpha, which can only be guessed by running the service again on the recorded frame, is
/// bounded from below by the gamut, and is best known where it is near 1. The caller is rejected by a second
/// segmentation, by his place between wallpaper and body, by likeness to his own colours nearby, and because
/// he moves and the room does not. The wallpaper's noise is learned for every pixel, and nothing below it
/// counts.
///
/// In      Add: frames in presentation order; `leak` is not used.
/// Out     Finish: confidence is the stated probability of CIEDE2000 < 10 to the room, from a model fitted on
///         calls with truth (unmix_weights.h). evidence: agreeing observations kept, at most 8.
/// Memory  94 bytes per pixel; Finish needs another 70 while it runs.
/// Threads Rows in parallel; the result does not depend on their number.
/// Order   Which observations are kept depends on the order only where more than eight moments compete.
/// Source  Ours; no published attack un-blends. Model Y = p B + q with the service's blend inverted.
class Unmix : public Gatherer {
 public:
  static constexpr int kSlots = 8;

  /// options: must be valid.
  Unmix(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
        const UnmixOptions& options = {});

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;
  /// The same, with the cues of each pixel's confidence (rows first), for fitting its model.
  image::Reconstruction Finish(std::vector<EstimateCues>* cues);

 private:
  /// One kept observation.
  struct Sample {
    uint8_t colour[3];  ///< BGR.
    uint8_t alpha;      ///< Believed alpha * 255, at least 1.
    uint8_t room;       ///< Belief that it is the room * 255.
    uint8_t worth;      ///< sqrt(room) * alpha * 255: which samples are kept.
    uint16_t time;      ///< Tenths of a second, saturating.
  };
  static_assert(sizeof(Sample) == 8);

  void AddRow(int y, uint16_t time, std::vector<int>* columns);
  void Keep(const Sample& sample, Sample* slots, uint8_t* count) const;
  PixelEstimate Solve(int y, int x) const;
  size_t IndexOf(int y, int x) const {
    return static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x);
  }

  cv::Size size_;
  std::shared_ptr<const Wallpaper> wallpaper_;
  UnmixOptions options_;
  UnmixObserver observer_;
  UnmixNets nets_;
  CallerPalette palette_;
  PixelHistory history_;
  int gap_;                    ///< min_gap_s in tenths of a second.
  std::vector<Sample> slots_;  ///< kSlots per pixel.
  cv::Mat1b counts_;           ///< Occupied slots.
};

}  // namespace peekproof::attacks
