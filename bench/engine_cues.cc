// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Prints what the edges of calls with truth tell of their engine, one line a call: the engine, what the model
// guesses and how surely, and its inputs; then how often it is right.
//   engine_cues SET... > cues.tsv
// engine_model_fit.py fits the model to such lines.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "audit/engine_identification.h"
#include "audit/survey.h"
#include "audit/wallpaper_model.h"
#include "models/segmenter.h"
#include "testbed/browser_engine.h"
#include "testbed/scene_truth.h"

namespace peekproof::bench {
namespace {

namespace fs = std::filesystem;

Result<audit::EngineCues> CuesOf(const std::string& video, models::Segmenter* caller) {
  audit::AuditOptions options;
  options.input = video;
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::Survey survey, audit::SurveyRecording(options, nullptr, {}));
  const auto& scene =
      *std::max_element(survey.scenes.begin(), survey.scenes.end(),
                        [](const auto& a, const auto& b) { return a.sampled_frames < b.sampled_frames; });
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::WallpaperModel wallpaper,
                             audit::WallpaperOf(options, scene, nullptr));
  return audit::CompareEngines(scene.frames, scene.shown, wallpaper, caller);
}

/// The candidate that mixes as the call's engine does.
std::string CandidateOf(const std::string& engine) {
  const auto browser = testbed::BrowserEngineName(engine);
  const std::string name = browser.ok() ? *browser : engine.substr(0, engine.find('('));
  return name == "bbb" ? "jitsi" : name;
}

Result<void> PrintCues(const std::vector<std::string>& sets) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto caller, models::MakeSegmenter(audit::AuditOptions().caller_model));
  int calls = 0;
  int right = 0;
  std::vector<std::string> folders;
  for (const std::string& set : sets)
    for (const auto& entry : fs::directory_iterator(set))
      if (fs::exists(entry.path() / "truth")) folders.push_back(entry.path().string());
  std::sort(folders.begin(), folders.end());
  for (const std::string& folder : folders) {
    PEEKPROOF_ASSIGN_OR_RETURN(const testbed::SceneTruth truth, testbed::ReadSceneTruth(folder));
    PEEKPROOF_ASSIGN_OR_RETURN(const audit::EngineCues cues, CuesOf(truth.video, caller.get()));
    const std::vector<audit::EngineGuess> guesses = audit::GuessEngine(cues);
    if (guesses.empty()) continue;
    const std::string candidate = CandidateOf(truth.engine);
    fmt::print("{}\t{}\t{:.3f}", candidate, guesses.front().engine, guesses.front().probability);
    for (const double input : audit::EngineInputs(cues)) fmt::print("\t{:.5f}", input);
    fmt::print("\n");
    ++calls;
    right += guesses.front().engine == candidate ? 1 : 0;
  }
  fmt::print("# {} of {} right; {} calls told too little\n", right, calls,
             folders.size() - static_cast<size_t>(calls));
  return {};
}

}  // namespace
}  // namespace peekproof::bench

int main(int argc, char** argv) {
  std::vector<std::string> sets;
  CLI::App app("Prints what the edges of calls with truth tell of their engine.");
  app.add_option("SET", sets, "Folders that peekproof scene --matrix made")->required();
  CLI11_PARSE(app, argc, argv);
  const auto printed = peekproof::bench::PrintCues(sets);
  if (printed.ok()) return 0;
  fmt::print(stderr, "engine_cues: {}\n", printed.error().message);
  return 1;
}
