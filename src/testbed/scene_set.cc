// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_set.h"

#include <fmt/format.h>
#include <glob.h>
#include <toml++/toml.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "testbed/scene_parameters.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMostCombinations = 100'000'000;
constexpr int kMostScenes = 100'000;

Error At(const toml::node& node, const std::string& message) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("line {} of the set file: {}", node.source().begin.line, message)};
}

/// A plain value as the text that an option takes.
Result<std::string> TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "yes" : "no");
  return At(node, "expected a text, a number, true or false");
}

/// The files that a pattern names, sorted; the value itself where it is a word and no file.
Result<std::vector<std::string>> FilesOf(const std::string& value, const std::string& base) {
  if (value.find_first_of("/.*?[") == std::string::npos || value.starts_with('#') ||
      value.find('(') != std::string::npos)
    return std::vector<std::string>{value};
  const std::string pattern = (fs::path(base) / value).string();
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<std::string> files;
  for (size_t i = 0; status == 0 && i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (files.empty())
    return Error{ErrorCode::kInvalidArgument, fmt::format("no file is named so: {}", pattern)};
  return files;
}

/// A plain value, or a table of the axis's own option and others that go with it.
Result<void> AddValues(const toml::node& node, const std::string& base, Axis* axis) {
  if (const toml::table* const table = node.as_table()) {
    const toml::node* const own = table->get(axis->option);
    if (own == nullptr || own->is_table()) return At(node, fmt::format("the table has no {}", axis->option));
    PEEKPROOF_RETURN_IF_ERROR(AddValues(*own, base, axis));
    std::vector<OptionValue> along;
    for (const auto& [key, value] : *table) {
      if (key.str() == axis->option) continue;
      PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf(value));
      along.emplace_back(key.str(), text);
    }
    axis->along.resize(axis->values.size(), along);
    return {};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf(node));
  if (!IsFileOption(axis->option)) {
    axis->values.push_back(text);
    return {};
  }
  auto files = FilesOf(text, base);
  if (!files.ok()) return At(node, files.error().message);
  axis->values.insert(axis->values.end(), files->begin(), files->end());
  return {};
}

/// Tries all values of an axis on options of a scene.
Result<void> CheckAxis(const Axis& axis, const SceneOptions& common) {
  for (size_t i = 0; i < axis.values.size(); ++i) {
    SceneOptions trial = common;
    PEEKPROOF_RETURN_IF_ERROR(SetOption(axis.option, axis.values[i], &trial));
    for (const auto& [option, value] : axis.along[i])
      PEEKPROOF_RETURN_IF_ERROR(SetOption(option, value, &trial));
  }
  return {};
}

Result<void> ReadCommon(const toml::table& table, const std::string& base, SceneSetPlan* plan) {
  for (const auto& [key, node] : table) {
    Axis single{std::string(key.str()), {}, {}};
    if (node.is_table()) return At(node, "a value is wanted here; tables go under [vary]");
    PEEKPROOF_RETURN_IF_ERROR(AddValues(node, base, &single));
    if (single.values.size() != 1) return At(node, "one file is wanted here; lists go under [vary]");
    const auto set = SetOption(single.option, single.values[0], &plan->common);
    if (!set.ok()) return At(node, set.error().message);
  }
  return {};
}

Result<void> ReadAxis(const std::string& option, const toml::node& node, const std::string& base,
                      SceneSetPlan* plan) {
  const toml::array* const list = node.as_array();
  if (list == nullptr || list->empty()) return At(node, fmt::format("{} must be a list with values", option));
  Axis axis{option, {}, {}};
  for (const toml::node& value : *list) {
    PEEKPROOF_RETURN_IF_ERROR(AddValues(value, base, &axis));
    axis.along.resize(axis.values.size());
  }
  const Result<void> checked = CheckAxis(axis, plan->common);
  if (!checked.ok()) return At(node, checked.error().message);
  plan->axes.push_back(std::move(axis));
  return {};
}

Result<void> ReadDesign(const toml::table& table, SceneSetPlan* plan) {
  for (const auto& [key, node] : table) {
    const auto number = node.value<int64_t>();
    if (!number || *number < 0) return At(node, fmt::format("{} must be a whole number from 0", key.str()));
    if (key.str() == "seed") {
      plan->seed = static_cast<uint64_t>(*number);
    } else if (key.str() == "scenes" && *number <= kMostScenes) {
      plan->scenes = static_cast<int>(*number);
    } else if (key.str() == "scenes") {
      return At(node, fmt::format("scenes must be at most {}", kMostScenes));
    } else {
      return At(node, fmt::format("[design] has no '{}'; it has scenes and seed", key.str()));
    }
  }
  return {};
}

/// toml++ sorts keys; axes come in the order in which they are written.
std::vector<std::pair<std::string, const toml::node*>> InFileOrder(const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, node] : table) entries.emplace_back(key.str(), &node);
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.second->source().begin.line < b.second->source().begin.line;
  });
  return entries;
}

Result<void> CheckCount(const SceneSetPlan& plan) {
  double combinations = 1;
  for (const Axis& axis : plan.axes) combinations *= static_cast<double>(axis.values.size());
  if (combinations > static_cast<double>(kMostCombinations) ||
      (plan.scenes == 0 && combinations > static_cast<double>(kMostScenes)))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the set has {:.0f} combinations; vary less, or give [design] scenes = N", combinations)};
  return {};
}

Result<SceneSetPlan> PlanOf(const toml::table& file, const std::string& base) {
  SceneSetPlan plan;
  const toml::table empty;
  const auto section = [&](const char* name) {
    const toml::table* table = file[name].as_table();
    return table != nullptr ? table : &empty;
  };
  for (const auto& [key, node] : file) {
    const bool is_known = key.str() == "scene" || key.str() == "vary" || key.str() == "design";
    if (!is_known || !node.is_table())
      return At(node,
                fmt::format("'{}' is not a section; there are [scene], [vary] and [design]", key.str()));
  }
  PEEKPROOF_RETURN_IF_ERROR(ReadDesign(*section("design"), &plan));
  PEEKPROOF_RETURN_IF_ERROR(ReadCommon(*section("scene"), base, &plan));
  for (const auto& [option, node] : InFileOrder(*section("vary")))
    PEEKPROOF_RETURN_IF_ERROR(ReadAxis(option, *node, base, &plan));
  PEEKPROOF_RETURN_IF_ERROR(CheckCount(plan));
  return plan;
}

}  // namespace

Result<SceneSetPlan> ParseSceneSet(const std::string& text, const std::string& base_directory) {
  try {
    const toml::table file = toml::parse(text);
    return PlanOf(file, base_directory);
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("line {} of the set file: {}", error.source().begin.line, error.description())};
  }
}

Result<SceneSetPlan> ReadSceneSet(const std::string& path, const std::string& base_directory) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return Error{ErrorCode::kIo, fmt::format("a set file was expected, not a folder: {}", path)};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, fmt::format("there is no such set file: {}", path)};
  std::ostringstream text;
  text << file.rdbuf();
  return ParseSceneSet(text.str(),
                       base_directory.empty() ? fs::path(path).parent_path().string() : base_directory);
}

}  // namespace peekproof::testbed
