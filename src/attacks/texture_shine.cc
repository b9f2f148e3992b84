// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/texture_shine.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

/// Differences to the next pixel and to the next row; 0 at the far borders.
void TakeGradients(const cv::Mat1b& grey, cv::Mat1f* dx, cv::Mat1f* dy) {
  dx->create(grey.size());
  dy->create(grey.size());
  for (int y = 0; y < grey.rows; ++y) {
    const uint8_t* row = grey.ptr(y);
    const uint8_t* below = grey.ptr(std::min(y + 1, grey.rows - 1));
    for (int x = 0; x < grey.cols; ++x) {
      const int right = row[std::min(x + 1, grey.cols - 1)];
      (*dx)(y, x) = static_cast<float>(right - row[x]);
      (*dy)(y, x) = static_cast<float>(below[x] - row[x]);
    }
  }
}

void HalfGrey(const cv::Mat3b& bgr, cv::Size half, cv::Mat1b* grey, cv::Mat1b* small) {
  cv::cvtColor(bgr, *grey, cv::COLOR_BGR2GRAY);
  cv::resize(*grey, *small, half, 0, 0, cv::INTER_AREA);
}

}  // namespace

TextureShine::TextureShine(const Wallpaper& wallpaper)
    : half_((wallpaper.bgr.cols + 1) / 2, (wallpaper.bgr.rows + 1) / 2) {
  HalfGrey(wallpaper.bgr, half_, &grey_, &small_);
  TakeGradients(small_, &wallpaper_dx_, &wallpaper_dy_);
  const cv::Mat1f squared(wallpaper_dx_.mul(wallpaper_dx_) + wallpaper_dy_.mul(wallpaper_dy_));
  cv::boxFilter(squared, energy_, CV_32F, {kSide, kSide});
  cv::sqrt(cv::Mat1f(cv::max(energy_, 0.0F)), strength_);
  slope_ = cv::Mat1f(half_, 0.0F);
}

void TextureShine::Update(const cv::Mat3b& bgr) {
  constexpr float kLeastEnergy = 1.0F;
  HalfGrey(bgr, half_, &grey_, &small_);
  product_.create(half_);
  ParallelRows(half_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      const uint8_t* row = small_.ptr(y);
      const uint8_t* below = small_.ptr(std::min(y + 1, half_.height - 1));
      const float* dx = wallpaper_dx_[y];
      const float* dy = wallpaper_dy_[y];
      float* product = product_[y];
      const int last = half_.width - 1;
      for (int x = 0; x < last; ++x)
        product[x] =
            static_cast<float>(row[x + 1] - row[x]) * dx[x] + static_cast<float>(below[x] - row[x]) * dy[x];
      product[last] = static_cast<float>(below[last] - row[last]) * dy[last];
    }
  });
  cv::boxFilter(product_, slope_, CV_32F, {kSide, kSide});
  ParallelRows(half_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      float* slope = slope_[y];
      const float* energy = energy_[y];
      for (int x = 0; x < half_.width; ++x)
        slope[x] = std::min(std::max(slope[x] / (energy[x] + kLeastEnergy), -0.5F), 1.5F);
    }
  });
}

}  // namespace peekproof::attacks
