// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mask_feed.h"

#include <gtest/gtest.h>

#include "engines/background.h"

namespace peekproof::engines {
namespace {

const cv::Size kFeedSize(32, 18);
const cv::Vec3b kWallpaper(1, 2, 3);

/// Sees the same share of caller everywhere: the brightness of the frame's first pixel. Fails where that is
/// 255.
class FirstPixelSegmenter : public models::Segmenter {
 public:
  cv::Size input_size() const override { return {16, 9}; }
  Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) override {
    if (bgr(0, 0)[0] == 255) return Error{ErrorCode::kInternal, "too bright"};
    caller->values.create(input_size());
    caller->values = static_cast<float>(bgr(0, 0)[0]) / 100.0F;
    return {};
  }
  std::string description() const override { return "uniform"; }
};

class UniformProfile : public Profile {
 public:
  explicit UniformProfile(const Schedule& schedule, bool keeps = false)
      : Profile({.segmenter = std::make_unique<FirstPixelSegmenter>(), .schedule = schedule}),
        keeps_(keeps) {}
  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    mask->create(camera.size());
    *mask = static_cast<uint8_t>(std::lround(coarse.values(0, 0) * 100.0F));
  }
  bool KeepsMask(const cv::Mat3b& camera) override { return keeps_ && camera(0, 0)[1] == 7; }

 private:
  bool keeps_;
};

/// A frame whose mask is `value` / 100; green 7 marks one that looks like the last.
cv::Mat3b FrameOf(int value, int green = 0) {
  return {kFeedSize, cv::Vec3b(static_cast<uint8_t>(value), static_cast<uint8_t>(green), 0)};
}

/// Percent of the mask that each of `count` frames with masks 0, 1, 2 ... gets; -1 for none.
std::vector<int> MasksUnder(const Schedule& schedule, int count) {
  UniformProfile profile(schedule);
  MaskFeed feed(&profile);
  std::vector<int> masks;
  for (int i = 0; i < count; ++i) {
    const FedMask fed = feed.Next(FrameOf(i));
    EXPECT_EQ(fed.coarse != nullptr, fed.shown == Shown::kComposed);
    masks.push_back(fed.coarse ? static_cast<int>(std::lround(fed.coarse->values(0, 0) * 100.0F)) : -1);
    if (fed.coarse) {
      EXPECT_EQ(fed.age, i - masks.back());
    }
  }
  return masks;
}

using Masks = std::vector<int>;

TEST(MaskFeedTest, LagAndStrideDecideWhoseMaskAFrameGets) {
  EXPECT_EQ(MasksUnder({}, 4), (Masks{0, 1, 2, 3}));
  EXPECT_EQ(MasksUnder({.lag = 1}, 4), (Masks{-1, 0, 1, 2}));
  EXPECT_EQ(MasksUnder({.lag = 3}, 6), (Masks{-1, -1, -1, 0, 1, 2}));
  EXPECT_EQ(MasksUnder({.stride = 3}, 7), (Masks{0, 0, 0, 3, 3, 3, 6}));
  EXPECT_EQ(MasksUnder({.lag = 2, .stride = 3}, 9), (Masks{-1, -1, 0, 0, 0, 3, 3, 3, 6}));
  EXPECT_EQ(MasksUnder({.load_frames = 2}, 4), (Masks{-1, -1, 2, 3}));
  EXPECT_EQ(MasksUnder({.raw_frames = 2}, 4), (Masks{-1, -1, 2, 3}));
}

Shown ShownAt(const Schedule& schedule, const std::vector<int>& values) {
  UniformProfile profile(schedule);
  MaskFeed feed(&profile);
  FedMask fed;
  for (const int value : values) fed = feed.Next(FrameOf(value));
  return fed.shown;
}

TEST(MaskFeedTest, StartShowsWhatTheServiceShows) {
  EXPECT_EQ(ShownAt({.load_frames = 1}, {5}), Shown::kBackground);
  EXPECT_EQ(ShownAt({.load_frames = 1, .on_start = "raw"}, {5}), Shown::kRaw);
  EXPECT_EQ(ShownAt({.load_frames = 1, .on_start = "freeze"}, {5}), Shown::kFrozen);
  EXPECT_EQ(ShownAt({.load_frames = 1, .on_start = "old-mask"}, {5}), Shown::kBackground);
  EXPECT_EQ(ShownAt({.raw_frames = 1}, {5}), Shown::kRaw);
  EXPECT_EQ(ShownAt({.raw_frames = 1}, {5, 5}), Shown::kComposed);
}

TEST(MaskFeedTest, FailureShowsWhatTheServiceShowsAndThenRecovers) {
  EXPECT_EQ(ShownAt({}, {5, 255}), Shown::kBackground);
  EXPECT_EQ(ShownAt({}, {5, 255, 5}), Shown::kComposed);
  EXPECT_EQ(ShownAt({.on_failure = "raw"}, {5, 255}), Shown::kRaw);
  EXPECT_EQ(ShownAt({.on_failure = "freeze"}, {5, 255}), Shown::kFrozen);
  // The mask of a failed frame is missing when its turn comes, not earlier.
  EXPECT_EQ(ShownAt({.lag = 1}, {5, 255}), Shown::kComposed);
  EXPECT_EQ(ShownAt({.lag = 1}, {5, 255, 5}), Shown::kBackground);
  EXPECT_EQ(ShownAt({.lag = 1}, {5, 255, 5, 5}), Shown::kComposed);
}

