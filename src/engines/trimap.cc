// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/trimap.h"

#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/window_max.h"

namespace peekproof::engines {
namespace {

PEEKPROOF_VECTOR_CLONES void MarkBelow(const uint8_t* mask, int limit, int count, uint8_t* marked) {
  for (int x = 0; x < count; ++x) marked[x] = mask[x] < limit ? 255 : 0;
}

PEEKPROOF_VECTOR_CLONES void MarkAbove(const uint8_t* mask, int limit, int count, uint8_t* marked) {
  for (int x = 0; x < count; ++x) marked[x] = mask[x] > limit ? 255 : 0;
}

PEEKPROOF_VECTOR_CLONES void SortRow(const uint8_t* not_caller, const uint8_t* not_background, int count,
                                     uint8_t* trimap) {
  for (int x = 0; x < count; ++x) {
    const uint8_t other = not_background[x] == 0 ? kSureBackground : kUnknown;
    trimap[x] = not_caller[x] == 0 ? kSureCaller : other;
  }
}

}  // namespace

TrimapMaker::TrimapMaker(const TrimapOptions& options) : options_(options) {
  PEEKPROOF_CHECK(options.background_to < options.caller_from, "background to {}, caller from {}",
                  options.background_to, options.caller_from);
}

void TrimapMaker::Apply(const cv::Mat1b& mask, cv::Mat1b* trimap) {
  PEEKPROOF_CHECK(mask.data != trimap->data, "the trimap would overwrite its mask");
  said_.create(mask.size());
  trimap->create(mask.size());
  for (int y = 0; y < mask.rows; ++y) {
    MarkBelow(mask.ptr(y), options_.caller_from, mask.cols, said_.ptr(y));
  }
  WindowMax(said_, options_.band_px, &not_caller_);
  for (int y = 0; y < mask.rows; ++y) {
    MarkAbove(mask.ptr(y), options_.background_to, mask.cols, said_.ptr(y));
  }
  WindowMax(said_, options_.band_px, &not_background_);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      SortRow(not_caller_.ptr(y), not_background_.ptr(y), mask.cols, trimap->ptr(y));
    }
  };
  ParallelRows(mask.rows, std::cref(rows));
}

}  // namespace peekproof::engines
