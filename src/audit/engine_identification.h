// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "audit/engine_cues.h"
#include "audit/engine_guess.h"
#include "audit/survey.h"
#include "audit/wallpaper_model.h"
#include "base/result.h"

namespace peekproof::audit {

constexpr int kEngineInputs = 3 * static_cast<int>(kCandidateEngines.size());
/// The cues as the model takes them: of each candidate how much less it explains than the best, as a share,
/// what shows beyond its alpha, and what does not show within.
std::array<double, kEngineInputs> EngineInputs(const EngineCues& cues);

/// The candidates, most likely first, by a multinomial logistic model of the cues, fitted on calls of known
/// engines (bench/engine_model_fit.py; engine_weights.h). Empty where fewer than kLeastBlocks blocks of edge
/// were seen: too little to tell.
std::vector<EngineGuess> GuessEngine(const EngineCues& cues);
constexpr int kLeastBlocks = 30;

/// An engine, and what it was chosen from.
struct ChosenEngine {
  std::string engine;                ///< Spec.
  std::vector<EngineGuess> guesses;  ///< As of GuessEngine; empty where the engine was named.
};

/// The engine that the options name; for kAutoEngine the likeliest of a scene, or `mediapipe` where its edges
/// tell too little.
/// In      scene: surveyed with the same options. Errors  CompareEngines'.
Result<ChosenEngine> ChooseEngine(const AuditOptions& options, const SurveyedScene& scene,
                                  const WallpaperModel& wallpaper);

}  // namespace peekproof::audit
