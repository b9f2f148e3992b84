// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blend.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

const BlendModel kLinear{};
const BlendModel kMeet{0.3F, 0.5F, 0.75F, true};
const BlendModel kCoverage{0.0F, 0.2F, 0.8F, true};
const BlendModel kRamp{0.0F, 0.2F, 0.6F, false};
const std::array<BlendModel, 4> kModels = {kLinear, kMeet, kCoverage, kRamp};

/// The formulas of BlendModel's comment, in double and in [0, 1].
struct Slow {
  double alpha;
  cv::Vec3d color;
};

Slow ComposeSlowly(const BlendModel& model, double m, cv::Vec3b camera, cv::Vec3b wallpaper) {
  const double low = static_cast<double>(model.coverage_low);
  const double high = static_cast<double>(model.coverage_high);
  const double t = std::clamp((m - low) / (high - low), 0.0, 1.0);
  const double a = model.smooth_coverage ? t * t * (3 - 2 * t) : t;
  const double l = high < 1 ? 1 - std::max(0.0, m - high) / (1 - high) : 1;
  Slow slow{a, {}};
  for (int c = 0; c < 3; ++c) {
    const double f = camera[c] / 255.0;
    const double v = wallpaper[c] / 255.0;
    const double w = static_cast<double>(model.light_wrap) * l * v;
    slow.color[c] = a * (1 - (1 - f) * (1 - w)) + (1 - a) * v;
  }
  return slow;
}

/// All 256 mask values in rows of random colours, 1 to 3 * 256 pixels wide.
cv::Mat1b AllMaskValues(cv::Size size) {
  cv::Mat1b mask(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) mask(y, x) = static_cast<uint8_t>((x + 37 * y) % 256);
  }
  return mask;
}

TEST(ComposeTest, AgreesWithTheFormulas) {
  for (const BlendModel& model : kModels) {
    for (const cv::Size size : {cv::Size(700, 9), cv::Size(1, 300), cv::Size(63, 40), cv::Size(65, 33)}) {
      const cv::Mat3b camera = RandomColors(size, 1);
      const cv::Mat3b wallpaper = RandomColors(size, 2);
      const cv::Mat1b mask = AllMaskValues(size);
      cv::Mat3b composed;
      cv::Mat1f alpha;
      Compose(model, mask, camera, wallpaper, &composed);
      AlphaOfMask(model, mask, &alpha);
      for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
          const Slow slow = ComposeSlowly(model, mask(y, x) / 255.0, camera(y, x), wallpaper(y, x));
          ASSERT_NEAR(alpha(y, x), slow.alpha, 2e-6);
          for (int c = 0; c < 3; ++c) ASSERT_NEAR(composed(y, x)[c], slow.color[c] * 255, 0.5001);
        }
      }
    }
  }
}

TEST(ComposeTest, LinearMixIsTheNearestIntegerForAllValues) {
  // Every mask value against every camera value, on two wallpapers.
  cv::Mat1b mask(256, 256);
  cv::Mat3b camera(256, 256);
  for (int m = 0; m < 256; ++m) {
    for (int f = 0; f < 256; ++f) {
      mask(m, f) = static_cast<uint8_t>(m);
      camera(m, f) = cv::Vec3b::all(static_cast<uint8_t>(f));
    }
  }
  for (const int v : {0, 93, 255}) {
    cv::Mat3b composed;
    Compose(kLinear, mask, camera, cv::Mat3b(256, 256, cv::Vec3b::all(static_cast<uint8_t>(v))), &composed);
    for (int m = 0; m < 256; ++m) {
      for (int f = 0; f < 256; ++f) ASSERT_EQ(composed(m, f)[1], (f * m + v * (255 - m) + 127) / 255);
    }
  }
}

TEST(ComposeTest, AlphaOneIsTheFrameAndZeroTheWallpaper) {
  const cv::Size size(130, 70);
  const cv::Mat3b camera = RandomColors(size, 1);
  const cv::Mat3b wallpaper = RandomColors(size, 2);
  for (const BlendModel& model : kModels) {
    cv::Mat3b composed;
    Compose(model, cv::Mat1b(size, uint8_t{255}), camera, wallpaper, &composed);
    EXPECT_EQ(cv::norm(composed, camera, cv::NORM_INF), 0);
    Compose(model, cv::Mat1b(size, uint8_t{0}), camera, wallpaper, &composed);
    EXPECT_EQ(cv::norm(composed, wallpaper, cv::NORM_INF), 0);
    const auto hidden = static_cast<uint8_t>(model.coverage_low * 255.0F);
    Compose(model, cv::Mat1b(size, hidden), camera, wallpaper, &composed);
    EXPECT_EQ(cv::norm(composed, wallpaper, cv::NORM_INF), 0);
  }
}

