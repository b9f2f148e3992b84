// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/room_plate.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/block_grid.h"
#include "engines/caller_zone.h"
#include "engines/plate_light.h"

namespace peekproof::engines {
namespace {

constexpr float kLeastVariance = 1;           ///< Rounding to 8 bits alone makes 1/12; sensors make more.
constexpr float kFirstVariance = 9;           ///< Of a pixel seen once.
constexpr int kMostAgainst = kBlockArea / 4;  ///< Pixels of a block that may differ before it contradicts,
constexpr int kAgreedAgainst = 2;             ///< and the same of a doubted one.
constexpr int kFewestShare = 32;              ///< 1/32 of the blocks must be believed to tell the light.
constexpr float kContradiction = 16;          ///< Squared deviations, in units of the variance.
constexpr float kContradictionFloor = 36;     ///< Squared steps that no contradiction stays below.

cv::Vec3f Middle(const ColourPlanes& camera, const cv::Rect& pixels) {
  const cv::Point at(pixels.x + kBlockSide / 2, pixels.y + kBlockSide / 2);
  return {static_cast<float>(camera[0](at)), static_cast<float>(camera[1](at)),
          static_cast<float>(camera[2](at))};
}

/// One more frame of a block. The mean moves along, so its own uncertainty is in the deviation: 1 - share
/// takes that out.
PEEKPROOF_VECTOR_CLONES void Blend(const float* seen, float share, float* mean, float* variance,
                                   float* deviation) {
  for (int i = 0; i < kBlockArea; ++i) {
    float square = 0;
    for (int c = 0; c < 3; ++c) {
      const float off = seen[c * kBlockArea + i] - mean[c * kBlockArea + i];
      mean[c * kBlockArea + i] += share * off;
      square += off * off;
    }
    const float spread = (1 - share) * square * (1.0F / 3);
    variance[i] = std::max(kLeastVariance, variance[i] + share * (spread - variance[i]));
    deviation[i] = std::sqrt(3 * variance[i]);
  }
}

PEEKPROOF_VECTOR_CLONES int CountBeyond(const float* off, const float* variance) {
  int beyond = 0;
  for (int i = 0; i < kBlockArea; ++i) {
    const float square = off[i] * off[i] + off[kBlockArea + i] * off[kBlockArea + i] +
                         off[2 * kBlockArea + i] * off[2 * kBlockArea + i];
    beyond += square > 3 * std::max(kContradiction * variance[i], kContradictionFloor) ? 1 : 0;
  }
  return beyond;
}

}  // namespace

void RoomPlate::Prepare(cv::Size size) {
  if (size_ == size) return;
  size_ = size;
  Forget();
}

void RoomPlate::Forget() {
  const cv::Size grid = BlocksOf(size_);
  blocks_.assign(static_cast<size_t>(grid.area()), Block());
  colours_.resize(blocks_.size());
  trusted_.create(grid);
  trusted_.setTo(0);
  learnt_.create(grid);
  learnt_.setTo(0);
  contested_.create(grid);
  contested_.setTo(0);
  light_ = {};
  frame_ = 0;
}

double RoomPlate::MeetLight(const ColourPlanes& camera, const cv::Mat1b& clear) {
  Prepare(camera[0].size());
  constexpr int kMiddle = kBlockSide / 2 * kBlockSide + kBlockSide / 2;
  pairs_.clear();
  // Every second block, the others in the next frame.
  for (int y = 0; y < clear.rows; ++y) {
    for (int x = static_cast<int>((y + frame_) % 2); x < clear.cols; x += 2) {
      if (clear(y, x) == 0 || trusted_(y, x) == 0) continue;
      const cv::Rect pixels = PixelsOf({x, y}, size_);
      if (pixels.area() != kBlockArea) continue;
      const BlockColours& mean = BlockOf({x, y}).mean;
      pairs_.push_back({{mean[kMiddle], mean[kBlockArea + kMiddle], mean[2 * kBlockArea + kMiddle]},
                        Middle(camera, pixels)});
    }
  }
  if (2 * pairs_.size() * kFewestShare < blocks_.size()) return 0;
  light_ = FitPlateLight(pairs_);
  return ShareBeyond(pairs_, light_);
}

int RoomPlate::PixelsAgainst(const BlockColours& seen, const PlateBlock& known) const {
  BlockColours off;
  TakeRoomOut(seen, known.mean, 1 - options_.shadow, 1 + options_.glow, &off);
  return CountBeyond(off.data(), known.variance.data());
}

void RoomPlate::LearnBlock(const ColourPlanes& camera, cv::Point at, bool near_caller) {
  Block& block = BlockAt(at);
  PlateBlock& known = colours_[static_cast<size_t>(at.y * trusted_.cols + at.x)];
  BlockColours seen;
  ReadBlock(camera, PixelsOf(at, size_), light_, &seen);
  const int against = block.learnt > 0 ? PixelsAgainst(seen, known) : 0;
  // A few pixels of something that is gone by now would show as the caller.
  if (against > (block.doubted ? kAgreedAgainst : kMostAgainst)) {
    if (near_caller) {
      differs_(at) = 255;
      return;
    }
    if (++block.contests < options_.contest_updates) return;
    block.learnt = 0;
  }
  block.contests = 0;
  block.doubted = false;
  if (block.learnt == 0) {
    known.mean = seen;
    known.variance.fill(kFirstVariance);
    known.deviation.fill(std::sqrt(3 * kFirstVariance));
  } else {
    const float share = 1.0F / static_cast<float>(std::min(block.learnt + 1, options_.memory_frames));
    Blend(seen.data(), share, known.mean.data(), known.variance.data(), known.deviation.data());
  }
  if (block.learnt < options_.memory_frames) ++block.learnt;
}

void RoomPlate::Learn(const ColourPlanes& camera, const cv::Mat1b& clear, const cv::Mat1b& kinds, bool all) {
  PEEKPROOF_CHECK(camera[0].size() == size_ && clear.size() == trusted_.size(), "not the frame of MeetLight");
  differs_.create(trusted_.size());
  differs_.setTo(0);
  ParallelRows(clear.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < clear.cols; ++x) {
        if (clear(y, x) == 0) continue;
        const Block& block = BlockAt({x, y});
        const bool settled =
            block.learnt >= 2 * options_.trusted_frames && block.contests == 0 && !block.doubted;
        const bool has_turn = (x + 3 * y + frame_) % options_.refresh_stride == 0;
        if (all || !settled || has_turn) LearnBlock(camera, {x, y}, kinds(y, x) != kOutside);
      }
    }
  });
  ++frame_;
  JudgeTrust();
}

