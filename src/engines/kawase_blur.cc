// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blur_filter.h"

namespace peekproof::engines {
namespace {

/// Pixels of a row handled at once; more than a pass reads sideways.
constexpr int kBlockPixels = 32;

PEEKPROOF_VECTOR_CLONES void AddTwoRows(const uint8_t* a, const uint8_t* b, int count, uint16_t* sums) {
  for (int i = 0; i < count; ++i) sums[i] = static_cast<uint16_t>(a[i] + b[i]);
}

/// The mean of four reads, each the sum of two rows at two columns.
PEEKPROOF_VECTOR_CLONES void MeanOfReads(const uint16_t* const* colour, int count, uint8_t* mean) {
  const uint16_t* c0 = colour[0];
  const uint16_t* c1 = colour[1];
  const uint16_t* c2 = colour[2];
  const uint16_t* c3 = colour[3];
  for (int i = 0; i < count; ++i) {
    const auto upper = static_cast<uint16_t>(c0[i] + c0[i + 3] + c1[i] + c1[i + 3]);
    const auto lower = static_cast<uint16_t>(c2[i] + c2[i + 3] + c3[i] + c3[i + 3]);
    mean[i] = static_cast<uint8_t>(static_cast<uint16_t>(upper + lower + 8) >> 4);
  }
}

/// Four reads of two rows' sums and of their weights, with the missing weight from the centre.
PEEKPROOF_VECTOR_CLONES void MixWeighted(const uint16_t* const* colour, const uint16_t* const* weight,
                                         const uint8_t* centre, int count, uint8_t* mixed) {
  const uint16_t* c0 = colour[0];
  const uint16_t* c1 = colour[1];
  const uint16_t* c2 = colour[2];
  const uint16_t* c3 = colour[3];
  const uint16_t* w0 = weight[0];
  const uint16_t* w1 = weight[1];
  const uint16_t* w2 = weight[2];
  const uint16_t* w3 = weight[3];
  for (int i = 0; i < count; ++i) {
    // All in 16 bit: the products of such values are what processors multiply fast.
    const auto four = static_cast<int16_t>(4 * centre[i]);
    const auto d0 = static_cast<int16_t>(c0[i] + c0[i + 3] - four);
    const auto d1 = static_cast<int16_t>(c1[i] + c1[i + 3] - four);
    const auto d2 = static_cast<int16_t>(c2[i] + c2[i + 3] - four);
    const auto d3 = static_cast<int16_t>(c3[i] + c3[i + 3] - four);
    const auto s0 = static_cast<int16_t>(w0[i] + w0[i + 3]);
    const auto s1 = static_cast<int16_t>(w1[i] + w1[i + 3]);
    const auto s2 = static_cast<int16_t>(w2[i] + w2[i + 3]);
    const auto s3 = static_cast<int16_t>(w3[i] + w3[i + 3]);
    const int sum = s0 * d0 + s1 * d1 + s2 * d2 + s3 * d3;
    // Each read: weight sum / 1020 times colour sum / 4; the mean of four.
    const float value = static_cast<float>(centre[i]) + static_cast<float>(sum) * (1.0F / (1020 * 16));
    mixed[i] = static_cast<uint8_t>(static_cast<int>(value + 0.5F));
  }
}

PEEKPROOF_VECTOR_CLONES void KeepUnweighted(const uint8_t* weight, const uint8_t* old, int count,
                                            uint8_t* pixels) {
  for (int i = 0; i < count; ++i) pixels[i] = weight[i] == 0 ? old[i] : pixels[i];
}

/// Sums of rows with repeated ends.
class PaddedSums {
 public:
  uint16_t* Prepare(int count, int pad) {
    count_ = count;
    pad_ = pad;
    values_.resize(static_cast<size_t>(count + 2 * pad));
    return values_.data() + pad;
  }
  void Pad() {
    uint16_t* row = values_.data() + pad_;
    for (int i = 1; i <= pad_; ++i) row[-i] = row[3 - i];
    for (int i = count_; i < count_ + pad_; ++i) row[i] = row[i - 3];
  }
  const uint16_t* At(int offset) const { return values_.data() + pad_ + offset; }

