// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/yuv_to_bgr.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/simd.h"

namespace peekproof::media {
namespace {

// Fixed point, all in int16 so that a vector holds as many lanes as possible:
//   luma    (Y' - black) * 64 for 8 bits            0 to 16320
//   chroma  (C - middle) * 128 after interpolation  -16384 to 16384
//   gains   Q15; luma's halved, chroma's quartered, so that both products come out scaled by 32.
constexpr int kLumaBits = 14;
constexpr int kChromaLoadBits = 11;

struct Gains {
  int16_t luma = 0;
  int16_t red_of_red = 0;
  int16_t green_of_blue = 0;
  int16_t green_of_red = 0;
  int16_t blue_of_blue = 0;
};

int16_t Q15(double value) { return static_cast<int16_t>(std::lround(value * 32768.0)); }

Gains GainsOf(const ColourEncoding& encoding, int depth) {
  const LumaWeights weights = LumaWeightsOf(encoding.matrix);
  const double green = 1.0 - weights.red - weights.blue;
  // Full range ends at 2^depth - 1, limited range at a multiple of 2^(depth - 8).
  const double full_gain = 255.0 / 256.0 * (1 << depth) / ((1 << depth) - 1);
  const double luma_gain = encoding.full_range ? full_gain : 255.0 / 219.0;
  const double chroma_gain = encoding.full_range ? full_gain : 255.0 / 224.0;
  const double red = 2.0 * (1.0 - weights.red) * chroma_gain;
  const double blue = 2.0 * (1.0 - weights.blue) * chroma_gain;
  return {.luma = Q15(luma_gain / 2),
          .red_of_red = Q15(red / 4),
          .green_of_blue = Q15(-blue * weights.blue / green / 4),
          .green_of_red = Q15(-red * weights.red / green / 4),
          .blue_of_blue = Q15(blue / 4)};
}

/// a * b / 2^15, rounded: one instruction on vectors.
inline int16_t MultiplyQ15(int16_t a, int16_t b) {
  return static_cast<int16_t>((static_cast<int32_t>(a) * b + 0x4000) >> 15);
}

inline uint8_t ToByte(int16_t scaled_by_32) {
  const auto level = static_cast<int16_t>(static_cast<int16_t>(scaled_by_32 + 16) >> 5);
  return static_cast<uint8_t>(std::clamp<int16_t>(level, 0, 255));
}

PEEKPROOF_VECTOR_CLONES
void LoadBytes(const uint8_t* __restrict from, int black, int gain, int count, int16_t* __restrict to) {
  for (int i = 0; i < count; ++i) to[i] = static_cast<int16_t>((from[i] - black) * gain);
}

PEEKPROOF_VECTOR_CLONES
void LoadBytePairs(const uint8_t* __restrict from, int black, int gain, int count, int16_t* __restrict to) {
  for (int i = 0; i < count; ++i) to[i] = static_cast<int16_t>((from[2 * i] - black) * gain);
}

PEEKPROOF_VECTOR_CLONES
void LoadWords(const uint16_t* __restrict from, int black, int gain, int count, int16_t* __restrict to) {
  for (int i = 0; i < count; ++i) to[i] = static_cast<int16_t>((from[i] - black) * gain);
}

PEEKPROOF_VECTOR_CLONES
void MixRows(const int16_t* __restrict near, const int16_t* __restrict far, int near_weight, int count,
             int16_t* __restrict mixed) {
  const int far_weight = 4 - near_weight;
  for (int i = 0; i < count; ++i)
    mixed[i] = static_cast<int16_t>(near_weight * near[i] + far_weight * far[i]);
}

/// Doubles the columns; chroma sits on even ones. Reads one sample behind `count`.
PEEKPROOF_VECTOR_CLONES
void DoubleColumnsLeft(const int16_t* __restrict half, int count, int16_t* __restrict full) {
  for (int i = 0; i < count; ++i) {
    full[2 * i] = static_cast<int16_t>(half[i] * 4);
    full[2 * i + 1] = static_cast<int16_t>((half[i] + half[i + 1]) * 2);
  }
}

/// Doubles the columns; chroma sits between two. Reads one sample before and one behind `count`.
PEEKPROOF_VECTOR_CLONES
void DoubleColumnsCentre(const int16_t* __restrict half, int count, int16_t* __restrict full) {
  for (int i = 0; i < count; ++i) {
    full[2 * i] = static_cast<int16_t>(3 * half[i] + half[i - 1]);
    full[2 * i + 1] = static_cast<int16_t>(3 * half[i] + half[i + 1]);
  }
}

PEEKPROOF_VECTOR_CLONES
void ScaleRow(const int16_t* __restrict from, int count, int16_t* __restrict to) {
  for (int i = 0; i < count; ++i) to[i] = static_cast<int16_t>(from[i] * 4);
}

PEEKPROOF_VECTOR_CLONES
void MatrixRow(const int16_t* __restrict luma, const int16_t* __restrict blue, const int16_t* __restrict red,
               Gains gains, int count, uint8_t* __restrict bgr) {
  for (int i = 0; i < count; ++i) {
    const int16_t y = MultiplyQ15(luma[i], gains.luma);
    const auto r = static_cast<int16_t>(y + MultiplyQ15(red[i], gains.red_of_red));
    const auto g = static_cast<int16_t>(y + MultiplyQ15(blue[i], gains.green_of_blue) +
                                        MultiplyQ15(red[i], gains.green_of_red));
    const auto b = static_cast<int16_t>(y + MultiplyQ15(blue[i], gains.blue_of_blue));
    bgr[3 * i] = ToByte(b);
    bgr[3 * i + 1] = ToByte(g);
    bgr[3 * i + 2] = ToByte(r);
  }
}

/// Rows of chroma on their way to full size, for the columns of one tile.
class ChromaRows {
 public:
  ChromaRows(const YuvPicture& picture, cv::Rect tile, const ColourEncoding& encoding)
      : picture_(picture), encoding_(encoding) {
    const int shift = picture.half_width ? 1 : 0;
    first_ = tile.x >> shift;
    count_ = ((tile.x + tile.width - 1) >> shift) - first_ + 1;
    columns_ = (picture.size.width + shift) >> shift;
    rows_ = picture.half_height ? (picture.size.height + 1) / 2 : picture.size.height;
    near_.resize(static_cast<size_t>(count_) + 2);
    far_.resize(near_.size());
    mixed_.resize(near_.size());
    full_.resize((static_cast<size_t>(count_) << shift));
    skip_ = picture.half_width ? tile.x & 1 : 0;
  }

