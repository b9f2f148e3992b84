// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/upscale_mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "engines/testing.h"

namespace peekproof::engines {
namespace {

cv::Mat1f RandomMask(cv::Size size, uint64_t seed) {
  cv::Mat1f mask(size);
  for (int y = 0; y < size.height; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < size.width; ++x) mask(y, x) = static_cast<float>(random.Uniform());
  }
  return mask;
}

/// Interpolates at frame size, then blurs pixel by pixel.
cv::Mat1f UpscaleSlowly(const cv::Mat1f& coarse, cv::Size size, const UpscaleOptions& options) {
  cv::Mat1f wide;
  if (options.sampling == MaskSampling::kBilinear) {
    cv::resize(coarse, wide, size, 0, 0, cv::INTER_LINEAR);
  } else {
    wide.create(size);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        wide(y, x) = coarse(static_cast<int>((y + 0.5) * coarse.rows / size.height),
                            static_cast<int>((x + 0.5) * coarse.cols / size.width));
      }
    }
  }
  if (options.blur_sigma_px <= 0.0F) return wide;
  const double sigma = static_cast<double>(options.blur_sigma_px);
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  cv::Mat1f padded;
  const int border = options.border == MaskBorder::kTransparent ? cv::BORDER_CONSTANT : cv::BORDER_REPLICATE;
  cv::copyMakeBorder(wide, padded, radius, radius, radius, radius, border, cv::Scalar(0));
  cv::GaussianBlur(padded, padded, {2 * radius + 1, 2 * radius + 1}, sigma, sigma);
  return padded(cv::Rect(radius, radius, size.width, size.height)).clone();
}

TEST(UpscaleMaskTest, EqualsTheSlowTwin) {
  const cv::Mat1f coarse = RandomMask({33, 19}, 1);
  for (const MaskSampling sampling : {MaskSampling::kBilinear, MaskSampling::kNearest}) {
    for (const float sigma : {0.0F, 0.7F, 4.0F, 8.0F}) {
      for (const MaskBorder border : {MaskBorder::kReplicate, MaskBorder::kTransparent}) {
        for (const cv::Size size : {cv::Size(160, 90), cv::Size(33, 19), cv::Size(601, 57), cv::Size(9, 200),
                                    cv::Size(5, 3), cv::Size(1, 1)}) {
          const UpscaleOptions options{sampling, sigma, border};
          MaskUpscaler upscaler(options);
          cv::Mat1b scaled;
          upscaler.Apply(coarse, size, &scaled);
          const cv::Mat1f slow = UpscaleSlowly(coarse, size, options);
          for (int y = 0; y < size.height; ++y) {
            for (int x = 0; x < size.width; ++x) {
              ASSERT_NEAR(scaled(y, x), slow(y, x) * 255.0F, 0.51F) << size << " sigma " << sigma;
            }
          }
        }
      }
    }
  }
}

/// Standard deviation of the step response's derivative along a row.
double MeasuredSigma(const cv::Mat1b& scaled, int row) {
  double mass = 0;
  double mean = 0;
  double square = 0;
  for (int x = 1; x < scaled.cols; ++x) {
    const double slope = scaled(row, x) - scaled(row, x - 1);
    mass += slope;
    mean += slope * (x - 0.5);
    square += slope * (x - 0.5) * (x - 0.5);
  }
  mean /= mass;
  return std::sqrt(square / mass - mean * mean);
}

TEST(UpscaleMaskTest, BlurOfAnIdealEdgeHasTheNamedSigma) {
  // Nearest leaves the coarse step as it is, so the derivative is the Gaussian itself (cut at 3 sigma, which
  // takes 1.3 % off the measured value, and rounded to 8 bit).
  cv::Mat1f coarse(144, 256, 0.0F);
  coarse.colRange(128, 256) = 1.0F;
  for (const float sigma : {4.0F, 8.0F}) {
    cv::Mat1b scaled;
    MaskUpscaler({MaskSampling::kNearest, sigma, MaskBorder::kTransparent})
        .Apply(coarse, {1280, 720}, &scaled);
    const cv::Mat1b middle = scaled.colRange(540, 740);
    EXPECT_NEAR(MeasuredSigma(middle, 360), static_cast<double>(sigma), 0.03 * static_cast<double>(sigma));
    EXPECT_EQ(scaled(360, 639 - static_cast<int>(3 * sigma) - 1), 0);
    EXPECT_EQ(scaled(360, 640 + static_cast<int>(3 * sigma) + 1), 255);
    EXPECT_NEAR((scaled(360, 639) + scaled(360, 640)) / 2.0, 127.5, 0.5);
  }
  // Bilinear turns the step into a ramp of one mask pixel, 5 px: variance 5^2 / 12.
  cv::Mat1b scaled;
  MaskUpscaler({MaskSampling::kBilinear, 4.0F, MaskBorder::kTransparent}).Apply(coarse, {1280, 720}, &scaled);
  EXPECT_NEAR(MeasuredSigma(scaled.colRange(540, 740), 360), std::sqrt(16 + 25.0 / 12), 0.1);
}

TEST(UpscaleMaskTest, TransparentBorderFadesByHalf) {
  cv::Mat1b scaled;
  const cv::Mat1f full(18, 32, 1.0F);
  MaskUpscaler({MaskSampling::kBilinear, 4.0F, MaskBorder::kTransparent}).Apply(full, {320, 180}, &scaled);
  EXPECT_NEAR(scaled(179, 160), 127.5 + 255 * 0.05, 2);  // Half, and half of the middle tap (0.0997).
  EXPECT_EQ(scaled(90, 160), 255);
  MaskUpscaler({MaskSampling::kBilinear, 4.0F, MaskBorder::kReplicate}).Apply(full, {320, 180}, &scaled);
  EXPECT_EQ(scaled(179, 160), 255);
}

TEST(UpscaleMaskTest, DoesNotDependOnThreads) {
  const cv::Mat1f coarse = RandomMask({64, 36}, 2);
  MaskUpscaler upscaler({MaskSampling::kBilinear, 4.0F, MaskBorder::kTransparent});
  cv::Mat1b one;
  cv::Mat1b three;
  {
    const ThreadLimit limit(1);
    upscaler.Apply(coarse, {320, 180}, &one);
  }
  const ThreadLimit limit(3);
  upscaler.Apply(coarse, {320, 180}, &three);
  EXPECT_EQ(cv::norm(one, three, cv::NORM_INF), 0);
}

}  // namespace
}  // namespace peekproof::engines
