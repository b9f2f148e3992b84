// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_plan.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "attacks/make_attack.h"
#include "audit/audit.h"
#include "engines/spec.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;

/// A section that is not there has no line.
Error At(const toml::node& node, const std::string& message) {
  const auto line = node.source().begin.line;
  if (line == 0) return {ErrorCode::kInvalidArgument, fmt::format("the study file: {}", message)};
  return {ErrorCode::kInvalidArgument, fmt::format("line {} of the study file: {}", line, message)};
}

Result<std::string> TextOf(const std::string& key, const toml::node& node) {
  const auto* text = node.as_string();
  if (text == nullptr || text->get().empty()) return At(node, fmt::format("{} must be a text", key));
  return text->get();
}

/// A text, or a list of texts that are all different.
Result<std::vector<std::string>> TextsOf(const std::string& key, const toml::node& node) {
  const toml::array* const list = node.as_array();
  if (list == nullptr) {
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf(key, node));
    return std::vector<std::string>{text};
  }
  std::vector<std::string> texts;
  for (const toml::node& one : *list) {
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf(key, one));
    if (std::find(texts.begin(), texts.end(), text) != texts.end())
      return At(one, fmt::format("{} has '{}' twice", key, text));
    texts.push_back(text);
  }
  if (texts.empty()) return At(node, fmt::format("{} must not be empty", key));
  return texts;
}

Error UnknownKey(const toml::node& node, const std::string& section, std::string_view key,
                 const std::string& known) {
  return At(node, fmt::format("[{}] has no '{}'; it has {}", section, key, known));
}

/// A path of the file, relative to its folder.
std::string Resolved(const std::string& base, const std::string& path) {
  return (fs::path(base) / path).lexically_normal().string();
}

Result<void> ReadSet(const toml::table& table, const std::string& base, StudyPlan* plan) {
  for (const auto& [key, node] : table) {
    std::string* const target = key.str() == "path"     ? &plan->set_path
                                : key.str() == "matrix" ? &plan->set_matrix
                                : key.str() == "files"  ? &plan->set_files
                                                        : nullptr;
    if (target == nullptr) return UnknownKey(node, "set", key.str(), "path, matrix and files");
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf(std::string(key.str()), node));
    *target = Resolved(base, text);
  }
  if (plan->set_path.empty() == plan->set_matrix.empty())
    return At(table, "[set] needs either path (a set that is there) or matrix (a file that makes one)");
  if (!plan->set_files.empty() && plan->set_matrix.empty()) return At(table, "files goes with matrix");
  return {};
}

Result<void> ReadAttacks(const toml::table& table, StudyPlan* plan) {
  for (const auto& [key, node] : table) {
    if (key.str() != "list") return UnknownKey(node, "attacks", key.str(), "list");
    PEEKPROOF_ASSIGN_OR_RETURN(plan->attacks, TextsOf("list", node));
    for (const std::string& attack : plan->attacks) {
      if (const auto known = attacks::CheckAttack(attack); !known.ok())
        return At(node, known.error().message);
    }
  }
  if (plan->attacks.empty()) return At(table, "[attacks] needs list = [\"...\"]");
  return {};
}

Result<void> ReadWallpaper(const toml::node& node, StudyPlan* plan) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf("wallpaper", node));
  if (text != "estimated" && text != "true")
    return At(node, fmt::format("wallpaper must be \"estimated\" or \"true\", not '{}'", text));
  plan->true_wallpaper = text == "true";
  return {};
}

Result<void> ReadEngine(const toml::node& node, StudyPlan* plan) {
  PEEKPROOF_ASSIGN_OR_RETURN(plan->engine, TextOf("engine", node));
  if (plan->engine == "own" || plan->engine == audit::kAutoEngine) return {};
  const auto spec = engines::ParseSpec(plan->engine);
  if (!spec.ok()) return At(node, spec.error().message);
  std::vector<std::string> names{"own", audit::kAutoEngine};
  for (const engines::EngineInfo& engine : engines::ListEngines()) names.push_back(engine.name);
  if (std::find(names.begin(), names.end(), spec->name) != names.end()) return {};
  return At(node,
            fmt::format("there is no engine '{}'; choose one of: {}", spec->name, engines::JoinNames(names)));
}

Result<void> ReadAttackOptions(const toml::table& table, const std::string& base, StudyPlan* plan) {
  for (const auto& [key, node] : table) {
    if (key.str() == "engine") {
      PEEKPROOF_RETURN_IF_ERROR(ReadEngine(node, plan));
    } else if (key.str() == "caller_model") {
      PEEKPROOF_ASSIGN_OR_RETURN(plan->caller_models, TextsOf("caller_model", node));
    } else if (key.str() == "wallpaper") {
      PEEKPROOF_RETURN_IF_ERROR(ReadWallpaper(node, plan));
    } else if (key.str() == "other_room") {
      PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, TextOf("other_room", node));
      plan->other_room = text == "drawn" ? text : Resolved(base, text);
    } else {
      return UnknownKey(node, "attack_options", key.str(), "engine, caller_model, wallpaper and other_room");
    }
  }
  return {};
}

Result<StudyPlan> PlanOf(const toml::table& file, const std::string& base) {
  StudyPlan plan;
  plan.caller_models = {audit::AuditOptions().caller_model};
  const toml::table empty;
  const auto section = [&](const char* name) {
    const toml::table* table = file[name].as_table();
    return table != nullptr ? table : &empty;
  };
  for (const auto& [key, node] : file) {
    const bool is_known = key.str() == "set" || key.str() == "attacks" || key.str() == "attack_options";
    if (!is_known || !node.is_table())
      return At(node, fmt::format("'{}' is not a section; there are [set], [attacks] and [attack_options]",
                                  key.str()));
  }
  PEEKPROOF_RETURN_IF_ERROR(ReadSet(*section("set"), base, &plan));
  PEEKPROOF_RETURN_IF_ERROR(ReadAttacks(*section("attacks"), &plan));
  PEEKPROOF_RETURN_IF_ERROR(ReadAttackOptions(*section("attack_options"), base, &plan));
  return plan;
}

}  // namespace

Result<StudyPlan> ParseStudy(const std::string& text, const std::string& base_directory) {
  try {
    return PlanOf(toml::parse(text), base_directory);
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("line {} of the study file: {}",
                                                          error.source().begin.line, error.description())};
  }
}

Result<StudyPlan> ReadStudy(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return Error{ErrorCode::kIo, fmt::format("a study file was expected, not a folder: {}", path)};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, fmt::format("there is no such study file: {}", path)};
  std::ostringstream text;
  text << file.rdbuf();
  auto plan = ParseStudy(text.str(), fs::path(path).parent_path().string());
  if (!plan.ok()) return Error{plan.error().code, fmt::format("{}: {}", plan.error().message, path)};
  return plan;
}

std::string SettingsJson(const StudyPlan& plan) {
  return nlohmann::ordered_json{{"engine", plan.engine},
                                {"wallpaper", plan.true_wallpaper ? "true" : "estimated"},
                                {"other_room", plan.other_room.empty() ? "drawn" : plan.other_room}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace peekproof::study
