// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {
namespace {

constexpr int kWidth = 40;
constexpr int kHeight = 30;
const cv::Size kSceneSize(kWidth, kHeight);

cv::Vec3b RandomColor(RowRandom* random) {
  const uint64_t bits = random->Next();
  return {static_cast<uint8_t>(bits), static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(bits >> 16)};
}

/// Random room and wallpaper; the left half leaks with weights from 0.01 to 1, the right half not at all; the
/// caller was in the upper half.
LeakTruth RandomTruth(uint64_t seed) {
  LeakTruth truth{{cv::Mat1f(kSceneSize, 0.0F)},
                  cv::Mat3b(kSceneSize),
                  cv::Mat3b(kSceneSize),
                  {},
                  cv::Mat1b(kSceneSize, uchar{0})};
  truth.caller.rowRange(0, kHeight / 2) = 255;
  for (int y = 0; y < kHeight; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < kWidth; ++x) {
      truth.room(y, x) = RandomColor(&random);
      truth.wallpaper(y, x) = RandomColor(&random);
      if (x < kWidth / 2) truth.leak.values(y, x) = static_cast<float>(random.Uniform(0.01, 1.0));
    }
  }
  return truth;
}

/// Paints `colors` where `painted` is set, with the given confidence.
image::Reconstruction Painted(const cv::Mat3b& colors, const cv::Mat1b& painted, float confidence) {
  image::Reconstruction room = image::Reconstruction::Absent(colors.size());
  colors.copyTo(room.bgr, painted);
  room.evidence.setTo(3, painted);
  room.confidence.setTo(confidence, painted);
  return room;
}

cv::Mat1b Leaked(const LeakTruth& truth) { return cv::Mat1b(truth.leak.values > 0.0F); }

TEST(ScoreTest, TheTrueRoomIsPerfectExceptForTheLegacyScore) {
  const LeakTruth truth = RandomTruth(1);
  const Scores scores = ScoreReconstruction(Painted(truth.room, Leaked(truth), 1.0F), truth);
  for (const RoomAccuracy& accuracy : {scores.at_4, scores.at_10}) {
    EXPECT_DOUBLE_EQ(accuracy.recall, 1);
    EXPECT_DOUBLE_EQ(accuracy.weighted_recall, 1);
    EXPECT_DOUBLE_EQ(accuracy.precision, 1);
  }
  EXPECT_DOUBLE_EQ(scores.coverage, 1);
  EXPECT_DOUBLE_EQ(scores.false_paint.total, 0);
  EXPECT_DOUBLE_EQ(scores.calibration_error, 0);
  // The blend is the legacy score's reference, so the true room is punished where the leak is faint.
  EXPECT_LT(scores.legacy.painted, 0.6);
  EXPECT_GT(scores.legacy.painted, 0.05);
}

TEST(ScoreTest, TheTrueRoomIsLegacyPerfectUnderAFullLeak) {
  LeakTruth truth = RandomTruth(2);
  truth.leak.values.setTo(1.0F);
  const Scores scores = ScoreReconstruction(Painted(truth.room, Leaked(truth), 1.0F), truth);
  EXPECT_DOUBLE_EQ(scores.legacy.painted, 1);
  EXPECT_DOUBLE_EQ(scores.legacy.filled, 1);
}

TEST(ScoreTest, BrierScoreOfHandComputedCases) {
  LeakTruth truth = RandomTruth(8);
  truth.room.setTo(cv::Scalar::all(10));
  truth.leak.values.setTo(1.0F);
  cv::Mat3b half = truth.room.clone();
  half.colRange(0, kWidth / 2) = cv::Vec3b(250, 250, 250);
  const cv::Mat1b everywhere(kSceneSize, uchar{255});
  EXPECT_NEAR(ScoreReconstruction(Painted(half, everywhere, 0.5F), truth).brier, 0.25, 1e-9);
  EXPECT_NEAR(ScoreReconstruction(Painted(half, everywhere, 1.0F), truth).brier, 0.5, 1e-9);
  EXPECT_NEAR(ScoreReconstruction(Painted(truth.room, everywhere, 0.8F), truth).brier, 0.04, 1e-6);
}

