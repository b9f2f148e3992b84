// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/pixel_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace peekproof::models {
namespace {

std::vector<float> Logits(size_t count) {
  RowRandom random(3, 0, 0);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.Uniform(-12, 12));
  return values;
}

TEST(PixelKernelsTest, NormaliseSwapsChannelsAndScales) {
  for (const size_t pixels : {size_t{0}, size_t{1}, size_t{7}, size_t{64}, size_t{257}}) {
    std::vector<uint8_t> bgr(3 * pixels);
    for (size_t i = 0; i < bgr.size(); ++i) bgr[i] = static_cast<uint8_t>(i * 37);
    std::vector<float> rgb(3 * pixels, -7);
    NormaliseBgr(bgr.data(), pixels, 2.0F, -1.0F, rgb.data());
    for (size_t i = 0; i < pixels; ++i) {
      for (size_t c = 0; c < 3; ++c) EXPECT_EQ(rgb[3 * i + c], bgr[3 * i + 2 - c] * 2.0F - 1.0F);
    }
  }
}

TEST(PixelKernelsTest, NormaliseReachesTheEndsOfBothRanges) {
  const std::vector<uint8_t> bgr{0, 255, 128};
  std::vector<float> rgb(3);
  NormaliseBgr(bgr.data(), 1, 1.0F / 255.0F, 0.0F, rgb.data());
  EXPECT_EQ(rgb[2], 0.0F);
  EXPECT_FLOAT_EQ(rgb[1], 1.0F);
  NormaliseBgr(bgr.data(), 1, 1.0F / 127.5F, -1.0F, rgb.data());
  EXPECT_EQ(rgb[2], -1.0F);
  EXPECT_NEAR(rgb[1], 1.0F, 1e-6);
}

TEST(PixelKernelsTest, ProbabilitiesStayInRange) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values{-1, 0, 0.25F, 1, 2, nan, std::numeric_limits<float>::infinity()};
  std::vector<float> caller(values.size());
  ClampProbabilities(values.data(), values.size(), caller.data());
  EXPECT_EQ(caller, (std::vector<float>{0, 0, 0.25F, 1, 1, 0, 1}));
}

TEST(PixelKernelsTest, SoftmaxAgreesWithItsDefinition) {
  for (const size_t classes : {size_t{2}, size_t{21}}) {
    const std::vector<float> logits = Logits(classes * 50);
    const size_t person = classes == 2 ? 1 : 15;
    std::vector<float> caller(50);
    SoftmaxOfClass(logits.data(), 50, classes, person, caller.data());
    for (size_t i = 0; i < 50; ++i) {
      double sum = 0;
      for (size_t c = 0; c < classes; ++c) sum += std::exp(double{logits[i * classes + c]});
      EXPECT_NEAR(caller[i], std::exp(double{logits[i * classes + person]}) / sum, 1e-6);
    }
  }
}

TEST(PixelKernelsTest, SigmoidIsSoftmaxAgainstZeroAndSurvivesExtremes) {
  const std::vector<float> logits{-1000, -3, 0, 3, 1000};
  std::vector<float> caller(5);
  SigmoidOfLogits(logits.data(), 5, caller.data());
  for (size_t i = 0; i < 5; ++i) EXPECT_NEAR(caller[i], 1 / (1 + std::exp(-double{logits[i]})), 1e-6);
  const std::vector<float> extreme{1000, -1000, -1000, 1000};
  SoftmaxOfClass(extreme.data(), 2, 2, 1, caller.data());
  EXPECT_EQ(caller[0], 0.0F);
  EXPECT_EQ(caller[1], 1.0F);
}

}  // namespace
}  // namespace peekproof::models
