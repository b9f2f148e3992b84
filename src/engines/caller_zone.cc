// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/caller_zone.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/parallel.h"
#include "base/simd.h"
#include "engines/block_grid.h"

namespace peekproof::engines {
namespace {

constexpr int kCallerFrom = 128;
constexpr int kSurelyFrom = 242;
constexpr int kDoubtFrom = 13;
constexpr int kHandReach = 12;  ///< Blocks.
constexpr int kHandShare = 4;   ///< A hand is smaller than the caller by at least this factor.

/// Dilation where the outside of the frame counts as unset, erosion where it counts as set.
void Grow(const cv::Mat1b& from, int blocks, cv::Mat1b* to) { cv::dilate(from, *to, SquareOfReach(blocks)); }
void Shrink(const cv::Mat1b& from, int blocks, cv::Mat1b* to) { cv::erode(from, *to, SquareOfReach(blocks)); }

/// Smallest and largest value of each column over `rows` rows.
PEEKPROOF_VECTOR_CLONES void RangeOfColumns(const uint8_t* values, ptrdiff_t stride, int rows, int count,
                                            uint8_t* low, uint8_t* high) {
  for (int x = 0; x < count; ++x) low[x] = high[x] = values[x];
  for (int y = 1; y < rows; ++y) {
    const uint8_t* row = values + y * stride;
    for (int x = 0; x < count; ++x) {
      low[x] = std::min(low[x], row[x]);
      high[x] = std::max(high[x], row[x]);
    }
  }
}

void RangeOfRow(const cv::Mat1b& caller, int block_row, uint8_t* low, uint8_t* high) {
  constexpr int kStretch = 512;
  std::array<uint8_t, kStretch> least;
  std::array<uint8_t, kStretch> most;
  const int first = block_row * kBlockSide;
  const int rows = std::min(kBlockSide, caller.rows - first);
  for (int from = 0; from < caller.cols; from += kStretch) {
    const int count = std::min(kStretch, caller.cols - from);
    RangeOfColumns(caller[first] + from, static_cast<ptrdiff_t>(caller.step), rows, count, least.data(),
                   most.data());
    for (int x = 0; x < count; x += kBlockSide) {
      const int end = std::min(count, x + kBlockSide);
      low[(from + x) / kBlockSide] = *std::min_element(least.begin() + x, least.begin() + end);
      high[(from + x) / kBlockSide] = *std::max_element(most.begin() + x, most.begin() + end);
    }
  }
}

}  // namespace

void CallerZone::FindRange(const cv::Mat1b& caller) {
  const cv::Size blocks = BlocksOf(caller.size());
  low_.create(blocks);
  high_.create(blocks);
  ParallelRows(blocks.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) RangeOfRow(caller, y, low_[y], high_[y]);
  });
}

void CallerZone::KeepOnePerson() {
  cv::Mat1i parts;
  cv::Mat1i stats;
  cv::Mat1d centres;
  const int count = cv::connectedComponentsWithStats(mine_, parts, stats, centres, 8, CV_32S);
  if (count <= 2) return;
  std::vector<int> shared(static_cast<size_t>(count), 0);
  if (previous_.size() == mine_.size()) {
    for (int y = 0; y < parts.rows; ++y)
      for (int x = 0; x < parts.cols; ++x)
        if (previous_(y, x) != 0) ++shared[static_cast<size_t>(parts(y, x))];
  }
  const auto area = [&](int part) { return stats(part, cv::CC_STAT_AREA); };
  int caller = 1;
  for (int part = 2; part < count; ++part) {
    const int more = shared[static_cast<size_t>(part)] - shared[static_cast<size_t>(caller)];
    if (more > 0 || (more == 0 && area(part) > area(caller))) caller = part;
  }
  cv::Mat1b body;
  cv::compare(parts, caller, body, cv::CMP_EQ);
  Grow(body, kHandReach, &scratch_);
  std::vector<uint8_t> near(static_cast<size_t>(count), 0);
  for (int y = 0; y < parts.rows; ++y)
    for (int x = 0; x < parts.cols; ++x)
      if (scratch_(y, x) != 0) near[static_cast<size_t>(parts(y, x))] = 1;
  for (int y = 0; y < parts.rows; ++y) {
    for (int x = 0; x < parts.cols; ++x) {
      const int part = parts(y, x);
      const auto index = static_cast<size_t>(part);
      const bool was_own = 2 * shared[index] >= area(part);
      const bool own = part == caller ||
                       (part > 0 && near[index] != 0 && (was_own || area(part) * kHandShare < area(caller)));
      mine_(y, x) = own ? 255 : 0;
    }
  }
}

void CallerZone::Update(const cv::Mat1b& caller, int extra_blocks) {
  FindRange(caller);
  cv::compare(high_, kCallerFrom, mine_, cv::CMP_GE);
  if (options_.one_person) KeepOnePerson();
  has_caller_ = cv::countNonZero(mine_) > 0;
  mine_.copyTo(previous_);

  cv::compare(high_, kDoubtFrom, clear_, cv::CMP_GE);
  Grow(clear_, options_.clear_blocks + extra_blocks, &scratch_);
  cv::bitwise_not(scratch_, clear_);

  Grow(mine_, options_.reach_blocks + extra_blocks, &scratch_);
  kinds_.create(mine_.size());
  kinds_.setTo(kOutside);
  kinds_.setTo(kBand, scratch_);
  cv::compare(low_, kSurelyFrom, scratch_, cv::CMP_GE);
  cv::bitwise_and(scratch_, mine_, mine_);
  Shrink(mine_, options_.core_blocks + extra_blocks, &scratch_);
  kinds_.setTo(kCore, scratch_);
}

}  // namespace peekproof::engines
