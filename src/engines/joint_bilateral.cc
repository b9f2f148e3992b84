// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/joint_bilateral.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

constexpr int kTileColumns = 64;
constexpr int kTileRows = 8;  // Divides the bands of ParallelRows.
constexpr int kVector = 8;  // Pixels filtered or copied at once: what one register of most processors holds.
constexpr int kVectors = kTileColumns / kVector;
constexpr float kSparsity = 0.66F;
constexpr float kSmallestExponent = -120.0F;  // Keeps every weight a normal number, so that no sum is 0.

/// Eight pixels. The compiler splits these into whatever the processor has; the result is the same on all,
/// since every operation is by element. (Its own vectoriser does not keep the sums of the tap loop in
/// registers.)
using Floats __attribute__((vector_size(kVector * sizeof(float)))) = float;
using Ints __attribute__((vector_size(kVector * sizeof(float)))) = int32_t;

/// What FilterVector reads; offsets are in floats.
struct VectorTaps {
  const float* planes[3];     ///< The frame's channels as floats, at the first of the eight pixels.
  const int* offset;          ///< Of each tap in the planes.
  const float* space_weight;  ///< Of each tap.
  const float* const* mask;   ///< What each tap sees of the mask, from the tile's first column on.
  int mask_column;            ///< Of the first pixel.
  int taps;
  float color_exponent;
};

/// The filter at eight pixels. The colour weight is 2^t, t in [-120, 0]: a polynomial for the fraction in
/// (-1, 0] (interpolation at the Chebyshev nodes, relative error 3.5e-6), whose exponent bits then take the
/// whole part.
PEEKPROOF_VECTOR_CLONES void FilterVector(const VectorTaps* taps, uint8_t* refined) {
  Floats centre[3];
  for (int c = 0; c < 3; ++c) std::memcpy(&centre[c], taps->planes[c], sizeof(Floats));
  Floats total = {};
  Floats weighted = {};
  for (int i = 0; i < taps->taps; ++i) {
    Floats distance = {};
    for (int c = 0; c < 3; ++c) {
      Floats color;
      std::memcpy(&color, taps->planes[c] + taps->offset[i], sizeof(Floats));
      color -= centre[c];
      distance += color * color;
    }
    Floats t = distance * taps->color_exponent;
    t = t < kSmallestExponent ? Floats{} + kSmallestExponent : t;
    const Ints whole = __builtin_convertvector(t, Ints);
    const Floats f = t - __builtin_convertvector(whole, Floats);
    const Floats power =
        0.999998039784F +
        f * (0.693048933909F + f * (0.23943060364F + f * (0.0532131177888F + f * 0.00683515472668F)));
    const Floats weight =
        reinterpret_cast<Floats>(reinterpret_cast<Ints>(power) + (whole << 23)) * taps->space_weight[i];
    Floats mask;
    std::memcpy(&mask, taps->mask[i] + taps->mask_column, sizeof(Floats));
    total += weight;
    weighted += weight * mask;
  }
  const Ints rounded = __builtin_convertvector(weighted / total + 0.5F, Ints);
  for (int x = 0; x < kVector; ++x) refined[x] = static_cast<uint8_t>(rounded[x]);
}

PEEKPROOF_VECTOR_CLONES void SplitRow(const uint8_t* bgr, int count, float* plane0, float* plane1,
                                      float* plane2) {
  for (int x = 0; x < count; ++x) {
    plane0[x] = static_cast<float>(bgr[3 * x]);
    plane1[x] = static_cast<float>(bgr[3 * x + 1]);
    plane2[x] = static_cast<float>(bgr[3 * x + 2]);
  }
}

double GaussianWeight(double squared_distance, double sigma) {
  return std::exp(-0.5 * squared_distance / (sigma * sigma * 4.0 + 1.0e-6));
}

}  // namespace

/// Filters tiles of one frame; one per thread and band.
class JointBilateralUpsampler::TileFilter {
 public:
  /// Working memory of one thread; grows at the first frame and stays.
  struct Scratch {
    std::vector<float> planes;
    std::vector<float> masks;
    std::vector<uint8_t> mask_ready;
    std::vector<uint8_t> column_low;
    std::vector<uint8_t> column_high;
    std::vector<int> tap_offset;
    std::vector<const float*> tap_mask;
  };

