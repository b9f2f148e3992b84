// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/bilateral.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

constexpr int kMaskStretch = 64;  // Pixels that are copied at once where their surroundings are uniform.

/// Index mirrored at 0 and size - 1, as often as it takes.
int Mirrored(int i, int size) {
  if (size == 1) return 0;
  while (i < 0 || i >= size) i = i < 0 ? -i : 2 * size - 2 - i;
  return i;
}

void Pad(const cv::Mat1b& mask, int radius, cv::Mat1b* padded) {
  padded->create(mask.rows + 2 * radius, mask.cols + 2 * radius);
  for (int y = 0; y < padded->rows; ++y) {
    const uint8_t* source = mask.ptr(Mirrored(y - radius, mask.rows));
    uint8_t* target = padded->ptr(y);
    std::memcpy(target + radius, source, static_cast<size_t>(mask.cols));
    for (int x = 0; x < radius; ++x) {
      target[x] = source[Mirrored(x - radius, mask.cols)];
      target[radius + mask.cols + x] = source[Mirrored(mask.cols + x, mask.cols)];
    }
  }
}

PEEKPROOF_VECTOR_CLONES bool IsUniform(const uint8_t* values, int count, uint8_t value) {
  int differs = 0;
  for (int x = 0; x < count; ++x) differs |= values[x] ^ value;
  return differs == 0;
}

PEEKPROOF_VECTOR_CLONES void BinomialRow(const uint8_t* above, const uint8_t* here, const uint8_t* below,
                                         int count, uint16_t* sums) {
  for (int x = 0; x < count; ++x) sums[x] = static_cast<uint16_t>(above[x] + 2 * here[x] + below[x]);
}

PEEKPROOF_VECTOR_CLONES void BinomialColumns(const uint16_t* sums, int count, uint8_t* filtered) {
  for (int x = 0; x < count; ++x) {
    filtered[x] = static_cast<uint8_t>((sums[x] + 2 * sums[x + 1] + sums[x + 2] + 8) >> 4);
  }
}

}  // namespace

MaskBilateral::MaskBilateral(const BilateralOptions& options) : radius_(options.diameter / 2) {
  PEEKPROOF_CHECK(options.diameter >= 3 && options.diameter <= 15 && options.diameter % 2 == 1, "diameter {}",
                  options.diameter);
  const auto gauss = [](double x, double sigma) {
    return static_cast<float>(std::exp(-0.5 * x * x / sigma / sigma));
  };
  for (int dy = -radius_; dy <= radius_; ++dy) {
    for (int dx = -radius_; dx <= radius_; ++dx) {
      const double distance = std::sqrt(dx * dx + dy * dy);
      if (distance > radius_) continue;
      taps_.push_back({dy, dx, gauss(distance, static_cast<double>(options.sigma_space))});
    }
  }
  for (int i = 0; i < 256; ++i) color_weight_[i] = gauss(i, static_cast<double>(options.sigma_color));
}

void MaskBilateral::Apply(const cv::Mat1b& mask, cv::Mat1b* filtered) {
  PEEKPROOF_CHECK(!mask.empty() && mask.data != filtered->data, "mask {}x{}", mask.cols, mask.rows);
  Pad(mask, radius_, &padded_);
  filtered->create(mask.size());
  offset_.resize(taps_.size());
  for (size_t i = 0; i < taps_.size(); ++i) {
    offset_[i] = taps_[i].dy * static_cast<std::ptrdiff_t>(padded_.step1()) + taps_[i].dx;
  }
  const auto pixel = [&](const uint8_t* centre) {
    float total = 0.0F;
    float weighted = 0.0F;
    for (size_t i = 0; i < taps_.size(); ++i) {
      const int value = centre[offset_[i]];
      const float weight = taps_[i].weight * color_weight_[std::abs(value - *centre)];
      weighted += static_cast<float>(value) * weight;
      total += weight;
    }
    return static_cast<uint8_t>(std::lrint(weighted / total));
  };
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      for (int x = 0; x < mask.cols; x += kMaskStretch) {
        const int count = std::min(kMaskStretch, mask.cols - x);
        const uint8_t value = mask(y, x);
        bool uniform = true;
        for (int dy = 0; dy <= 2 * radius_ && uniform; ++dy) {
          uniform = IsUniform(padded_.ptr(y + dy) + x, count + 2 * radius_, value);
        }
        uint8_t* target = filtered->ptr(y) + x;
        if (uniform) {
          std::memset(target, value, static_cast<size_t>(count));
          continue;
        }
        const uint8_t* centre = padded_.ptr(y + radius_) + radius_ + x;
        for (int i = 0; i < count; ++i) target[i] = pixel(centre + i);
      }
    }
  };
  ParallelRows(mask.rows, std::cref(rows));
}

void Binomial3(const cv::Mat1b& mask, cv::Mat1b* filtered) {
  PEEKPROOF_CHECK(!mask.empty() && mask.data != filtered->data, "mask {}x{}", mask.cols, mask.rows);
  filtered->create(mask.size());
  const auto rows = [&](int first, int end) {
    uint16_t sums[kMaskStretch + 2];
    for (int y = first; y < end; ++y) {
      const uint8_t* above = mask.ptr(Mirrored(y - 1, mask.rows));
      const uint8_t* here = mask.ptr(y);
      const uint8_t* below = mask.ptr(Mirrored(y + 1, mask.rows));
      const auto sum = [&](int x) {
        const int column = Mirrored(x, mask.cols);
        return static_cast<uint16_t>(above[column] + 2 * here[column] + below[column]);
      };
      for (int x = 0; x < mask.cols; x += kMaskStretch) {
        const int count = std::min(kMaskStretch, mask.cols - x);
        BinomialRow(above + x, here + x, below + x, count, sums + 1);
        sums[0] = sum(x - 1);
        sums[count + 1] = sum(x + count);
        BinomialColumns(sums, count, filtered->ptr(y) + x);
      }
    }
  };
  ParallelRows(mask.rows, std::cref(rows));
}

}  // namespace peekproof::engines
