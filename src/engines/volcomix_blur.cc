// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>

#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blur_filter.h"
#include "engines/float_picture.h"

namespace peekproof::engines {
namespace {

/// Centre and one side of Volcomix's taps.
constexpr std::array<float, 5> kVolcomixTaps{0.2270270270F, 0.1945945946F, 0.1216216216F, 0.0540540541F,
                                             0.0162162162F};
constexpr int kVolcomixReach = 4;
constexpr Shrinking kHalving{2, 2, 0};
constexpr int kVolcomixIterations = 3;

PEEKPROOF_VECTOR_CLONES void Multiply(const float* a, const float* b, int count, float* product) {
  for (int i = 0; i < count; ++i) product[i] = a[i] * b[i];
}

/// sums[i] += (1 - weight[i]) * centre[i]
PEEKPROOF_VECTOR_CLONES void AddMissing(const float* weight, const float* centre, int count, float* sums) {
  for (int i = 0; i < count; ++i) sums[i] += (1.0F - weight[i]) * centre[i];
}

/// Convolves along one axis.
void Convolve(const FloatPicture& source, bool vertical, FloatPicture* target) {
  target->Create(source.size(), source.channels(), kVolcomixReach);
  const auto rows = [&](int first, int end) {
    const float* taps[2 * kVolcomixReach + 1];
    for (int y = first; y < end; ++y) {
      for (int k = -kVolcomixReach; k <= kVolcomixReach; ++k) {
        taps[k + kVolcomixReach] =
            vertical ? source.ClampedRow(y + k) : source.Row(y) + k * source.channels();
      }
      SumSymmetric(taps, kVolcomixTaps.data(), kVolcomixReach, source.row_values(), target->Row(y));
    }
  };
  ParallelRows(source.size().height, std::cref(rows));
}

class VolcomixBlur : public BlurFilter {
 public:
  void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) override {
    Shrink(picture, nullptr, kHalving, kVolcomixReach, &colours_);
    if (weight != nullptr) {
      ShrinkWeight(*weight);
      Convolve(weight_, true, &weight_sum_[0]);
      Convolve(weight_, false, &weight_sum_[1]);
    }
    for (int pass = 0; pass < 2 * kVolcomixIterations; ++pass) RunPass(pass % 2, weight != nullptr);
    grower_.Apply(colours_, kHalving, picture.size(), blurred);
  }

  double EffectiveSigma(cv::Size /*frame*/) const override {
    double variance = 0;
    for (int k = 1; k <= kVolcomixReach; ++k) {
      variance += 2.0 * static_cast<double>(kVolcomixTaps[static_cast<size_t>(k)]) * k * k;
    }
    return std::sqrt(ShrinkVariance(kHalving) + 4 * kVolcomixIterations * variance + GrowVariance(2));
  }

 private:
  /// The mean weight of 2 x 2 pixels, three times over to lie beside the colours.
  void ShrinkWeight(const cv::Mat1b& weight) {
    const cv::Size size = colours_.size();
    weight_.Create(size, 3, kVolcomixReach);
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        const uint8_t* above = weight.ptr(2 * y);
        const uint8_t* below = weight.ptr(std::min(2 * y + 1, weight.rows - 1));
        float* row = weight_.Row(y);
        for (int x = 0; x < size.width; ++x) {
          const int right = std::min(2 * x + 1, weight.cols - 1);
          const int sum = above[2 * x] + above[right] + below[2 * x] + below[right];
          const float mean = static_cast<float>(sum) * (1.0F / 1020.0F);
          row[3 * x] = row[3 * x + 1] = row[3 * x + 2] = mean;
        }
        weight_.PadRow(y);
      }
    };
    ParallelRows(size.height, std::cref(rows));
  }

  void RunPass(int axis, bool weighted) {
    if (weighted) {
      weighted_.Create(colours_.size(), 3, kVolcomixReach);
      const auto multiply = [&](int first, int end) {
        for (int y = first; y < end; ++y) {
          Multiply(colours_.Row(y), weight_.Row(y), colours_.row_values(), weighted_.Row(y));
          weighted_.PadRow(y);
        }
      };
      ParallelRows(colours_.size().height, std::cref(multiply));
    }
    Convolve(weighted ? weighted_ : colours_, axis == 0, &next_);
    const auto finish = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        if (weighted) {
          AddMissing(weight_sum_[axis].Row(y), colours_.Row(y), colours_.row_values(), next_.Row(y));
        }
        next_.PadRow(y);
      }
    };
    ParallelRows(colours_.size().height, std::cref(finish));
    std::swap(colours_, next_);
  }

  FloatPicture colours_;
  FloatPicture next_;
  FloatPicture weighted_;
  FloatPicture weight_;
  FloatPicture weight_sum_[2];  ///< Sum over the taps of the weights: vertically, horizontally.
  Grower grower_;
};

}  // namespace

std::unique_ptr<BlurFilter> MakeVolcomixFilter() { return std::make_unique<VolcomixBlur>(); }

}  // namespace peekproof::engines
