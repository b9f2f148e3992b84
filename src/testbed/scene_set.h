// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "testbed/scene_options.h"

namespace peekproof::testbed {

/// An option of a scene (scene_parameters.h) and its value.
using OptionValue = std::pair<std::string, std::string>;

/// What varies in a set: an option, the values that it takes, and what else is set along with each.
struct Axis {
  std::string option;
  std::vector<std::string> values;
  std::vector<std::vector<OptionValue>> along;  ///< One per value, or none at all.
};

/// A set of scenes to be made, as its TOML file says (docs/scene-set-format.md).
struct SceneSetPlan {
  SceneOptions common;     ///< Options of every scene.
  std::vector<Axis> axes;  ///< In the file's order; none is empty.
  int scenes = 0;          ///< How many of all combinations; 0: all.
  uint64_t seed = 1;       ///< Of the choice among them, and the first scene's seed.
};

/// One scene of a set.
struct PlannedScene {
  std::string name;  ///< Of its folder: number and values.
  SceneOptions options;
  std::vector<OptionValue> varied;  ///< Its value on each axis.
};

/// Reads a set file. Values that name files are patterns ("rooms/*.jpg") relative to `base_directory`.
/// Errors  kInvalidArgument, with the place in the file: broken TOML, unknown sections or options, bad
///         values, patterns that match nothing, and so on.
Result<SceneSetPlan> ParseSceneSet(const std::string& toml, const std::string& base_directory);
/// The same from a file. base_directory: empty: the file's. Errors  besides those: kNotFound, kIo.
Result<SceneSetPlan> ReadSceneSet(const std::string& path, const std::string& base_directory = "");

/// Chooses the scenes. Every scene has a seed of its own, the plan's plus its number, unless seeds are an
/// axis.
///
/// A thinned set is chosen scene by scene: of all combinations (of 2048 drawn ones where there are more) the
/// one whose values and pairs of values have been used least so far, relative to a fair share; ties are
/// drawn. So each value of an axis comes equally often (by one more or less), and so do, as nearly as the
/// number of scenes allows, all pairs of values of two axes. A function of the plan alone.
std::vector<PlannedScene> ChooseScenes(const SceneSetPlan& plan);

}  // namespace peekproof::testbed
