// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "attacks/rim_profile.h"
#include "attacks/small_net.h"

namespace peekproof::attacks {

/// Inputs of the model of one observation: what one frame tells of one pixel.
struct ObservationCues {
  float caller = 0;        ///< Second segmentation, in [0, 1].
  float engine_alpha = 0;  ///< Service's alpha, re-estimated on the recorded frame, in [0, 1].
  float engine_mask = 0;   ///< The same before coverage; equal for linear engines.
  float alpha_bound = 0;   ///< Smallest alpha for which any colour exists that mixes to the pixel, in [0, 1].
  float contrast = 0;      ///< Largest channel difference to the wallpaper / 255.
  float noise = 0;         ///< Largest channel difference from which a pixel is hardly noise / 255.
  float caller_likeness =
      0;  ///< 1: the caller's nearest colour mixed with the wallpaper gives the pixel; 0: no.
  float caller_distance =
      0;  ///< To the nearest cell well inside the caller, in 8 pixels of a frame of 720 rows, at most 12.
  float depth_px = 0;                              ///< RimDistances::DepthAt.
  float outline_px = 0;                            ///< RimDistances::OutlineAt.
  float texture_slope = 0;                         ///< TextureShine::SlopeAt.
  float texture_strength = 0;                      ///< TextureShine::StrengthAt.
  float support = 0;                               ///< Wallpaper::support.
  float known = 0;                                 ///< 1 where Wallpaper::known, else 0.
  std::array<float, RimProfile::kCues> profile{};  ///< RimProfile::At.
};

/// What the model says of an observation.
struct ObservationBelief {
  float room = 0;   ///< Probability that it shows the room, mixed or not, rather than the caller or noise.
  float alpha = 0;  ///< Most likely alpha, at least the bound, in [0.03, 1].
};

/// Engines differ in how often their alpha is in between: those that ramp their mask up by a coverage, or cut
/// it at a threshold, are mostly 0 or 1, and have weights of their own.
enum class AlphaKind { kLinear, kCoverage };

constexpr int kPixelInputs = 15;
constexpr int kObservationInputs = kPixelInputs + RimProfile::kCues;
/// The cues as the network takes them, scaled to about one.
std::array<float, kObservationInputs> ObservationInputs(const ObservationCues& cues);
/// Outputs: log odds of room, logarithm of alpha.
using ObservationNet = SmallNet<kObservationInputs, 32, 2>;

ObservationBelief JudgeObservation(const ObservationNet& net, const ObservationCues& cues);

/// What frames tell of up to kSize pixels, before any cue is computed, and the verdicts.
struct ObservationBlock {
  static constexpr int kSize = 64;

  float offset[3][kSize];                   ///< Pixel minus wallpaper, BGR, 8-bit steps.
  float wallpaper[3][kSize];                ///< BGR, 8-bit steps.
  float caller_offset[3][kSize];            ///< Nearest colour of the caller minus wallpaper.
  float has_caller[kSize];                  ///< 1 where there is such a colour, else 0.
  float noise_limit[kSize];                 ///< ObservationCues::noise in 8-bit steps.
  float caller_distance[kSize];             ///< ObservationCues::caller_distance.
  float caller[kSize];                      ///< ObservationCues::caller.
  float engine_alpha[kSize];                ///< ObservationCues::engine_alpha.
  float engine_mask[kSize];                 ///< ObservationCues::engine_mask.
  float depth_px[kSize];                    ///< ObservationCues::depth_px.
  float outline_px[kSize];                  ///< ObservationCues::outline_px.
  float texture_slope[kSize];               ///< ObservationCues::texture_slope.
  float texture_strength[kSize];            ///< ObservationCues::texture_strength.
  float support[kSize];                     ///< ObservationCues::support.
  float known[kSize];                       ///< ObservationCues::known.
  float profile[RimProfile::kCues][kSize];  ///< ObservationCues::profile.

  float alpha_bound[kSize];  ///< Out: ObservationCues::alpha_bound.
  float room[kSize];         ///< Out: ObservationBelief::room.
  float alpha[kSize];        ///< Out: ObservationBelief::alpha.
};

/// Computes cues and verdicts of all kSize entries, vectorised: CuesOf and JudgeObservation within 1e-3.
void JudgeBlock(const ObservationNet& net, ObservationBlock* block);
/// The cues of one entry, computed one by one.
ObservationCues CuesOf(const ObservationBlock& block, int i);

/// Inputs of the model of confidence: how well what a pixel showed over the call fits one room colour.
struct EstimateCues {
  float information = 0;  ///< Sum over frames of weight * alpha^2.
  float nearby = 0;       ///< The same, mean of the surroundings.
  float apart = 0;        ///< Largest channel difference of own and nearby colour, 8-bit steps.
  float weight = 0;       ///< Sum over frames of the weight.
  float room = 0;         ///< Weighted mean of the belief, in [0, 1].
  float alpha = 0;        ///< Largest alpha, in [0, 1].
  float mean_alpha = 0;   ///< Mean alpha, weighted by weight * alpha, in [0, 1].
  float misfit = 0;       ///< Root mean square of what the fit leaves, 8-bit steps.
  float frames = 0;       ///< Number of frames that told something.
  float span_s = 0;       ///< Time between the first and the last of them.
  float contrast = 0;     ///< Largest channel difference of the estimate to the wallpaper / 255.
  float noise = 0;        ///< ObservationCues::noise.
  float extreme = 0;      ///< Share of the estimate's channels within 3 steps of 0 or 255, in [0, 1].
  float neighbours = 0;   ///< Share of the 5 x 5 neighbourhood whose estimates are alike, in [0, 1].
  float palette = 0;      ///< CallerPalette::Density of the estimate.
  float differing = 0;    ///< Share of the frames in which the pixel differed from the wallpaper, in [0, 1].
  float unrest = 0;       ///< Deviation of its luma in those frames / 255.
  float support = 0;      ///< Wallpaper::support.
  float known = 0;        ///< 1 where Wallpaper::known, else 0.
};

constexpr int kEstimateInputs = 20;
std::array<float, kEstimateInputs> EstimateInputs(const EstimateCues& cues);
/// Output: log odds.
using EstimateNet = SmallNet<kEstimateInputs, 24, 1>;

/// Probability that the estimate is within CIEDE2000 10 of the room's colour.
float Confidence(const EstimateNet& net, const EstimateCues& cues);

/// What un-blending believes, fitted on calls with truth.
struct UnmixNets {
  ObservationNet observation;
  EstimateNet estimate;
};
/// Those of unmix_weights.h, for a kind of engine.
const UnmixNets& FittedNets(AlphaKind kind);

}  // namespace peekproof::attacks
