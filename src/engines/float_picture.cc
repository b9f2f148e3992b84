// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/float_picture.h"

#include <cmath>
#include <cstdint>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

/// Values summed at once, so that the sums stay in the nearest cache.
constexpr int kSumStretch = 512;

/// Weight, of 1 per pixel, of the mean colour in every pixel: decides only where nothing else counts.
constexpr float kFillWeight = 1e-6F;

PEEKPROOF_VECTOR_CLONES void FloatsOfBytes(const uint8_t* bytes, int count, float* values) {
  for (int i = 0; i < count; ++i) values[i] = static_cast<float>(bytes[i]);
}

PEEKPROOF_VECTOR_CLONES void AddBytes(const uint8_t* bytes, int count, uint32_t* sums) {
  for (int i = 0; i < count; ++i) sums[i] += bytes[i];
}

/// Adds w B, w G, w R and w of `width` pixels; sums hold 4 values per pixel.
PEEKPROOF_VECTOR_CLONES void AddWeighted(const uint8_t* bgr, const uint8_t* weight, int width,
                                         uint32_t* sums) {
  for (int x = 0; x < width; ++x) {
    const uint32_t w = weight[x];
    sums[4 * x] += w * bgr[3 * x];
    sums[4 * x + 1] += w * bgr[3 * x + 1];
    sums[4 * x + 2] += w * bgr[3 * x + 2];
    sums[4 * x + 3] += w;
  }
}

/// The same, for one row: floats scaled so that colours are in [0, 255] and the weight in [0, 1].
PEEKPROOF_VECTOR_CLONES void WeightedFloats(const uint8_t* bgr, const uint8_t* weight, int width,
                                            float* values) {
  for (int x = 0; x < width; ++x) {
    const float w = static_cast<float>(weight[x]) * (1.0F / 255.0F);
    values[4 * x] = w * static_cast<float>(bgr[3 * x]);
    values[4 * x + 1] = w * static_cast<float>(bgr[3 * x + 1]);
    values[4 * x + 2] = w * static_cast<float>(bgr[3 * x + 2]);
    values[4 * x + 3] = w;
  }
}

/// Sums `span` pixels from every `factor`, times `scale`.
void SumBlocks3(const uint32_t* sums, int factor, int span, int count, float scale, float* values) {
  for (int x = 0; x < count; ++x) {
    const uint32_t* block = sums + static_cast<ptrdiff_t>(3 * factor * x);
    uint32_t total[3] = {};
    for (int k = 0; k < span; ++k) {
      for (int c = 0; c < 3; ++c) total[c] += block[3 * k + c];
    }
    for (int c = 0; c < 3; ++c) values[3 * x + c] = static_cast<float>(total[c]) * scale;
  }
}

void SumBlocks4(const uint32_t* sums, int factor, int span, int count, float scale, float* values) {
  for (int x = 0; x < count; ++x) {
    const uint32_t* block = sums + static_cast<ptrdiff_t>(4 * factor * x);
    uint32_t total[4] = {};
    for (int k = 0; k < span; ++k) {
      for (int c = 0; c < 4; ++c) total[c] += block[4 * k + c];
    }
    for (int c = 0; c < 4; ++c) values[4 * x + c] = static_cast<float>(total[c]) * scale;
  }
}

/// What Shrink does for one row of small pixels.
class RowShrinker {
 public:
  RowShrinker(const cv::Mat3b& picture, const cv::Mat1b* weight, const Shrinking& shrinking,
              FloatPicture* small)
      : picture_(picture), weight_(weight), shrinking_(shrinking), small_(small) {}

  void Run(int y) const {
    if (shrinking_.factor == 1) {
      CopyRow(y);
    } else {
      SumRow(y);
    }
    small_->PadRow(y);
  }

 private:
  void CopyRow(int y) const {
    if (weight_ == nullptr) return FloatsOfBytes(picture_.ptr(y), small_->row_values(), small_->Row(y));
    WeightedFloats(picture_.ptr(y), weight_->ptr(y), picture_.cols, small_->Row(y));
  }