  TileFilter(const JointBilateralUpsampler& owner, const cv::Mat1b& coarse, const cv::Mat3b& guide,
             cv::Mat1b* refined, Scratch* scratch)
      : owner_(owner),
        coarse_(coarse),
        guide_(guide),
        refined_(refined),
        scratch_(scratch),
        taps_(static_cast<int>(owner.x_.shift.size())),
        first_column_(owner.x_.pixel.front()),
        first_row_(owner.y_.pixel.front()),
        stride_(kTileColumns + owner.x_.pixel.back() - first_column_),
        plane_(stride_ * (kTileRows + owner.y_.pixel.back() - first_row_)) {
    scratch_->planes.resize(static_cast<size_t>(3 * plane_));
    scratch_->column_low.resize(static_cast<size_t>(coarse.cols));
    scratch_->column_high.resize(static_cast<size_t>(coarse.cols));
    scratch_->tap_offset.clear();
    for (const int row : owner.y_.pixel) {
      for (const int column : owner.x_.pixel) scratch_->tap_offset.push_back(row * stride_ + column);
    }
    scratch_->tap_mask.resize(scratch_->tap_offset.size());
  }

  void Run(int x0, int y0, int rows) {
    const int columns = std::min(kTileColumns, guide_.cols - x0);
    if (FillUniform(x0, y0, columns, rows)) return;
    LoadGuide(x0, y0, rows);
    const int mask_rows = owner_.y_.high[y0 + rows - 1] - owner_.y_.low[y0] + 1;
    scratch_->masks.resize(
        std::max(scratch_->masks.size(), static_cast<size_t>(mask_rows * taps_ * kTileColumns)));
    scratch_->mask_ready.assign(static_cast<size_t>(mask_rows), uint8_t{0});
    Active active{};
    for (int y = y0; y < y0 + rows; ++y) {
      const bool same_taps =
          y > y0 && owner_.y_.low[y] == owner_.y_.low[y - 1] && owner_.y_.high[y] == owner_.y_.high[y - 1];
      if (!same_taps) active = FindActive(x0, y, columns);
      FilterRow(x0, y0, y, active, columns);
    }
  }

 private:
  /// Which stretches of kVector pixels of a tile's row have taps that see different mask values.
  using Active = std::array<bool, kVectors>;

  /// Copies the one mask value that all taps of the tile see; false where they see several.
  bool FillUniform(int x0, int y0, int columns, int rows) {
    const int low_x = owner_.x_.low[x0];
    const int high_x = owner_.x_.high[x0 + columns - 1];
    const int low_y = owner_.y_.low[y0];
    const int high_y = owner_.y_.high[y0 + rows - 1];
    const uint8_t value = coarse_(low_y, low_x);
    for (int y = low_y; y <= high_y; ++y) {
      const uint8_t* row = coarse_.ptr(y);
      for (int x = low_x; x <= high_x; ++x) {
        if (row[x] != value) return false;
      }
    }
    for (int y = y0; y < y0 + rows; ++y)
      std::memset(refined_->ptr(y) + x0, value, static_cast<size_t>(columns));
    return true;
  }

  /// Finds the active stretches of row y; also leaves the extremes of each mask column under its taps.
  Active FindActive(int x0, int y, int columns) {
    const int low_x = owner_.x_.low[x0];
    const int high_x = owner_.x_.high[x0 + columns - 1];
    uint8_t* low = scratch_->column_low.data();
    uint8_t* high = scratch_->column_high.data();
    for (int x = low_x; x <= high_x; ++x) {
      low[x] = high[x] = coarse_(owner_.y_.low[y], x);
      for (int row = owner_.y_.low[y] + 1; row <= owner_.y_.high[y]; ++row) {
        low[x] = std::min(low[x], coarse_(row, x));
        high[x] = std::max(high[x], coarse_(row, x));
      }
    }
    Active active{};
    for (int x = 0; x < columns; x += kVector) {
      const int first = owner_.x_.low[x0 + x];
      const int last = owner_.x_.high[x0 + std::min(x + kVector, columns) - 1];
      bool uniform = true;
      for (int m = first; m <= last; ++m) uniform = uniform && low[m] == low[first] && high[m] == low[first];
      active[x / kVector] = !uniform;
    }
    return active;
  }

