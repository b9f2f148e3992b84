// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

namespace peekproof::attacks {

/// A network of one hidden layer of rectified linear units: small enough to run on every pixel.
template <int kInputs, int kHidden, int kOutputs>
struct SmallNet {
  static constexpr int kInputCount = kInputs;
  static constexpr int kHiddenCount = kHidden;
  static constexpr int kOutputCount = kOutputs;

  float hidden[kHidden][kInputs];
  float hidden_bias[kHidden];
  float output[kOutputs][kHidden];
  float output_bias[kOutputs];

  /// The plain way, one input after the other.
  void Run(const float* inputs, float* outputs) const {
    for (int o = 0; o < kOutputs; ++o) outputs[o] = output_bias[o];
    for (int h = 0; h < kHidden; ++h) {
      float sum = hidden_bias[h];
      for (int i = 0; i < kInputs; ++i) sum += hidden[h][i] * inputs[i];
      sum = std::max(sum, 0.0F);
      for (int o = 0; o < kOutputs; ++o) outputs[o] += output[o][h] * sum;
    }
  }
};

}  // namespace peekproof::attacks
