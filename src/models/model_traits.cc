// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/model_traits.h"

#include <fmt/format.h>

#include "models/join.h"
#include "models/tflite_graph.h"

namespace peekproof::models {
namespace {

std::optional<ModelTraits> Infer(const NetworkOutput& output) {
  if (output.shape.size() != 4) return std::nullopt;
  switch (output.shape[3]) {
    case 1:
      if (output.behind_sigmoid) return ModelTraits{InputRange::kZeroToOne, OutputKind::kProbability};
      return ModelTraits{InputRange::kMinusOneToOne, OutputKind::kLogit};
    case 2:
      return ModelTraits{InputRange::kZeroToOne, OutputKind::kTwoClassLogits};
    case 21:
      return ModelTraits{InputRange::kMinusOneToOne, OutputKind::kPascalLogits};
    default:
      return std::nullopt;
  }
}

bool Fits(const NetworkOutput& output, const ModelTraits& traits) {
  return output.shape.size() == 4 && output.shape[3] == OutputChannels(traits.output);
}

}  // namespace

std::optional<InputRange> InputRangeFromText(std::string_view text) {
  if (text == "0..1") return InputRange::kZeroToOne;
  if (text == "-1..1") return InputRange::kMinusOneToOne;
  return std::nullopt;
}

std::optional<OutputKind> OutputKindFromText(std::string_view text) {
  if (text == "probability") return OutputKind::kProbability;
  if (text == "logit") return OutputKind::kLogit;
  if (text == "two-class-logits") return OutputKind::kTwoClassLogits;
  if (text == "pascal-logits") return OutputKind::kPascalLogits;
  return std::nullopt;
}

int OutputChannels(OutputKind kind) {
  if (kind == OutputKind::kTwoClassLogits) return 2;
  return kind == OutputKind::kPascalLogits ? 21 : 1;
}

Result<ChosenOutput> ChooseOutput(const std::vector<NetworkOutput>& outputs,
                                  const std::optional<ModelTraits>& known) {
  std::vector<std::string> found;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (known.has_value() && Fits(outputs[i], *known)) return ChosenOutput{i, *known};
    const std::optional<ModelTraits> inferred = Infer(outputs[i]);
    if (!known.has_value() && inferred.has_value()) return ChosenOutput{i, *inferred};
    found.push_back(ShapeText(outputs[i].shape));
  }
  const std::string expected =
      known.has_value() ? fmt::format("{}", OutputChannels(known->output)) : "1, 2 or 21";
  return Error{
      ErrorCode::kUnsupported,
      fmt::format("not a segmentation network: expected an output of 1 x height x width x {} channels, "
                  "found [{}]",
                  expected, Join(found, "], ["))};
}

}  // namespace peekproof::models
