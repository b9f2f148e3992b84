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
  float least_information = 0.003F;       ///< Least sum of belief^2 * alpha^2 for an estimate.
  int every = 1;                          ///< Every how many frames one is looked at: the fast setting.
  std::shared_ptr<const UnmixNets> nets;  ///< What it believes; null: FittedNets.
  float min_confidence = 0.1F;            ///< Estimates below are absent from the result,
  int min_contrast = 24;                  ///< and those that differ by less from the wallpaper, in 8-bit
                                          ///< steps of the channel that differs most: nothing shows there.

  /// kInvalidArgument naming the field, when a value is out of range.
  Result<void> Validate() const;
};

/// Gathering by un-blending: adds up what every pixel showed in all frames of the call, then solves each
/// pixel for the one room colour that fits.
///
/// A recorded rim pixel is a mixture of room and wallpaper. The wallpaper is known, the room does not move,
/// so a pixel's observations lie on a line from the wallpaper's colour; where along it the room lies follows
/// from the service's alpha, which can only be guessed by running the service again on the recorded frame, is
/// bounded from below by the gamut, and is best known where it is near 1. All frames count, by the square of
/// their alpha and of the belief in them, also those below the noise, which averages away. The caller is
/// rejected by a second segmentation, by his place between wallpaper and body, by the edge around him, by
/// likeness to his own colours nearby, and because he moves and the room does not. Where the wallpaper is not
/// known, only alphas near 1 tell anything: there the pixel is the room whatever the wallpaper is.
///
/// In      Add: frames in presentation order; `leak` is not used.
/// Out     Finish: confidence is the stated probability of CIEDE2000 < 10 to the room, from a model fitted on
///         calls with truth (unmix_weights.h). evidence: frames believed to show the room.
/// Memory  126 bytes per pixel; Finish needs another 50 while it runs. Whatever the length of the call.
/// Threads Rows in parallel; the result does not depend on their number.
/// Order   Matters a little: noise is learned on the way, and motion is the change since the last frame.
/// Source  Ours; no published attack un-blends. Model Y = p B + q with the service's blend inverted.
class Unmix : public Gatherer {
 public:
  /// options: must be valid.
  Unmix(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
        const UnmixOptions& options = {});

  /// Another, better known wallpaper of the same size: what was gathered so far is kept and speaks of it.
  void SetWallpaper(std::shared_ptr<const Wallpaper> wallpaper);

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;
  /// The same, with the cues of each pixel's confidence (rows first), for fitting its model.
  image::Reconstruction Finish(std::vector<EstimateCues>* cues);

 private:
  struct Surroundings;
  void AddRow(int y, uint16_t time, std::vector<int>* columns);
  Surroundings FindSurroundings() const;
  /// Solves the pixels of some rows. Out  cues: from the first of these rows on, but for what JudgeRows adds.
  void SolveRows(int first_row, int end_row, const Surroundings& around, EstimateCues* cues,
                 image::Reconstruction* room) const;
  /// States their confidence. In  room: solved up to two rows beyond them. cues: as of SolveRows.
  void JudgeRows(int first_row, int end_row, EstimateCues* cues, image::Reconstruction* room) const;
  void RemoveDoubtful(image::Reconstruction* room) const;
  size_t IndexOf(int y, int x) const {
    return static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x);
  }

  cv::Size size_;
  std::shared_ptr<const Wallpaper> wallpaper_;
  UnmixOptions options_;
  engines::BlendModel blend_;
  UnmixObserver observer_;
  UnmixNets nets_;
  CallerPalette palette_;
  PixelHistory history_;
  cv::Mat1b difference_;  ///< Of the current frame.
  int64_t frames_ = 0;
  std::vector<MixtureSums> sums_;
};

}  // namespace peekproof::attacks
