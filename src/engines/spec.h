// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "engines/engine.h"

namespace peekproof::engines {

/// A taken-apart spec string: `name` or `name(key=value,...)`.
struct Spec {
  std::string name;
  std::vector<std::pair<std::string, std::string>> values;  ///< In the order given.
};

/// Takes a spec apart. Spaces around names, keys and values do not count; a value may hold anything but
/// `,`, `(` and `)`.
///
/// In      kind: what the spec names, for messages: "engine", "blur".
/// Errors  kInvalidArgument: says what is wrong and shows the form.
Result<Spec> ParseSpec(const std::string& text, const std::string& kind = "engine");

/// "meet(wrap=0.3)" with "mode" and "blur" makes "meet(wrap=0.3,mode=blur)". Works on the text alone: a key
/// that is there already is then given twice, which the makers refuse.
std::string WithParameter(const std::string& spec, const std::string& key, const std::string& value);

/// WithParameter(spec, "model", model); an empty model changes nothing.
std::string SpecWithModel(const std::string& spec, const std::string& model);

/// "a, b, c", for messages.
std::string JoinNames(const std::vector<std::string>& names);

/// The parameters of one profile or blur, bound to the fields of its options struct: each name, default,
/// range and description is written once, here, and used both to parse a spec and to list what it names.
class ParameterSet {
 public:
  /// In      kind: as ParseSpec's.
  explicit ParameterSet(std::string kind = "engine") : kind_(std::move(kind)) {}

  void Text(std::string name, std::string* target, std::string description);
  void Choice(std::string name, std::string* target, std::vector<std::string> choices,
              std::string description);
  /// Whole number in [low, high].
  void Integer(std::string name, int* target, int low, int high, std::string description);
  /// Finite number in [low, high].
  void Number(std::string name, float* target, float low, float high, std::string description);

  /// Name, present value (the default, before Assign) and description with the range, in binding order.
  std::vector<ParameterInfo> Describe() const;

  /// Writes the values of `spec` to the bound fields.
  /// Errors  kInvalidArgument: unknown key (lists the known ones), key given twice, not a number, out of
  /// range, not among the choices.
  Result<void> Assign(const Spec& spec) const;

 private:
  struct TextField {
    std::string* target;
  };
  struct ChoiceField {
    std::string* target;
    std::vector<std::string> choices;
  };
  struct IntegerField {
    int* target;
    int low;
    int high;
  };
  struct NumberField {
    float* target;
    float low;
    float high;
  };
  struct Parameter {
    std::string name;
    std::string description;
    std::variant<TextField, ChoiceField, IntegerField, NumberField> field;
  };

  const Parameter* Find(const std::string& name) const;
  static Result<void> AssignOne(const std::string& owner, const Parameter& parameter,
                                const std::string& value);

  std::string kind_;
  std::vector<Parameter> parameters_;
};

}  // namespace peekproof::engines