  /// Float planes of the frame under the tile and its taps, edges replicated.
  void LoadGuide(int x0, int y0, int rows) {
    const int loaded_rows = rows + owner_.y_.pixel.back() - first_row_;
    const int first = x0 + first_column_;
    const int inside_begin = std::clamp(-first, 0, stride_);
    const int inside_end = std::clamp(guide_.cols - first, 0, stride_);
    for (int row = 0; row < loaded_rows; ++row) {
      const int y = std::clamp(y0 + first_row_ + row, 0, guide_.rows - 1);
      const uint8_t* source = guide_.ptr(y);
      float* plane[3];
      for (int c = 0; c < 3; ++c) plane[c] = scratch_->planes.data() + c * plane_ + row * stride_;
      SplitRow(source + 3 * (first + inside_begin), inside_end - inside_begin, plane[0] + inside_begin,
               plane[1] + inside_begin, plane[2] + inside_begin);
      for (int c = 0; c < 3; ++c) {
        std::fill(plane[c], plane[c] + inside_begin, static_cast<float>(source[c]));
        std::fill(plane[c] + inside_end, plane[c] + stride_,
                  static_cast<float>(source[3 * (guide_.cols - 1) + c]));
      }
    }
  }

  /// Mask row `mask_y` as each x tap sees it from the tile's columns: taps_ x kTileColumns values.
  const float* MaskRow(int x0, int y0, int mask_y) {
    const int slot = mask_y - owner_.y_.low[y0];
    float* values = scratch_->masks.data() + slot * taps_ * kTileColumns;
    if (scratch_->mask_ready[slot] != 0) return values;
    scratch_->mask_ready[slot] = 1;
    const uint8_t* row = coarse_.ptr(mask_y);
    for (int tap = 0; tap < taps_; ++tap) {
      const int* index = owner_.x_.coarse[tap].data() + x0;
      for (int x = 0; x < kTileColumns; ++x)
        values[tap * kTileColumns + x] = static_cast<float>(row[index[x]]);
    }
    return values;
  }

  void FilterRow(int x0, int y0, int y, const Active& active, int columns) {
    if (std::find(active.begin(), active.end(), true) != active.end()) {
      for (size_t i = 0; i < owner_.y_.shift.size(); ++i) {
        const float* mask = MaskRow(x0, y0, owner_.y_.coarse[i][y]);
        for (int j = 0; j < taps_; ++j) scratch_->tap_mask[i * taps_ + j] = mask + j * kTileColumns;
      }
    }
    uint8_t result[kVector];
    for (int x = 0; x < columns; x += kVector) {
      if (active[x / kVector]) {
        const float* centre = scratch_->planes.data() + (y - y0 - first_row_) * stride_ + x - first_column_;
        const VectorTaps taps{{centre, centre + plane_, centre + 2 * plane_},
                              scratch_->tap_offset.data(),
                              owner_.space_weight_.data(),
                              scratch_->tap_mask.data(),
                              x,
                              static_cast<int>(owner_.space_weight_.size()),
                              owner_.color_exponent_};
        FilterVector(&taps, result);
      } else {
        std::memset(result, scratch_->column_low[owner_.x_.low[x0 + x]], sizeof(result));
      }
      std::memcpy(refined_->ptr(y) + x0 + x, result, static_cast<size_t>(std::min(kVector, columns - x)));
    }
  }

  const JointBilateralUpsampler& owner_;
  const cv::Mat1b& coarse_;
  const cv::Mat3b& guide_;
  cv::Mat1b* refined_;
  Scratch* scratch_;
  int taps_;
  int first_column_;  ///< Of the loaded planes, relative to the tile.
  int first_row_;
  int stride_;
  int plane_;
};

