// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blur_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <string>

#include "base/parallel.h"
#include "engines/blur_twins.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

const cv::Size kPictureSize(320, 180);

struct FilterCase {
  const char* name;
  std::function<std::unique_ptr<BlurFilter>()> make;
  bool normalised = true;  ///< Whether weights work as BlurFilter documents, without the caller standing in.
};

std::vector<FilterCase> AllFilters() {
  return {{"gaussian 1.5",
           [] {
             return MakeGaussianFilter({1.5F, 0}, 0);
           }},
          {"gaussian 3.5",
           [] {
             return MakeGaussianFilter({3.5F, 0}, 0);
           }},
          {"gaussian 25",
           [] {
             return MakeGaussianFilter({25, 0}, 0);
           }},
          {"gaussian share",
           [] {
             return MakeGaussianFilter({1, 0.05F}, 0);
           }},
          {"gaussian cut",
           [] {
             return MakeGaussianFilter({7, 0}, 21);
           }},
          {"chime", [] { return MakeHeightScaledGaussian(15); }},
          {"box 1", [] { return MakeBoxFilter(1); }},
          {"box 25", [] { return MakeBoxFilter(25); }},
          {"bokeh 2",
           [] {
             return MakeBokehFilter({2, 0});
           }},
          {"bokeh 24",
           [] {
             return MakeBokehFilter({24, 0});
           }},
          {"livekit", [] { return MakeLiveKitFilter(10); }},
          {"dual-kawase 1", [] { return MakeDualKawaseFilter(1); }},
          {"dual-kawase 4", [] { return MakeDualKawaseFilter(4); }},
          {"kawase 5", [] { return MakeKawaseFilter(5); }, false},
          {"kawase 8", [] { return MakeKawaseFilter(8); }, false},
          {"volcomix", [] { return MakeVolcomixFilter(); }, false}};
}

cv::Mat3b Blurred(BlurFilter* filter, const cv::Mat3b& picture, const cv::Mat1b* weight = nullptr) {
  cv::Mat3b blurred;
  filter->Apply(picture, weight, &blurred);
  return blurred;
}

/// 0 inside of a portrait, 255 outside, soft between; edges on even pixels where hard.
cv::Mat1b RoomWeight(cv::Size size, bool hard) {
  const cv::Mat1f caller = PortraitMask({(size.width + 1) / 2, (size.height + 1) / 2}, 6.0F);
  cv::Mat1b weight;
  caller.convertTo(weight, CV_8U, -255.0, 255.0);
  if (hard) weight = weight > 127;
  cv::Mat1b full(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) full(y, x) = weight(y / 2, x / 2);
  }
  return full;
}

/// Differences where a tenth or more is room: inside of the caller a twin's kernel may reach further.
cv::Mat3d Difference(const cv::Mat3b& fast, const cv::Mat3d& slow, const cv::Mat1b* weight) {
  cv::Mat3d difference;
  fast.convertTo(difference, CV_64F);
  cv::absdiff(difference, slow, difference);
  if (weight != nullptr) difference.setTo(cv::Scalar::all(0), *weight < 26);
  return difference;
}

double MeanError(const cv::Mat3b& fast, const cv::Mat3d& slow, const cv::Mat1b* weight = nullptr) {
  const cv::Scalar mean = cv::mean(Difference(fast, slow, weight));
  return (mean[0] + mean[1] + mean[2]) / 3;
}

double LargestError(const cv::Mat3b& fast, const cv::Mat3d& slow, const cv::Mat1b* weight = nullptr) {
  return cv::norm(Difference(fast, slow, weight), cv::NORM_INF);
}

TEST(BlurFilterTest, AConstantPictureStaysConstant) {
  for (const FilterCase& test : AllFilters()) {
    for (const cv::Size size : {cv::Size(64, 48), cv::Size(37, 23), cv::Size(1, 1), cv::Size(2, 31)}) {
      const cv::Mat3b picture(size, cv::Vec3b(255, 77, 0));
      const cv::Mat1b weight = RoomWeight(size, false);
      const auto filter = test.make();
      EXPECT_EQ(cv::norm(Blurred(filter.get(), picture), picture, cv::NORM_INF), 0) << test.name << size;
      EXPECT_EQ(cv::norm(Blurred(filter.get(), picture, &weight), picture, cv::NORM_INF), 0)
          << test.name << size;
    }
  }
}

