// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "attacks/pixel_history.h"
#include "attacks/synthetic_scene.h"
#include "attacks/unmix_scenes.h"
#include "attacks/wallpaper_difference.h"
#include "base/parallel.h"
#include "base/random.h"
#include "engines/blend.h"
#include "image/ciede2000.h"

namespace peekproof::attacks {
namespace {

TEST(UnmixTest, BeatsCopyingOnScenesWithTruth) {
  double gathered_recall = 0;
  double recall = 0;
  double precision = 0;
  double gathered_precision = 0;
  double stated = 0;
  constexpr int kScenes = 4;
  for (uint64_t seed = 1; seed <= kScenes; ++seed) {
    SyntheticSceneOptions options;
    options.seed = seed;
    const SyntheticScene scene(options);
    const Outcome run = RunScene(scene, Frames(options.frames));
    const Score copied = ScoreOf(run.gathered, scene.room(), run.leaked);
    const Score solved = ScoreOf(run.unmixed, scene.room(), run.leaked);
    gathered_recall += copied.recall / kScenes;
    gathered_precision += copied.precision / kScenes;
    recall += solved.recall / kScenes;
    precision += solved.precision / kScenes;
    stated += solved.stated / kScenes;
  }
  fmt::print(
      "gathered recall {:.3f} precision {:.3f}; un-blended recall {:.3f} precision {:.3f}, stated {:.3f}\n",
      gathered_recall, gathered_precision, recall, precision, stated);
  EXPECT_GT(recall, gathered_recall + 0.08);
  EXPECT_GT(precision, gathered_precision + 0.08);
  EXPECT_LT(stated, precision + 0.12)
      << "confidence is a probability, and these scenes are easier than calls";
  EXPECT_GT(stated, precision - 0.2);
}

TEST(UnmixTest, WallpaperAloneYieldsNothing) {
  SyntheticSceneOptions options;
  options.caller = false;
  options.codec = false;
  const SyntheticScene scene(options);
  Unmix unmix(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{});
  for (int t = 0; t < 20; ++t) unmix.Add(scene.At(t).evidence);
  EXPECT_EQ(cv::countNonZero(unmix.Finish().Present()), 0);
}

// Half of the wallpaper is unknown, and its colours there are wrong: no more may be stated there than if it
// were known, and what is stated must be right about as often as it is stated.
TEST(UnmixTest, UnknownWallpaperIsNoExcuse) {
  SyntheticSceneOptions options;
  options.seed = 3;
  const SyntheticScene scene(options);
  const cv::Rect half(0, 0, options.size.width / 2, options.size.height);
  cv::Mat1b known(options.size, uchar{255});
  known(half) = 0;
  cv::Mat3b wrong = scene.wallpaper().clone();
  cv::flip(wrong(half).clone(), wrong(half), 0);
  Unmix ignorant(Wallpaper::Of(wrong, known), engines::BlendModel{});
  Unmix knowing(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{});
  for (int t = 0; t < options.frames; ++t) {
    const FrameEvidence evidence = scene.At(t).evidence;
    ignorant.Add(evidence);
    knowing.Add(evidence);
  }
  const image::Reconstruction found = ignorant.Finish();
  const image::Reconstruction best = knowing.Finish();
  const double stated = cv::sum(found.confidence(half))[0];
  EXPECT_LT(stated, cv::sum(best.confidence(half))[0]);
  const cv::Mat1b right(image::Ciede2000Map(found.bgr, scene.room()) < 10.0F);
  EXPECT_GT(cv::countNonZero(right(half) & found.Present()(half)), 0.5 * stated);
  EXPECT_GT(cv::countNonZero(found.Present() & known), 0);
}

TEST(UnmixTest, OrderMattersLittle) {
  SyntheticSceneOptions options;
  options.frames = 40;
  const SyntheticScene scene(options);
  std::vector<int> order = Frames(options.frames);
  const image::Reconstruction forward = RunScene(scene, order).unmixed;
  std::reverse(order.begin(), order.end());
  const image::Reconstruction backward = RunScene(scene, order).unmixed;
  const cv::Mat1b both(forward.Present() & backward.Present());
  const cv::Mat1b either(forward.Present() | backward.Present());
  EXPECT_GT(cv::countNonZero(both), cv::countNonZero(either) * 8 / 10) << "noise is learned on the way";
  const cv::Mat1f difference = image::Ciede2000Map(forward.bgr, backward.bgr);
  EXPECT_GT(cv::countNonZero(cv::Mat1b(difference < 5.0F) & both), cv::countNonZero(both) * 8 / 10);
}

TEST(UnmixTest, DoesNotDependOnThreads) {
  SyntheticSceneOptions options;
  options.size = {100, 130};
  const SyntheticScene scene(options);
  image::Reconstruction one;
  {
    const ThreadLimit limit(1);
    one = RunScene(scene, Frames(12)).unmixed;
  }
  const image::Reconstruction many = RunScene(scene, Frames(12)).unmixed;
  EXPECT_EQ(cv::norm(one.bgr, many.bgr, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.confidence, many.confidence, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.evidence, many.evidence, cv::NORM_INF), 0.0);
}

TEST(UnmixTest, FinishMayBeCalledAgain) {
  const SyntheticScene scene({});
  Unmix unmix(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{});
  for (int t = 0; t < 10; ++t) unmix.Add(scene.At(t).evidence);
  const image::Reconstruction once = unmix.Finish();
  const image::Reconstruction twice = unmix.Finish();
  EXPECT_EQ(cv::norm(once.confidence, twice.confidence, cv::NORM_INF), 0.0);
  for (int y = 0; y < once.bgr.rows; ++y) {
    for (int x = 0; x < once.bgr.cols; ++x) {
      EXPECT_EQ(once.evidence(y, x) > 0, once.confidence(y, x) > 0.0F);
      EXPECT_LE(once.confidence(y, x), 1.0F);
    }
  }
}

TEST(UnmixTest, BandsOfRowsAreJudgedAsTheWholePicture) {
  for (const cv::Size size : {cv::Size(100, 63), cv::Size(100, 128), cv::Size(100, 131)}) {
    SyntheticSceneOptions options;
    options.size = size;
    const SyntheticScene scene(options);
    Unmix unmix(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{});
    for (int t = 0; t < 10; ++t) unmix.Add(scene.At(t).evidence);
    std::vector<EstimateCues> cues;
    const image::Reconstruction whole = unmix.Finish(&cues);
    const image::Reconstruction banded = unmix.Finish();
    EXPECT_GT(cv::countNonZero(whole.Present()), 0) << size.height;
    EXPECT_EQ(cv::norm(whole.confidence, banded.confidence, cv::NORM_INF), 0.0) << size.height;
    EXPECT_EQ(cv::norm(whole.bgr, banded.bgr, cv::NORM_INF), 0.0) << size.height;
  }
}

TEST(UnmixTest, SaysNothingWhereTheRoomLooksLikeTheWallpaper) {
  const SyntheticScene scene({});
  UnmixOptions options;
  options.min_contrast = 60;
  Unmix careful(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{}, options);
  options.min_contrast = 0;
  Unmix plain(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{}, options);
  for (int t = 0; t < 30; ++t) {
    const FrameEvidence evidence = scene.At(t).evidence;
    careful.Add(evidence);
    plain.Add(evidence);
  }
  const image::Reconstruction found = careful.Finish();
  const image::Reconstruction all = plain.Finish();
  int kept = 0;
  for (int y = 0; y < found.bgr.rows; ++y) {
    for (int x = 0; x < found.bgr.cols; ++x) {
      if (found.evidence(y, x) == 0) continue;
      ++kept;
      int largest = 0;
      for (int c = 0; c < 3; ++c)
        largest = std::max(largest, std::abs(found.bgr(y, x)[c] - scene.wallpaper()(y, x)[c]));
      EXPECT_GE(largest, 60);
    }
  }
  EXPECT_GT(kept, 0);
  EXPECT_GT(cv::countNonZero(all.Present()), kept);
}

TEST(UnmixTest, LooksAtEverySoManyFrames) {
  const SyntheticScene scene({});
  UnmixOptions options;
  options.every = 3;
  Unmix all(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{}, options);
  Unmix third(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{});
  for (int t = 0; t < 30; ++t) {
    const FrameEvidence evidence = scene.At(t).evidence;
    all.Add(evidence);
    if (t % 3 == 0) third.Add(evidence);
  }
  EXPECT_EQ(cv::norm(all.Finish().confidence, third.Finish().confidence, cv::NORM_INF), 0.0);
}

TEST(UnmixOptionsTest, ChecksItsFields) {
  UnmixOptions options;
  EXPECT_TRUE(options.Validate().ok());
  options.least_information = 0;
  ASSERT_FALSE(options.Validate().ok());
  EXPECT_NE(options.Validate().error().message.find("least_information"), std::string::npos);
}

TEST(UnmixObserverTest, UndoesLightWrapping) {
  engines::BlendModel meet;
  meet.light_wrap = 0.3F;
  meet.coverage_low = 0.5F;
  meet.coverage_high = 0.75F;
  meet.smooth_coverage = true;
  const cv::Size size(64, 1);
  cv::Mat3b wallpaper(size);
  cv::Mat3b room(size);
  cv::Mat3b frame(size);
  FrameEvidence evidence;
  evidence.engine_mask.values = cv::Mat1f(size);
  evidence.caller.values = cv::Mat1f(size, 0.0F);
  RowRandom random(4, 0, 0);
  for (int x = 0; x < size.width; ++x) {
    const float mask = 0.75F + 0.25F * static_cast<float>(x) / static_cast<float>(size.width - 1);
    for (int c = 0; c < 3; ++c) {
      wallpaper(0, x)[c] = static_cast<uchar>(random.Next() % 256);
      room(0, x)[c] = static_cast<uchar>(random.Next() % 256);
    }
    const engines::LinearMix mix = engines::LinearMixOf(meet, mask, 1.0F, wallpaper(0, x));
    for (int c = 0; c < 3; ++c) {
      frame(0, x)[c] =
          cv::saturate_cast<uchar>(mix.weight[c] * static_cast<float>(room(0, x)[c]) + mix.offset[c]);
    }
    evidence.engine_mask.values(0, x) = mask;
  }
  evidence.engine_alpha.values = cv::Mat1f(size, 1.0F);
  evidence.frame.bgr = frame;
  UnmixObserver observer(Wallpaper::Of(wallpaper), meet, {});
  const cv::Mat1f noise_limit(size, 0.0F);
  cv::Mat1b difference;
  DifferenceToWallpaper(frame, wallpaper, &difference);
  observer.Begin(evidence, difference, noise_limit);
  for (int x = 0; x < size.width; ++x) {
    const cv::Vec3b lightened = observer.ColourAt(0, x);
    const cv::Vec3b back = observer.RoomColour(
        wallpaper(0, x), {static_cast<float>(lightened[0]), static_cast<float>(lightened[1]),
                          static_cast<float>(lightened[2])});
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(back[c], room(0, x)[c], 2) << x;
  }
}

TEST(UnmixObserverTest, CandidatesAreTheObviousOnes) {
  SyntheticSceneOptions options;
  options.size = {301, 40};
  const SyntheticScene scene(options);
  const ObserverOptions limits;
  UnmixObserver observer(Wallpaper::Of(scene.wallpaper()), engines::BlendModel{}, limits);
  const FrameEvidence evidence = scene.At(7).evidence;
  cv::Mat1f noise_limit(options.size, 0.0F);
  noise_limit(cv::Rect(100, 0, 100, options.size.height)).setTo(20.0F);
  cv::Mat1b difference;
  DifferenceToWallpaper(evidence.frame.bgr, scene.wallpaper(), &difference);
  observer.Begin(evidence, difference, noise_limit);
  std::vector<int> columns(302);
  int found = 0;
  for (int y = 0; y < options.size.height; ++y) {
    const int count = observer.Candidates(y, columns.data());
    std::vector<int> expected;
    for (int x = 0; x < options.size.width; ++x) {
      int largest = 0;
      for (int c = 0; c < 3; ++c) {
        largest = std::max(largest, std::abs(evidence.frame.bgr(y, x)[c] - scene.wallpaper()(y, x)[c]));
      }
      const bool differs =
          largest >= limits.min_difference && static_cast<float>(largest) >= noise_limit(y, x);
      if ((differs || evidence.engine_alpha.values(y, x) > limits.alpha_above) &&
          evidence.caller.values(y, x) < limits.caller_below) {
        expected.push_back(x);
      }
    }
    EXPECT_EQ(std::vector<int>(columns.begin(), columns.begin() + count), expected);
    found += count;
  }
  EXPECT_GT(found, 300);
}

TEST(PixelHistoryTest, LearnsNoiseWhereNobodyIs) {
  const cv::Size size(64, 32);
  const auto wallpaper = Wallpaper::Of(cv::Mat3b(size, cv::Vec3b(100, 100, 100)));
  PixelHistory history(size, 7);
  FrameEvidence evidence;
  cv::Mat1b difference;
  evidence.engine_alpha.values = cv::Mat1f(size, 0.0F);
  evidence.caller.values = cv::Mat1f(size, 0.0F);
  evidence.caller.values(cv::Rect(48, 0, 16, 32)).setTo(1);
  for (int t = 0; t < 40; ++t) {
    evidence.frame.bgr = wallpaper->bgr.clone();
    const int sway = t % 2 == 0 ? 10 : -10;
    evidence.frame.bgr(cv::Rect(0, 0, 16, 32)).setTo(cv::Scalar(100, 100 + sway, 100));
    evidence.frame.bgr(cv::Rect(48, 0, 16, 32)).setTo(cv::Scalar::all(t % 4 < 2 ? 200 : 0));
    DifferenceToWallpaper(evidence.frame.bgr, wallpaper->bgr, &difference);
    history.Add(evidence, difference);
  }
  history.RenewLimit();
  EXPECT_NEAR(history.limit()(16, 6), 10, 0.1) << "always 10 apart: mean 10, deviation 0";
  EXPECT_EQ(history.limit()(16, 32), 7) << "no noise at all";
  EXPECT_EQ(history.limit()(16, 56), 7) << "the caller is no noise";
  EXPECT_EQ(history.Differing(16, 56), 1);
  EXPECT_NEAR(history.Unrest(16, 56), 100, 1);
  EXPECT_EQ(history.Differing(16, 32), 0);
  EXPECT_EQ(history.Unrest(16, 32), 0);
}

TEST(PixelHistoryTest, AddsUpAsSlowSumsDo) {
  const cv::Size size(150, 20);
  PixelHistory history(size, 7);
  cv::RNG random(5);
  FrameEvidence evidence;
  evidence.engine_alpha.values = cv::Mat1f(size, 0.0F);
  evidence.caller.values = cv::Mat1f(size, 0.0F);
  cv::Mat1d settled(size, 0.0);
  cv::Mat1d sum(size, 0.0);
  cv::Mat1d squares(size, 0.0);
  cv::Mat1d differing(size, 0.0);
  constexpr int kFrames = 75;
  for (int t = 0; t < kFrames; ++t) {
    cv::Mat1b difference(size);
    random.fill(difference, cv::RNG::UNIFORM, 0, 70);
    random.fill(evidence.caller.values, cv::RNG::UNIFORM, 0.0, 0.1);
    evidence.frame.bgr = cv::Mat3b(size, cv::Vec3b(9, 9, 9));
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        differing(y, x) += static_cast<float>(difference(y, x)) >= history.limit()(y, x) ? 1 : 0;
        if (evidence.caller.values(y, x) >= kDoubtfulCaller || difference(y, x) >= PixelHistory::kLargest)
          continue;
        settled(y, x) += 1;
        sum(y, x) += difference(y, x);
        squares(y, x) += difference(y, x) * difference(y, x);
      }
    }
    history.Add(evidence, difference);
  }
  history.RenewLimit();
  for (cv::Mat1d* sums : {&settled, &sum, &squares})
    cv::boxFilter(*sums, *sums, CV_64F, {PixelHistory::kSide, PixelHistory::kSide}, {-1, -1}, false);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double mean = sum(y, x) / settled(y, x);
      const double deviation = std::sqrt(squares(y, x) / settled(y, x) - mean * mean);
      ASSERT_NEAR(history.limit()(y, x), mean + 4 * deviation, 0.01) << x << ", " << y;
      ASSERT_NEAR(history.Differing(y, x), differing(y, x) / kFrames, 1e-6);
    }
  }
}

