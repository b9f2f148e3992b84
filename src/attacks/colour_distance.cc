// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/colour_distance.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "attacks/channel_distance.h"
#include "attacks/pack_columns.h"
#include "base/check.h"
#include "base/simd.h"
#include "image/ciede2000.h"
#include "image/colour_planes.h"

namespace peekproof::attacks {
namespace {

/// kSuprema[d - 1][s]: supremum for a largest difference of d and a spread of s, rounded up. Grows along rows
/// and columns.
constexpr int kLargest = 5;
constexpr int kSpread = 3;
constexpr float kSuprema[kLargest][kSpread + 1] = {
    {0.504F, 1.247F, 2.454F, 2.454F},  // A spread of 3 needs a difference of 2.
    {0.997F, 1.414F, 2.487F, 3.663F}, {1.471F, 1.771F, 2.557F, 3.699F},
    {1.929F, 2.228F, 2.787F, 3.760F}, {2.376F, 2.665F, 3.077F, 3.865F},
};

/// Largest difference (0: none) that is surely near for each spread.
struct SafeDifferences {
  uint8_t by_spread[kSpread + 1];
};

SafeDifferences SafeBelow(float threshold) {
  SafeDifferences safe{};
  for (int spread = 0; spread <= kSpread; ++spread) {
    int largest = 0;
    while (largest < kLargest && LargestDifference(largest + 1, spread) < threshold) ++largest;
    safe.by_spread[spread] = static_cast<uint8_t>(largest);
  }
  return safe;
}

/// needed: 1 where a pixel is not skipped and not surely near. In eight bits throughout, so that a vector
/// holds one pixel per byte: the shifts wrap around where they do not matter, for channels 128 apart and
/// more.
PEEKPROOF_VECTOR_CLONES void ScreenRow(const uint8_t* __restrict fb, const uint8_t* __restrict fg,
                                       const uint8_t* __restrict fr, const uint8_t* __restrict wb,
                                       const uint8_t* __restrict wg, const uint8_t* __restrict wr,
                                       const uint8_t* __restrict skip, SafeDifferences safe, int n,
                                       uint8_t* __restrict needed) {
  const uint8_t l0 = safe.by_spread[0];
  const uint8_t l1 = safe.by_spread[1];
  const uint8_t l2 = safe.by_spread[2];
  const uint8_t l3 = safe.by_spread[3];
  for (int i = 0; i < n; ++i) {
    const auto b = static_cast<uint8_t>(fb[i] - wb[i] + 128);
    const auto g = static_cast<uint8_t>(fg[i] - wg[i] + 128);
    const auto r = static_cast<uint8_t>(fr[i] - wr[i] + 128);
    const uint8_t high = std::max(std::max(b, g), r);
    const uint8_t low = std::min(std::min(b, g), r);
    const auto spread = static_cast<uint8_t>(high - low);
    const uint8_t largest = std::max(std::max(ChannelDistance(fb[i], wb[i]), ChannelDistance(fg[i], wg[i])),
                                     ChannelDistance(fr[i], wr[i]));
    // Limits fall as the spread grows, so a pixel is safe when it is within all those up to its spread.
    const int beyond = (largest > l0) | ((spread > 0) & (largest > l1)) | ((spread > 1) & (largest > l2)) |
                       ((spread > 2) & (largest > l3)) | (spread > 3);
    needed[i] = static_cast<uint8_t>(beyond & (skip[i] == 0));
  }
}

}  // namespace

float LargestDifference(int largest, int spread) {
  if (largest == 0) return 0.0F;
  if (largest < 0 || largest > kLargest || spread < 0 || spread > kSpread) {
    return std::numeric_limits<float>::infinity();
  }
  return kSuprema[largest - 1][spread];
}

ColourClassifier::ColourClassifier(float near_below, float far_from)
    : near_below_(near_below), far_from_(far_from) {
  PEEKPROOF_CHECK(near_below > 0.0F && near_below <= far_from, "{} and {}", near_below, far_from);
}

void ColourClassifier::Classify(const cv::Mat3b& frame, const Wallpaper& wallpaper, const cv::Mat1b& skip,
                                cv::Mat1b* classes) {
  PEEKPROOF_CHECK(frame.size() == wallpaper.bgr.size() && frame.size() == skip.size(),
                  "frame {}x{}, wallpaper {}x{}, skip {}x{}", frame.cols, frame.rows, wallpaper.bgr.cols,
                  wallpaper.bgr.rows, skip.cols, skip.rows);
  classes->create(frame.size());
  const auto width = static_cast<size_t>(frame.cols);
  needed_.resize(width);
  columns_.resize(width + 1);  // PackColumns writes one past the last.
  split_.resize(3 * width);
  colours_.resize(3 * width);
  planes_.resize(7 * width);
  for (int y = 0; y < frame.rows; ++y) {
    ClassifyRow(frame.ptr(y), wallpaper, y, skip.ptr(y), classes->ptr(y));
  }
}

void ColourClassifier::ClassifyRow(const uint8_t* frame, const Wallpaper& wallpaper, int y,
                                   const uint8_t* skip, uint8_t* classes) {
  const int width = wallpaper.bgr.cols;
  std::fill_n(classes, width, static_cast<uint8_t>(ColourClass::kNear));
  const SafeDifferences safe = SafeBelow(near_below_ - image::kCiede2000RowError);
  uint8_t* channel[3] = {split_.data(), split_.data() + width,
                         split_.data() + 2 * static_cast<size_t>(width)};
  image::SplitChannelsRow(frame, width, channel[0], channel[1], channel[2]);
  ScreenRow(channel[0], channel[1], channel[2], wallpaper.channel[0].ptr(y), wallpaper.channel[1].ptr(y),
            wallpaper.channel[2].ptr(y), skip, safe, width, needed_.data());
  const int count = PackColumns(needed_.data(), width, 0, columns_.data());
  if (count == 0) return;

  float* plane[7];
  for (size_t i = 0; i < 7; ++i) plane[i] = planes_.data() + i * static_cast<size_t>(width);
  const float* lightness = wallpaper.lab.lightness[y];
  const float* a = wallpaper.lab.a[y];
  const float* b = wallpaper.lab.b[y];
  for (int i = 0; i < count; ++i) {
    const int x = columns_[static_cast<size_t>(i)];
    std::memcpy(&colours_[static_cast<size_t>(3 * i)], frame + static_cast<ptrdiff_t>(3 * x), 3);
    plane[3][i] = lightness[x];
    plane[4][i] = a[x];
    plane[5][i] = b[x];
  }
  image::LabOfBgrRow(colours_.data(), count, plane[0], plane[1], plane[2]);
  image::Ciede2000Row({plane[0], plane[1], plane[2]}, {plane[3], plane[4], plane[5]}, count, plane[6]);
  for (int i = 0; i < count; ++i) {
    const float difference = plane[6][i];
    classes[columns_[static_cast<size_t>(i)]] =
        static_cast<uint8_t>((difference >= near_below_ ? 1 : 0) + (difference >= far_from_ ? 1 : 0));
  }
}

}  // namespace peekproof::attacks
