// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/separable_bilateral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

/// One pass of the shader, written down as it runs: for each pixel the early way out, then the loop.
class SlowPass {
 public:
  SlowPass(const SeparableBilateralOptions& options, cv::Size coarse, const cv::Mat3b& guide, bool vertical)
      : guide_(guide), vertical_(vertical), sigma_color_(static_cast<double>(options.sigma_color)) {
    reach_ = static_cast<double>(options.radius) * std::max(static_cast<double>(guide.cols) / coarse.width,
                                                            static_cast<double>(guide.rows) / coarse.height);
    step_ = std::max(1.0, std::floor(0.5 * reach_ / std::log(reach_)));
  }

  /// In      input: the pass's mask at frame size. Out: before rounding, in [0, 255].
  double At(const cv::Mat1b& input, int y, int x) const {
    double average = input(y, x);
    double samples = 1;
    for (double i = -reach_; reach_ > 0.0 && i <= reach_; i += reach_) {
      for (double j = -reach_; j <= reach_; j += reach_ * (j == 0.0 ? 2.0 : 1.0)) {
        average += Sample(input, y, x, j, i);
        samples += 1;
      }
    }
    average /= samples;
    if (average == 0.0 || average == 255.0) return average;
    double total = 1;
    double sum = input(y, x);
    const double texel = 1.0 / (vertical_ ? guide_.rows : guide_.cols);
    const double sigma = std::max(1.0 / guide_.cols, 1.0 / guide_.rows) * reach_;
    for (double i = 1; i <= reach_; i += step_) {
      for (const double side : {i, -i}) {
        const double dy = vertical_ ? side : 0.0;
        const double dx = vertical_ ? 0.0 : side;
        const double weight = std::exp(-0.5 * std::pow(i * texel / sigma, 2)) *
                              ColorWeight(guide_(y, x), Sample(guide_, y, x, dy, dx));
        total += weight;
        sum += weight * Sample(input, y, x, dy, dx);
      }
    }
    return sum / total;
  }

 private:
  template <typename Pixel>
  static Pixel Sample(const cv::Mat_<Pixel>& picture, int y, int x, double dy, double dx) {
    const int row = static_cast<int>(std::floor(y + 0.5 + dy));
    const int column = static_cast<int>(std::floor(x + 0.5 + dx));
    return picture(std::clamp(row, 0, picture.rows - 1), std::clamp(column, 0, picture.cols - 1));
  }

  double ColorWeight(const cv::Vec3b& a, const cv::Vec3b& b) const {
    double squared = 0;
    for (int c = 0; c < 3; ++c) squared += std::pow(a[c] - b[c], 2);
    return std::exp(-0.5 * std::pow(std::floor(std::sqrt(squared)) / 255.0 / sigma_color_, 2));
  }

  const cv::Mat3b& guide_;
  bool vertical_;
  double sigma_color_;
  double reach_ = 0;
  double step_ = 0;
};

/// Both passes, up to the second one's rounding.
cv::Mat1d FilterMaskSlowly(const SeparableBilateralOptions& options, const cv::Mat1b& coarse,
                           const cv::Mat3b& guide) {
  cv::Mat1b wide(guide.size());
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      wide(y, x) = coarse(static_cast<int>((y + 0.5) * coarse.rows / guide.rows),
                          static_cast<int>((x + 0.5) * coarse.cols / guide.cols));
    }
  }
  const SlowPass along_rows(options, coarse.size(), guide, false);
  cv::Mat1b rows(guide.size());
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      rows(y, x) = static_cast<uint8_t>(std::lround(along_rows.At(wide, y, x)));
    }
  }
  const SlowPass along_columns(options, coarse.size(), guide, true);
  cv::Mat1d filtered(guide.size());
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) filtered(y, x) = along_columns.At(rows, y, x);
  }
  return filtered;
}

/// Rounding differs where the polynomial tips a value over x.5 in the first pass: by at most 1 there, and by
/// less behind the second.
void ExpectEqualsSeparableTwin(const SeparableBilateralOptions& options, const cv::Mat1b& coarse,
                               const cv::Mat3b& guide) {
  SeparableBilateralUpsampler upsampler(options);
  cv::Mat1b refined;
  upsampler.Apply(coarse, guide, &refined);
  const cv::Mat1d slow = FilterMaskSlowly(options, coarse, guide);
  int apart = 0;
  for (int y = 0; y < guide.rows; ++y) {
    for (int x = 0; x < guide.cols; ++x) {
      const double error = std::abs(refined(y, x) - slow(y, x));
      ASSERT_LT(error, 1.0) << guide.size() << " from " << coarse.size() << " at " << x << ", " << y;
      apart += error > 0.51 ? 1 : 0;
    }
  }
  EXPECT_LE(apart, static_cast<int>(guide.total() / 1000)) << guide.size() << " from " << coarse.size();
}