void RoomPlate::Doubt(const cv::Mat1b& blocks) {
  PEEKPROOF_CHECK(blocks.size() == trusted_.size(), "not the frame of MeetLight");
  for (int y = 0; y < blocks.rows; ++y)
    for (int x = 0; x < blocks.cols; ++x)
      if (blocks(y, x) != 0) BlockAt({x, y}).doubted = true;
  trusted_.setTo(0, blocks);
}

void RoomPlate::DoubtAroundContests() {
  near_contested_.create(trusted_.size());
  near_contested_.setTo(0);
  if (cv::countNonZero(contested_) == 0) return;
  const cv::Mat square(2 * options_.doubt_blocks + 1, 2 * options_.doubt_blocks + 1, CV_8U, cv::Scalar(1));
  int doubted = 0;
  do {
    cv::dilate(contested_, near_contested_, square);
    // What differs beside the caller belongs to the change where it lies within its reach.
    contested_.setTo(255, differs_ & near_contested_);
    const int before = doubted;
    doubted = cv::countNonZero(near_contested_);
    if (doubted == before) return;
  } while (true);
}

void RoomPlate::JudgeTrust() {
  for (int y = 0; y < trusted_.rows; ++y)
    for (int x = 0; x < trusted_.cols; ++x) contested_(y, x) = BlockAt({x, y}).contests > 0 ? 255 : 0;
  DoubtAroundContests();
  for (int y = 0; y < trusted_.rows; ++y) {
    for (int x = 0; x < trusted_.cols; ++x) {
      Block& block = BlockAt({x, y});
      block.doubted = block.doubted || near_contested_(y, x) != 0;
      learnt_(y, x) = block.learnt >= options_.trusted_frames ? 255 : 0;
      trusted_(y, x) = block.doubted ? 0 : learnt_(y, x);
    }
  }
}

double RoomPlate::trusted_share() const {
  return trusted_.empty()
             ? 0
             : static_cast<double>(cv::countNonZero(trusted_)) / static_cast<double>(trusted_.total());
}

}  // namespace peekproof::engines
