// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/engine_identification.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "audit/engine_weights.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

constexpr const char* kUntoldEngine = "mediapipe";  ///< Where the edges tell nothing.

}  // namespace

std::array<double, kEngineInputs> EngineInputs(const EngineCues& cues) {
  double best = 1e-6;
  for (const EngineFit& fit : cues.fits) best = std::max(best, fit.explained);
  std::array<double, kEngineInputs> inputs{};
  size_t i = 0;
  for (const EngineFit& fit : cues.fits) {
    inputs[i++] = 1.0 - fit.explained / best;
    inputs[i++] = fit.beyond;
    inputs[i++] = fit.unseen;
  }
  return inputs;
}

std::vector<EngineGuess> GuessEngine(const EngineCues& cues) {
  if (cues.blocks < kLeastBlocks) return {};
  const std::array<double, kEngineInputs> inputs = EngineInputs(cues);
  std::vector<EngineGuess> guesses;
  double sum = 0;
  for (size_t e = 0; e < kCandidateEngines.size(); ++e) {
    double odds = kEngineBias[e];
    for (size_t i = 0; i < inputs.size(); ++i) odds += kEngineWeights[e][i] * inputs[i];
    const double share = std::exp(std::clamp(odds, -50.0, 50.0));
    guesses.push_back({kCandidateEngines[e], share});
    sum += share;
  }
  for (EngineGuess& guess : guesses) guess.probability /= sum;
  std::stable_sort(guesses.begin(), guesses.end(),
                   [](const EngineGuess& a, const EngineGuess& b) { return a.probability > b.probability; });
  return guesses;
}

Result<ChosenEngine> ChooseEngine(const AuditOptions& options, const SurveyedScene& scene,
                                  const WallpaperModel& wallpaper) {
  if (options.engine != kAutoEngine) return ChosenEngine{options.engine, {}};
  PEEKPROOF_ASSIGN_OR_RETURN(const auto caller, models::MakeSegmenter(options.caller_model));
  PEEKPROOF_ASSIGN_OR_RETURN(const EngineCues cues,
                             CompareEngines(scene.frames, scene.shown, wallpaper, caller.get()));
  std::vector<EngineGuess> guesses = GuessEngine(cues);
  std::string likeliest = guesses.empty() ? kUntoldEngine : guesses.front().engine;
  return ChosenEngine{std::move(likeliest), std::move(guesses)};
}

}  // namespace peekproof::audit
