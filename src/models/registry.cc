// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/registry.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "models/embedded_registry.h"
#include "models/model_files.h"

namespace peekproof::models {
namespace {

constexpr size_t kMaxRegistryBytes = size_t{1} << 20U;

constexpr std::array<std::pair<const char*, ModelTask>, 5> kTasks{{
    {"segment", ModelTask::kSegment},
    {"detect-objects", ModelTask::kDetectObjects},
    {"detect-faces", ModelTask::kDetectFaces},
    {"enhance", ModelTask::kEnhance},
    {"depth", ModelTask::kDepth},
}};

constexpr std::array<std::string_view, 11> kKeys{"name", "task", "summary", "file",  "sha256", "licence",
                                                 "npm",  "path", "address", "input", "output"};

Error Malformed(const toml::source_region& where, const std::string& what) {
  return {ErrorCode::kCorruptData, fmt::format("line {}: {}", where.begin.line, what)};
}

/// Text for a message: what a hostile file holds must not break the line.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text.substr(0, 64)) quoted += c >= 0x20 && c < 0x7f ? c : '?';
  return quoted + '"';
}

bool IsName(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 64 && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool IsFileName(std::string_view text) {
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '/' && c != '\\'; };
  return !text.empty() && text.size() <= 128 && text[0] != '.' &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool IsSha256(std::string_view text) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::all_of(text.begin(), text.end(), digit);
}

bool IsAddress(std::string_view text) {
  const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
  return (text.starts_with("https://") || text.starts_with("http://")) &&
         std::all_of(text.begin(), text.end(), printable);
}

/// Reads one [[model]] table.
class EntryReader {
 public:
  explicit EntryReader(const toml::table& table) : table_(table) {}

  Result<ModelEntry> Read() {
    PEEKPROOF_RETURN_IF_ERROR(CheckKeys());
    ModelEntry entry;
    PEEKPROOF_ASSIGN_OR_RETURN(entry.name, Required("name"));
    if (!IsName(entry.name)) return Wrong("name", "lower-case letters, digits and dashes");
    PEEKPROOF_ASSIGN_OR_RETURN(entry.task, Task());
    PEEKPROOF_ASSIGN_OR_RETURN(entry.summary, Optional("summary"));
    PEEKPROOF_ASSIGN_OR_RETURN(entry.file, Required("file"));
    if (!IsFileName(entry.file)) return Wrong("file", "a plain file name without folders");
    PEEKPROOF_ASSIGN_OR_RETURN(entry.sha256, Required("sha256"));
    if (!IsSha256(entry.sha256)) return Wrong("sha256", "64 lower-case hexadecimal digits");
    PEEKPROOF_ASSIGN_OR_RETURN(entry.licence, Required("licence"));
    PEEKPROOF_ASSIGN_OR_RETURN(entry.npm, Optional("npm"));
    PEEKPROOF_ASSIGN_OR_RETURN(entry.path, Optional("path"));
    if (entry.npm.empty() != entry.path.empty())
      return Malformed(table_.source(), "npm and path go together");
    PEEKPROOF_ASSIGN_OR_RETURN(entry.address, Optional("address"));
    if (!entry.address.empty() && !IsAddress(entry.address)) return Wrong("address", "http:// or https://");
    PEEKPROOF_ASSIGN_OR_RETURN(entry.traits, Traits(entry.task));
    return entry;
  }

 private:
  Result<void> CheckKeys() const {
    for (const auto& [key, node] : table_) {
      if (std::find(kKeys.begin(), kKeys.end(), key.str()) != kKeys.end()) continue;
      return Malformed(key.source(), fmt::format("unknown field {}", Quoted(key.str())));
    }
    return {};
  }

  Error Wrong(const char* key, const std::string& expected) const {
    const toml::node* node = table_.get(key);
    const auto value = node->value<std::string>();
    return Malformed(node->source(),
                     fmt::format("{} is {} but must be {}", key, Quoted(value.value_or("")), expected));
  }

