// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

/// Slow, obvious twins of the blurs, in double, for tests. Edges are repeated.
namespace peekproof::engines {

/// Blurs a picture of doubles, any number of channels.
using PlaneFilter = std::function<cv::Mat(const cv::Mat& plane)>;

/// Without weights filter(F), with them filter(w F) / filter(w), and the mean colour of all that counts where
/// nothing does.
inline cv::Mat3d FilterSlowly(const cv::Mat3b& picture, const cv::Mat1b* weight, const PlaneFilter& filter) {
  cv::Mat3d colours;
  picture.convertTo(colours, CV_64F);
  if (weight == nullptr) return filter(colours);
  cv::Mat1d w;
  weight->convertTo(w, CV_64F, 1.0 / 255);
  cv::Vec3d mean(0, 0, 0);
  for (int y = 0; y < w.rows; ++y) {
    for (int x = 0; x < w.cols; ++x) {
      colours(y, x) *= w(y, x);
      mean += colours(y, x);
    }
  }
  mean /= std::max(1e-9, cv::sum(w)[0]);
  cv::Mat3d sums = filter(colours);
  const cv::Mat1d counts = filter(w);
  for (int y = 0; y < w.rows; ++y) {
    for (int x = 0; x < w.cols; ++x) {
      sums(y, x) = (sums(y, x) + 1e-6 * mean) / (counts(y, x) + 1e-6);
    }
  }
  return sums;
}

/// Gaussian of `kernel` taps, or of 5 sigma to each side with 0.
inline cv::Mat GaussianSlowly(const cv::Mat& plane, double sigma, int kernel) {
  const int radius = kernel > 0 ? kernel / 2 : static_cast<int>(std::ceil(5 * sigma));
  cv::Mat padded;
  cv::copyMakeBorder(plane, padded, radius, radius, radius, radius, cv::BORDER_REPLICATE);
  cv::GaussianBlur(padded, padded, {2 * radius + 1, 2 * radius + 1}, sigma, sigma);
  return padded(cv::Rect(radius, radius, plane.cols, plane.rows)).clone();
}

/// Correlates with any kernel.
inline cv::Mat KernelSlowly(const cv::Mat& plane, const cv::Mat1d& kernel) {
  cv::Mat filtered;
  cv::filter2D(plane, filtered, -1, kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
  return filtered;
}

inline cv::Mat BoxSlowly(const cv::Mat& plane, int size) {
  return KernelSlowly(plane, cv::Mat1d(size, size, 1.0 / (size * size)));
}

/// The disc by 32 x 32 points per pixel.
inline cv::Mat DiscSlowly(const cv::Mat& plane, double radius) {
  const int reach = static_cast<int>(std::ceil(radius + 0.5));
  cv::Mat1d kernel(2 * reach + 1, 2 * reach + 1, 0.0);
  for (int i = 0; i < kernel.rows * 32; ++i) {
    for (int j = 0; j < kernel.cols * 32; ++j) {
      const double y = (i + 0.5) / 32 - reach - 0.5;
      const double x = (j + 0.5) / 32 - reach - 0.5;
      if (x * x + y * y <= radius * radius) kernel(i / 32, j / 32) += 1;
    }
  }
  kernel = kernel / cv::sum(kernel)[0];
  return KernelSlowly(plane, kernel);
}

/// A bilinear read of all channels at (x, y); pixel centres are at whole numbers.
inline cv::Vec4d ReadSlowly(const cv::Mat& plane, double x, double y) {
  const int channels = plane.channels();
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  cv::Vec4d sum(0, 0, 0, 0);
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 2; ++i) {
      const double share = (i == 1 ? x - left : 1 - (x - left)) * (j == 1 ? y - top : 1 - (y - top));
      const auto* row = plane.ptr<double>(std::clamp(top + j, 0, plane.rows - 1));
      const int column = std::clamp(left + i, 0, plane.cols - 1);
      for (int c = 0; c < channels; ++c) sum[c] += share * row[column * channels + c];
    }
  }
  return sum;
}

/// Makes a picture of another size by a function of its pixels' places.
template <typename Function>
cv::Mat MakeSlowly(cv::Size size, int channels, Function value_at) {
  cv::Mat made(size, CV_64FC(channels));
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const cv::Vec4d value = value_at(x, y);
      for (int c = 0; c < channels; ++c) made.ptr<double>(y)[x * channels + c] = value[c];
    }
  }
  return made;
}

/// Bilinear growth by a whole factor, cut to `size`.
inline cv::Mat GrowSlowly(const cv::Mat& small, int factor, cv::Size size) {
  return MakeSlowly(size, small.channels(), [&](int x, int y) {
    return ReadSlowly(small, (x + 0.5) / factor - 0.5, (y + 0.5) / factor - 0.5);
  });
}

