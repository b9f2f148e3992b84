// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace peekproof::models {

/// Turns `pixels` interleaved 8-bit BGR pixels into interleaved float RGB: value * scale + offset.
void NormaliseBgr(const uint8_t* bgr, size_t pixels, float scale, float offset, float* rgb);

/// Copies probabilities, bringing them into [0, 1]; NaN becomes 0.
void ClampProbabilities(const float* probability, size_t pixels, float* caller);

/// 1 / (1 + exp(-logit)).
void SigmoidOfLogits(const float* logit, size_t pixels, float* caller);

/// Softmax over `classes` interleaved logits per pixel; the probability of class `person`.
void SoftmaxOfClass(const float* logits, size_t pixels, size_t classes, size_t person, float* caller);

}  // namespace peekproof::models