 private:
  std::vector<uint16_t> values_;
  int count_ = 0;
  int pad_ = 0;
};

PEEKPROOF_VECTOR_CLONES void MeasureBlock(const uint8_t* weight, int count, uint8_t* low, uint8_t* high) {
  uint8_t least = 255;
  uint8_t largest = 0;
  for (int x = 0; x < count; ++x) {
    least = std::min(least, weight[x]);
    largest = std::max(largest, weight[x]);
  }
  *low = least;
  *high = largest;
}

PEEKPROOF_VECTOR_CLONES void Combine(const uint8_t* low, const uint8_t* high, int count, uint8_t* least,
                                     uint8_t* largest) {
  for (int b = 0; b < count; ++b) {
    least[b] = std::min(least[b], low[b]);
    largest[b] = std::max(largest[b], high[b]);
  }
}

/// What the weights that a pass reads for some pixels have in common.
enum class Counts { kWholly, kNot, kMixed };

/// The least and the largest weight in each block of each row.
class WeightRanges {
 public:
  void Measure(const cv::Mat1b& weight) {
    const int blocks = (weight.cols + kBlockPixels - 1) / kBlockPixels;
    low_.create(weight.rows, blocks);
    high_.create(weight.rows, blocks);
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        for (int b = 0; b < blocks; ++b) {
          MeasureBlock(weight.ptr(y) + static_cast<ptrdiff_t>(b * kBlockPixels),
                       std::min(kBlockPixels, weight.cols - b * kBlockPixels), &low_(y, b), &high_(y, b));
        }
      }
    };
    ParallelRows(weight.rows, std::cref(rows));
  }

  /// By block of row y, over all that a pass reads for it: up to kBlockPixels columns beside it.
  void Find(int y, int pass, std::vector<Counts>* counts) const {
    static thread_local std::vector<uint8_t> least;
    static thread_local std::vector<uint8_t> largest;
    const int blocks = low_.cols;
    least.assign(static_cast<size_t>(blocks + 2), 255);  // One more to each side.
    largest.assign(least.size(), 0);
    for (const int row : {y - pass - 1, y - pass, y, y + pass, y + pass + 1}) {
      const int inside = std::clamp(row, 0, low_.rows - 1);
      Combine(low_.ptr(inside), high_.ptr(inside), blocks, &least[1], &largest[1]);
    }
    counts->resize(static_cast<size_t>(blocks));
    for (size_t b = 0; b < counts->size(); ++b) {
      const bool wholly = std::min({least[b], least[b + 1], least[b + 2]}) == 255;
      const bool never = std::max({largest[b], largest[b + 1], largest[b + 2]}) == 0;
      (*counts)[b] = wholly ? Counts::kWholly : (never ? Counts::kNot : Counts::kMixed);
    }
  }

 private:
  cv::Mat1b low_;
  cv::Mat1b high_;
};

class KawaseBlur : public BlurFilter {
 public:
  explicit KawaseBlur(int passes) : passes_(passes) {}