TEST(SeparableBilateralTest, EqualsTheSlowTwinAtManySizes) {
  for (const cv::Size size : {cv::Size(320, 180), cv::Size(131, 75), cv::Size(64, 65), cv::Size(40, 90)}) {
    for (const cv::Size coarse : {cv::Size(64, 36), cv::Size(32, 32), cv::Size(9, 5)}) {
      ExpectEqualsSeparableTwin({}, CoarsePortrait(coarse, 2.5F), SmoothColors(size, 7));
    }
  }
}

TEST(SeparableBilateralTest, EqualsTheSlowTwinOnNoise) {
  cv::Mat1b coarse;
  cv::extractChannel(RandomColors({24, 16}, 5), coarse, 0);
  ExpectEqualsSeparableTwin({}, coarse, RandomColors({150, 100}, 6));
  ExpectEqualsSeparableTwin({3.0F, 0.02F}, coarse, SmoothColors({90, 70}, 6));
  ExpectEqualsSeparableTwin({12.0F, 1.0F}, coarse, SmoothColors({90, 70}, 8));
}

TEST(SeparableBilateralTest, OnePixelAndNoReachAreCopies) {
  SeparableBilateralUpsampler none({0.0F, 0.1F});
  cv::Mat1b refined;
  const cv::Mat1b coarse = CoarsePortrait({16, 9}, 2.0F);
  none.Apply(coarse, SmoothColors({32, 18}, 1), &refined);
  for (int y = 0; y < 18; ++y) {
    for (int x = 0; x < 32; ++x) ASSERT_EQ(refined(y, x), coarse(y / 2, x / 2));
  }
  SeparableBilateralUpsampler upsampler({});
  upsampler.Apply(cv::Mat1b(1, 1, uint8_t{77}), cv::Mat3b(1, 1, cv::Vec3b(1, 2, 3)), &refined);
  EXPECT_EQ(refined(0, 0), 77);
}

/// A frame of one colour from 256x144 to 720p, where the taps are at 1, 6, 11 ... 36 pixels.
cv::Mat1b OnPlainFrame(const cv::Mat1b& coarse) {
  SeparableBilateralUpsampler upsampler({});
  cv::Mat1b refined;
  upsampler.Apply(coarse, cv::Mat3b(720, 1280, cv::Vec3b(90, 90, 90)), &refined);
  return refined;
}

TEST(SeparableBilateralTest, ReachesThirtySixPixelsFromLandscapeTo720p) {
  cv::Mat1b coarse(144, 256, uint8_t{0});
  coarse.colRange(128, 256) = 255;  // Frame columns from 640 on.
  const cv::Mat1b refined = OnPlainFrame(coarse);
  EXPECT_EQ(refined(360, 603), 0);
  EXPECT_GT(refined(360, 604), 0);
  EXPECT_LT(refined(360, 675), 255);
  EXPECT_EQ(refined(360, 676), 255);
}

TEST(SeparableBilateralTest, DoesNotLookBelow) {
  cv::Mat1b coarse(144, 256, uint8_t{0});
  coarse.rowRange(72, 144) = 255;  // Frame rows from 360 on: the caller is below.
  const cv::Mat1b refined = OnPlainFrame(coarse);
  EXPECT_EQ(cv::countNonZero(refined.rowRange(0, 360)), 0) << "the rows above see only rows further up";
  EXPECT_LT(refined(360, 640), 255);
  EXPECT_GT(refined(360, 640), 128);
  EXPECT_EQ(refined(396, 640), 255);
}

TEST(SeparableBilateralTest, FollowsTheFramesEdge) {
  cv::Mat1b coarse(36, 64, uint8_t{0});
  coarse.colRange(20, 64) = 255;  // The mask's edge is at column 100, the frame's four pixels further left.
  cv::Mat3b guide(180, 320, cv::Vec3b(20, 20, 20));
  guide.colRange(96, 320) = cv::Vec3b(220, 220, 220);
  SeparableBilateralUpsampler upsampler({});
  cv::Mat1b refined;
  upsampler.Apply(coarse, guide, &refined);
  EXPECT_EQ(refined(90, 95), 0);
  EXPECT_GT(refined(90, 98), 100);
}

TEST(SeparableBilateralTest, DoesNotDependOnTheNumberOfThreads) {
  const cv::Mat1b coarse = CoarsePortrait({64, 36}, 3.0F);
  const cv::Mat3b guide = SmoothColors({320, 180}, 3);
  cv::Mat1b refined[2];
  for (const int threads : {1, 2}) {
    const ThreadLimit limit(threads);
    SeparableBilateralUpsampler({}).Apply(coarse, guide, &refined[threads - 1]);
  }
  EXPECT_EQ(cv::norm(refined[0], refined[1], cv::NORM_INF), 0);
}

}  // namespace
}  // namespace peekproof::engines