  /// The interpolated samples of `plane` at luma row `row`, for the tile's columns; valid until the next
  /// call.
  const int16_t* At(const uint8_t* plane, int row) {
    const int16_t* mixed = MixVertically(plane, row) + 1;
    if (!picture_.half_width) {
      ScaleRow(mixed, count_, full_.data());
    } else if (encoding_.chroma_left) {
      DoubleColumnsLeft(mixed, count_, full_.data());
    } else {
      DoubleColumnsCentre(mixed, count_, full_.data());
    }
    return full_.data() + skip_;
  }

 private:
  /// Scaled by 32, with one sample of border on both sides.
  const int16_t* MixVertically(const uint8_t* plane, int row) {
    const int near_row = picture_.half_height ? row / 2 : row;
    const bool odd = row % 2 != 0;
    Load(plane, near_row, near_.data());
    int near_weight = 4;
    int far_row = near_row;
    if (picture_.half_height && encoding_.chroma_top) {
      near_weight = odd ? 2 : 4;
      far_row = near_row + 1;
    } else if (picture_.half_height) {
      near_weight = 3;
      far_row = odd ? near_row + 1 : near_row - 1;
    }
    far_row = std::clamp(far_row, 0, rows_ - 1);
    const bool mixes = near_weight != 4 && far_row != near_row;
    if (mixes) Load(plane, far_row, far_.data());
    MixRows(near_.data(), mixes ? far_.data() : near_.data(), near_weight, count_ + 2, mixed_.data());
    return mixed_.data();
  }

  /// Samples first_ - 1 to first_ + count_ of a row, scaled by 8, the edge samples repeated outside.
  void Load(const uint8_t* plane, int row, int16_t* to) const {
    const int before = first_ > 0 ? 1 : 0;
    const int behind = first_ + count_ < columns_ ? 1 : 0;
    const int count = count_ + before + behind;
    const int middle = 1 << (picture_.depth - 1);
    const int gain = 1 << (kChromaLoadBits - picture_.depth);
    const uint8_t* from = plane + row * picture_.chroma_stride;
    int16_t* start = to + 1 - before;
    if (picture_.depth > 8) {
      LoadWords(reinterpret_cast<const uint16_t*>(from) + first_ - before, middle, gain, count, start);
    } else if (picture_.chroma_step == 2) {
      LoadBytePairs(from + static_cast<ptrdiff_t>(2) * (first_ - before), middle, gain, count, start);
    } else {
      LoadBytes(from + first_ - before, middle, gain, count, start);
    }
    if (before == 0) to[0] = to[1];
    if (behind == 0) to[count_ + 1] = to[count_];
  }

  const YuvPicture& picture_;
  const ColourEncoding& encoding_;
  int first_ = 0;
  int count_ = 0;
  int columns_ = 0;
  int rows_ = 0;
  int skip_ = 0;
  std::vector<int16_t> near_, far_, mixed_, full_;
};

}  // namespace

void YuvToBgr(const YuvPicture& picture, cv::Rect tile, const ColourEncoding& encoding, cv::Mat3b* bgr) {
  PEEKPROOF_CHECK((tile & cv::Rect({}, picture.size)) == tile && !tile.empty(), "tile outside the picture");
  PEEKPROOF_CHECK(picture.depth >= 8 && picture.depth <= kChromaLoadBits, "depth {}", picture.depth);
  bgr->create(tile.size());
  const Gains gains = GainsOf(encoding, picture.depth);
  const int black = encoding.full_range ? 0 : 16 << (picture.depth - 8);
  const int gain = 1 << (kLumaBits - picture.depth);
  ChromaRows blue(picture, tile, encoding);
  ChromaRows red(picture, tile, encoding);
  std::vector<int16_t> luma(static_cast<size_t>(tile.width));
  for (int y = 0; y < tile.height; ++y) {
    const uint8_t* from = picture.luma + (tile.y + y) * picture.luma_stride;
    if (picture.depth > 8) {
      LoadWords(reinterpret_cast<const uint16_t*>(from) + tile.x, black, gain, tile.width, luma.data());
    } else {
      LoadBytes(from + tile.x, black, gain, tile.width, luma.data());
    }
    MatrixRow(luma.data(), blue.At(picture.blue, tile.y + y), red.At(picture.red, tile.y + y), gains,
              tile.width, bgr->ptr<uint8_t>(y));
  }
}

}  // namespace peekproof::media
