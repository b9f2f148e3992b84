// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blur_filter.h"
#include "engines/float_picture.h"

namespace peekproof::engines {
namespace {

/// Pixels beside a row that the kernels read over.
constexpr int kReach = 2;

/// For each value the sums of the middle two of four rows, and of all four.
PEEKPROOF_VECTOR_CLONES void AddRows(const float* a, const float* b, const float* c, const float* d,
                                     int count, float* middle, float* all) {
  for (int i = 0; i < count; ++i) {
    middle[i] = b[i] + c[i];
    all[i] = middle[i] + (a[i] + d[i]);
  }
}

/// 4/8 of the mean of the four pixels under each one, and 1/8 of each mean of four diagonally one pixel off.
template <int kChannels>
void HalveColumns(const float* middle, const float* all, int width, float* target) {
  for (int x = 0; x < width; ++x) {
    for (int c = 0; c < kChannels; ++c) {
      const int i = 2 * kChannels * x + c;
      const float under = middle[i] + middle[i + kChannels];
      const float around = all[i - kChannels] + all[i] + all[i + kChannels] + all[i + 2 * kChannels];
      target[kChannels * x + c] = (4.0F * under + around) * (1.0F / 32.0F);
    }
  }
}

void Halve(const FloatPicture& source, FloatPicture* target) {
  const int channels = source.channels();
  const cv::Size size((source.size().width + 1) / 2, (source.size().height + 1) / 2);
  target->Create(size, channels, kReach);
  const auto rows = [&](int first, int end) {
    static thread_local FloatPicture middle;
    static thread_local FloatPicture all;
    middle.Create({source.size().width, 1}, channels, kReach);
    all.Create({source.size().width, 1}, channels, kReach);
    const auto halve = channels == 3 ? HalveColumns<3> : HalveColumns<4>;
    for (int y = first; y < end; ++y) {
      AddRows(source.ClampedRow(2 * y - 1), source.ClampedRow(2 * y), source.ClampedRow(2 * y + 1),
              source.ClampedRow(2 * y + 2), source.row_values(), middle.Row(0), all.Row(0));
      middle.PadRow(0);
      all.PadRow(0);
      halve(middle.Row(0), all.Row(0), size.width, target->Row(y));
      target->PadRow(y);
    }
  };
  ParallelRows(size.height, std::cref(rows));
}

/// What a fine pixel takes from the coarse ones around it.
struct UpTap {
  int dx;
  int dy;
  float weight;
};

/// By the fine pixel's parity: [row][column].
using UpTaps = std::array<std::array<std::vector<UpTap>, 2>, 2>;

/// Spreads `weight` over the four coarse pixels around (x, y), relative to the coarse pixel of the fine one.
void AddRead(double x, double y, double weight, double grid[5][5]) {
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const double u = x - left;
  const double v = y - top;
  grid[top + 2][left + 2] += weight * (1 - u) * (1 - v);
  grid[top + 2][left + 3] += weight * u * (1 - v);
  grid[top + 3][left + 2] += weight * (1 - u) * v;
  grid[top + 3][left + 3] += weight * u * v;
}

UpTaps MakeUpTaps() {
  UpTaps taps;
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 2; ++column) {
      const double x = column == 0 ? -0.25 : 0.25;
      const double y = row == 0 ? -0.25 : 0.25;
      double grid[5][5] = {};
      for (const int side : {-1, 1}) {
        AddRead(x + side, y, 1.0 / 12, grid);
        AddRead(x, y + side, 1.0 / 12, grid);
        AddRead(x + 0.5 * side, y + 0.5, 2.0 / 12, grid);
        AddRead(x + 0.5 * side, y - 0.5, 2.0 / 12, grid);
      }
      for (int dy = -2; dy <= 2; ++dy) {
        for (int dx = -2; dx <= 2; ++dx) {
          const double weight = grid[dy + 2][dx + 2];
          if (weight > 0) taps[row][column].push_back({dx, dy, static_cast<float>(weight)});
        }
      }
    }
  }
  return taps;
}

template <typename T, int kChannels>
void Interleave(const T* even, const T* odd, int width, T* target) {
  for (int x = 0; x < width; ++x) {
    const T* source = (x % 2 == 0 ? even : odd) + static_cast<ptrdiff_t>(x / 2 * kChannels);
    for (int c = 0; c < kChannels; ++c) target[kChannels * x + c] = source[c];
  }
}