  void SumRow(int y) const {
    static thread_local std::vector<uint32_t> sums;
    const int channels = small_->channels();
    const int factor = shrinking_.factor;
    const int inset = (factor - shrinking_.span) / 2;
    const int before = shrinking_.ring * factor * channels;
    const int end = before + picture_.cols * channels;
    sums.assign(static_cast<size_t>(small_->row_values() * factor), 0);
    for (int k = 0; k < shrinking_.span; ++k) {
      const int row = std::clamp((y - shrinking_.ring) * factor + inset + k, 0, picture_.rows - 1);
      if (weight_ == nullptr) {
        AddBytes(picture_.ptr(row), 3 * picture_.cols, &sums[before]);
      } else {
        AddWeighted(picture_.ptr(row), weight_->ptr(row), picture_.cols, &sums[before]);
      }
    }
    for (int i = before - 1; i >= 0; --i) sums[i] = sums[i + channels];
    for (int i = end; i < static_cast<int>(sums.size()); ++i) sums[i] = sums[i - channels];
    const float scale =
        1.0F / static_cast<float>(shrinking_.span * shrinking_.span * (weight_ == nullptr ? 1 : 255));
    const auto sum_blocks = weight_ == nullptr ? SumBlocks3 : SumBlocks4;
    sum_blocks(&sums[inset * channels], factor, shrinking_.span, small_->size().width, scale, small_->Row(y));
  }

  const cv::Mat3b& picture_;
  const cv::Mat1b* weight_;
  const Shrinking& shrinking_;
  FloatPicture* small_;
};

PEEKPROOF_VECTOR_CLONES void DivideRow(const float* weighted, const float* mean, int width, float* colours) {
  for (int x = 0; x < width; ++x) {
    const float inverse = 1.0F / (weighted[4 * x + 3] + kFillWeight);
    colours[3 * x] = (weighted[4 * x] + mean[0]) * inverse;
    colours[3 * x + 1] = (weighted[4 * x + 1] + mean[1]) * inverse;
    colours[3 * x + 2] = (weighted[4 * x + 2] + mean[2]) * inverse;
  }
}

/// Interpolates a row between its pixels: left and share by column.
void WidenRow(const float* values, const int* left, const float* share, int width, float* wide) {
  for (int x = 0; x < width; ++x) {
    const float* pair = values + left[x];
    const float t = share[x];
    wide[3 * x] = pair[0] + t * (pair[3] - pair[0]);
    wide[3 * x + 1] = pair[1] + t * (pair[4] - pair[1]);
    wide[3 * x + 2] = pair[2] + t * (pair[5] - pair[2]);
  }
}

PEEKPROOF_VECTOR_CLONES void BytesBetween(const float* above, const float* below, float share, int count,
                                          uint8_t* bytes) {
  for (int i = 0; i < count; ++i) {
    bytes[i] = static_cast<uint8_t>(static_cast<int>(above[i] + share * (below[i] - above[i]) + 0.5F));
  }
}

/// Where a full pixel lies between the centres of shrunk ones: the one before it, and the share of the next.
struct Position {
  int before;
  float share;
};

Position PositionOf(int i, int factor) {
  const int twice = 2 * i + 1 - factor;  // 2 factor times the position.
  const int before = twice >= 0 ? twice / (2 * factor) : -1;
  return {before, static_cast<float>(twice - 2 * factor * before) / static_cast<float>(2 * factor)};
}

}  // namespace

void FloatPicture::PadRow(int y) {
  float* row = Row(y);
  const int count = row_values();
  for (int i = 1; i <= pad_ * channels_; ++i) row[-i] = row[-i + channels_];
  for (int i = count; i < count + pad_ * channels_; ++i) row[i] = row[i - channels_];
}

PEEKPROOF_VECTOR_CLONES void SumSymmetric(const float* const* rows, const float* weight, int pairs, int count,
                                          float* sums) {
  for (int first = 0; first < count; first += kSumStretch) {
    const int length = std::min(kSumStretch, count - first);
    float* __restrict sum = sums + first;
    const float* centre = rows[pairs] + first;
    for (int i = 0; i < length; ++i) sum[i] = weight[0] * centre[i];
    int k = 1;
    for (; k < pairs; k += 2) {
      const float* a = rows[pairs - k] + first;
      const float* b = rows[pairs + k] + first;
      const float* c = rows[pairs - k - 1] + first;
      const float* d = rows[pairs + k + 1] + first;
      const float near = weight[k];
      const float far = weight[k + 1];
      for (int i = 0; i < length; ++i) sum[i] += near * (a[i] + b[i]) + far * (c[i] + d[i]);
    }
    if (k > pairs) continue;
    const float* a = rows[0] + first;
    const float* b = rows[2 * pairs] + first;
    const float last = weight[pairs];
    for (int i = 0; i < length; ++i) sum[i] += last * (a[i] + b[i]);
  }
}