TEST(CallerColoursTest, FindsTheNearestInside) {
  const cv::Size size(160, 96);
  cv::Mat3b frame(size, cv::Vec3b(1, 2, 3));
  cv::Mat1f caller(size, 0.0F);
  frame(cv::Rect(0, 0, 16, 16)) = cv::Vec3b(200, 0, 0);
  caller(cv::Rect(0, 0, 16, 16)) = 1.0F;
  frame(cv::Rect(136, 72, 24, 24)) = cv::Vec3b(0, 0, 200);
  caller(cv::Rect(136, 72, 24, 24)) = 1.0F;
  CallerColours colours;
  colours.Update(frame, caller);
  EXPECT_EQ(colours.RowOf(0)[0].distance, 0);
  EXPECT_EQ(colours.RowOf(20)[3].colour[0], 200);
  EXPECT_EQ(colours.RowOf(20)[3].distance, 3 + 4);  // One straight step and one diagonal, in thirds.
  EXPECT_EQ(colours.RowOf(80)[14].colour[2], 200);
  EXPECT_EQ(colours.RowOf(80)[14].distance, 9);
  colours.Update(frame, cv::Mat1f(size, 0.0F));
  EXPECT_EQ(colours.RowOf(20)[3].distance, CallerColours::kFar);
}

}  // namespace
}  // namespace peekproof::attacks