JointBilateralUpsampler::JointBilateralUpsampler(const JointBilateralOptions& options) : options_(options) {
  PEEKPROOF_CHECK(options.sigma_space > 0.0F && options.sigma_space <= 8.0F && options.sigma_color > 0.0F,
                  "sigma_space {}, sigma_color {}", options.sigma_space, options.sigma_color);
}

JointBilateralUpsampler::Axis JointBilateralUpsampler::MakeAxis(int size, int coarse_size, float radius,
                                                                int padding) {
  Axis axis;
  axis.size = size;
  const float step = std::max(1.0F, std::sqrt(radius) * kSparsity);
  const float offset = step > 1.0F ? step * 0.5F : 0.0F;
  for (float shift = -radius + offset; shift <= radius; shift += step) axis.shift.push_back(shift);
  axis.low.assign(static_cast<size_t>(size), coarse_size);
  axis.high.assign(static_cast<size_t>(size), 0);
  for (const float shift : axis.shift) {
    axis.pixel.push_back(static_cast<int>(std::floor(0.5F + shift)));
    std::vector<int> index(static_cast<size_t>(size + padding));
    for (int i = 0; i < size + padding; ++i) {
      const double centre = std::min(i, size - 1) + 0.5 + static_cast<double>(shift);
      const int coarse =
          std::clamp(static_cast<int>(std::floor(centre * coarse_size / size)), 0, coarse_size - 1);
      index[i] = coarse;
      if (i >= size) continue;
      axis.low[i] = std::min(axis.low[i], coarse);
      axis.high[i] = std::max(axis.high[i], coarse);
    }
    axis.coarse.push_back(std::move(index));
  }
  // The centre is loaded with the taps, so the loaded range must hold offset 0.
  PEEKPROOF_CHECK(axis.pixel.front() <= 0 && axis.pixel.back() >= 0, "taps from {} to {}", axis.pixel.front(),
                  axis.pixel.back());
  return axis;
}

void JointBilateralUpsampler::Prepare(cv::Size coarse_size, cv::Size size) {
  if (coarse_size == coarse_size_ && size == size_) return;
  coarse_size_ = coarse_size;
  size_ = size;
  const float radius = options_.sigma_space *
                       std::max(static_cast<float>(size.width) / static_cast<float>(coarse_size.width),
                                static_cast<float>(size.height) / static_cast<float>(coarse_size.height));
  x_ = MakeAxis(size.width, coarse_size.width, radius, kTileColumns);
  y_ = MakeAxis(size.height, coarse_size.height, radius, 0);
  const double sigma = static_cast<double>(radius) / std::min(size.width, size.height);
  space_weight_.clear();
  for (const float y : y_.shift) {
    for (const float x : x_.shift) {
      const double dx = static_cast<double>(x) / size.width;
      const double dy = static_cast<double>(y) / size.height;
      space_weight_.push_back(static_cast<float>(GaussianWeight(dx * dx + dy * dy, sigma)));
    }
  }
  const double sigma_color = static_cast<double>(options_.sigma_color);
  color_exponent_ = static_cast<float>(std::log2(GaussianWeight(1.0 / (255.0 * 255.0), sigma_color)));
}

void JointBilateralUpsampler::Apply(const cv::Mat1b& coarse, const cv::Mat3b& guide, cv::Mat1b* refined) {
  PEEKPROOF_CHECK(!coarse.empty() && !guide.empty(), "mask {}x{}, frame {}x{}", coarse.cols, coarse.rows,
                  guide.cols, guide.rows);
  Prepare(coarse.size(), guide.size());
  refined->create(guide.size());
  const auto rows = [&](int first, int end) {
    static thread_local TileFilter::Scratch scratch;
    TileFilter filter(*this, coarse, guide, refined, &scratch);
    for (int y = first; y < end; y += kTileRows) {
      for (int x = 0; x < guide.cols; x += kTileColumns) filter.Run(x, y, std::min(kTileRows, end - y));
    }
  };
  ParallelRows(guide.rows, std::cref(rows));
}

}  // namespace peekproof::engines
