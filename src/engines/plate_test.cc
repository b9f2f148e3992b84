// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// The parts of the guard one by one: light, plate, decision, zone.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "engines/caller_zone.h"
#include "engines/guard_world.h"
#include "engines/plate_decision.h"
#include "engines/plate_light.h"
#include "engines/room_plate.h"

namespace peekproof::engines {
namespace {

TEST(PlateLightTest, FindsGainAndOffsetAmongOutliers) {
  RowRandom random(3, 0, 0);
  std::vector<PlatePair> pairs;
  for (int i = 0; i < 400; ++i) {
    PlatePair pair;
    for (int c = 0; c < 3; ++c) {
      pair.plate[c] = static_cast<float>(20 + random.Next() % 180);
      pair.frame[c] = (1.0F + 0.1F * static_cast<float>(c)) * pair.plate[c] + 3 +
                      static_cast<float>(1.5 * random.Normal());
      if (i % 4 == 0) pair.frame[c] = static_cast<float>(random.Next() % 256);
    }
    pairs.push_back(pair);
  }
  const PlateLight light = FitPlateLight(pairs);
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(light.gain[c], 1 + 0.1 * c, 0.03) << c;
    EXPECT_NEAR(light.offset[c], 3, 3) << c;
  }
  EXPECT_NEAR(ShareBeyond(pairs, light), 0.25, 0.03);
}

TEST(PlateLightTest, OneColourGivesAGainAlone) {
  const std::vector<PlatePair> pairs(50, {{100, 100, 100}, {120, 90, 100}});
  const PlateLight light = FitPlateLight(pairs);
  EXPECT_FLOAT_EQ(light.gain[0], 1.2F);
  EXPECT_FLOAT_EQ(light.gain[1], 0.9F);
  EXPECT_FLOAT_EQ(light.offset[0], 0);
}

/// A plate that is shown frames of 100 x 60, which cuts blocks at the right and at the bottom.
class RoomPlateTest : public ::testing::Test {
 protected:
  static constexpr int kWidth = 100;
  static constexpr int kHeight = 60;
  RoomPlateTest() : clear_(BlocksOf({kWidth, kHeight}), 255), kinds_(clear_.size(), kOutside) {
    room_ = GuardWorld::RoomOf(4)(cv::Rect(0, 0, kWidth, kHeight)).clone();
  }
  double Show(int frames) {
    double changed = 0;
    for (int i = 0; i < frames; ++i) {
      ColourPlanes planes;
      cv::split(GuardWorld::Noisy(room_, next_++), planes.data());
      changed = plate_.MeetLight(planes, clear_);
      plate_.Learn(planes, clear_, kinds_, true);
    }
    return changed;
  }