TEST(MaskFeedTest, AnOldMaskServesForAsLongAsTheNetworkFails) {
  UniformProfile profile({.on_failure = "old-mask"});
  MaskFeed feed(&profile);
  feed.Next(FrameOf(40));
  FedMask fed;
  for (int i = 0; i < 9; ++i) fed = feed.Next(FrameOf(255));
  ASSERT_NE(fed.coarse, nullptr);
  EXPECT_EQ(fed.age, 9);
  EXPECT_FLOAT_EQ(fed.coarse->values(0, 0), 0.4F);
  EXPECT_EQ(fed.failure, "too bright");
}

TEST(MaskFeedTest, GivesUpForGoodAfterSoManyFailures) {
  const Schedule schedule{.on_failure = "old-mask", .failures_to_raw = 3};
  EXPECT_EQ(ShownAt(schedule, {5, 255, 255, 5, 255, 255}), Shown::kComposed) << "not three in a row";
  EXPECT_EQ(ShownAt(schedule, {5, 255, 255, 255}), Shown::kRaw);
  EXPECT_EQ(ShownAt(schedule, {5, 255, 255, 255, 5, 5}), Shown::kRaw);
}

TEST(MaskFeedTest, MadeFailuresHitTheFramesNamed) {
  const Schedule schedule{.fail_from = 2, .fail_frames = 2};
  EXPECT_EQ(MasksUnder(schedule, 6), (Masks{0, 1, -1, -1, 4, 5}));
}

TEST(MaskFeedTest, KeepsTheMaskOfAFrameThatLooksTheSame) {
  UniformProfile profile({}, true);
  MaskFeed feed(&profile);
  EXPECT_EQ(feed.Next(FrameOf(10, 7)).age, 0) << "there is no mask to keep yet";
  EXPECT_EQ(feed.Next(FrameOf(20, 7)).age, 1);
  EXPECT_EQ(feed.Next(FrameOf(30, 7)).age, 2);
  EXPECT_EQ(feed.Next(FrameOf(30, 0)).age, 0);
}

TEST(MaskFeedTest, ResetStartsAfresh) {
  UniformProfile profile({.lag = 1, .on_failure = "old-mask", .failures_to_raw = 1});
  MaskFeed feed(&profile);
  feed.Next(FrameOf(5));
  EXPECT_EQ(feed.Next(FrameOf(255)).shown, Shown::kRaw);
  feed.Reset();
  EXPECT_EQ(feed.Next(FrameOf(5)).shown, Shown::kBackground);
  EXPECT_EQ(feed.Next(FrameOf(5)).shown, Shown::kComposed);
}

TEST(EngineFallbackTest, ShowsTheDeclaredPictureAndAlpha) {
  const cv::Mat3b wallpaper(kFeedSize, kWallpaper);
  Composite composite;
  auto raw = EngineOf(std::make_unique<UniformProfile>(Schedule{.on_failure = "raw"}));
  ASSERT_TRUE(raw->Process({FrameOf(255), 0, 0}, wallpaper, &composite).ok());
  EXPECT_EQ(composite.shown, Shown::kRaw);
  EXPECT_EQ(composite.mask_age, -1);
  EXPECT_EQ(composite.failure, "too bright");
  EXPECT_EQ(cv::norm(composite.bgr, FrameOf(255), cv::NORM_INF), 0);
  EXPECT_EQ(cv::countNonZero(composite.alpha.values != 1.0F), 0);

  auto closed = EngineOf(std::make_unique<UniformProfile>(Schedule{}));
  ASSERT_TRUE(closed->Process({FrameOf(255), 0, 0}, wallpaper, &composite).ok());
  EXPECT_EQ(composite.shown, Shown::kBackground);
  EXPECT_EQ(cv::norm(composite.bgr, wallpaper, cv::NORM_INF), 0);
  EXPECT_EQ(cv::countNonZero(composite.alpha.values), 0);
}

TEST(EngineFallbackTest, FreezesTheLastCompositeButNeverAnOlderCalls) {
  const cv::Mat3b wallpaper(kFeedSize, kWallpaper);
  Composite composite;
  auto engine = EngineOf(std::make_unique<UniformProfile>(Schedule{.on_failure = "freeze"}));
  ASSERT_TRUE(engine->Process({FrameOf(50), 0, 0}, wallpaper, &composite).ok());
  const cv::Mat3b last = composite.bgr.clone();
  ASSERT_TRUE(engine->Process({FrameOf(255), 1, 0}, wallpaper, &composite).ok());
  EXPECT_EQ(composite.shown, Shown::kFrozen);
  EXPECT_EQ(cv::norm(composite.bgr, last, cv::NORM_INF), 0);
  engine->Reset();
  ASSERT_TRUE(engine->Process({FrameOf(255), 0, 0}, wallpaper, &composite).ok());
  EXPECT_EQ(composite.shown, Shown::kBackground);
  EXPECT_EQ(cv::norm(composite.bgr, wallpaper, cv::NORM_INF), 0);
}

TEST(EngineFallbackTest, DeclaresItsPlaceInTime) {
  const EngineTraits traits =
      EngineOf(std::make_unique<UniformProfile>(Schedule{.lag = 2, .stride = 3}))->traits();
  EXPECT_EQ(traits.mask_lag, 2);
  EXPECT_EQ(traits.mask_stride, 3);
  EXPECT_EQ(traits.previous_masks, 0);
  EXPECT_EQ(traits.output_latency, 0);
}

}  // namespace
}  // namespace peekproof::engines
