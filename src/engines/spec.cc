// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/spec.h"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <string_view>

namespace peekproof::engines {
namespace {

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Error BadSpec(const std::string& kind, const std::string& text, const std::string& why) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("bad {} spec: {}; write name or name(key=value,...): {}", kind, why, text)};
}

/// Parses all of `text` as a T.
template <typename T>
bool ParseNumber(const std::string& text, T* value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

template <typename T>
Result<void> AssignInRange(const std::string& what, const std::string& text, const char* kind, T low, T high,
                           T* target) {
  T value{};
  if (!ParseNumber(text, &value) || !(value >= low && value <= high)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} must be a {} from {} to {}, not '{}'", what, kind, low, high, text)};
  }
  *target = value;
  return {};
}

/// One overload per alternative, for std::visit.
template <typename... Callables>
struct Overloaded : Callables... {
  using Callables::operator()...;
};
template <typename... Callables>
Overloaded(Callables...) -> Overloaded<Callables...>;

}  // namespace

Result<Spec> ParseSpec(const std::string& text, const std::string& kind) {
  const std::string_view trimmed = Trim(text);
  const auto open = trimmed.find('(');
  Spec spec;
  spec.name = std::string(Trim(trimmed.substr(0, open)));
  if (spec.name.empty()) return BadSpec(kind, text, "it has no name");
  if (open == std::string_view::npos) {
    if (spec.name.find_first_of("=,)") != std::string::npos) return BadSpec(kind, text, "'(' is missing");
    return spec;
  }
  if (trimmed.back() != ')') return BadSpec(kind, text, "it does not end with ')'");
  std::string_view rest = trimmed.substr(open + 1, trimmed.size() - open - 2);
  if (rest.find_first_of("()") != std::string_view::npos)
    return BadSpec(kind, text, "it has more than one '(' or ')'");
  if (Trim(rest).empty()) return spec;
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    const auto equals = item.find('=');
    const std::string_view key = Trim(item.substr(0, equals));
    if (equals == std::string_view::npos || key.empty()) {
      return BadSpec(kind, text, fmt::format("'{}' is not key=value", Trim(item)));
    }
    spec.values.emplace_back(key, Trim(item.substr(equals + 1)));
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  return spec;
}

std::string WithParameter(const std::string& spec, const std::string& key, const std::string& value) {
  const size_t end = spec.rfind(')');
  if (end == std::string::npos) return fmt::format("{}({}={})", spec, key, value);
  const bool has_parameters = spec.find('=') != std::string::npos;
  return fmt::format("{}{}{}={})", spec.substr(0, end), has_parameters ? "," : "", key, value);
}

std::string SpecWithModel(const std::string& spec, const std::string& model) {
  return model.empty() ? spec : WithParameter(spec, "model", model);
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined;
}

void ParameterSet::Text(std::string name, std::string* target, std::string description) {
  parameters_.push_back({std::move(name), std::move(description), TextField{target}});
}

void ParameterSet::Choice(std::string name, std::string* target, std::vector<std::string> choices,
                          std::string description) {
  description += fmt::format(" ({})", JoinNames(choices));
  parameters_.push_back({std::move(name), std::move(description), ChoiceField{target, std::move(choices)}});
}

void ParameterSet::Integer(std::string name, int* target, int low, int high, std::string description) {
  description += fmt::format(" ({} to {})", low, high);
  parameters_.push_back({std::move(name), std::move(description), IntegerField{target, low, high}});
}

void ParameterSet::Number(std::string name, float* target, float low, float high, std::string description) {
  description += fmt::format(" ({} to {})", low, high);
  parameters_.push_back({std::move(name), std::move(description), NumberField{target, low, high}});
}

void ParameterSet::Number(std::string name, double* target, double low, double high,
                          std::string description) {
  description += fmt::format(" ({} to {})", low, high);
  parameters_.push_back({std::move(name), std::move(description), DoubleField{target, low, high}});
}

void ParameterSet::Flag(std::string name, bool* target, std::string description) {
  parameters_.push_back({std::move(name), std::move(description) + " (yes, no)", FlagField{target}});
}

void ParameterSet::Custom(std::string name, std::function<Result<void>(const std::string&)> set,
                          std::function<std::string()> get, std::string description) {
  parameters_.push_back(
      {std::move(name), std::move(description), CustomField{std::move(set), std::move(get)}});
}

std::string ParameterSet::ValueOf(const Field& field) {
  return std::visit(Overloaded{[](const FlagField& flag) { return std::string(*flag.target ? "yes" : "no"); },
                               [](const CustomField& custom) { return custom.get(); },
                               [](const auto& plain) { return fmt::format("{}", *plain.target); }},
                    field);
}

std::vector<ParameterInfo> ParameterSet::Describe() const {
  std::vector<ParameterInfo> infos;
  for (const Parameter& parameter : parameters_) {
    infos.push_back({parameter.name, ValueOf(parameter.field), parameter.description});
  }
  return infos;
}

const ParameterSet::Parameter* ParameterSet::Find(const std::string& name) const {
  for (const Parameter& parameter : parameters_) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

Result<void> ParameterSet::Assign(const Spec& spec) const {
  std::set<std::string> seen;
  for (const auto& [key, value] : spec.values) {
    const Parameter* parameter = Find(key);
    if (parameter == nullptr) {
      std::vector<std::string> names;
      for (const Parameter& known : parameters_) names.push_back(known.name);
      return Error{ErrorCode::kInvalidArgument, fmt::format("{} {} has no parameter '{}'; it has {}", kind_,
                                                            spec.name, key, JoinNames(names))};
    }
    if (!seen.insert(key).second) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} {}: parameter '{}' is given twice", kind_, spec.name, key)};
    }
    PEEKPROOF_RETURN_IF_ERROR(AssignOne(fmt::format("{} {}", kind_, spec.name), *parameter, value));
  }
  return {};
}

Result<void> ParameterSet::AssignOne(const std::string& owner, const Parameter& parameter,
                                     const std::string& value) {
  const std::string what = fmt::format("{}: {}", owner, parameter.name);
  return std::visit(
      Overloaded{[&](const TextField& field) -> Result<void> {
                   if (value.empty()) return Error{ErrorCode::kInvalidArgument, what + " must not be empty"};
                   *field.target = value;
                   return {};
                 },
                 [&](const ChoiceField& field) -> Result<void> {
                   for (const std::string& choice : field.choices) {
                     if (choice != value) continue;
                     *field.target = value;
                     return {};
                   }
                   return Error{
                       ErrorCode::kInvalidArgument,
                       fmt::format("{} must be one of {}, not '{}'", what, JoinNames(field.choices), value)};
                 },
                 [&](const IntegerField& field) {
                   return AssignInRange(what, value, "whole number", field.low, field.high, field.target);
                 },
                 [&](const NumberField& field) {
                   return AssignInRange(what, value, "number", field.low, field.high, field.target);
                 },
                 [&](const DoubleField& field) {
                   return AssignInRange(what, value, "number", field.low, field.high, field.target);
                 },
                 [&](const FlagField& field) -> Result<void> {
                   if (value != "yes" && value != "no") {
                     return Error{ErrorCode::kInvalidArgument,
                                  fmt::format("{} must be yes or no, not '{}'", what, value)};
                   }
                   *field.target = value == "yes";
                   return {};
                 },
                 [&](const CustomField& field) -> Result<void> {
                   const Result<void> set = field.set(value);
                   if (set.ok()) return {};
                   return Error{set.error().code, fmt::format("{}: {}", what, set.error().message)};
                 }},
      parameter.field);
}

}  // namespace peekproof::engines