  RoomPlate plate_{RoomPlateOptions{}};
  cv::Mat3b room_;
  cv::Mat1b clear_;
  cv::Mat1b kinds_;
  int64_t next_ = 0;
};

TEST_F(RoomPlateTest, LearnsMeanAndNoise) {
  Show(5);
  EXPECT_EQ(plate_.trusted_share(), 0);
  Show(40);
  EXPECT_EQ(plate_.trusted_share(), 1);
  double variance = 0;
  for (const cv::Point at : {cv::Point(0, 0), cv::Point(12, 3), cv::Point(5, 7)}) {
    const cv::Rect pixels = PixelsOf(at, room_.size());
    const PlateBlock& known = plate_.BlockOf(at);
    for (int y = 0; y < pixels.height; ++y) {
      for (int x = 0; x < pixels.width; ++x) {
        const int i = y * kBlockSide + x;
        EXPECT_NEAR(known.mean[i], room_(pixels.y + y, pixels.x + x)[0], 2.5) << at;
        EXPECT_NEAR(known.deviation[i], std::sqrt(3 * known.variance[i]), 1e-4) << at;
      }
    }
    variance += known.variance[9];
  }
  EXPECT_NEAR(variance / 3, 1.8 * 1.8, 1.5);
}

TEST_F(RoomPlateTest, LearnsOnlyWhereItIsClear) {
  clear_.colRange(0, 6).setTo(0);
  Show(20);
  EXPECT_EQ(cv::countNonZero(plate_.trusted().colRange(0, 6)), 0);
  EXPECT_EQ(cv::countNonZero(plate_.trusted().colRange(6, 13)), 7 * plate_.trusted().rows);
}

TEST_F(RoomPlateTest, AChangeIsDoubtedAndThenLearntAnew) {
  Show(20);
  room_(cv::Rect(0, 0, 16, 16)) = cv::Vec3b(5, 5, 5);
  Show(1);
  EXPECT_EQ(plate_.trusted()(0, 0), 0);
  EXPECT_EQ(plate_.trusted()(5, 5), 0);  // Near enough to belong to it.
  Show(30);
  EXPECT_EQ(plate_.trusted_share(), 1);
  EXPECT_NEAR(plate_.BlockOf({0, 0}).mean[0], 5, 2);
}

TEST_F(RoomPlateTest, WhatDiffersBesideTheCallerIsTheirsAndLeavesThePlateAsItIs) {
  Show(20);
  kinds_.setTo(kBand);
  room_(cv::Rect(0, 0, 16, 16)) = cv::Vec3b(5, 5, 5);
  Show(30);
  EXPECT_EQ(plate_.trusted_share(), 1);
  EXPECT_GT(plate_.BlockOf({0, 0}).mean[0], 30);
}

TEST_F(RoomPlateTest, AnotherRoomDiffersNearlyEverywhere) {
  EXPECT_EQ(Show(1), 0);
  EXPECT_LT(Show(20), 0.02);
  RowRandom random(6, 0, 0);
  for (int y = 0; y < kHeight; y += 8)
    for (int x = 0; x < kWidth; x += 8)
      room_(cv::Rect(x, y, 8, 8) & cv::Rect(0, 0, kWidth, kHeight)) =
          cv::Vec3b::all(static_cast<uint8_t>(random.Next() % 256));
  EXPECT_GT(Show(1), 0.5);
}

/// SharesOf by the letter, pixel by pixel in double.
double SlowShare(const BlockColours& seen, const PlateBlock& known, const cv::Vec3f& caller,
                 const PlateTolerance& tolerance, double least, int x, int y) {
  const auto off = [&](int u, int v, int c) {
    const int i = v * kBlockSide + u;
    double dot = 0;
    double square = 1;
    for (int k = 0; k < 3; ++k) {
      const double plate = known.mean[k * kBlockArea + i];
      dot += plate * static_cast<double>(seen[k * kBlockArea + i]);
      square += plate * plate;
    }
    const double s = std::clamp(dot / square, 1 - static_cast<double>(tolerance.shadow),
                                1 + static_cast<double>(tolerance.glow));
    return static_cast<double>(seen[c * kBlockArea + i]) -
           s * static_cast<double>(known.mean[c * kBlockArea + i]);
  };
  double distance = 0;
  double contrast = 0;
  for (int c = 0; c < 3; ++c) {
    double smooth = 0;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx)
        smooth += (2 - std::abs(dx)) * (2 - std::abs(dy)) / 16.0 *
                  off(std::clamp(x + dx, 0, kBlockSide - 1), std::clamp(y + dy, 0, kBlockSide - 1), c);
    distance += smooth * smooth;
    const double apart = static_cast<double>(caller[c] - known.mean[c * kBlockArea + y * kBlockSide + x]);
    contrast += apart * apart;
  }
  const double noise = static_cast<double>(tolerance.doubt) * 6 / 16 *
                           std::sqrt(3 * static_cast<double>(known.variance[y * kBlockSide + x])) +
                       static_cast<double>(tolerance.floor);
  return std::clamp((std::sqrt(distance) - noise) / std::max(least, std::sqrt(contrast)), 0.0, 1.0);
}