  Result<std::string> Optional(const char* key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::string();
    if (!node->is_string()) return Malformed(node->source(), fmt::format("{} must be a text in quotes", key));
    return node->value<std::string>().value_or("");
  }

  Result<std::string> Required(const char* key) const {
    if (!table_.contains(key)) return Malformed(table_.source(), fmt::format("this model has no {}", key));
    return Optional(key);
  }

  Result<ModelTask> Task() const {
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, Required("task"));
    for (const auto& [name, task] : kTasks) {
      if (text == name) return task;
    }
    return Wrong("task", "segment, detect-objects, detect-faces, enhance or depth");
  }

  Result<std::optional<ModelTraits>> Traits(ModelTask task) const {
    if (task != ModelTask::kSegment) return std::optional<ModelTraits>();
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string input_text, Required("input"));
    PEEKPROOF_ASSIGN_OR_RETURN(const std::string output_text, Required("output"));
    const std::optional<InputRange> input = InputRangeFromText(input_text);
    const std::optional<OutputKind> output = OutputKindFromText(output_text);
    if (!input.has_value()) return Wrong("input", "\"0..1\" or \"-1..1\"");
    if (!output.has_value()) return Wrong("output", "probability, logit, two-class-logits or pascal-logits");
    return std::optional<ModelTraits>({*input, *output});
  }

  const toml::table& table_;
};

Result<Registry> ReadModels(const toml::table& root) {
  Registry registry;
  for (const auto& [key, node] : root) {
    if (key.str() != "model" || !node.is_array_of_tables()) {
      return Malformed(key.source(), fmt::format("{} where only [[model]] is expected", Quoted(key.str())));
    }
    for (const toml::node& table : *node.as_array()) {
      PEEKPROOF_ASSIGN_OR_RETURN(ModelEntry entry, EntryReader(*table.as_table()).Read());
      if (registry.Find(entry.name) != nullptr) {
        return Malformed(table.source(), fmt::format("a second model called {}", entry.name));
      }
      registry.models.push_back(std::move(entry));
    }
  }
  return registry;
}

}  // namespace

const char* TaskName(ModelTask task) { return kTasks[static_cast<size_t>(task)].first; }

const ModelEntry* Registry::Find(std::string_view name) const {
  const auto found =
      std::find_if(models.begin(), models.end(), [&](const auto& entry) { return entry.name == name; });
  return found == models.end() ? nullptr : &*found;
}

const ModelEntry* Registry::FindBySha256(std::string_view sha256) const {
  const auto found =
      std::find_if(models.begin(), models.end(), [&](const auto& entry) { return entry.sha256 == sha256; });
  return found == models.end() ? nullptr : &*found;
}

Result<Registry> ParseRegistry(std::string_view toml) {
  try {
    return ReadModels(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    std::string what(error.description().substr(0, 200));
    std::replace_if(
        what.begin(), what.end(), [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return Malformed(error.source(), what);
  }
}

Result<Registry> LoadRegistry() {
  PEEKPROOF_ASSIGN_OR_RETURN(Registry registry, ParseRegistry(EmbeddedRegistry()));
  const char* path = std::getenv("PEEKPROOF_REGISTRY");
  if (path == nullptr || *path == '\0') return registry;
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, ReadFileBytes(path, kMaxRegistryBytes));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Result<Registry> extra = ParseRegistry(text);
  if (!extra.ok()) {
    return Error{extra.error().code, fmt::format("model registry, {}: {}", extra.error().message, path)};
  }
  for (ModelEntry& entry : extra->models) {
    const auto same = std::find_if(registry.models.begin(), registry.models.end(),
                                   [&](const ModelEntry& known) { return known.name == entry.name; });
    if (same == registry.models.end()) {
      registry.models.push_back(std::move(entry));
    } else {
      *same = std::move(entry);
    }
  }
  return registry;
}

}  // namespace peekproof::models
