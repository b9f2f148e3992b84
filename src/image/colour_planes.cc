// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/colour_planes.h"

#include "base/simd.h"

namespace peekproof::image {
namespace {

PEEKPROOF_VECTOR_CLONES void Split(const uint8_t* __restrict bgr, int n, uint8_t* __restrict blue,
                                   uint8_t* __restrict green, uint8_t* __restrict red) {
  for (int i = 0; i < n; ++i) {
    blue[i] = bgr[3 * i];
    green[i] = bgr[3 * i + 1];
    red[i] = bgr[3 * i + 2];
  }
}

}  // namespace

void SplitChannelsRow(const uint8_t* bgr, int n, uint8_t* blue, uint8_t* green, uint8_t* red) {
  Split(bgr, n, blue, green, red);
}

}  // namespace peekproof::image
