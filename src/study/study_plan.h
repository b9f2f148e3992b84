// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::study {

/// What a study runs, as its TOML file says (docs/study.md). Paths are resolved against the file's folder.
struct StudyPlan {
  std::string set_path;    ///< A set that is there, or a single scene; empty: `set_matrix` makes one.
  std::string set_matrix;  ///< A scene set file (testbed/scene_set.h); empty: `set_path` holds it.
  std::string set_files;   ///< Where the set file's patterns begin; empty: beside it.

  std::vector<std::string> attacks;  ///< Specs, each once (attacks/make_attack.h).

  std::string engine = "own";  ///< Spec of the attacker's matte; "own": of the engine that made the scene;
                               ///< "auto": the one that explains its edges best.
  std::vector<std::string> caller_models;  ///< Each attack runs with each; none is empty.
  bool true_wallpaper = false;             ///< Whether the attacker has the wallpaper; else it is estimated.
  std::string other_room;                  ///< Of the wrong-room control; empty: a drawn one.
};

/// Reads a study file's text.
/// Errors  kInvalidArgument, with the line: broken TOML, unknown sections or keys (names the known ones), bad
///         values, unknown attacks, no attack, no set or two.
Result<StudyPlan> ParseStudy(const std::string& toml, const std::string& base_directory);
/// The same from a file, which its errors name. Errors  besides those: kNotFound, kIo.
Result<StudyPlan> ReadStudy(const std::string& path);

/// What every row of a study has in common, as one JSON object: rows of other settings do not mix.
std::string SettingsJson(const StudyPlan& plan);

}  // namespace peekproof::study
