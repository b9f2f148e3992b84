// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/warp_motion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "testbed/option_texts.h"

namespace peekproof::testbed {
namespace {

float SmoothUp(float t) {
  t = std::clamp(t, 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

}  // namespace

Result<void> PlacementOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("placement", "headroom", headroom, 0, 0.5F));
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("placement", "head_height", head_height, 0.05F, 0.9F));
  return CheckShare("placement", "centre", centre);
}

Placement PlaceCutout(const CutoutShape& shape, const PlacementOptions& options, cv::Size footage,
                      cv::Size canvas) {
  constexpr double kBelow = 0.04;  // Of the canvas: what natural motion lifts.
  const double head_top = shape.box.y;
  const double bottom = shape.meets_bottom ? footage.height : shape.box.y + shape.box.height;
  const double to_bottom = (1.0 - static_cast<double>(options.headroom) + kBelow) * canvas.height /
                           std::max(1.0, bottom - head_top);
  const double to_head =
      static_cast<double>(options.head_height) * canvas.height / std::max(1.0, shape.neck_y - head_top);
  Placement placement;
  placement.scale = std::max(to_bottom, to_head);
  placement.offset = {static_cast<double>(options.centre) * canvas.width - placement.scale * shape.head_x,
                      static_cast<double>(options.headroom) * canvas.height - placement.scale * head_top};
  return placement;
}

Result<void> CheckScript(MotionScript script) {
  if (script != MotionScript::kWaveArm && script != MotionScript::kWaveHand) return {};
  return Error{ErrorCode::kUnsupported,
               fmt::format("footage has no arm to raise for {}; give the drawn person, or another motion",
                           NameOfMotionScript(script))};
}

WarpState WarpAt(const MotionOptions& motion, uint64_t seed, double time_s, cv::Size canvas) {
  constexpr double kHalfFieldOfView = 20.0 * 3.14159265358979 / 180;
  MotionOptions still = motion;
  still.script = MotionScript::kNone;
  const CallerPose at_rest = PoseAt(still, seed, 0);
  const CallerPose pose = PoseAt(motion, seed, time_s);
  const double focal_px = canvas.height / 2.0 / std::tan(kHalfFieldOfView);
  const double px_per_m = focal_px / static_cast<double>(pose.distance);
  WarpState state;
  state.shift = {static_cast<double>(pose.x - at_rest.x) * px_per_m,
                 -static_cast<double>(pose.y - at_rest.y) * px_per_m};
  state.scale = static_cast<double>(at_rest.distance / pose.distance);
  state.roll = -static_cast<double>(pose.body_roll);
  state.head_roll = -static_cast<double>(pose.head_roll);
  state.head_turn = std::clamp(static_cast<double>(pose.head_yaw) / 1.1, -1.0, 1.0);
  state.head_nod = std::clamp(static_cast<double>(pose.head_pitch) / 0.6, -1.0, 1.0);
  return state;
}

Warp::Warp(const CutoutShape& shape, const Placement& placement, const WarpState& state, cv::Size canvas)
    : pivot_(static_cast<float>(placement.scale * shape.head_x + placement.offset.x),
             static_cast<float>(canvas.height)),
      shift_(state.shift),
      cos_(static_cast<float>(std::cos(state.roll))),
      sin_(static_cast<float>(std::sin(state.roll))),
      per_scale_(static_cast<float>(1 / state.scale)),
      neck_(pivot_.x, static_cast<float>(placement.scale * shape.neck_y + placement.offset.y)),
      head_height_(static_cast<float>(placement.scale * std::max(1.0, shape.neck_y - shape.box.y))),
      head_half_width_(static_cast<float>(placement.scale * shape.head_half_width)),
      head_roll_(static_cast<float>(state.head_roll)),
      turn_(static_cast<float>(state.head_turn)),
      nod_(static_cast<float>(state.head_nod)),
      offset_(placement.offset),
      per_placement_(static_cast<float>(1 / placement.scale)) {}

cv::Point2f Warp::FootageFromCanvas(float x, float y) const {
  constexpr float kSlide = 0.22F;     // Of the head's half width, at a full turn.
  constexpr float kNarrower = 0.10F;  // Likewise.
  // Undo the whole's motion.
  const float dx = (x - pivot_.x - shift_.x) * per_scale_;
  const float dy = (y - pivot_.y - shift_.y) * per_scale_;
  cv::Point2f at(pivot_.x + cos_ * dx + sin_ * dy, pivot_.y - sin_ * dx + cos_ * dy);
  // Undo the head's, which grows from a third of a head below the neck to a third above it.
  const float up = (neck_.y - at.y) / head_height_;
  const float weight = SmoothUp((up + 0.33F) / 0.66F);
  if (weight > 0) {
    const float angle = head_roll_ * weight;
    const cv::Point2f from_neck = at - neck_;
    at = neck_ + cv::Point2f(std::cos(angle) * from_neck.x + std::sin(angle) * from_neck.y,
                             -std::sin(angle) * from_neck.x + std::cos(angle) * from_neck.y);
    const float u = (at.x - neck_.x) / head_half_width_;
    const float within = std::max(0.0F, 1 - 0.6F * u * u);
    const float turn = turn_ * weight;
    at.x = neck_.x + head_half_width_ * (u * (1 + kNarrower * std::abs(turn)) - kSlide * turn * within);
    const float v = 2 * (neck_.y - at.y) / head_height_ - 1;  // -1 at the neck, 1 at the crown.
    at.y -= 0.12F * head_height_ * nod_ * weight * std::max(0.0F, 1 - v * v);
  }
  return (at - offset_) * per_placement_;
}

}  // namespace peekproof::testbed