TEST(BlurFilterTest, FullWeightsChangeNothing) {
  const cv::Mat3b picture = SmoothColors({101, 67}, 3);
  const cv::Mat1b weight(picture.size(), uint8_t{255});
  for (const FilterCase& test : AllFilters()) {
    const auto filter = test.make();
    EXPECT_LE(cv::norm(Blurred(filter.get(), picture), Blurred(filter.get(), picture, &weight), cv::NORM_INF),
              1)
        << test.name;
  }
}

TEST(BlurFilterTest, PreservesTheMean) {
  // A random middle in a plain border wider than any of the filters reaches, so that nothing is lost there.
  cv::Mat3b picture(360, 400, cv::Vec3b(100, 120, 140));
  RandomColors({80, 40}, 4).copyTo(picture(cv::Rect(160, 160, 80, 40)));
  for (const FilterCase& test : AllFilters()) {
    const auto filter = test.make();
    const cv::Scalar change = cv::mean(Blurred(filter.get(), picture)) - cv::mean(picture);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(change[c], 0, test.normalised ? 0.1 : 0.15) << test.name;
  }
}

TEST(BlurFilterTest, GaussianEqualsTheSlowTwin) {
  const cv::Mat3b picture = SmoothColors({200, 112}, 1);
  const cv::Mat1b weight = RoomWeight(picture.size(), false);
  for (const float sigma : {0.5F, 2.9F, 3.0F, 5.0F, 9.9F, 10.0F, 23.9F, 24.0F, 36.0F}) {
    const auto filter = MakeGaussianFilter({sigma, 0}, 0);
    const auto twin = [&](const cv::Mat& plane) { return GaussianSlowly(plane, double{sigma}, 0); };
    const cv::Mat3b whole = Blurred(filter.get(), picture);
    const cv::Mat3d whole_slow = FilterSlowly(picture, nullptr, twin);
    EXPECT_LE(MeanError(whole, whole_slow), 0.5) << sigma;
    EXPECT_LE(LargestError(whole, whole_slow), 3.0) << sigma;
    EXPECT_LE(
        MeanError(Blurred(filter.get(), picture, &weight), FilterSlowly(picture, &weight, twin), &weight),
        1.5)
        << sigma;
  }
}

TEST(BlurFilterTest, FineGaussiansAreExact) {
  const cv::Mat3b picture = RandomColors({97, 61}, 2);
  const cv::Mat1b weight = RoomWeight(picture.size(), false);
  for (const auto& [sigma, kernel] : {std::pair(2.0F, 0), std::pair(7.0F, 21), std::pair(4.1F, 25)}) {
    const auto filter = MakeGaussianFilter({sigma, 0}, kernel);
    const auto twin = [&, s = double{sigma}, k = kernel](const cv::Mat& plane) {
      return GaussianSlowly(plane, s, k);
    };
    EXPECT_LE(LargestError(Blurred(filter.get(), picture), FilterSlowly(picture, nullptr, twin)), 0.51);
    EXPECT_LE(
        LargestError(Blurred(filter.get(), picture, &weight), FilterSlowly(picture, &weight, twin), &weight),
        0.6);
  }
}

TEST(BlurFilterTest, BoxIsExact) {
  const cv::Mat3b picture = RandomColors({97, 61}, 2);
  const cv::Mat1b weight = RoomWeight(picture.size(), false);
  for (const int size : {1, 3, 25, 101}) {
    const auto filter = MakeBoxFilter(size);
    const auto twin = [&](const cv::Mat& plane) { return BoxSlowly(plane, size); };
    EXPECT_LE(LargestError(Blurred(filter.get(), picture), FilterSlowly(picture, nullptr, twin)), 0.51)
        << size;
    EXPECT_LE(
        LargestError(Blurred(filter.get(), picture, &weight), FilterSlowly(picture, &weight, twin), &weight),
        0.51)
        << size;
  }
}

TEST(BlurFilterTest, BokehIsADisc) {
  const cv::Mat3b picture = SmoothColors({160, 90}, 1);
  const cv::Mat1b weight = RoomWeight(picture.size(), false);
  for (const float radius : {1.0F, 2.5F, 4.0F, 9.0F, 12.0F}) {
    const auto filter = MakeBokehFilter({radius, 0});
    const auto twin = [&](const cv::Mat& plane) { return DiscSlowly(plane, double{radius}); };
    EXPECT_LE(MeanError(Blurred(filter.get(), picture), FilterSlowly(picture, nullptr, twin)), 1.0) << radius;
    EXPECT_LE(
        MeanError(Blurred(filter.get(), picture, &weight), FilterSlowly(picture, &weight, twin), &weight),
        1.5)
        << radius;
  }
}

