// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "study/scene_scores.h"

namespace peekproof::study {

/// What a row is of: an attack on a scene, with a model that tells the caller apart.
struct RowKey {
  std::string attack;        ///< Spec, or a reference's name.
  std::string caller_model;  ///< Empty for references.

  bool operator==(const RowKey& other) const = default;
};

/// One row of a study: what an attack got of a scene.
struct StudyRow {
  int64_t id = 0;
  int64_t run = 0;  ///< Id of the run that made it.
  std::string scene;
  RowKey key;
  std::string error;                                          ///< Why it failed; empty: it did not.
  double seconds = std::numeric_limits<double>::quiet_NaN();  ///< In the attack's own steps, on all frames.
  int64_t frames = 0;                                         ///< That were attacked.
  SceneScores scores;                                         ///< Empty where it failed.

  bool done() const { return error.empty(); }
  /// Milliseconds of the attack's own steps a frame; not a number for references.
  double ms_per_frame() const {
    return frames > 0 ? 1000 * seconds / static_cast<double>(frames)
                      : std::numeric_limits<double>::quiet_NaN();
  }
};

/// A scene that was attacked.
struct StudyScene {
  std::string name;
  std::string path;  ///< Of its folder, absolute or relative to the study's.
  std::string engine;
  uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> options;  ///< As SceneTruth::options.
};

/// One call of the program that added rows.
struct StudyRun {
  int64_t id = 0;
  std::string version;  ///< Of this program.
  std::string cpu;
  int cores = 0;
  int threads = 0;  ///< That it ran on.
  std::string compiler;
  std::string libraries;  ///< OpenCV's version, and others.
  std::string started;    ///< UTC, ISO 8601.
};

/// All that a study holds, in the order in which it came.
struct StudyData {
  std::string settings;  ///< SettingsJson of the plan.
  std::vector<StudyRun> runs;
  std::vector<StudyScene> scenes;
  std::vector<StudyRow> rows;
};

/// References: what the bare wallpaper scores (the floor), and what an oracle made of the call before it was
/// coded (the ceilings).
inline constexpr const char* kWallpaper = "wallpaper";
inline constexpr const char* kOracleUnblended = "oracle-unblended";
inline constexpr const char* kOracleCopied = "oracle-copied";
inline constexpr std::array<const char*, 3> kReferences{kWallpaper, kOracleUnblended, kOracleCopied};

/// Whether a row's attack is a reference's name.
bool IsReference(const std::string& attack);

/// This program on this machine, now. threads: 0: as many as cores.
StudyRun DescribeRun(int threads);

}  // namespace peekproof::study
