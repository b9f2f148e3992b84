// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/leak_truth.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::testbed {
namespace {

constexpr int kBandSide = 5;
constexpr float kHalfStep = 0.5F / 255.0F;
constexpr float kAllCaller = 1.0F - kHalfStep;

struct RowTruth {
  const float* caller;
  const float* engine_alpha;
  const uint8_t* near_caller;
  float* leak_alpha;
  float* frame_leak;
  uint8_t* uncovered;
  uint8_t* always_caller;
};

FrameLeak AddRow(const RowTruth& row, int width, bool raw) {
  FrameLeak leak;
  for (int x = 0; x < width; ++x) {
    const bool all_caller = row.caller[x] >= kAllCaller;
    if (!all_caller) row.always_caller[x] = 0;
    row.frame_leak[x] = 0;
    if (row.near_caller[x] != 0) {
      leak.edge_px += all_caller ? 0 : 1;
      continue;
    }
    const float alpha = raw ? 1.0F : row.engine_alpha[x];
    row.uncovered[x] = 255;
    row.frame_leak[x] = alpha;
    if (!raw) row.leak_alpha[x] = std::max(row.leak_alpha[x], alpha);
    ++leak.room_px;
    leak.full_px += alpha >= 1.0F - kHalfStep ? 1 : 0;
    leak.partial_px += alpha >= kHalfStep ? 1 : 0;
    leak.weighted_px += static_cast<double>(alpha);
  }
  return leak;
}

CallLeak CountRow(const float* leak_alpha, int width) {
  CallLeak leak;
  for (int x = 0; x < width; ++x) {
    leak.full_px += leak_alpha[x] >= 1.0F - kHalfStep ? 1 : 0;
    leak.partial_px += leak_alpha[x] >= kHalfStep ? 1 : 0;
    leak.weighted_px += static_cast<double>(leak_alpha[x]);
  }
  return leak;
}

}  // namespace

LeakTruth::LeakTruth(cv::Size size)
    : leak_alpha_(size, 0.0F),
      frame_leak_(size, 0.0F),
      uncovered_(size, 0),
      always_caller_(size, 255),
      touched_(size) {}

FrameLeak LeakTruth::Add(const image::AlphaMask& caller, const image::AlphaMask& engine_alpha, bool raw) {
  PEEKPROOF_CHECK(caller.values.size() == leak_alpha_.size(), "caller of another size");
  PEEKPROOF_CHECK(raw || engine_alpha.values.size() == leak_alpha_.size(), "engine alpha of another size");
  cv::compare(caller.values, 0, touched_, cv::CMP_GT);
  cv::dilate(touched_, near_caller_, cv::getStructuringElement(cv::MORPH_RECT, {kBandSide, kBandSide}));
  std::vector<FrameLeak> rows(leak_alpha_.rows);
  ParallelRows(leak_alpha_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      const RowTruth row{caller.values[y], raw ? nullptr : engine_alpha.values[y],
                         near_caller_[y],  leak_alpha_[y],
                         frame_leak_[y],   uncovered_[y],
                         always_caller_[y]};
      rows[y] = AddRow(row, leak_alpha_.cols, raw);
    }
  });
  FrameLeak sum;
  for (const FrameLeak& row : rows) {
    sum.room_px += row.room_px;
    sum.edge_px += row.edge_px;
    sum.full_px += row.full_px;
    sum.partial_px += row.partial_px;
    sum.weighted_px += row.weighted_px;
  }
  return sum;
}

CallLeak LeakTruth::CallSoFar() const {
  std::vector<CallLeak> rows(leak_alpha_.rows);
  ParallelRows(leak_alpha_.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) rows[y] = CountRow(leak_alpha_[y], leak_alpha_.cols);
  });
  CallLeak sum;
  for (const CallLeak& row : rows) {
    sum.full_px += row.full_px;
    sum.partial_px += row.partial_px;
    sum.weighted_px += row.weighted_px;
  }
  return sum;
}

}  // namespace peekproof::testbed