/// Halving: four reads diagonally one pixel off, the centre counts four times.
inline cv::Mat DualKawaseSlowly(const cv::Mat& plane, int levels) {
  if (levels == 0) return plane;
  const cv::Size half((plane.cols + 1) / 2, (plane.rows + 1) / 2);
  const cv::Mat down = MakeSlowly(half, plane.channels(), [&](int x, int y) {
    cv::Vec4d sum = 4 * ReadSlowly(plane, 2 * x + 0.5, 2 * y + 0.5);
    for (const int i : {-1, 1}) {
      for (const int j : {-1, 1}) sum += ReadSlowly(plane, 2 * x + 0.5 + i, 2 * y + 0.5 + j);
    }
    return cv::Vec4d(sum / 8);
  });
  const cv::Mat coarse = DualKawaseSlowly(down, levels - 1);
  return MakeSlowly(plane.size(), plane.channels(), [&](int x, int y) {
    const double u = (x + 0.5) / 2 - 0.5;
    const double v = (y + 0.5) / 2 - 0.5;
    cv::Vec4d sum(0, 0, 0, 0);
    for (const int i : {-1, 1}) {
      sum += ReadSlowly(coarse, u + i, v) + ReadSlowly(coarse, u, v + i);
      for (const int j : {-1, 1}) sum += 2 * ReadSlowly(coarse, u + 0.5 * i, v + 0.5 * j);
    }
    return cv::Vec4d(sum / 12);
  });
}

inline cv::Mat3d KawaseSlowly(const cv::Mat3b& picture, const cv::Mat1b* weight, int passes) {
  cv::Mat3d colours;
  picture.convertTo(colours, CV_64F);
  cv::Mat1d w(picture.size(), 1.0);
  if (weight != nullptr) weight->convertTo(w, CV_64F, 1.0 / 255);
  for (int pass = 0; pass < passes; ++pass) {
    colours = MakeSlowly(picture.size(), 3, [&](int x, int y) {
      const cv::Vec4d centre = ReadSlowly(colours, x, y);
      if (w(y, x) == 0) return centre;
      cv::Vec4d sum(0, 0, 0, 0);
      double missing = 1;
      for (const double i : {-0.5 - pass, 0.5 + pass}) {
        for (const double j : {-0.5 - pass, 0.5 + pass}) {
          const double count = ReadSlowly(w, x + i, y + j)[0] / 4;
          sum += count * ReadSlowly(colours, x + i, y + j);
          missing -= count;
        }
      }
      sum += missing * centre;
      for (int c = 0; c < 3; ++c) sum[c] = std::floor(sum[c] + 0.5);
      return sum;
    });
  }
  return colours;
}

inline cv::Mat3d VolcomixSlowly(const cv::Mat3b& picture, const cv::Mat1b* weight) {
  const double taps[5] = {0.2270270270, 0.1945945946, 0.1216216216, 0.0540540541, 0.0162162162};
  cv::Mat3d full;
  picture.convertTo(full, CV_64F);
  cv::Mat1d w(picture.size(), 1.0);
  if (weight != nullptr) weight->convertTo(w, CV_64F, 1.0 / 255);
  const cv::Size half((picture.cols + 1) / 2, (picture.rows + 1) / 2);
  const auto halve = [&](const cv::Mat& plane) {
    return MakeSlowly(half, plane.channels(),
                      [&](int x, int y) { return ReadSlowly(plane, 2 * x + 0.5, 2 * y + 0.5); });
  };
  cv::Mat3d colours = halve(full);
  const cv::Mat1d counts = halve(w);
  for (int pass = 0; pass < 6; ++pass) {
    colours = MakeSlowly(half, 3, [&](int x, int y) {
      cv::Vec4d sum(0, 0, 0, 0);
      double missing = 1;
      for (int k = -4; k <= 4; ++k) {
        const int i = x + (pass % 2 == 1 ? k : 0);
        const int j = y + (pass % 2 == 0 ? k : 0);
        const double count = taps[std::abs(k)] * ReadSlowly(counts, i, j)[0];
        sum += count * ReadSlowly(colours, i, j);
        missing -= count;
      }
      return cv::Vec4d(sum + missing * ReadSlowly(colours, x, y));
    });
  }
  return GrowSlowly(colours, 2, picture.size());
}

inline cv::Mat3d LiveKitSlowly(const cv::Mat3b& picture, int radius) {
  cv::Mat3d full;
  picture.convertTo(full, CV_64F);
  const cv::Size quarter((picture.cols + 3) / 4, (picture.rows + 3) / 4);
  const cv::Mat small =
      MakeSlowly(quarter, 3, [&](int x, int y) { return ReadSlowly(full, 4 * x + 1.5, 4 * y + 1.5); });
  const int reach = radius / 4;
  return GrowSlowly(GaussianSlowly(small, reach, 2 * reach + 1), 4, picture.size());
}

}  // namespace peekproof::engines