PEEKPROOF_VECTOR_CLONES void SumTaps(const float* const* rows, const float* weight, int taps, int count,
                                     float* sums) {
  for (int first = 0; first < count; first += kSumStretch) {
    const int length = std::min(kSumStretch, count - first);
    float* __restrict sum = sums + first;
    const float* row = rows[0] + first;
    for (int i = 0; i < length; ++i) sum[i] = weight[0] * row[i];
    for (int k = 1; k < taps; ++k) {
      row = rows[k] + first;
      const float w = weight[k];
      for (int i = 0; i < length; ++i) sum[i] += w * row[i];
    }
  }
}

PEEKPROOF_VECTOR_CLONES void BytesOfFloats(const float* values, int count, uint8_t* bytes) {
  for (int i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(static_cast<int>(values[i] + 0.5F));
}

void Shrink(const cv::Mat3b& picture, const cv::Mat1b* weight, const Shrinking& shrinking, int pad,
            FloatPicture* small) {
  const int factor = shrinking.factor;
  PEEKPROOF_CHECK(factor >= 1 && factor <= 16 && shrinking.span >= 1 && shrinking.span <= factor &&
                      (factor - shrinking.span) % 2 == 0 && (factor > 1 || shrinking.ring == 0),
                  "{} of {}, ring {}", shrinking.span, factor, shrinking.ring);
  PEEKPROOF_CHECK(!picture.empty() && (weight == nullptr || weight->size() == picture.size()), "{}x{}",
                  picture.cols, picture.rows);
  const int more = factor - 1 + 2 * shrinking.ring * factor;
  small->Create({(picture.cols + more) / factor, (picture.rows + more) / factor}, weight == nullptr ? 3 : 4,
                pad);
  const RowShrinker shrinker(picture, weight, shrinking, small);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) shrinker.Run(y);
  };
  ParallelRows(small->size().height, std::cref(rows));
}

double ShrinkVariance(const Shrinking& shrinking) { return (shrinking.span * shrinking.span - 1) / 12.0; }

void ConvolveSeparable(const FloatPicture& source, const std::vector<float>& kernel, int pad,
                       FloatPicture* target) {
  const int channels = source.channels();
  const int radius = static_cast<int>(kernel.size()) - 1;
  target->Create(source.size(), channels, pad);
  const auto rows = [&](int first, int end) {
    static thread_local FloatPicture line;
    static thread_local std::vector<const float*> taps;
    line.Create({source.size().width, 1}, channels, radius);
    taps.resize(static_cast<size_t>(2 * radius + 1));
    for (int y = first; y < end; ++y) {
      for (int k = -radius; k <= radius; ++k) taps[k + radius] = source.ClampedRow(y + k);
      SumSymmetric(taps.data(), kernel.data(), radius, source.row_values(), line.Row(0));
      line.PadRow(0);
      for (int k = -radius; k <= radius; ++k) taps[k + radius] = line.Row(0) + k * channels;
      SumSymmetric(taps.data(), kernel.data(), radius, source.row_values(), target->Row(y));
      target->PadRow(y);
    }
  };
  ParallelRows(source.size().height, std::cref(rows));
}