TEST(BlurFilterTest, ServicesOwnBlursEqualTheirSlowTwins) {
  for (const cv::Size size : {cv::Size(160, 96), cv::Size(75, 51)}) {
    const cv::Mat3b picture = RandomColors(size, 5);
    const cv::Mat1b soft = RoomWeight(size, false);
    for (const cv::Mat1b* weight : {static_cast<const cv::Mat1b*>(nullptr), &soft}) {
      EXPECT_LE(
          LargestError(Blurred(MakeVolcomixFilter().get(), picture, weight), VolcomixSlowly(picture, weight)),
          0.51);
      for (const int passes : {0, 1, 2, 7}) {  // Each pass rounds to 8 bit: ties may differ.
        const cv::Mat3b fast = Blurred(MakeKawaseFilter(passes).get(), picture, weight);
        EXPECT_LE(LargestError(fast, KawaseSlowly(picture, weight, passes)), 1.0) << passes;
        EXPECT_LE(MeanError(fast, KawaseSlowly(picture, weight, passes)), 0.02) << passes;
      }
    }
    for (const int radius : {4, 10, 41}) {
      EXPECT_LE(
          LargestError(Blurred(MakeLiveKitFilter(radius).get(), picture), LiveKitSlowly(picture, radius)),
          0.51);
    }
    for (const int levels : {1, 2, 4}) {
      const auto twin = [&](const cv::Mat& plane) { return DualKawaseSlowly(plane, levels); };
      EXPECT_LE(LargestError(Blurred(MakeDualKawaseFilter(levels).get(), picture),
                             FilterSlowly(picture, nullptr, twin)),
                0.51);
    }
  }
}

TEST(BlurFilterTest, TheCallersColoursNeverShowWhereWeightsAreNormalised) {
  const cv::Mat3b picture = SmoothColors(kPictureSize, 1);
  for (const bool hard : {true, false}) {
    const cv::Mat1b weight = RoomWeight(kPictureSize, hard);
    cv::Mat3b other = picture.clone();
    RandomColors(kPictureSize, 9).copyTo(other, weight == 0);
    ASSERT_GT(cv::countNonZero(weight == 0), 1000);
    for (const FilterCase& test : AllFilters()) {
      if (!test.normalised) continue;
      const auto filter = test.make();
      EXPECT_EQ(cv::norm(Blurred(filter.get(), picture, &weight), Blurred(filter.get(), other, &weight),
                         cv::NORM_INF),
                0)
          << test.name;
    }
  }
}

TEST(BlurFilterTest, VolcomixKeepsAHardCallerOutOfTheRoom) {
  const cv::Mat3b picture = SmoothColors(kPictureSize, 1);
  const cv::Mat1b weight = RoomWeight(kPictureSize, true);  // On even pixels: no small pixel is of both.
  cv::Mat3b other = picture.clone();
  RandomColors(kPictureSize, 9).copyTo(other, weight == 0);
  cv::Mat difference;
  cv::absdiff(Blurred(MakeVolcomixFilter().get(), picture, &weight),
              Blurred(MakeVolcomixFilter().get(), other, &weight), difference);
  cv::Mat1b room;  // Growing again reads one small pixel further.
  cv::erode(weight, room, cv::Mat1b::ones(7, 7));
  difference.setTo(cv::Scalar::all(0), room == 0);
  EXPECT_EQ(cv::norm(difference, cv::NORM_INF), 0);
}

TEST(BlurFilterTest, AFrameFullOfCallerIsBlack) {
  const cv::Mat3b picture = RandomColors({64, 48}, 1);
  const cv::Mat1b weight(picture.size(), uint8_t{0});
  for (const FilterCase& test : AllFilters()) {
    // Volcomix's and Kawase's leave the caller as he is (Volcomix's at half the size).
    const cv::Mat3b blurred = Blurred(test.make().get(), picture, &weight);
    EXPECT_EQ(cv::norm(blurred, cv::NORM_INF) == 0, test.normalised) << test.name;
  }
}