TEST(ScoreTest, NothingScoresNothing) {
  const LeakTruth truth = RandomTruth(3);
  const Scores scores = ScoreReconstruction(image::Reconstruction::Absent(kSceneSize), truth);
  EXPECT_EQ(scores.painted_px, 0);
  EXPECT_EQ(scores.coverage, 0);
  EXPECT_EQ(scores.at_10.recall, 0);
  EXPECT_EQ(scores.at_10.weighted_recall, 0);
  EXPECT_EQ(scores.at_10.precision, 0);
  EXPECT_EQ(scores.legacy.painted, 0);
  EXPECT_DOUBLE_EQ(scores.legacy.filled, scores.legacy.wallpaper_floor);
  EXPECT_EQ(scores.calibration_error, 0);
}

TEST(ScoreTest, AbsentPixelsAreNotBlackOnes) {
  // In a black room an absent pixel (whose colour is black by chance) must not pass for a right one.
  LeakTruth truth = RandomTruth(4);
  truth.room.setTo(cv::Scalar::all(0));
  truth.wallpaper.setTo(cv::Scalar::all(255));
  const Scores scores = ScoreReconstruction(image::Reconstruction::Absent(kSceneSize), truth);
  EXPECT_EQ(scores.at_4.recall, 0);
  EXPECT_EQ(scores.legacy.painted, 0);
}

TEST(ScoreTest, TheWallpaperScoresTheFloor) {
  const LeakTruth truth = RandomTruth(5);
  const Scores scores =
      ScoreReconstruction(Painted(truth.wallpaper, cv::Mat1b(kSceneSize, uchar{255}), 0.5F), truth);
  EXPECT_DOUBLE_EQ(scores.legacy.painted, scores.legacy.wallpaper_floor);
  EXPECT_DOUBLE_EQ(scores.legacy.filled, scores.legacy.wallpaper_floor);
  EXPECT_GT(scores.legacy.wallpaper_floor, 0);  // Faint leaks: the blend is the wallpaper.
  EXPECT_LT(scores.at_4.recall, 0.05);
}

TEST(ScoreTest, FalsePaintIsSplitByTheCallersPlaces) {
  LeakTruth truth = RandomTruth(6);
  cv::Mat1b painted(kSceneSize, uchar{0});
  painted.colRange(kWidth / 2, kWidth) = 255;    // Nothing leaked there.
  painted.rowRange(kHeight - 5, kHeight) = 255;  // Half of these rows leaked.
  const Scores scores = ScoreReconstruction(Painted(truth.room, painted, 1.0F), truth);
  EXPECT_DOUBLE_EQ(scores.false_paint.total, 0.5);
  EXPECT_DOUBLE_EQ(scores.false_paint.caller, 0.25);
  EXPECT_DOUBLE_EQ(scores.false_paint.wallpaper, 0.25);
  EXPECT_DOUBLE_EQ(scores.coverage, 5.0 / kHeight);
  truth.caller = cv::Mat1b();
  const Scores unlabelled = ScoreReconstruction(Painted(truth.room, painted, 1.0F), truth);
  EXPECT_DOUBLE_EQ(unlabelled.false_paint.total, 0.5);
  EXPECT_DOUBLE_EQ(unlabelled.false_paint.caller, 0);
}

/// Two greys whose difference is in [low, high), the brighter one second.
std::pair<cv::Vec3b, cv::Vec3b> GreysApart(float low, float high) {
  for (int a = 0; a < 256; ++a) {
    for (int b = a + 1; b < 256; ++b) {
      const cv::Vec3b first = cv::Vec3b::all(static_cast<uint8_t>(a));
      const cv::Vec3b second = cv::Vec3b::all(static_cast<uint8_t>(b));
      const float difference = image::Ciede2000(image::LabOfBgr(first), image::LabOfBgr(second));
      if (difference >= low && difference < high) return {first, second};
    }
  }
  return {};
}

/// A frame of four pixels with leak weights 1, 1, 0.5, 0 in front of room colour `room`.
LeakTruth FourPixels(const cv::Vec3b& room, const cv::Vec3b& wallpaper) {
  LeakTruth truth;
  truth.leak.values = (cv::Mat1f(1, 4) << 1.0F, 1.0F, 0.5F, 0.0F);
  truth.room = cv::Mat3b(1, 4, room);
  truth.wallpaper = cv::Mat3b(1, 4, wallpaper);
  return truth;
}

