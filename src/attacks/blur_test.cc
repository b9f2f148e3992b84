// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "attacks/blur_convolver.h"
#include "attacks/blur_identification.h"
#include "attacks/room_average.h"
#include "attacks/room_restoration.h"
#include "attacks/testing.h"
#include "base/random.h"
#include "engines/blur.h"
#include "engines/blur_kernel.h"
#include "engines/blur_limit.h"
#include "testbed/room.h"

namespace peekproof::attacks {
namespace {

const cv::Size kRoomSize(960, 540);

/// What the average of a call tells of a room behind a blur of ours, with a hole where the caller sits.
AveragedRoom CallBehind(const std::string& blur, const cv::Mat3b& room, int frames = 8) {
  auto background = engines::MakeBlur(blur).value();
  const cv::Mat1b nobody(room.size(), uint8_t{0});
  cv::Mat1b caller(room.size(), uint8_t{0});
  caller(cv::Rect(room.cols * 2 / 5, room.rows / 2, room.cols / 5, room.rows / 2)) = 255;
  RoomAverage average(room.size());
  for (int i = 0; i < frames; ++i) {
    image::Frame camera;
    camera.index = i;
    camera.bgr = Noisy(room, 2.5, static_cast<uint64_t>(i));
    average.Add(*background->Draw({camera, nobody}).value(), caller);
  }
  return average.Finish();
}

double Distance(const cv::Mat3f& picture, const cv::Mat3b& room, const cv::Rect& where) {
  cv::Mat3f truth;
  room.convertTo(truth, CV_32F);
  return cv::norm(picture(where), truth(where), cv::NORM_L2) / std::sqrt(3.0 * where.area());
}

TEST(BlurKernel, LeavesLongWavesAndHasItsWidth) {
  for (const engines::BlurFamily family : engines::kBlurFamilies) {
    SCOPED_TRACE(NameOf(family));
    const engines::BlurKernel kernel{family, 6.0};
    EXPECT_DOUBLE_EQ(engines::ResponseOf(kernel, 0.0), 1.0);
    // 1 - (2 pi sigma f)^2 / 2 near 0.
    const double frequency = 1e-3;
    const double phase = 2 * 3.14159265358979 * kernel.sigma_px * frequency;
    EXPECT_NEAR((1 - engines::ResponseOf(kernel, frequency)) / (phase * phase / 2), 1.0, 0.01);
  }
}

TEST(BlurConvolver, BlursAsAGaussianFilterDoes) {
  cv::Mat1f dot(128, 192, 0.0F);
  dot(60, 90) = 1000.0F;
  cv::Mat1f expected;
  cv::GaussianBlur(dot, expected, {61, 61}, 5.0, 5.0, cv::BORDER_CONSTANT);
  cv::Mat1f blurred;
  BlurConvolver({engines::BlurFamily::kGaussian, 5.0}, dot.size()).Apply(dot, &blurred);
  EXPECT_LT(cv::norm(blurred, expected, cv::NORM_INF), 1e-3);
}

TEST(RoomAverage, LeavesTheCallerOut) {
  RoomAverage average({4, 1});
  for (int i = 0; i < 10; ++i) {
    cv::Mat3b frame(1, 4, cv::Vec3b(10, 20, 30));
    cv::Mat1b excluded(1, 4, uint8_t{0});
    frame(0, 1) = {200, 200, 200};
    excluded(0, 1) = i < 9 ? 255 : 0;
    frame(0, 2)[1] = static_cast<uint8_t>(i % 2 == 0 ? 19 : 21);
    excluded(0, 3) = 255;
    average.Add(frame, excluded);
  }
  const AveragedRoom room = average.Finish();
  EXPECT_EQ(room.mean(0, 0), cv::Vec3f(10, 20, 30));
  EXPECT_EQ(room.mean(0, 1), cv::Vec3f(200, 200, 200));
  EXPECT_FLOAT_EQ(room.mean(0, 2)[1], 20.0F);
  EXPECT_EQ(room.frames(0, 1), 1.0F);
  EXPECT_EQ(cv::countNonZero(room.Known()), 3);
  EXPECT_EQ(cv::countNonZero(room.Known(2)), 2);
  // Two pixels tell of noise: one without any, one of variance 10 / 9.
  EXPECT_NEAR(room.frame_noise, std::sqrt(10.0 / 9 / 2), 1e-6);
}

struct KnownBlur {
  const char* spec;
  engines::BlurFamily family;
  double tolerance = 0.10;
};

class IdentifyBlurTest : public testing::TestWithParam<KnownBlur> {};

TEST_P(IdentifyBlurTest, TellsFamilyAndWidth) {
  const cv::Mat3b room = testbed::MakeRoom(4, {1280, 720}).bgr;
  const AveragedRoom seen = CallBehind(GetParam().spec, room);
  const auto estimate = IdentifyBlur(LumaOf(seen.mean), seen.Known());
  ASSERT_TRUE(estimate);
  EXPECT_STREQ(NameOf(estimate->kernel.family), NameOf(GetParam().family));
  const double sigma = engines::EffectiveSigma(GetParam().spec, room.size()).value();
  EXPECT_NEAR(estimate->kernel.sigma_px, sigma, GetParam().tolerance * sigma);
  EXPECT_LE(estimate->sigma_low_px, estimate->kernel.sigma_px);
  EXPECT_GE(estimate->sigma_high_px, estimate->kernel.sigma_px);
  // Rounding alone leaves 0.29 of white noise, and longer waves of steps; eight frames average them in part.
  EXPECT_GT(estimate->noise, 0.02);
  EXPECT_LT(estimate->noise, 0.45);
}

INSTANTIATE_TEST_SUITE_P(Blurs, IdentifyBlurTest,
                         testing::Values(KnownBlur{"gaussian(sigma=4)", engines::BlurFamily::kGaussian},
                                         KnownBlur{"gaussian(sigma=10)", engines::BlurFamily::kGaussian},
                                         KnownBlur{"gaussian(sigma=25)", engines::BlurFamily::kGaussian},
                                         KnownBlur{"gaussian(sigma=30)", engines::BlurFamily::kGaussian},
                                         KnownBlur{"box(size=41)", engines::BlurFamily::kBox},
                                         KnownBlur{"bokeh(radius=24)", engines::BlurFamily::kDisc},
                                         KnownBlur{"livekit", engines::BlurFamily::kCutGaussian},
                                         KnownBlur{"volcomix", engines::BlurFamily::kGaussian},
                                         KnownBlur{"dual-kawase(levels=3)", engines::BlurFamily::kGaussian,
                                                   0.12}),
                         [](const auto& tested) {
                           std::string name = tested.param.spec;
                           std::erase_if(name, [](char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(IdentifyBlur, MeasuresWhiteNoise) {
  cv::Mat3f room;
  testbed::MakeRoom(4, {1280, 720}).bgr.convertTo(room, CV_32F);
  cv::Mat1f luma = LumaOf(room);
  cv::GaussianBlur(luma, luma, {}, 6.0);
  for (int y = 0; y < luma.rows; ++y) {
    RowRandom random(8, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < luma.cols; ++x) luma(y, x) += static_cast<float>(0.5 * random.Normal());
  }
  const auto estimate = IdentifyBlur(luma, cv::Mat1b(luma.size(), uint8_t{255}));
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->noise, 0.5, 0.1);
  EXPECT_NEAR(estimate->kernel.sigma_px, 6.0, 0.6);
}

TEST(RestoreRoom, ATooWideKernelStaysWithinWhatARoomCanBe) {
  const cv::Mat3b room = testbed::MakeRoom(2, kRoomSize).bgr;
  const AveragedRoom seen = CallBehind("gaussian(sigma=8)", room);
  const auto restored = RestoreRoom(seen, {engines::BlurFamily::kGaussian, 13.0}, 0.1);
  ASSERT_TRUE(restored.ok());
  // Noise that is blown up is black or white nearly everywhere.
  cv::Mat1f luma = LumaOf(restored->bgr);
  cv::Mat dark;
  cv::Mat bright;
  cv::compare(luma, 2, dark, cv::CMP_LE);
  cv::compare(luma, 253, bright, cv::CMP_GE);
  EXPECT_LT(cv::countNonZero(dark) + cv::countNonZero(bright), 0.1 * static_cast<double>(luma.total()));
}

TEST(IdentifyBlur, TellsNothingOfAFlatPictureOrOfScraps) {
  const cv::Mat1f flat(kRoomSize, 90.0F);
  EXPECT_FALSE(IdentifyBlur(flat, cv::Mat1b(kRoomSize, uint8_t{255})));
  cv::Mat3f room;
  testbed::MakeRoom(4, kRoomSize).bgr.convertTo(room, CV_32F);
  EXPECT_FALSE(IdentifyBlur(LumaOf(room), cv::Mat1b(kRoomSize, uint8_t{0})));
}

struct Restorer {
  RestorationMethod method;
  double left;  ///< Share of the distance to the room that it leaves, at most.
};

class RestoreRoomTest : public testing::TestWithParam<Restorer> {};

TEST_P(RestoreRoomTest, ComesNearerToTheRoomThanWhatWasSeen) {
  const cv::Mat3b room = testbed::MakeChartRoom(2, kRoomSize).bgr;
  const AveragedRoom seen = CallBehind("gaussian(sigma=6)", room);
  const auto restored =
      RestoreRoom(seen, {engines::BlurFamily::kGaussian, 6.0}, 0.12, {.method = GetParam().method});
  ASSERT_TRUE(restored.ok());
  ASSERT_EQ(restored->bgr.size(), kRoomSize);
  const cv::Rect chart(30, 30, 240, 300);
  EXPECT_LT(Distance(restored->bgr, room, chart), GetParam().left * Distance(seen.mean, room, chart));
  EXPECT_TRUE(cv::checkRange(restored->bgr, true, nullptr, 0.0, 255.01));
  EXPECT_GT(restored->support(100, 100), 0.99F);
  EXPECT_LT(restored->support(kRoomSize.height - 40, kRoomSize.width / 2), 0.1F) << "behind the caller";
}

INSTANTIATE_TEST_SUITE_P(Methods, RestoreRoomTest,
                         testing::Values(Restorer{RestorationMethod::kWiener, 0.75},
                                         Restorer{RestorationMethod::kRichardsonLucy, 0.9},
                                         Restorer{RestorationMethod::kTotalVariation, 0.7}),
                         [](const auto& tested) {
                           std::string name = NameOf(tested.param.method);
                           std::erase(name, '-');
                           return name;
                         });

TEST(RestoreRoom, RefusesWhatMakesNoSense) {
  RoomAverage empty(kRoomSize);
  EXPECT_EQ(RestoreRoom(empty.Finish(), {engines::BlurFamily::kGaussian, 5}, 0.1).error().code,
            ErrorCode::kInvalidArgument);
  const AveragedRoom seen = CallBehind("gaussian(sigma=4)", testbed::MakeRoom(1, kRoomSize).bgr, 1);
  EXPECT_FALSE(RestoreRoom(seen, {engines::BlurFamily::kGaussian, 0}, 0.1).ok());
  EXPECT_FALSE(RestoreRoom(seen, {engines::BlurFamily::kGaussian, 4}, 0.1, {.iterations = -1}).ok());
  EXPECT_FALSE(RestoreRoom(seen, {engines::BlurFamily::kGaussian, 4}, 0.1, {.smoothness = 0}).ok());
  EXPECT_FALSE(ParseRestorationMethod("magic").ok());
  EXPECT_EQ(ParseRestorationMethod("wiener").value(), RestorationMethod::kWiener);
}

TEST(BlurLimit, FollowsWidthAndNoise) {
  const engines::BlurKernel weak{engines::BlurFamily::kGaussian, 4};
  const engines::BlurKernel strong{engines::BlurFamily::kGaussian, 12};
  EXPECT_GT(engines::FinestWave(weak, 0.1), engines::FinestWave(strong, 0.1));
  EXPECT_GT(engines::FinestWave(weak, 0.05), engines::FinestWave(weak, 0.5));
  EXPECT_LT(engines::ReadableTakenBack(weak, 0.1), engines::ReadableAsSeen(weak));
  EXPECT_LT(engines::ReadableTakenBack(weak, 0.1), engines::ReadableTakenBack(strong, 0.1));
  const double sigma = engines::SigmaThatHides(24, 0.1);
  EXPECT_NEAR(engines::ReadableTakenBack({engines::BlurFamily::kGaussian, sigma}, 0.1), 24, 0.5);
}

}  // namespace
}  // namespace peekproof::attacks
