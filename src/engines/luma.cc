// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/luma.h"

#include <functional>

#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

PEEKPROOF_VECTOR_CLONES void WeighRow(const LumaWeights* weights, const uint8_t* bgr, int count,
                                      uint8_t* luma) {
  const LumaWeights w = *weights;
  for (int x = 0; x < count; ++x) {
    const int sum = w.blue * bgr[3 * x] + w.green * bgr[3 * x + 1] + w.red * bgr[3 * x + 2];
    luma[x] = static_cast<uint8_t>((sum + 32768) >> 16);
  }
}

}  // namespace

void LumaRow(const LumaWeights& weights, const uint8_t* bgr, int count, uint8_t* luma) {
  WeighRow(&weights, bgr, count, luma);
}

void LumaOf(const LumaWeights& weights, const cv::Mat3b& bgr, cv::Mat1b* luma) {
  luma->create(bgr.size());
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) WeighRow(&weights, bgr.ptr(y), bgr.cols, luma->ptr(y));
  };
  ParallelRows(bgr.rows, std::cref(rows));
}

}  // namespace peekproof::engines