/// The even and the odd pixels of one fine row.
class RowDoubler {
 public:
  RowDoubler(const UpTaps& taps, const FloatPicture& coarse) : taps_(taps), coarse_(coarse) {}

  /// In      line: a buffer for one row of the coarse picture.
  void Run(int y, int column, float* line) const {
    const std::vector<UpTap>& taps = taps_[static_cast<size_t>(y % 2)][static_cast<size_t>(column)];
    std::array<const float*, 25> rows{};
    std::array<float, 25> weights{};
    for (size_t k = 0; k < taps.size(); ++k) {
      rows[k] = coarse_.ClampedRow(y / 2 + taps[k].dy) + taps[k].dx * coarse_.channels();
      weights[k] = taps[k].weight;
    }
    SumTaps(rows.data(), weights.data(), static_cast<int>(taps.size()), coarse_.row_values(), line);
  }

 private:
  const UpTaps& taps_;
  const FloatPicture& coarse_;
};

void Double(const UpTaps& taps, const FloatPicture& coarse, FloatPicture* fine) {
  const RowDoubler doubler(taps, coarse);
  const auto rows = [&](int first, int end) {
    static thread_local std::vector<float> even;
    static thread_local std::vector<float> odd;
    even.resize(static_cast<size_t>(coarse.row_values()));
    odd.resize(even.size());
    const auto interleave = coarse.channels() == 3 ? Interleave<float, 3> : Interleave<float, 4>;
    for (int y = first; y < end; ++y) {
      doubler.Run(y, 0, even.data());
      doubler.Run(y, 1, odd.data());
      interleave(even.data(), odd.data(), fine->size().width, fine->Row(y));
      fine->PadRow(y);
    }
  };
  ParallelRows(fine->size().height, std::cref(rows));
}

void DoubleToBytes(const UpTaps& taps, const FloatPicture& coarse, cv::Mat3b* picture) {
  const RowDoubler doubler(taps, coarse);
  const auto rows = [&](int first, int end) {
    static thread_local std::vector<float> line;
    static thread_local std::vector<uint8_t> bytes;
    const int count = coarse.row_values();
    line.resize(static_cast<size_t>(count));
    bytes.resize(static_cast<size_t>(2 * count));
    for (int y = first; y < end; ++y) {
      for (const int column : {0, 1}) {
        doubler.Run(y, column, line.data());
        BytesOfFloats(line.data(), count, bytes.data() + static_cast<ptrdiff_t>(column * count));
      }
      Interleave<uint8_t, 3>(bytes.data(), bytes.data() + count, picture->cols, picture->ptr(y));
    }
  };
  ParallelRows(picture->rows, std::cref(rows));
}

class DualKawaseBlur : public BlurFilter {
 public:
  explicit DualKawaseBlur(int levels) : levels_(static_cast<size_t>(levels) + 1) {}

  void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) override {
    blurred->create(picture.size());
    Shrink(picture, weight, {1, 1, 0}, kReach, &levels_[0]);
    for (size_t k = 1; k < levels_.size(); ++k) Halve(levels_[k - 1], &levels_[k]);
    for (size_t k = levels_.size() - 1; k > 1; --k) Double(taps_, levels_[k], &levels_[k - 1]);
    if (weight != nullptr) divider_.Apply(levels_[1], 0, kReach, &colours_);
    DoubleToBytes(taps_, weight != nullptr ? colours_ : levels_[1], blurred);
  }

  /// Down: 1/2 of the variance 1 of the diagonal steps and 1/4 of the means of two. Up, in coarse pixels: 1/3
  /// of the steps and 3/16 of bilinear reads at quarters. Each level counts four times the one before.
  double EffectiveSigma(cv::Size /*frame*/) const override {
    const double per_level = (0.5 + 0.25) + 4.0 * (1.0 / 3 + 3.0 / 16);
    return std::sqrt(per_level * (std::pow(4.0, static_cast<double>(levels_.size() - 1)) - 1.0) / 3.0);
  }

 private:
  UpTaps taps_ = MakeUpTaps();
  std::vector<FloatPicture> levels_;  ///< From the whole picture to the smallest.
  FloatPicture colours_;
  WeightDivider divider_;
};

}  // namespace

std::unique_ptr<BlurFilter> MakeDualKawaseFilter(int levels) {
  PEEKPROOF_CHECK(levels >= 1, "{} levels", levels);
  return std::make_unique<DualKawaseBlur>(levels);
}

}  // namespace peekproof::engines
