// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/band_changes.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/check.h"
#include "engines/block_grid.h"
#include "engines/caller_zone.h"

namespace peekproof::engines {
namespace {

constexpr int kShownAlpha = 128;
constexpr int kNetworkSees = 64;        ///< Of 255, anywhere in the block.
constexpr double kBlocksASecond = 100;  ///< 32 pixels in 1/25 s.
constexpr int kMostReach = 16;
constexpr int kLeastReach = 4;
constexpr int kLeastJump = 4;  ///< Blocks.

int CountShown(const cv::Mat1b& alpha, const cv::Rect& pixels) {
  int shown = 0;
  for (int y = pixels.y; y < pixels.br().y; ++y)
    for (int x = pixels.x; x < pixels.br().x; ++x) shown += alpha(y, x) >= kShownAlpha ? 1 : 0;
  return shown;
}

bool NetworkSees(const cv::Mat1b& network, const cv::Rect& pixels) {
  for (int y = pixels.y; y < pixels.br().y; ++y)
    for (int x = pixels.x; x < pixels.br().x; ++x)
      if (network(y, x) >= kNetworkSees) return true;
  return false;
}

}  // namespace

void BandChanges::FindShown(const ShownFrame& frame) {
  shown_.create(frame.kinds.size());
  alone_.create(frame.kinds.size());
  for (int y = 0; y < frame.kinds.rows; ++y) {
    for (int x = 0; x < frame.kinds.cols; ++x) {
      const uint8_t kind = frame.kinds(y, x);
      const cv::Rect pixels = PixelsOf({x, y}, frame.alpha.size());
      const bool shown =
          kind == kCore || (kind == kBand && 4 * CountShown(frame.alpha, pixels) >= pixels.area());
      const bool alone =
          shown && kind == kBand && frame.trusted(y, x) != 0 && !NetworkSees(frame.network, pixels);
      shown_(y, x) = shown ? 255 : 0;
      alone_(y, x) = alone ? 255 : 0;
    }
  }
}

void BandChanges::MarkJumps(int reach) {
  cv::dilate(last_, near_, SquareOfReach(reach));
  const int parts = cv::connectedComponents(alone_, parts_, 8);
  std::vector<int> jumped(static_cast<size_t>(parts), 0);
  for (int y = 0; y < parts_.rows; ++y)
    for (int x = 0; x < parts_.cols; ++x)
      if (near_(y, x) == 0) ++jumped[static_cast<size_t>(parts_(y, x))];
  jumped[0] = 0;  // What is not alone_.
  for (int y = 0; y < parts_.rows; ++y)
    for (int x = 0; x < parts_.cols; ++x)
      blocks_(y, x) = jumped[static_cast<size_t>(parts_(y, x))] >= kLeastJump ? 255 : 0;
}

bool BandChanges::Update(const ShownFrame& frame) {
  PEEKPROOF_CHECK(frame.kinds.size() == BlocksOf(frame.alpha.size()), "not the frame's blocks");
  FindShown(frame);
  blocks_.create(frame.kinds.size());
  blocks_.setTo(0);
  const bool follows = last_.size() == shown_.size();
  if (follows) {
    const int reach = static_cast<int>(std::lround(kBlocksASecond * std::max(0.0, frame.seconds)));
    MarkJumps(std::clamp(reach, kLeastReach, kMostReach));
    shown_.setTo(0, blocks_);
  }
  shown_.copyTo(last_);
  if (!follows || cv::countNonZero(blocks_) == 0) return false;
  // The pixels at its edge are in blocks that show too little to be in it.
  cv::dilate(blocks_, blocks_, SquareOfReach(1));
  return true;
}

}  // namespace peekproof::engines
