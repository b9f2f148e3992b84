// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// The mean over a square, by sums that run along columns and rows: exact integers, the same cost for any
// size.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blur_filter.h"

namespace peekproof::engines {
namespace {

constexpr int kMaxSize = 255;

/// Adds `sign` (1 or -1, modulo 2^32) times one row of bytes.
PEEKPROOF_VECTOR_CLONES void AddPlain(const uint8_t* bgr, uint32_t sign, int width, uint32_t* sums) {
  for (int i = 0; i < 3 * width; ++i) sums[i] += sign * bgr[i];
}

/// The same for w B, w G, w R and w.
PEEKPROOF_VECTOR_CLONES void AddWeighted(const uint8_t* bgr, const uint8_t* weight, uint32_t sign, int width,
                                         uint32_t* sums) {
  for (int x = 0; x < width; ++x) {
    const uint32_t w = sign * weight[x];
    sums[4 * x] += w * bgr[3 * x];
    sums[4 * x + 1] += w * bgr[3 * x + 1];
    sums[4 * x + 2] += w * bgr[3 * x + 2];
    sums[4 * x + 3] += w;
  }
}

inline uint8_t Rounded(float value) { return static_cast<uint8_t>(static_cast<int>(value + 0.5F)); }

/// Runs a window of 2 radius + 1 pixels along column sums that are padded by radius + 1 to each side.
void SlidePlain(const uint32_t* padded, int radius, int width, uint8_t* bgr) {
  const float scale = 1.0F / static_cast<float>((2 * radius + 1) * (2 * radius + 1));
  std::array<uint32_t, 3> sum{};
  for (int k = -radius - 1; k < radius; ++k) {
    for (int c = 0; c < 3; ++c) sum[c] += padded[3 * k + c];
  }
  for (int x = 0; x < width; ++x) {
    for (int c = 0; c < 3; ++c) {
      sum[c] += padded[3 * (x + radius) + c] - padded[3 * (x - radius - 1) + c];
      bgr[3 * x + c] = Rounded(static_cast<float>(sum[c]) * scale);
    }
  }
}

void SlideWeighted(const uint32_t* padded, int radius, int width, const cv::Vec3b& fill, uint8_t* bgr) {
  std::array<uint32_t, 4> sum{};
  for (int k = -radius - 1; k < radius; ++k) {
    for (int c = 0; c < 4; ++c) sum[c] += padded[4 * k + c];
  }
  for (int x = 0; x < width; ++x) {
    for (int c = 0; c < 4; ++c) sum[c] += padded[4 * (x + radius) + c] - padded[4 * (x - radius - 1) + c];
    const float inverse = sum[3] > 0 ? 1.0F / static_cast<float>(sum[3]) : 0.0F;
    for (int c = 0; c < 3; ++c) {
      bgr[3 * x + c] = sum[3] > 0 ? Rounded(static_cast<float>(sum[c]) * inverse) : fill[c];
    }
  }
}

void PadSums(int width, int channels, int pad, uint32_t* sums) {
  for (int i = 1; i <= pad * channels; ++i) sums[-i] = sums[channels - i];
  for (int i = width * channels; i < (width + pad) * channels; ++i) sums[i] = sums[i - channels];
}

class BoxBlurFilter : public BlurFilter {
 public:
  explicit BoxBlurFilter(int size) : radius_(size / 2) {}

  void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) override {
    PEEKPROOF_CHECK(picture.data != blurred->data, "blurred in place");
    blurred->create(picture.size());
    if (weight != nullptr) FindFill(picture, *weight);
    const auto rows = [&](int first, int end) { BlurRows(picture, weight, first, end, blurred); };
    ParallelRows(picture.rows, std::cref(rows));
  }

  double EffectiveSigma(cv::Size /*frame*/) const override {
    return std::sqrt(radius_ * (radius_ + 1) / 3.0);
  }

 private:
  /// The mean colour of all that counts.
  void FindFill(const cv::Mat3b& picture, const cv::Mat1b& weight) {
    row_totals_.resize(static_cast<size_t>(picture.rows));
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        std::array<uint64_t, 4> totals{};
        for (int x = 0; x < picture.cols; ++x) {
          const uint64_t w = weight(y, x);
          for (int c = 0; c < 3; ++c) totals[c] += w * picture(y, x)[c];
          totals[3] += w;
        }
        row_totals_[y] = totals;
      }
    };
    ParallelRows(picture.rows, std::cref(rows));
    std::array<uint64_t, 4> totals{};
    for (const auto& row : row_totals_) {
      for (int c = 0; c < 4; ++c) totals[c] += row[c];
    }
    for (int c = 0; c < 3; ++c) {
      fill_[c] = totals[3] == 0 ? uint8_t{0} : static_cast<uint8_t>((totals[c] + totals[3] / 2) / totals[3]);
    }
  }

  void BlurRows(const cv::Mat3b& picture, const cv::Mat1b* weight, int first, int end,
                cv::Mat3b* blurred) const {
    static thread_local std::vector<uint32_t> buffer;
    const int channels = weight == nullptr ? 3 : 4;
    const int pad = radius_ + 1;
    buffer.assign(static_cast<size_t>((picture.cols + 2 * pad) * channels), 0);
    uint32_t* sums = buffer.data() + static_cast<ptrdiff_t>(pad * channels);
    const auto add = [&](int y, uint32_t sign) {
      const int row = std::clamp(y, 0, picture.rows - 1);
      if (weight == nullptr) {
        AddPlain(picture.ptr(row), sign, picture.cols, sums);
      } else {
        AddWeighted(picture.ptr(row), weight->ptr(row), sign, picture.cols, sums);
      }
    };
    for (int k = -radius_; k <= radius_; ++k) add(first + k, 1);
    for (int y = first; y < end; ++y) {
      if (y > first) {
        add(y + radius_, 1);
        add(y - radius_ - 1, ~uint32_t{0});
      }
      PadSums(picture.cols, channels, pad, sums);
      if (weight == nullptr) {
        SlidePlain(sums, radius_, picture.cols, blurred->ptr(y));
      } else {
        SlideWeighted(sums, radius_, picture.cols, fill_, blurred->ptr(y));
      }
    }
  }

  int radius_;
  cv::Vec3b fill_;
  std::vector<std::array<uint64_t, 4>> row_totals_;
};

}  // namespace

std::unique_ptr<BlurFilter> MakeBoxFilter(int size) {
  PEEKPROOF_CHECK(size % 2 == 1 && size <= kMaxSize, "box of {}", size);
  return std::make_unique<BoxBlurFilter>(size);
}

}  // namespace peekproof::engines
