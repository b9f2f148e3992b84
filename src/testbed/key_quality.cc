// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "testbed/key_chroma.h"

namespace peekproof::testbed {
namespace {

bool IsSoft(float alpha) { return alpha >= 0.05F && alpha <= 0.95F; }

int LargestChange(const cv::Vec3b& before, const cv::Vec3b& after) {
  int change = 0;
  for (int c = 0; c < 3; ++c) change = std::max(change, std::abs(before[c] - after[c]));
  return change;
}

}  // namespace

std::string DoubtsOf(const KeyQuality& quality) {
  constexpr double kShimmers = 0.05;
  constexpr double kPerforated = 0.01;
  if (quality.flicker <= kShimmers && quality.hole_share <= kPerforated) return "";
  return fmt::format(
      "the key may not hold (flicker {:.3f}, holes {:.2f} % of the person): look at the matte before "
      "you trust the truth, and give a better screen, garbage boxes, or footage with alpha",
      quality.flicker, 100 * quality.hole_share);
}

Holes FindHoles(const cv::Mat1f& alpha) {
  cv::Mat1b outside(alpha < 0.5F);
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  cv::copyMakeBorder(outside, outside, 0, 1, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(0));
  const int count = cv::connectedComponentsWithStats(outside, labels, stats, centroids, 4);
  Holes holes;
  for (int label = 1; label < count; ++label) {
    const int* const stat = stats[label];
    if (stat[cv::CC_STAT_TOP] == 0 || stat[cv::CC_STAT_LEFT] == 0 ||
        stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH] == alpha.cols)
      continue;
    ++holes.places;
    holes.pixels += stat[cv::CC_STAT_AREA];
  }
  return holes;
}

void KeyQualityMeter::AddFrame(const cv::Mat4f& cut) {
  cv::Mat1f alpha;
  cv::extractChannel(cut, alpha, 3);
  ++frames_;
  pixels_ += static_cast<int64_t>(alpha.total());
  soft_ += cv::countNonZero((alpha >= 0.05F) & (alpha <= 0.95F));
  person_ += cv::countNonZero(alpha > 0.5F);
  const Holes found = FindHoles(alpha);
  holes_.places += found.places;
  holes_.pixels += found.pixels;
  if (!backdrop_.empty()) AddSpill(cut);
}

void KeyQualityMeter::AddSpill(const cv::Mat4f& cut) {
  for (int y = 0; y < cut.rows; ++y) {
    for (int x = 0; x < cut.cols; ++x) {
      const cv::Vec4f& pixel = cut(y, x);
      if (!IsSoft(pixel[3])) continue;
      const Hue hue = HueOf(backdrop_(y, x));
      if (!hue.is_clear) continue;
      const float along = hue.Along(ChromaOf({pixel[0], pixel[1], pixel[2]}));
      spill_ += static_cast<double>(std::max(0.0F, along));
      spill_of_backdrop_ += static_cast<double>(hue.strength * pixel[3]);
    }
  }
}

void KeyQualityMeter::AddPair(const cv::Mat1f& alpha_before, const cv::Mat1f& alpha_after,
                              const cv::Mat3b& picture_before, const cv::Mat3b& picture_after, float steady) {
  for (int y = 0; y < alpha_before.rows; ++y) {
    for (int x = 0; x < alpha_before.cols; ++x) {
      if (!IsSoft(alpha_before(y, x)) && !IsSoft(alpha_after(y, x))) continue;
      if (static_cast<float>(LargestChange(picture_before(y, x), picture_after(y, x))) > steady) continue;
      change_ += static_cast<double>(std::abs(alpha_before(y, x) - alpha_after(y, x)));
      ++changing_;
    }
  }
}

double KeyQualityMeter::person_share() const {
  return pixels_ == 0 ? 0.0 : static_cast<double>(person_) / static_cast<double>(pixels_);
}

KeyQuality KeyQualityMeter::quality() const {
  KeyQuality quality;
  if (person_ > 0) {
    quality.soft_share = static_cast<double>(soft_) / static_cast<double>(person_);
    quality.hole_share = static_cast<double>(holes_.pixels) / static_cast<double>(person_);
  }
  if (frames_ > 0) quality.holes = static_cast<double>(holes_.places) / frames_;
  if (changing_ > 0) quality.flicker = change_ / static_cast<double>(changing_);
  if (spill_of_backdrop_ > 0) quality.spill = spill_ / spill_of_backdrop_;
  return quality;
}

}  // namespace peekproof::testbed
