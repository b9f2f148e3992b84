// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
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
  void Number(std::string name, double* target, double low, double high, std::string description);
  /// "yes" or "no".
  void Flag(std::string name, bool* target, std::string description);
  /// Any other type. set: takes a value's text; its error's message says what it must be and need not name
  /// the parameter. get: the text of the present value.
  void Custom(std::string name, std::function<Result<void>(const std::string&)> set,
              std::function<std::string()> get, std::string description);

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
  struct DoubleField {
    double* target;
    double low;
    double high;
  };
  struct FlagField {
    bool* target;
  };
  struct CustomField {
    std::function<Result<void>(const std::string&)> set;
    std::function<std::string()> get;
  };
  using Field =
      std::variant<TextField, ChoiceField, IntegerField, NumberField, DoubleField, FlagField, CustomField>;
  struct Parameter {
    std::string name;
    std::string description;
    Field field;
  };

  const Parameter* Find(const std::string& name) const;
  static std::string ValueOf(const Field& field);
  static Result<void> AssignOne(const std::string& owner, const Parameter& parameter,
                                const std::string& value);

  std::string kind_;
  std::vector<Parameter> parameters_;
};

}  // namespace peekproof::engines