void ConvolvePoints(const FloatPicture& source, const PointKernel& kernel, int pad, FloatPicture* target) {
  PEEKPROOF_CHECK(source.pad() >= kernel.reach, "padding {}, reach {}", source.pad(), kernel.reach);
  const int channels = source.channels();
  const int pairs = static_cast<int>(kernel.pairs.size());
  target->Create(source.size(), channels, pad);
  const auto rows = [&](int first, int end) {
    static thread_local std::vector<const float*> taps;
    static thread_local std::vector<float> weights;
    taps.resize(static_cast<size_t>(2 * pairs + 1));
    weights.assign(1, kernel.centre);
    for (const TapPair& pair : kernel.pairs) weights.push_back(pair.weight);
    for (int y = first; y < end; ++y) {
      taps[pairs] = source.Row(y);
      for (int k = 1; k <= pairs; ++k) {
        const TapPair& pair = kernel.pairs[static_cast<size_t>(k - 1)];
        taps[pairs - k] = source.ClampedRow(y - pair.dy) - pair.dx * channels;
        taps[pairs + k] = source.ClampedRow(y + pair.dy) + pair.dx * channels;
      }
      SumSymmetric(taps.data(), weights.data(), pairs, source.row_values(), target->Row(y));
      target->PadRow(y);
    }
  };
  ParallelRows(source.size().height, std::cref(rows));
}

void WeightDivider::Apply(const FloatPicture& weighted, int ring, int pad, FloatPicture* colours) {
  PEEKPROOF_CHECK(weighted.channels() == 4, "{} channels", weighted.channels());
  const cv::Size size = weighted.size();
  row_totals_.resize(static_cast<size_t>(size.height));
  const auto sum_rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      const float* values = weighted.Row(y);
      float totals[4] = {};
      for (int x = ring; x < size.width - ring; ++x) {
        for (int c = 0; c < 4; ++c) totals[c] += values[4 * x + c];
      }
      for (int c = 0; c < 4; ++c) row_totals_[y][c] = static_cast<double>(totals[c]);
    }
  };
  ParallelRows(size.height, std::cref(sum_rows));
  cv::Vec4d totals(0, 0, 0, 0);
  for (int y = ring; y < size.height - ring; ++y) totals += row_totals_[y];
  float mean[3] = {};
  for (int c = 0; c < 3 && totals[3] > 0; ++c) {
    mean[c] = static_cast<float>(totals[c] / totals[3]) * kFillWeight;
  }
  colours->Create(size, 3, pad);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      DivideRow(weighted.Row(y), mean, size.width, colours->Row(y));
      colours->PadRow(y);
    }
  };
  ParallelRows(size.height, std::cref(rows));
}

void Grower::Prepare(const Shrinking& shrinking, int width) {
  const auto [factor, span, ring] = shrinking;
  if (factor == factor_ && ring == ring_ && static_cast<int>(left_.size()) == width) return;
  factor_ = factor;
  ring_ = ring;
  left_.clear();
  share_.clear();
  for (int x = 0; x < width; ++x) {
    const Position position = PositionOf(x, factor);
    left_.push_back(3 * (position.before + ring));
    share_.push_back(position.share);
  }
}

void Grower::Apply(const FloatPicture& small, const Shrinking& shrinking, cv::Size size, cv::Mat3b* picture) {
  const int factor = shrinking.factor;
  PEEKPROOF_CHECK(small.channels() == 3 && (factor == 1 || small.pad() >= 1), "{} channels, padding {}",
                  small.channels(), small.pad());
  picture->create(size);
  if (factor == 1) {
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) BytesOfFloats(small.Row(y), 3 * size.width, picture->ptr(y));
    };
    return ParallelRows(size.height, std::cref(rows));
  }
  Prepare(shrinking, size.width);
  wide_.Create({size.width, small.size().height}, 3, 0);
  const auto widen = [&](int first, int end) {
    for (int y = first; y < end; ++y)
      WidenRow(small.Row(y), left_.data(), share_.data(), size.width, wide_.Row(y));
  };
  ParallelRows(small.size().height, std::cref(widen));
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      const Position position = PositionOf(y, factor);
      const int above = position.before + shrinking.ring;
      BytesBetween(wide_.ClampedRow(above), wide_.ClampedRow(above + 1), position.share, 3 * size.width,
                   picture->ptr(y));
    }
  };
  ParallelRows(size.height, std::cref(rows));
}

double GrowVariance(int factor) {
  double sum = 0;
  for (int i = 0; i < factor; ++i) {
    const auto share = static_cast<double>(PositionOf(i + factor, factor).share);
    sum += share * (1.0 - share);
  }
  return sum * factor;  // The mean over positions, times the square of a small pixel's side.
}

}  // namespace peekproof::engines