  void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) override {
    PEEKPROOF_CHECK(picture.data != blurred->data, "blurred in place");
    blurred->create(picture.size());
    spare_.create(picture.size());
    if (weight != nullptr) {
      Triple(*weight);
      ranges_.Measure(*weight);
    }
    // Alternates between two buffers so that the last pass writes the result.
    const cv::Mat3b* source = &picture;
    for (int pass = 0; pass < passes_; ++pass) {
      cv::Mat3b* target = (passes_ - pass) % 2 == 1 ? blurred : &spare_;
      RunPass(*source, pass, weight != nullptr, target);
      source = target;
    }
    if (passes_ == 0) picture.copyTo(*blurred);
  }

  double EffectiveSigma(cv::Size /*frame*/) const override {
    double variance = 0;
    for (int i = 0; i < passes_; ++i) variance += (i + 0.5) * (i + 0.5) + 0.25;
    return std::sqrt(variance);
  }

 private:
  void Triple(const cv::Mat1b& weight) {
    weight3_.create(weight.size());
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        const uint8_t* row = weight.ptr(y);
        uint8_t* tripled = weight3_.ptr(y);
        for (int x = 0; x < weight.cols; ++x) {
          tripled[3 * x] = tripled[3 * x + 1] = tripled[3 * x + 2] = row[x];
        }
      }
    };
    ParallelRows(weight.rows, std::cref(rows));
  }

  /// Sums of the two rows above and of the two below, over which the four reads go.
  static void ReadRows(const cv::Mat3b& source, int y, int pass, PaddedSums* sums, const uint16_t** reads) {
    const int count = 3 * source.cols;
    const int pad = 3 * (pass + 1);
    for (int side = 0; side < 2; ++side) {
      const int near = side == 0 ? y - pass - 1 : y + pass;
      const auto row = [&](int i) { return source.ptr(std::clamp(i, 0, source.rows - 1)); };
      AddTwoRows(row(near), row(near + 1), count, sums[side].Prepare(count, pad));
      sums[side].Pad();
      reads[2 * side] = sums[side].At(-pad);
      reads[2 * side + 1] = sums[side].At(pad - 3);
    }
  }

  void RunPass(const cv::Mat3b& source, int pass, bool weighted, cv::Mat3b* target) const {
    const auto rows = [&](int first, int end) {
      static thread_local std::array<PaddedSums, 2> colours;
      std::array<const uint16_t*, 4> reads{};
      for (int y = first; y < end; ++y) {
        ReadRows(source, y, pass, colours.data(), reads.data());
        if (weighted) {
          MixRow(source, y, pass, reads, target->ptr(y));
        } else {
          MeanOfReads(reads.data(), 3 * source.cols, target->ptr(y));
        }
      }
    };
    ParallelRows(source.rows, std::cref(rows));
  }

  /// Most blocks count wholly or not at all.
  void MixRow(const cv::Mat3b& source, int y, int pass, const std::array<const uint16_t*, 4>& colour,
              uint8_t* target) const {
    static thread_local std::array<PaddedSums, 2> weights;
    static thread_local std::vector<Counts> counts;
    std::array<const uint16_t*, 4> weight{};
    ReadRows(weight3_, y, pass, weights.data(), weight.data());
    ranges_.Find(y, pass, &counts);
    for (size_t first = 0; first < counts.size();) {
      size_t end = first + 1;
      while (end < counts.size() && counts[end] == counts[first]) ++end;
      const auto at = static_cast<ptrdiff_t>(3 * kBlockPixels * first);
      const int count =
          std::min(3 * kBlockPixels * static_cast<int>(end), 3 * source.cols) - static_cast<int>(at);
      const uint8_t* centre = source.ptr(y) + at;
      const uint16_t* reads[4] = {colour[0] + at, colour[1] + at, colour[2] + at, colour[3] + at};
      if (counts[first] == Counts::kWholly) {
        MeanOfReads(reads, count, target + at);
      } else if (counts[first] == Counts::kNot) {
        std::memcpy(target + at, centre, static_cast<size_t>(count));
      } else {
        const uint16_t* read_weights[4] = {weight[0] + at, weight[1] + at, weight[2] + at, weight[3] + at};
        MixWeighted(reads, read_weights, centre, count, target + at);
        KeepUnweighted(weight3_.ptr(y) + at, centre, count, target + at);
      }
      first = end;
    }
  }

  int passes_;
  cv::Mat3b spare_;
  cv::Mat3b weight3_;
  WeightRanges ranges_;
};

}  // namespace

std::unique_ptr<BlurFilter> MakeKawaseFilter(int passes) {
  PEEKPROOF_CHECK(passes >= 0 && passes < kBlockPixels, "{} passes", passes);
  return std::make_unique<KawaseBlur>(passes);
}

}  // namespace peekproof::engines
