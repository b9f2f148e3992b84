// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/quantize.h"

#include <algorithm>
#include <cstdint>

#include "base/simd.h"

namespace peekproof::engines {
PEEKPROOF_VECTOR_CLONES void QuantizeRow(const float* mask, int count, uint8_t* quantized) {
  for (int x = 0; x < count; ++x) {
    const float scaled = std::min(1.0F, std::max(0.0F, mask[x])) * 255.0F + 0.5F;
    quantized[x] = static_cast<uint8_t>(static_cast<int>(scaled));
  }
}

PEEKPROOF_VECTOR_CLONES void TruncateRow(const float* mask, int count, uint8_t* quantized) {
  for (int x = 0; x < count; ++x) {
    quantized[x] = static_cast<uint8_t>(static_cast<int>(std::min(1.0F, std::max(0.0F, mask[x])) * 255.0F));
  }
}

void QuantizeMask(const cv::Mat1f& mask, cv::Mat1b* quantized) {
  quantized->create(mask.size());
  for (int y = 0; y < mask.rows; ++y) QuantizeRow(mask.ptr<float>(y), mask.cols, quantized->ptr(y));
}

}  // namespace peekproof::engines
