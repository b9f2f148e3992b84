// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace peekproof::attacks {

/// Inputs of the model of one observation: what one frame tells of one pixel.
struct ObservationCues {
  float caller = 0;        ///< Second segmentation, in [0, 1].
  float engine_alpha = 0;  ///< Service's alpha, re-estimated on the recorded frame, in [0, 1].
  float engine_mask = 0;   ///< The same before coverage; equal for linear engines.
  float alpha_bound = 0;   ///< Smallest alpha for which any colour exists that mixes to the pixel, in [0, 1].
  float contrast = 0;      ///< Largest channel difference to the wallpaper / 255.
  float caller_likeness =
      0;  ///< 1: the caller's nearest colour mixed with the wallpaper gives the pixel; 0: no.
  float caller_distance =
      0;  ///< To the nearest cell well inside the caller, in cells of 8 pixels, at most 12.
};

/// What the model says of an observation.
struct ObservationBelief {
  float room = 0;   ///< Probability that it shows the room, mixed or not, rather than the caller.
  float alpha = 0;  ///< Most likely alpha, at least the bound, in [0.03, 1].
};

/// Engines differ in how often their alpha is in between: those that ramp their mask up by a coverage are
/// mostly 0 or 1, and have weights of their own.
enum class AlphaKind { kLinear, kCoverage };

ObservationBelief JudgeObservation(AlphaKind kind, const ObservationCues& cues);

/// What frames tell of up to kSize pixels, before any cue is computed, and the verdicts.
struct ObservationBlock {
  static constexpr int kSize = 64;

  float offset[3][kSize];         ///< Pixel minus wallpaper, BGR, 8-bit steps.
  float wallpaper[3][kSize];      ///< BGR, 8-bit steps.
  float caller_offset[3][kSize];  ///< Nearest colour of the caller minus wallpaper.
  float has_caller[kSize];        ///< 1 where there is such a colour, else 0.
  float caller_distance[kSize];   ///< ObservationCues::caller_distance.
  float caller[kSize];            ///< ObservationCues::caller.
  float engine_alpha[kSize];      ///< ObservationCues::engine_alpha.
  float engine_mask[kSize];       ///< ObservationCues::engine_mask.

  float alpha_bound[kSize];  ///< Out: ObservationCues::alpha_bound.
  float room[kSize];         ///< Out: ObservationBelief::room.
  float alpha[kSize];        ///< Out: ObservationBelief::alpha.
};

/// Computes cues and verdicts of all kSize entries, vectorised: CuesOf and JudgeObservation within 1e-3.
void JudgeBlock(AlphaKind kind, ObservationBlock* block);
/// The cues of one entry, computed one by one.
ObservationCues CuesOf(const ObservationBlock& block, int i);

constexpr int kObservationTerms = 13;
/// The terms whose weighted sums the two models are, for fitting them.
std::array<float, kObservationTerms> ObservationTerms(const ObservationCues& cues);

/// Inputs of the model of confidence: how well a pixel's observations agree on one room colour.
struct EstimateCues {
  float information = 0;  ///< Sum over observations of belief * agreement * alpha^2.
  float share = 0;        ///< Agreeing share of the weight of all observations, in [0, 1].
  float room = 0;         ///< Mean belief of the agreeing ones, in [0, 1].
  float alpha = 0;        ///< Largest alpha among the agreeing ones, in [0, 1].
  float misfit = 0;      ///< Root mean square distance of the agreeing ones from the line, in units of noise.
  float support = 0;     ///< Number of agreeing observations / 8.
  float span_s = 0;      ///< Time between the first and the last agreeing one.
  float contrast = 0;    ///< Largest channel difference of the estimate to the wallpaper / 255.
  float extreme = 0;     ///< Share of the estimate's channels within 3 steps of 0 or 255, in [0, 1].
  float neighbours = 0;  ///< Share of the 5 x 5 neighbourhood whose estimates are alike, in [0, 1].
};

/// Probability that the estimate is within CIEDE2000 10 of the room's colour.
float Confidence(AlphaKind kind, const EstimateCues& cues);

constexpr int kEstimateTerms = 17;
std::array<float, kEstimateTerms> EstimateTerms(const EstimateCues& cues);

}  // namespace peekproof::attacks
