// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/pixel_kernels.h"

#include <cmath>

#include "base/simd.h"

namespace peekproof::models {

PEEKPROOF_VECTOR_CLONES
void NormaliseBgr(const uint8_t* bgr, size_t pixels, float scale, float offset, float* rgb) {
  for (size_t i = 0; i < pixels; ++i) {
    rgb[3 * i] = static_cast<float>(bgr[3 * i + 2]) * scale + offset;
    rgb[3 * i + 1] = static_cast<float>(bgr[3 * i + 1]) * scale + offset;
    rgb[3 * i + 2] = static_cast<float>(bgr[3 * i]) * scale + offset;
  }
}

PEEKPROOF_VECTOR_CLONES
void ClampProbabilities(const float* probability, size_t pixels, float* caller) {
  for (size_t i = 0; i < pixels; ++i) {
    const float at_least_zero = probability[i] > 0.0F ? probability[i] : 0.0F;
    caller[i] = at_least_zero < 1.0F ? at_least_zero : 1.0F;
  }
}

void SigmoidOfLogits(const float* logit, size_t pixels, float* caller) {
  for (size_t i = 0; i < pixels; ++i) caller[i] = 1.0F / (1.0F + std::exp(-logit[i]));
  ClampProbabilities(caller, pixels, caller);
}

void SoftmaxOfClass(const float* logits, size_t pixels, size_t classes, size_t person, float* caller) {
  for (size_t i = 0; i < pixels; ++i) {
    const float* pixel = logits + i * classes;
    float sum = 0;
    for (size_t c = 0; c < classes; ++c) sum += std::exp(pixel[c] - pixel[person]);
    caller[i] = 1.0F / sum;
  }
  ClampProbabilities(caller, pixels, caller);
}

}  // namespace peekproof::models
