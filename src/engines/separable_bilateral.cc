// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/separable_bilateral.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/downscale.h"
#include "image/vector_math.h"

namespace peekproof::engines {
namespace {

/// Pixels filtered or copied at once; of 16 and 32 the compiler makes slower code.
constexpr int kFilterStretch = 64;

/// One stretch of one pass. The pointers are those of its first pixel; all rows are padded.
struct Stretch {
  const uint8_t* mask;
  const uint8_t* corner;    ///< The mask's row at the corners above.
  const uint8_t* plane[3];  ///< The frame's channels.
};

/// One tap on a stretch.
struct Tap {
  const uint8_t* mask;
  const uint8_t* plane[3];
  float weight;
};

struct Sums {
  float total[kFilterStretch];
  float weighted[kFilterStretch];
};

PEEKPROOF_VECTOR_CLONES void AddTap(const Stretch* centre, const Tap* tap, float color_exponent, Sums* sums) {
  const uint8_t* c0 = centre->plane[0];
  const uint8_t* c1 = centre->plane[1];
  const uint8_t* c2 = centre->plane[2];
  const uint8_t* t0 = tap->plane[0];
  const uint8_t* t1 = tap->plane[1];
  const uint8_t* t2 = tap->plane[2];
  const uint8_t* mask = tap->mask;
  const float space = tap->weight;
  for (int x = 0; x < kFilterStretch; ++x) {
    const int d0 = c0[x] - t0[x];
    const int d1 = c1[x] - t1[x];
    const int d2 = c2[x] - t2[x];
    // The root is rounded correctly, so whole distances stay whole.
    const auto step = static_cast<int>(std::sqrt(static_cast<float>(d0 * d0 + d1 * d1 + d2 * d2)));
    const float weight = space * image::FastExp(static_cast<float>(step * step) * color_exponent);
    sums->total[x] += weight;
    sums->weighted[x] += weight * static_cast<float>(mask[x]);
  }
}

void Start(const uint8_t* mask, Sums* sums) {
  for (int x = 0; x < kFilterStretch; ++x) {
    sums->total[x] = 1.0F;
    sums->weighted[x] = static_cast<float>(mask[x]);
  }
}

/// The means, but for pixels that are left as they are.
PEEKPROOF_VECTOR_CLONES void Finish(const Sums* sums, const uint8_t* mask, const uint8_t* kept,
                                    uint8_t* filtered) {
  for (int x = 0; x < kFilterStretch; ++x) {
    const auto mean = static_cast<uint8_t>(static_cast<int>(sums->weighted[x] / sums->total[x] + 0.5F));
    filtered[x] = kept[x] != 0 ? mask[x] : mean;
  }
}

/// Which pixels' samples at the corners agree on 0 or 255 (1: kept, 0: to be filtered).
PEEKPROOF_VECTOR_CLONES void FindKept(const uint8_t* mask, const uint8_t* corner, int before, int after,
                                      uint8_t* kept) {
  for (int x = 0; x < kFilterStretch; ++x) {
    const int all =
        mask[x] & mask[x + before] & mask[x + after] & corner[x] & corner[x + before] & corner[x + after];
    const int any =
        mask[x] | mask[x + before] | mask[x + after] | corner[x] | corner[x + before] | corner[x + after];
    kept[x] = static_cast<uint8_t>(static_cast<int>(all == 255) | static_cast<int>(any == 0));
  }
}

PEEKPROOF_VECTOR_CLONES void SplitRow(const uint8_t* bgr, int count, uint8_t* plane0, uint8_t* plane1,
                                      uint8_t* plane2) {
  for (int x = 0; x < count; ++x) {
    plane0[x] = bgr[3 * x];
    plane1[x] = bgr[3 * x + 1];
    plane2[x] = bgr[3 * x + 2];
  }
}

bool IsUniform(const uint8_t* values, int count) {
  return std::all_of(values, values + count, [&](uint8_t value) { return value == values[0]; });
}

/// Repeats the first and the last of `count` values that stand at `row` into the padding beside them.
void PadSides(uint8_t* row, int count, int padding) {
  std::memset(row - padding, row[0], static_cast<size_t>(padding));
  std::memset(row + count, row[count - 1], static_cast<size_t>(padding + kFilterStretch));
}

/// Working memory of one thread; grows at the first frame and stays.
struct BilateralScratch {
  std::vector<uint8_t> mask;
  std::vector<uint8_t> corner;
  std::vector<uint8_t> uniform;
  std::vector<Tap> taps;
};

BilateralScratch& ThisThreadsBilateralScratch() {
  static thread_local BilateralScratch scratch;
  return scratch;
}

/// The filter on the stretch from column x on; centre and taps are those of column 0.
struct StretchFilter {
  Stretch centre;
  const std::vector<Tap>& taps;
  int corner_before;
  int corner_after;
  float color_exponent;