TEST(BlurFilterTest, FillsTheInsideOfTheCallerWithTheRoomsMeanColour) {
  cv::Mat3b picture(200, 200, cv::Vec3b(40, 60, 80));
  cv::Mat1b weight(picture.size(), uint8_t{255});
  const cv::Rect caller(40, 40, 120, 120);
  picture(caller) = cv::Vec3b(255, 255, 255);
  weight(caller) = uint8_t{0};
  picture.rowRange(0, 20) = cv::Vec3b(240, 160, 180);  // 4000 of 25600 pixels.
  const cv::Vec3d mean = (cv::Vec3d(40, 60, 80) * 21600 + cv::Vec3d(240, 160, 180) * 4000) / 25600;
  for (const FilterCase& test : AllFilters()) {
    const std::string name = test.name;
    if (!test.normalised || name == "gaussian 25" || name == "dual-kawase 4") continue;  // These reach it.
    const cv::Vec3b middle = Blurred(test.make().get(), picture, &weight)(100, 100);
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(middle[c], mean[c], 0.51) << test.name;
  }
}

TEST(BlurFilterTest, DoesNotDependOnThreads) {
  const cv::Mat3b picture = RandomColors({301, 203}, 6);
  const cv::Mat1b weight = RoomWeight(picture.size(), false);
  for (const FilterCase& test : AllFilters()) {
    for (const cv::Mat1b* counts : {static_cast<const cv::Mat1b*>(nullptr), &weight}) {
      const auto filter = test.make();
      cv::Mat3b one;
      {
        const ThreadLimit limit(1);
        filter->Apply(picture, counts, &one);
      }
      const ThreadLimit limit(3);
      EXPECT_EQ(cv::norm(one, Blurred(filter.get(), picture, counts), cv::NORM_INF), 0) << test.name;
    }
  }
}

TEST(BlurFilterTest, FollowsChangesOfSizeAndWeightAndReusesItsBuffer) {
  const cv::Mat3b large = RandomColors({120, 80}, 1);
  const cv::Mat3b small = RandomColors({50, 70}, 2);
  const cv::Mat1b weight = RoomWeight(small.size(), false);
  for (const FilterCase& test : AllFilters()) {
    const auto used = test.make();
    cv::Mat3b blurred;
    used->Apply(large, nullptr, &blurred);
    const uint8_t* buffer = blurred.data;
    used->Apply(large, nullptr, &blurred);
    EXPECT_EQ(blurred.data, buffer);
    EXPECT_EQ(cv::norm(Blurred(used.get(), small, &weight), Blurred(test.make().get(), small, &weight),
                       cv::NORM_INF),
              0)
        << test.name;
  }
}

/// Standard deviation of the step response's derivative along a row, about where the step is, averaged over
/// steps at 16 positions.
double MeasuredSigma(BlurFilter* filter) {
  double sum = 0;
  for (int position = 0; position < 16; ++position) {
    const int edge = 640 + position;
    cv::Mat3b step(16, 1280, cv::Vec3b(0, 0, 0));
    step.colRange(edge, step.cols) = cv::Vec3b(255, 255, 255);
    const cv::Mat3b blurred = Blurred(filter, step);
    for (int x = 1; x < step.cols; ++x) {
      const double slope = (blurred(8, x)[1] - blurred(8, x - 1)[1]) / 255.0;
      sum += slope * (x - edge) * (x - edge) / 16;
    }
  }
  return std::sqrt(sum);
}

TEST(BlurFilterTest, HasTheSigmaThatItStates) {
  for (const FilterCase& test : AllFilters()) {
    const auto filter = test.make();
    const double stated = filter->EffectiveSigma({1280, 16});
    // Rounding to 8 bit takes the far tails off.
    EXPECT_NEAR(MeasuredSigma(filter.get()), stated, 0.03 * stated + 0.02) << test.name;
  }
  EXPECT_NEAR(MeasuredSigma(MakeKawaseFilter(20).get()), 51.67, 1.0);
}

TEST(BlurFilterTest, ExtentsFollowTheFramesHeight) {
  EXPECT_NEAR(MakeGaussianFilter({1, 0.02F}, 0)->EffectiveSigma({1920, 1080}), 21.6, 0.05);
  EXPECT_NEAR(MakeGaussianFilter({1, 0.02F}, 0)->EffectiveSigma({1280, 720}), 14.4, 0.05);
  EXPECT_NEAR(MakeBokehFilter({1, 0.05F})->EffectiveSigma({1280, 720}), 18, 0.1);
}

}  // namespace
}  // namespace peekproof::engines