TEST(LegacyScoreTest, RoundsTheDifferenceSoThatTheLimitIsThreeAndAHalf) {
  const cv::Vec3b wallpaper(255, 0, 0);
  const auto [near, close] = GreysApart(3.40F, 3.499F);
  const auto [far, wide] = GreysApart(3.501F, 3.9F);
  ASSERT_NE(near, close);
  ASSERT_NE(far, wide);
  const cv::Mat1b first_only = (cv::Mat1b(1, 4) << 255, 0, 0, 0);
  const LeakTruth within = FourPixels(near, wallpaper);
  EXPECT_DOUBLE_EQ(ScoreReconstruction(Painted(cv::Mat3b(1, 4, close), first_only, 1), within).legacy.painted,
                   1 / 2.5);
  const LeakTruth beyond = FourPixels(far, wallpaper);
  const Scores scores = ScoreReconstruction(Painted(cv::Mat3b(1, 4, wide), first_only, 1), beyond);
  EXPECT_EQ(scores.legacy.painted, 0);
  EXPECT_DOUBLE_EQ(scores.at_4.recall, 1.0 / 3) << "below 4 without rounding";
}

TEST(LegacyScoreTest, HandComputedBlend) {
  // Room 200, wallpaper 100: the half leaked pixel's reference is 150. Painting 150 there is right, painting
  // 200 is not; of the two full ones only the one painted 200 is. Pixel 4 did not leak and does not count.
  const LeakTruth truth = FourPixels(cv::Vec3b::all(200), cv::Vec3b::all(100));
  cv::Mat3b colors(1, 4);
  colors(0, 0) = cv::Vec3b::all(200);
  colors(0, 1) = cv::Vec3b::all(150);
  colors(0, 2) = cv::Vec3b::all(150);
  colors(0, 3) = cv::Vec3b::all(200);
  const Scores scores = ScoreReconstruction(Painted(colors, cv::Mat1b(1, 4, uchar{255}), 1), truth);
  EXPECT_DOUBLE_EQ(scores.legacy.painted, 1.5 / 2.5);
  EXPECT_DOUBLE_EQ(scores.legacy.wallpaper_floor, 0);
  EXPECT_DOUBLE_EQ(scores.at_4.recall, 1.0 / 3);
  EXPECT_DOUBLE_EQ(scores.at_4.weighted_recall, 1 / 2.5);
  EXPECT_DOUBLE_EQ(scores.at_4.precision, 0.5);
  EXPECT_DOUBLE_EQ(scores.false_paint.total, 0.25);
}

TEST(LegacyScoreTest, FilledScoreCreditsTheWallpaperWhereLeaksAreFaint) {
  LeakTruth truth = FourPixels(cv::Vec3b::all(200), cv::Vec3b::all(100));
  truth.leak.values = (cv::Mat1f(1, 4) << 1.0F, 0.02F, 0.02F, 0.0F);
  const cv::Mat1b first_two = (cv::Mat1b(1, 4) << 255, 255, 0, 0);
  const Scores scores = ScoreReconstruction(Painted(truth.room, first_two, 1), truth);
  EXPECT_NEAR(scores.legacy.painted, 1 / 1.04, 1e-6);
  EXPECT_NEAR(scores.legacy.filled, 1.02 / 1.04, 1e-6);
  EXPECT_NEAR(scores.legacy.wallpaper_floor, 0.04 / 1.04, 1e-6);
}

TEST(CalibrationTest, ComparesStatedConfidenceWithTruth) {
  // 40 pixels: 10 stated 0.9 of which 9 right, 20 stated 0.5 of which 5 right, 10 absent.
  LeakTruth truth{{cv::Mat1f(1, 40, 1.0F)},
                  cv::Mat3b(1, 40, cv::Vec3b::all(0)),
                  cv::Mat3b(1, 40, cv::Vec3b::all(90)),
                  {},
                  {}};
  image::Reconstruction room = image::Reconstruction::Absent({40, 1});
  for (int x = 0; x < 30; ++x) {
    room.evidence(0, x) = 1;
    room.confidence(0, x) = x < 10 ? 0.9F : 0.55F;
    const bool right = x < 9 || (x >= 10 && x < 15);
    room.bgr(0, x) = cv::Vec3b::all(right ? 0 : 255);
  }
  const Scores scores = ScoreReconstruction(room, truth);
  EXPECT_EQ(scores.calibration[9].painted_px, 10);
  EXPECT_NEAR(scores.calibration[9].stated, 0.9, 1e-6);
  EXPECT_DOUBLE_EQ(scores.calibration[9].right, 0.9);
  EXPECT_EQ(scores.calibration[5].painted_px, 20);
  EXPECT_DOUBLE_EQ(scores.calibration[5].right, 0.25);
  EXPECT_EQ(scores.calibration[0].painted_px, 0);
  EXPECT_NEAR(scores.calibration_error, (20 * 0.3) / 30, 1e-6);
}