  void Run(int x, uint8_t* filtered) const {
    uint8_t kept[kFilterStretch];
    FindKept(centre.mask + x, centre.corner + x, corner_before, corner_after, kept);
    if (std::find(kept, kept + kFilterStretch, 0) == kept + kFilterStretch) {
      std::memcpy(filtered, centre.mask + x, kFilterStretch);
      return;
    }
    const Stretch here{
        centre.mask + x, centre.corner + x, {centre.plane[0] + x, centre.plane[1] + x, centre.plane[2] + x}};
    Sums sums;
    Start(here.mask, &sums);
    for (const Tap& tap : taps) {
      const Tap there{tap.mask + x, {tap.plane[0] + x, tap.plane[1] + x, tap.plane[2] + x}, tap.weight};
      AddTap(&here, &there, color_exponent, &sums);
    }
    Finish(&sums, here.mask, kept, filtered);
  }
};

}  // namespace

SeparableBilateralUpsampler::SeparableBilateralUpsampler(const SeparableBilateralOptions& options)
    : options_(options) {
  PEEKPROOF_CHECK(options.radius >= 0.0F && options.radius <= 16.0F && options.sigma_color > 0.0F,
                  "radius {}, sigma_color {}", options.radius, options.sigma_color);
  const double sigma = 255.0 * static_cast<double>(options.sigma_color);
  color_exponent_ = static_cast<float>(-0.5 / (sigma * sigma));
}

SeparableBilateralUpsampler::Axis SeparableBilateralUpsampler::MakeAxis(int size, int coarse_size,
                                                                        double reach, double sigma) {
  Axis axis;
  const double step = reach > 1.0 ? std::max(1.0, std::floor(0.5 * reach / std::log(reach))) : 1.0;
  for (double distance = 1.0; distance <= reach; distance += step) {
    const double part = distance / size / sigma;
    axis.distance.push_back(static_cast<int>(distance));
    axis.weight.push_back(static_cast<float>(std::exp(-0.5 * part * part)));
  }
  for (int i = 0; i < size; ++i) axis.coarse.push_back(CentreIndex(i, coarse_size, size));
  return axis;
}

void SeparableBilateralUpsampler::Prepare(cv::Size coarse_size, cv::Size size) {
  if (coarse_size == coarse_size_ && size == size_) return;
  coarse_size_ = coarse_size;
  size_ = size;
  const double reach =
      static_cast<double>(options_.radius) * std::max(static_cast<double>(size.width) / coarse_size.width,
                                                      static_cast<double>(size.height) / coarse_size.height);
  const double sigma = std::max(1.0 / size.width, 1.0 / size.height) * reach;
  x_ = MakeAxis(size.width, coarse_size.width, reach, sigma);
  y_ = MakeAxis(size.height, coarse_size.height, reach, sigma);
  corner_before_ = static_cast<int>(std::floor(0.5 - reach));
  corner_after_ = static_cast<int>(std::floor(0.5 + reach));
  padding_ = std::max(-corner_before_, corner_after_);  // Taps do not reach further.
  const int stretches = (size.width + kFilterStretch - 1) / kFilterStretch;
  for (cv::Mat1b& plane : planes_) plane.create(size.height, size.width + 2 * padding_ + kFilterStretch);
  rows_.create(planes_[0].size());
  uniform_.create(size.height, stretches);
  runs_.create(size.height, stretches);
}

void SeparableBilateralUpsampler::UpscaleRow(const cv::Mat1b& coarse, int y, uint8_t* row) const {
  const uint8_t* source = coarse.ptr(y_.coarse[std::clamp(y, 0, size_.height - 1)]);
  for (int x = 0; x < size_.width; ++x) row[x] = source[x_.coarse[x]];
  PadSides(row, size_.width, padding_);
}

void SeparableBilateralUpsampler::LoadGuideRow(const cv::Mat3b& guide, int y) {
  uint8_t* plane[3];
  for (int c = 0; c < 3; ++c) plane[c] = planes_[c].ptr(y) + padding_;
  SplitRow(guide.ptr(y), size_.width, plane[0], plane[1], plane[2]);
  for (uint8_t* row : plane) PadSides(row, size_.width, padding_);
}

void SeparableBilateralUpsampler::FilterRows(const cv::Mat1b& coarse, const cv::Mat3b& guide, int first,
                                             int end) {
  BilateralScratch& scratch = ThisThreadsBilateralScratch();
  const auto width = static_cast<size_t>(rows_.cols);
  scratch.mask.resize(std::max(scratch.mask.size(), width));
  scratch.corner.resize(std::max(scratch.corner.size(), width));
  scratch.uniform.resize(std::max(scratch.uniform.size(), static_cast<size_t>(runs_.cols)));
  uint8_t* mask = scratch.mask.data() + padding_;
  uint8_t* corner = scratch.corner.data() + padding_;
  for (int y = first; y < end; ++y) {
    LoadGuideRow(guide, y);
    if (y == first || y_.coarse[y] != y_.coarse[y - 1]) {
      UpscaleRow(coarse, y, mask);
      for (int j = 0; j < runs_.cols; ++j) {
        const int seen = kFilterStretch + 2 * padding_;
        scratch.uniform[j] = IsUniform(mask + j * kFilterStretch - padding_, seen) ? 1 : 0;
      }
    }
    UpscaleRow(coarse, y + corner_before_, corner);
    FilterRow(y, mask, corner, scratch.uniform.data());
  }
}

void SeparableBilateralUpsampler::FilterRow(int y, const uint8_t* mask, const uint8_t* corner,
                                            const uint8_t* uniform) {
  const uint8_t* plane[3];
  for (int c = 0; c < 3; ++c) plane[c] = planes_[c].ptr(y) + padding_;
  std::vector<Tap>& taps = ThisThreadsBilateralScratch().taps;
  taps.clear();
  for (size_t i = 0; i < x_.distance.size(); ++i) {
    for (const int shift : {x_.distance[i], -x_.distance[i]}) {
      taps.push_back({mask + shift, {plane[0] + shift, plane[1] + shift, plane[2] + shift}, x_.weight[i]});
    }
  }
  const StretchFilter filter{
      {mask, corner, {plane[0], plane[1], plane[2]}}, taps, corner_before_, corner_after_, color_exponent_};
  uint8_t* row = rows_.ptr(y) + padding_;  // The last stretch may run over into the padding.
  for (int j = 0; j < runs_.cols; ++j) {
    const int x = j * kFilterStretch;
    if (uniform[j] != 0) {
      std::memset(row + x, mask[x], kFilterStretch);
    } else {
      filter.Run(x, row + x);
    }
    uniform_(y, j) = IsUniform(row + x, std::min(kFilterStretch, size_.width - x)) ? 1 : 0;
  }
  PadSides(row, size_.width, padding_);
}

void SeparableBilateralUpsampler::FindRuns() {
  for (int y = 0; y < size_.height; ++y) {
    const uint8_t* row = rows_.ptr(y) + padding_;
    for (int j = 0; j < runs_.cols; ++j) {
      if (uniform_(y, j) == 0) {
        runs_(y, j) = -1;
        continue;
      }
      const int x = j * kFilterStretch;
      const bool goes_on = y > 0 && runs_(y - 1, j) >= 0 && row[x] == rows_(y - 1, padding_ + x);
      runs_(y, j) = goes_on ? runs_(y - 1, j) : y;
    }
  }
}

void SeparableBilateralUpsampler::FilterColumns(int first, int end, cv::Mat1b* refined) const {
  const int reach = y_.distance.empty() ? 0 : y_.distance.back();
  std::vector<Tap>& taps = ThisThreadsBilateralScratch().taps;
  for (int y = first; y < end; ++y) {
    const int top = std::max(0, y - reach);
    const int bottom = std::min(size_.height - 1, y + reach);
    const auto row = [&](const cv::Mat1b& padded, int shift) {
      return padded.ptr(std::clamp(y + shift, 0, size_.height - 1)) + padding_;
    };
    taps.clear();
    for (size_t i = 0; i < y_.distance.size(); ++i) {
      for (const int shift : {y_.distance[i], -y_.distance[i]}) {
        taps.push_back({row(rows_, shift),
                        {row(planes_[0], shift), row(planes_[1], shift), row(planes_[2], shift)},
                        y_.weight[i]});
      }
    }
    const StretchFilter filter{{row(rows_, 0),
                                row(rows_, corner_before_),
                                {row(planes_[0], 0), row(planes_[1], 0), row(planes_[2], 0)}},
                               taps,
                               corner_before_,
                               corner_after_,
                               color_exponent_};
    for (int j = 0; j < runs_.cols; ++j) {
      const int x = j * kFilterStretch;
      const auto count = static_cast<size_t>(std::min(kFilterStretch, size_.width - x));
      if (runs_(top, j) >= 0 && runs_(top, j) == runs_(bottom, j)) {
        std::memset(refined->ptr(y) + x, filter.centre.mask[x], count);
        continue;
      }
      uint8_t filtered[kFilterStretch];
      filter.Run(x, filtered);
      std::memcpy(refined->ptr(y) + x, filtered, count);
    }
  }
}

void SeparableBilateralUpsampler::Apply(const cv::Mat1b& coarse, const cv::Mat3b& guide, cv::Mat1b* refined) {
  PEEKPROOF_CHECK(!coarse.empty() && !guide.empty(), "mask {}x{}, frame {}x{}", coarse.cols, coarse.rows,
                  guide.cols, guide.rows);
  Prepare(coarse.size(), guide.size());
  refined->create(guide.size());
  const auto rows = [&](int first, int end) { FilterRows(coarse, guide, first, end); };
  ParallelRows(guide.rows, std::cref(rows));
  FindRuns();
  const auto columns = [&](int first, int end) { FilterColumns(first, end, refined); };
  ParallelRows(guide.rows, std::cref(columns));
}

}  // namespace peekproof::engines
