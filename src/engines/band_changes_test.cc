// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/band_changes.h"

#include <gtest/gtest.h>

#include "engines/block_grid.h"
#include "engines/caller_zone.h"

namespace peekproof::engines {
namespace {

// 40 by 30 blocks: a core, a band around it in which the plate alone decides, and what of that is shown.
struct Band {
  cv::Mat1b kinds = cv::Mat1b(30, 40, static_cast<uchar>(kOutside));
  cv::Mat1b trusted = cv::Mat1b(30, 40, uchar{255});
  cv::Mat1b network = cv::Mat1b(30 * kBlockSide, 40 * kBlockSide, uchar{0});
  cv::Mat1b alpha = network.clone();

  Band() {
    kinds(cv::Rect(5, 5, 30, 25)) = kBand;
    kinds(cv::Rect(15, 12, 10, 18)) = kCore;
    Show({15, 12, 10, 18});
  }
  static cv::Rect Pixels(const cv::Rect& blocks) {
    return {blocks.tl() * kBlockSide, blocks.size() * kBlockSide};
  }
  void Show(const cv::Rect& blocks) { alpha(Pixels(blocks)) = 255; }
  void Hide(const cv::Rect& blocks) { alpha(Pixels(blocks)) = 0; }
  ShownFrame Frame(double seconds = 0.04) const { return {alpha, network, kinds, trusted, seconds}; }
};

const cv::Rect kBeside(25, 14, 4, 4);  // Four blocks from the core: as far as a hand gets.
const cv::Rect kJump(27, 14, 6, 4);    // From two to eight.

TEST(BandChangesTest, TheFirstFrameTellsNothing) {
  Band band;
  band.Show(kJump);
  BandChanges changes;
  EXPECT_FALSE(changes.Update(band.Frame()));
  changes.Forget();
  EXPECT_FALSE(changes.Update(band.Frame()));
}

TEST(BandChangesTest, WhatGrowsOutOfTheCallerIsHis) {
  Band band;
  BandChanges changes;
  EXPECT_FALSE(changes.Update(band.Frame()));
  band.Show(kBeside);
  EXPECT_FALSE(changes.Update(band.Frame()));
  band.Show({29, 14, 4, 4});
  EXPECT_FALSE(changes.Update(band.Frame()));
}

TEST(BandChangesTest, WhatIsFartherThanAHandGetsIsNotAndNeitherIsWhatItHangsTogetherWith) {
  Band band;
  BandChanges changes;
  changes.Update(band.Frame());
  band.Show(kJump);
  ASSERT_TRUE(changes.Update(band.Frame()));
  EXPECT_EQ(cv::countNonZero(changes.blocks()(kJump)), kJump.area());
  EXPECT_EQ(changes.blocks()(20, 20), 0) << "the caller";
  // It was not taken for his meanwhile.
  EXPECT_TRUE(changes.Update(band.Frame()));
}

TEST(BandChangesTest, AfterALongTimeAHandGetsFarther) {
  Band band;
  BandChanges changes;
  changes.Update(band.Frame());
  band.Show(kJump);
  EXPECT_FALSE(changes.Update(band.Frame(0.1)));
}

TEST(BandChangesTest, TheNetworkIsBelieved) {
  Band band;
  BandChanges changes;
  changes.Update(band.Frame());
  band.Show(kJump);
  band.network(Band::Pixels(kJump)) = 200;
  EXPECT_FALSE(changes.Update(band.Frame()));
}

TEST(BandChangesTest, WhereThePlateIsNotBelievedItDidNotDecide) {
  Band band;
  BandChanges changes;
  changes.Update(band.Frame());
  band.Show(kJump);
  band.trusted(kJump) = 0;
  EXPECT_FALSE(changes.Update(band.Frame()));
}

TEST(BandChangesTest, AFewBlocksAreNoise) {
  for (const int side : {1, 2}) {
    Band band;
    BandChanges changes;
    changes.Update(band.Frame());
    band.Show({31, 14, 2, side});
    EXPECT_EQ(changes.Update(band.Frame()), side == 2);
  }
}

}  // namespace
}  // namespace peekproof::engines