TEST(CalibrationTest, FullConfidenceFallsIntoTheLastBin) {
  const LeakTruth truth = RandomTruth(7);
  const Scores scores = ScoreReconstruction(Painted(truth.room, Leaked(truth), 1.0F), truth);
  EXPECT_EQ(scores.calibration[9].painted_px, kWidth / 2 * kHeight);
  EXPECT_EQ(scores.calibration[9].stated, 1);
}

/// Each score by its definition, one loop per score, colours through double.
struct SlowScores {
  double recall = 0;
  double weighted_recall = 0;
  double precision = 0;
  double legacy = 0;
};

SlowScores ScoreSlowly(const image::Reconstruction& room, const LeakTruth& truth, double threshold) {
  SlowScores slow;
  double leaked = 0;
  double weight = 0;
  double painted = 0;
  double right = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double a = static_cast<double>(truth.leak.values(y, x));
      const cv::Vec3d lab = image::LabOfBgr(room.bgr(y, x));
      const bool is_painted = room.evidence(y, x) > 0;
      const bool is_right =
          is_painted && image::Ciede2000Exact(lab, image::LabOfBgr(truth.room(y, x))) < threshold;
      cv::Vec3b blend;
      for (int c = 0; c < 3; ++c) {
        blend[c] =
            static_cast<uint8_t>(std::lround(a * truth.room(y, x)[c] + (1 - a) * truth.wallpaper(y, x)[c]));
      }
      const bool is_blend = is_painted && image::Ciede2000Exact(lab, image::LabOfBgr(blend)) < 3.5;
      leaked += a > 0 ? 1 : 0;
      weight += a;
      painted += is_painted ? 1 : 0;
      right += is_right ? 1 : 0;
      slow.recall += a > 0 && is_right ? 1 : 0;
      slow.weighted_recall += is_right ? a : 0;
      slow.legacy += is_blend ? a : 0;
    }
  }
  slow.recall /= leaked;
  slow.weighted_recall /= weight;
  slow.legacy /= weight;
  slow.precision = right / painted;
  return slow;
}

TEST(ScoreTest, EqualsTheSlowTwinOnNoisyReconstructions) {
  for (uint64_t seed = 10; seed < 14; ++seed) {
    const LeakTruth truth = RandomTruth(seed);
    cv::Mat3b colors = truth.room.clone();
    cv::Mat1b painted(kSceneSize, uchar{0});
    for (int y = 0; y < kHeight; ++y) {
      RowRandom random(seed, 1, static_cast<uint64_t>(y));
      for (int x = 0; x < kWidth; ++x) {
        painted(y, x) = random.Uniform() < 0.7 ? 255 : 0;
        for (int c = 0; c < 3; ++c) {
          colors(y, x)[c] = cv::saturate_cast<uint8_t>(colors(y, x)[c] + 6 * random.Normal());
        }
      }
    }
    const image::Reconstruction room = Painted(colors, painted, 0.5F);
    const Scores scores = ScoreReconstruction(room, truth);
    for (const RoomAccuracy& accuracy : {scores.at_4, scores.at_10}) {
      const SlowScores slow = ScoreSlowly(room, truth, accuracy.threshold);
      EXPECT_NEAR(accuracy.recall, slow.recall, 1e-9);
      EXPECT_NEAR(accuracy.weighted_recall, slow.weighted_recall, 1e-6);
      EXPECT_NEAR(accuracy.precision, slow.precision, 1e-9);
      EXPECT_NEAR(scores.legacy.painted, slow.legacy, 1e-6);
    }
  }
}

}  // namespace
}  // namespace peekproof::metrics
