// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/cutout_foreground.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "testbed/camera.h"

namespace peekproof::testbed {
namespace {

/// A place in the footage, in pixels (centres at halves), moved to where the drawing-on comes from.
cv::Point2f DrawnOn(cv::Point2f place, cv::Size size) {
  constexpr float kShoulder = 0.7F;  // Rows down per column outwards.
  const auto right = static_cast<float>(size.width) - 0.5F;
  const float beyond = std::max({0.5F - place.x, place.x - right, 0.0F});
  if (beyond > 0) {
    place.x = std::clamp(place.x, 0.5F, right);
    place.y -= kShoulder * beyond;
  }
  place.y = std::min(place.y, static_cast<float>(size.height) - 0.5F);
  return place;
}

cv::Vec4f SampleAt(const cv::Mat4f& cutout, cv::Point2f place) {
  const float x = std::max(0.0F, place.x - 0.5F);
  const float y = place.y - 0.5F;
  if (y <= -1) return {};
  const int left = std::min(static_cast<int>(x), cutout.cols - 1);
  const int right = std::min(left + 1, cutout.cols - 1);
  const int above = static_cast<int>(std::floor(y));
  const int below = std::min(above + 1, cutout.rows - 1);
  const float across = x - static_cast<float>(left);
  const float down = y - static_cast<float>(above);
  const cv::Vec4f lower = cutout(below, left) * (1 - across) + cutout(below, right) * across;
  if (above < 0) return lower * down;
  const cv::Vec4f upper = cutout(above, left) * (1 - across) + cutout(above, right) * across;
  return upper * (1 - down) + lower * down;
}

}  // namespace

void DrawWarped(const cv::Mat4f& cutout, const Warp& warp, double scale, cv::Size canvas,
                cv::Mat4f* premultiplied) {
  cv::Mat4f source = cutout;
  float shrink = 1;
  if (scale < 0.5) {
    shrink = static_cast<float>(std::floor(1 / scale));
    const auto part = [&](int side) { return std::max(1, cvRound(static_cast<float>(side) / shrink)); };
    cv::resize(cutout, source, {part(cutout.cols), part(cutout.rows)}, 0, 0, cv::INTER_AREA);
  }
  const float across = static_cast<float>(source.cols) / static_cast<float>(cutout.cols);
  const float down = static_cast<float>(source.rows) / static_cast<float>(cutout.rows);
  premultiplied->create(canvas);
  ParallelRows(canvas.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < canvas.width; ++x) {
        cv::Point2f place =
            warp.FootageFromCanvas(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
        place = DrawnOn({place.x * across, place.y * down}, source.size());
        (*premultiplied)(y, x) = SampleAt(source, place);
      }
    }
  });
}

CutoutForeground::CutoutForeground(std::unique_ptr<CutoutSource> source, const PlacementOptions& placement,
                                   const MotionOptions& motion, uint64_t seed)
    : source_(std::move(source)), placement_(placement), motion_(motion), seed_(seed) {}

Result<std::unique_ptr<CutoutForeground>> CutoutForeground::Create(std::unique_ptr<CutoutSource> source,
                                                                   const PlacementOptions& placement,
                                                                   const MotionOptions& motion,
                                                                   uint64_t seed) {
  constexpr double kSecondsLookedAt = 2.0;
  constexpr double kStep_s = 0.4;
  PEEKPROOF_RETURN_IF_ERROR(placement.Validate());
  PEEKPROOF_RETURN_IF_ERROR(CheckScript(motion.script));
  std::vector<cv::Mat1f> alphas;
  cv::Mat picture;
  cv::Mat4f cut;
  for (double time_s = 0; time_s <= kSecondsLookedAt; time_s += kStep_s) {
    PEEKPROOF_RETURN_IF_ERROR(source->Fetch(time_s, &picture));
    source->Cut(picture, &cut);
    cv::extractChannel(cut, alphas.emplace_back(), 3);
  }
  std::unique_ptr<CutoutForeground> foreground(
      new CutoutForeground(std::move(source), placement, motion, seed));
  foreground->shape_ = ShapeOf(alphas);
  if (foreground->shape_.box.empty())
    return Error{ErrorCode::kUnsupported, "nobody is in the footage's first seconds; give other footage"};
  return foreground;
}

Result<void> CutoutForeground::Fetch(double time_s, cv::Mat* picture) {
  return source_->Fetch(time_s, picture);
}

void CutoutForeground::Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
                            cv::Mat4f* premultiplied) const {
  cv::Mat4f cut;
  source_->Cut(picture, &cut);
  const Placement placement = PlaceCutout(shape_, placement_, source_->size(), canvas);
  std::vector<cv::Mat4f> drawings;
  for (const double moment_s : moments_s) {
    const WarpState state = WarpAt(motion_, seed_, moment_s, canvas);
    DrawWarped(cut, Warp(shape_, placement, state, canvas), placement.scale * state.scale, canvas,
               &drawings.emplace_back());
  }
  *premultiplied = AverageDrawings(drawings);
}

}  // namespace peekproof::testbed