TEST(ComposeTest, WorksInPlaceAndOnAnyNumberOfThreads) {
  const cv::Size size(333, 100);
  const cv::Mat1b mask = AllMaskValues(size);
  cv::Mat3b camera = RandomColors(size, 1);
  const cv::Mat3b wallpaper = RandomColors(size, 2);
  cv::Mat3b composed;
  {
    const ThreadLimit limit(1);
    Compose(kMeet, mask, camera, wallpaper, &composed);
  }
  const ThreadLimit limit(3);
  Compose(kMeet, mask, camera, wallpaper, &camera);
  EXPECT_EQ(cv::norm(composed, camera, cv::NORM_INF), 0);
}

TEST(LinearMixTest, PredictsTheComposedPixelAndInvertsIt) {
  const cv::Size size(256, 16);
  const cv::Mat3b camera = RandomColors(size, 3);
  const cv::Mat3b wallpaper = RandomColors(size, 4);
  const cv::Mat1b mask = AllMaskValues(size);
  for (const BlendModel& model : kModels) {
    cv::Mat3b composed;
    Compose(model, mask, camera, wallpaper, &composed);
    cv::Mat1f unit;
    cv::Mat1f alpha;
    UnitMask(mask, &unit);
    AlphaOfMask(model, mask, &alpha);
    std::vector<LinearMix> mixes(256);
    for (int y = 0; y < size.height; ++y) {
      LinearMixRow(model, unit[y], alpha[y], wallpaper[y], size.width, mixes.data());
      for (int x = 0; x < size.width; ++x) {
        for (int c = 0; c < 3; ++c) {
          const float weight = mixes[x].weight[c];
          const float predicted = weight * static_cast<float>(camera(y, x)[c]) + mixes[x].offset[c];
          ASSERT_NEAR(composed(y, x)[c], predicted, 0.501);
          if (weight < 0.1F) continue;
          const float unblended = (static_cast<float>(composed(y, x)[c]) - mixes[x].offset[c]) / weight;
          ASSERT_NEAR(unblended, camera(y, x)[c], 0.501F / weight);
        }
      }
    }
  }
}

TEST(LinearMixTest, OnePixelEqualsTheRowAndTheMeanWeight) {
  const cv::Vec3b wallpaper(0, 128, 255);
  const LinearMix mix = LinearMixOf(kMeet, 0.6F, 0.4F, wallpaper);
  // L = 1 below coverage_high, so w = 0.3 V / 255.
  EXPECT_NEAR(mix.weight[0], 0.4, 1e-6);
  EXPECT_NEAR(mix.weight[2], 0.4 * 0.7, 1e-6);
  EXPECT_NEAR(mix.offset[0], 0, 1e-4);
  EXPECT_NEAR(mix.offset[2], 255 * (0.4 * 0.3 + 0.6), 1e-3);
  EXPECT_NEAR(MixingWeight(kMeet, 0.6F, 0.4F, wallpaper), (0.4 + 0.4 * (1 - 0.3 * 128 / 255) + 0.28) / 3,
              1e-6);
  EXPECT_FLOAT_EQ(MixingWeight(kLinear, 0.25F, 0.25F, wallpaper), 0.25F);
}

TEST(CoverageTest, MaskOfAlphaInvertsAlphaOfMask) {
  for (const BlendModel& model : kModels) {
    for (int i = 1; i < 100; ++i) {
      const float alpha = static_cast<float>(i) / 100.0F;
      const float mask = MaskOfAlpha(model, alpha);
      ASSERT_GT(mask, model.coverage_low);
      ASSERT_LT(mask, model.coverage_high);
      ASSERT_NEAR(AlphaOfMask(model, mask), alpha, 2e-6);
    }
    EXPECT_FLOAT_EQ(MaskOfAlpha(model, 0.0F), model.coverage_low);
    EXPECT_FLOAT_EQ(MaskOfAlpha(model, 1.0F), model.coverage_high);
  }
}

TEST(CoverageTest, FullMaskIsExactlyOne) {
  cv::Mat1f unit;
  UnitMask(cv::Mat1b(1, 40, uint8_t{255}), &unit);
  EXPECT_EQ(unit(0, 39), 1.0F);
  EXPECT_TRUE(IsPlainLinear(kLinear));
  EXPECT_FALSE(IsPlainLinear(kMeet));
  EXPECT_FALSE(IsPlainLinear(kRamp));
}

}  // namespace
}  // namespace peekproof::engines
