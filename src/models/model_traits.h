// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekproof::models {

/// What a network wants in place of 8-bit values.
enum class InputRange {
  kZeroToOne,      ///< value / 255
  kMinusOneToOne,  ///< value / 127.5 - 1
};

/// What a segmentation network gives per pixel.
enum class OutputKind {
  kProbability,     ///< 1 channel: probability of the caller.
  kLogit,           ///< 1 channel: its logit (BodyPix).
  kTwoClassLogits,  ///< 2 channels of logits: background, caller (Google Meet).
  kPascalLogits,    ///< 21 channels of logits, Pascal VOC: person is class 15 (DeepLab).
};

/// How to feed a segmentation network and how to read it.
struct ModelTraits {
  InputRange input = InputRange::kZeroToOne;
  OutputKind output = OutputKind::kProbability;
};

/// From "0..1", "-1..1"; nothing for another text.
std::optional<InputRange> InputRangeFromText(std::string_view text);
/// From "probability", "logit", "two-class-logits", "pascal-logits"; nothing for another text.
std::optional<OutputKind> OutputKindFromText(std::string_view text);

/// Channels that a kind of output has.
int OutputChannels(OutputKind kind);

/// An output of a network: its shape (1 x height x width x channels) and whether a sigmoid makes it.
struct NetworkOutput {
  std::vector<int> shape;
  bool behind_sigmoid = false;
};

/// Which output of a network holds the caller, and what it means.
struct ChosenOutput {
  size_t index = 0;
  ModelTraits traits;
};

/// Finds the first output that `known` describes or, without it, that is one of the four kinds, as
/// MakeSegmenter documents.
///
/// Errors  kUnsupported, naming what was expected and what was found.
Result<ChosenOutput> ChooseOutput(const std::vector<NetworkOutput>& outputs,
                                  const std::optional<ModelTraits>& known);

}  // namespace peekproof::models