TEST(PlateDecisionTest, SharesAreThoseOfASlowTwin) {
  RowRandom random(8, 0, 0);
  const PlateTolerance tolerance;
  for (int round = 0; round < 20; ++round) {
    BlockColours seen;
    PlateBlock known;
    for (int i = 0; i < 3 * kBlockArea; ++i) {
      known.mean[i] = static_cast<float>(random.Next() % 256);
      seen[i] = round % 2 == 0 ? static_cast<float>(random.Next() % 256)
                               : known.mean[i] * 0.95F + static_cast<float>(3 * random.Normal());
    }
    for (int i = 0; i < kBlockArea; ++i) {
      known.variance[i] = 1 + static_cast<float>(random.Next() % 8);
      known.deviation[i] = std::sqrt(3 * known.variance[i]);
    }
    const cv::Vec3f caller(40, 90, 200);
    const BlockShares shares = SharesOf(seen, known, caller, tolerance, 12);
    for (int y = 0; y < kBlockSide; ++y)
      for (int x = 0; x < kBlockSide; ++x)
        EXPECT_NEAR(shares.share[y * kBlockSide + x], SlowShare(seen, known, caller, tolerance, 12, x, y),
                    1e-3);
  }
}

TEST(PlateDecisionTest, ABlockIsRoomOnlyWholeAndWithoutATint) {
  PlateBlock known;
  known.mean.fill(120);
  known.variance.fill(4);
  known.deviation.fill(std::sqrt(12.0F));
  BlockColours seen = known.mean;
  EXPECT_TRUE(IsRoom(seen, known, {}));
  seen[20] += 40;
  EXPECT_FALSE(IsRoom(seen, known, {}));
  seen = known.mean;
  for (float& value : seen) value += 3;  // Each within the noise, but not all together.
  EXPECT_FALSE(IsRoom(seen, known, {}));
}

TEST(CallerZoneTest, BandReachesOutAndIn) {
  cv::Mat1b caller(160, 320, uint8_t{0});
  caller(cv::Rect(160, 40, 80, 80)) = 255;
  CallerZoneOptions options;
  options.reach_blocks = 2;
  options.core_blocks = 1;
  options.clear_blocks = 1;
  CallerZone zone(options);
  zone.Update(caller, 0);
  EXPECT_TRUE(zone.has_caller());
  const cv::Mat1b& kinds = zone.kinds();
  EXPECT_EQ(kinds(10, 17), kOutside);
  EXPECT_EQ(kinds(10, 18), kBand);
  EXPECT_EQ(kinds(10, 20), kBand);
  EXPECT_EQ(kinds(10, 21), kCore);
  EXPECT_EQ(zone.clear()(10, 19), 0);
  EXPECT_EQ(zone.clear()(10, 18), 255);
  zone.Update(caller, 2);
  EXPECT_EQ(zone.kinds()(10, 16), kBand);
  EXPECT_EQ(zone.kinds()(10, 22), kBand);
  EXPECT_EQ(zone.kinds()(10, 23), kCore);
}

TEST(CallerZoneTest, TheCallerIsWhoWasTheCallerBefore) {
  cv::Mat1b caller(160, 480, uint8_t{0});
  caller(cv::Rect(40, 60, 60, 100)) = 255;
  CallerZone zone{CallerZoneOptions{}};
  zone.Update(caller, 0);
  caller(cv::Rect(320, 20, 120, 140)) = 255;  // Larger, and new.
  zone.Update(caller, 0);
  EXPECT_EQ(zone.kinds()(12, 8), kCore);
  EXPECT_EQ(zone.kinds()(12, 47), kOutside);
  zone.Forget();
  zone.Update(caller, 0);
  EXPECT_EQ(zone.kinds()(12, 8), kOutside);
  EXPECT_EQ(zone.kinds()(12, 47), kCore);
}

TEST(CallerZoneTest, AHandApartIsTheCallers) {
  cv::Mat1b caller(160, 480, uint8_t{0});
  caller(cv::Rect(40, 20, 120, 140)) = 255;
  caller(cv::Rect(200, 60, 24, 24)) = 255;
  CallerZone zone{CallerZoneOptions{}};
  zone.Update(caller, 0);
  EXPECT_NE(zone.kinds()(8, 26), kOutside);
}

}  // namespace
}  // namespace peekproof::engines
