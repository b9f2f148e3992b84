// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "attacks/room_average.h"
#include "base/result.h"
#include "engines/blur_kernel.h"

namespace peekproof::attacks {

/// How a known blur is taken back.
enum class RestorationMethod {
  kWiener,          ///< Linear: waves below the noise are left out.
  kRichardsonLucy,  ///< Multiplicative steps; colours stay positive.
  kTotalVariation,  ///< The flattest picture, with sharp edges, that explains what was seen.
};

/// "wiener", "richardson-lucy" or "total-variation". Errors  kInvalidArgument naming them.
Result<RestorationMethod> ParseRestorationMethod(const std::string& name);
const char* NameOf(RestorationMethod method);

struct RestorationOptions {
  RestorationMethod method = RestorationMethod::kTotalVariation;
  int iterations = 0;       ///< 1 to 10000 steps; 0: 100 of Richardson and Lucy's, 10 reweightings of total
                            ///< variation.
  double smoothness = 1.0;  ///< Times the prior's weight: more is smoother and shows less; 0.001 to 1000.

  Result<void> Validate() const;
};

/// A room whose blur was taken back as far as the noise lets it. Nothing is invented by a network, but
/// regularisation decides between what explains the picture equally well: finer than the resolution limit
/// (blur_limit.h) it is no evidence.
struct RestoredRoom {
  cv::Mat3f bgr;      ///< BGR, 0 to 255, sRGB as stored, of the average's size.
  cv::Mat1f support;  ///< Share of what blurred this place's surroundings that was seen, in [0, 1].
};

/// Takes back a known blur from an average with holes.
///
/// The unknown is a picture wider than the frame by 3 sigma on each side, on a grid of one pixel in 0.3 to
/// 0.6 sigma, so that nothing is assumed of what lies beyond the frame or behind the caller. It is to
/// reproduce, blurred, the average where that is known, to within the noise.
///
/// Wiener: holes are filled smoothly first; gain H / (H^2 + s |D|^2). Richardson-Lucy: with the holes as
/// weights. Total variation over all channels together: reweighted least squares, each solved by conjugate
/// gradients, preconditioned by the transform.
///
/// Where a hundredth of the result lies beyond black or white by 32 levels or more, noise was taken for room:
/// it is done again with twice the noise, eight times at most.
///
/// In      noise: standard deviation of the average's noise in levels (BlurEstimate::noise), at least 0.02.
/// Source  Wiener 1949; Richardson 1972, Lucy 1974; Rudin, Osher and Fatemi 1992 in the form of Vogel and
///         Oman 1996. Errors  kInvalidArgument (options, kernel, nothing known).
/// Cost    At 1280 x 720 and sigma 8 about 1 s on two cores; memory 200 bytes a pixel of the grid.
Result<RestoredRoom> RestoreRoom(const AveragedRoom& room, const engines::BlurKernel& kernel, double noise,
                                 const RestorationOptions& options = {});

}  // namespace peekproof::attacks
