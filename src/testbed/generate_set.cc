// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/generate_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "testbed/scene.h"
#include "testbed/scene_parameters.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

/// Says which scene the frames are of.
class SceneProgress : public ProgressSink {
 public:
  SceneProgress(ProgressSink* outer, size_t number, size_t count)
      : outer_(outer), stage_(fmt::format("scene {} of {}", number, count)) {}
  void Report(std::string_view /*stage*/, int64_t done, int64_t total) override {
    if (outer_ != nullptr) outer_->Report(stage_, done, total);
  }

 private:
  ProgressSink* outer_;
  std::string stage_;
};

/// Whether the scene is there, finished, and the one that is wanted.
Result<bool> IsFinished(const PlannedScene& scene, const std::string& folder) {
  const Result<SceneTruth> truth = ReadSceneNumbers(folder);
  if (!truth.ok()) return false;
  if (truth->options == ValuesOf(scene.options)) return true;
  return Error{
      ErrorCode::kInvalidArgument,
      fmt::format("there is a scene with other options already; give another folder or remove it: {}",
                  folder)};
}

}  // namespace

Result<SceneSetResult> GenerateSet(const std::vector<PlannedScene>& scenes, const std::string& directory,
                                   ProgressSink* progress, const std::stop_token& stop) {
  SceneSetResult result;
  for (size_t i = 0; i < scenes.size(); ++i) {
    const std::string folder = (fs::path(directory) / scenes[i].name).string();
    PEEKPROOF_ASSIGN_OR_RETURN(const bool is_finished, IsFinished(scenes[i], folder));
    if (is_finished) {
      ++result.present;
      continue;
    }
    SceneProgress scene_progress(progress, i + 1, scenes.size());
    const auto truth = GenerateScene(scenes[i].options, folder, &scene_progress, stop);
    if (truth.ok()) {
      ++result.made;
      for (const std::string& note : truth->notes) result.notes.emplace_back(scenes[i].name, note);
      continue;
    }
    result.interrupted = truth.error().code == ErrorCode::kInterrupted;
    if (result.interrupted) break;
    result.failed.push_back({scenes[i].name, truth.error()});
  }
  return result;
}

Result<std::vector<std::pair<std::string, SceneTruth>>> ReadSetNumbers(const std::string& directory) {
  std::vector<fs::path> folders;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed)) {
    std::error_code ignored;
    if (fs::exists(entry.path() / "truth" / "scene.json", ignored)) folders.push_back(entry.path());
  }
  if (folders.empty())
    return Error{ErrorCode::kNotFound,
                 fmt::format("no finished scene lies below this folder: {}", directory)};
  std::sort(folders.begin(), folders.end());
  std::vector<std::pair<std::string, SceneTruth>> truths;
  for (const fs::path& folder : folders) {
    PEEKPROOF_ASSIGN_OR_RETURN(SceneTruth truth, ReadSceneNumbers(folder.string()));
    truths.emplace_back(folder.filename().string(), std::move(truth));
  }
  return truths;
}

}  // namespace peekproof::testbed
