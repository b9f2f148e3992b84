// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/colour_distance.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/simd.h"
#include "image/ciede2000.h"

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

/// needed: 1 where a pixel is not skipped and not surely near. Returns how many.
PEEKPROOF_VECTOR_CLONES int ScreenRow(const uint8_t* __restrict frame, const uint8_t* __restrict wallpaper,
                                      const uint8_t* __restrict skip, SafeDifferences safe, int n,
                                      uint8_t* __restrict needed) {
  int count = 0;
  for (int i = 0; i < n; ++i) {
    const auto b = static_cast<int16_t>(frame[3 * i] - wallpaper[3 * i]);
    const auto g = static_cast<int16_t>(frame[3 * i + 1] - wallpaper[3 * i + 1]);
    const auto r = static_cast<int16_t>(frame[3 * i + 2] - wallpaper[3 * i + 2]);
    const int16_t high = std::max(std::max(b, g), r);
    const int16_t low = std::min(std::min(b, g), r);
    const auto spread = static_cast<int16_t>(high - low);
    const int16_t largest = std::max(high, static_cast<int16_t>(-low));
    const int16_t limit = spread == 0   ? safe.by_spread[0]
                          : spread == 1 ? safe.by_spread[1]
                          : spread == 2 ? safe.by_spread[2]
                          : spread == 3 ? safe.by_spread[3]
                                        : int16_t{0};
    const uint8_t is_needed = largest > limit ? uint8_t{1} : uint8_t{0};
    needed[i] = skip[i] != 0 ? uint8_t{0} : is_needed;
    count += needed[i];
  }
  return count;
}

/// Columns of the set flags; returns their number.
int PackColumns(const uint8_t* flags, int n, int* columns) {
  int count = 0;
  int x = 0;
  for (; x + 8 <= n; x += 8) {
    uint64_t eight = 0;
    std::memcpy(&eight, flags + x, sizeof(eight));
    if (eight == 0) continue;
    for (int i = x; i < x + 8; ++i) {
      columns[count] = i;
      count += flags[i];
    }
  }
  for (; x < n; ++x) {
    columns[count] = x;
    count += flags[x];
  }
  return count;
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
  if (ScreenRow(frame, wallpaper.bgr.ptr(y), skip, safe, width, needed_.data()) == 0) return;
  const int count = PackColumns(needed_.data(), width, columns_.data());

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
