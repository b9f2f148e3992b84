// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/rim_profile.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

constexpr int kWalk = 12;              ///< Steps of two pixels.
constexpr float kColours = 1.0F / 64;  ///< 8-bit steps to about one.

float Largest(const cv::Vec3f& v) { return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])}); }

float Scaled(float difference) { return std::min(difference * kColours, 2.0F); }

bool AnyOfFour(const cv::Mat1b& flags, int y, int x) {
  const int below = std::min(y + 1, flags.rows - 1);
  const int right = std::min(x + 1, flags.cols - 1);
  return (flags(y, x) | flags(y, right) | flags(below, x) | flags(below, right)) != 0;
}

}  // namespace

RimProfile::RimProfile(const Wallpaper& wallpaper)
    : half_((wallpaper.bgr.cols + 1) / 2, (wallpaper.bgr.rows + 1) / 2),
      step_(static_cast<float>(wallpaper.bgr.rows) / 720.0F),
      cues_(half_.height, half_.width * kCues, 0.0F) {
  cv::resize(wallpaper.bgr, wallpaper_, half_, 0, 0, cv::INTER_AREA);
}

void RimProfile::Update(const FrameEvidence& evidence, const RimDistances& rim, const cv::Mat1b& wanted) {
  std::swap(small_, last_);
  cv::resize(evidence.frame.bgr, small_, half_, 0, 0, cv::INTER_AREA);
  if (last_.empty()) last_ = small_.clone();
  cv::resize(evidence.engine_alpha.values, alpha_, half_, 0, 0, cv::INTER_NEAREST);
  cv::resize(evidence.caller.values, caller_, half_, 0, 0, cv::INTER_NEAREST);
  cv::boxFilter(rim.outline(), smooth_outline_, CV_32F, {9, 9});
  ParallelRows(half_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) FillRow(y, rim.outline(), wanted);
  });
}

void RimProfile::FillRow(int y, const cv::Mat1f& outline, const cv::Mat1b& wanted) {
  float* cues = cues_[y];
  for (int x = 0; x < half_.width; ++x, cues += kCues) {
    if (!AnyOfFour(wanted, 2 * y, 2 * x)) continue;
    std::fill(cues, cues + kCues, 0.0F);
    Normal normal;
    if (outline(y, x) < -kInnerPx || outline(y, x) > kOuterPx || !FindNormal(y, x, &normal)) continue;
    FillEdges(normal, cues);
    FillBeside(normal, cues);
  }
}

bool RimProfile::FindNormal(int y, int x, Normal* normal) const {
  const float* row = smooth_outline_[y];
  const cv::Point2f slope(
      row[std::min(half_.width - 1, x + 2)] - row[std::max(0, x - 2)],
      smooth_outline_(std::min(half_.height - 1, y + 2), x) - smooth_outline_(std::max(0, y - 2), x));
  const float norm = std::sqrt(slope.dot(slope));
  if (norm < 1e-3F) return false;
  *normal = {cv::Point2f(static_cast<float>(x), static_cast<float>(y)), slope * (step_ / norm)};
  return true;
}

cv::Point RimProfile::Along(const Normal& normal, int steps) const {
  const cv::Point2f place = normal.place + static_cast<float>(steps) * normal.step;
  return {std::clamp(static_cast<int>(std::lround(place.x)), 0, half_.width - 1),
          std::clamp(static_cast<int>(std::lround(place.y)), 0, half_.height - 1)};
}

void RimProfile::FillEdges(const Normal& normal, float* cues) const {
  const cv::Point here = Along(normal, 0);
  const cv::Vec3f own(small_(here));
  cv::Vec3f inner = own;
  cv::Vec3f outer = OffsetAt(here);
  for (int s = 1; s <= kWalk; ++s) {
    const cv::Vec3f farther_in(small_(Along(normal, -s)));
    const float in = Scaled(Largest(farther_in - inner));
    if (in > cues[0]) {
      cues[0] = in;
      cues[1] = static_cast<float>(s) / kWalk;
    }
    inner = farther_in;
    if (s == kWalk / 2) cues[4] = Scaled(Largest(inner - own));
    const cv::Vec3f farther_out = OffsetAt(Along(normal, s));
    const float out = Scaled(Largest(farther_out - outer));
    if (out > cues[2]) {
      cues[2] = out;
      cues[3] = static_cast<float>(s) / kWalk;
    }
    outer = farther_out;
  }
  cues[5] = Scaled(Largest(inner - own));
}

void RimProfile::FillBeside(const Normal& normal, float* cues) const {
  const cv::Point here = Along(normal, 0);
  const cv::Point in = Along(normal, -4);
  const cv::Point near = Along(normal, 4);
  const cv::Point far = Along(normal, 8);
  cues[6] = Scaled(Largest(OffsetAt(in)));
  cues[7] = Scaled(Largest(OffsetAt(near)));
  cues[8] = Scaled(Largest(OffsetAt(far)));
  cues[9] = alpha_(in);
  cues[10] = alpha_(near);
  cues[11] = alpha_(far);
  cues[12] = caller_(in);
  cues[13] = caller_(near);
  constexpr float kSteady = 4.0F;  // 8-bit steps, so that noise has no direction.
  const cv::Vec3f offset = OffsetAt(here);
  const cv::Vec3f beside = OffsetAt(Along(normal, 3));
  const float length = std::sqrt(offset.dot(offset)) + kSteady;
  const float beside_length = std::sqrt(beside.dot(beside));
  cues[14] = offset.dot(beside) / (length * (beside_length + kSteady));
  cues[15] = std::min(beside_length / length, 2.0F);
  cues[16] = Scaled(Largest(cv::Vec3f(small_(here)) - cv::Vec3f(last_(here))));
}

}  // namespace peekproof::attacks
