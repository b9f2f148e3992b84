// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/procedural_foreground.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/parallel.h"
#include "testbed/camera.h"

namespace peekproof::testbed {
namespace {

using Json = nlohmann::ordered_json;

const char* NameOf(HairStyle style) {
  constexpr const char* kNames[] = {"short", "long", "curly", "bun", "bald", "beanie"};
  return kNames[static_cast<int>(style)];
}

const char* NameOf(HeldObject held) {
  constexpr const char* kNames[] = {"nothing", "mug", "phone", "paper"};
  return kNames[static_cast<int>(held)];
}

Json LookJson(const CallerLook& look) {
  return {{"skin", look.skin},       {"hair", look.hair},
          {"cloth", look.cloth},     {"glasses", look.glasses},
          {"beard", look.beard},     {"hair_style", NameOf(look.hair_style)},
          {"strands", look.strands}, {"held", {NameOf(look.held[0]), NameOf(look.held[1])}}};
}

/// Premultiplied over: what is there stays in front.
void LayUnder(const cv::Mat4f& behind, cv::Mat4f* picture) {
  ParallelRows(picture->rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      cv::Vec4f* const row = (*picture)[y];
      for (int x = 0; x < picture->cols; ++x) row[x] += (1.0F - row[x][3]) * behind(y, x);
    }
  });
}

}  // namespace

ProceduralForeground::ProceduralForeground(const CallerLook& look, const MotionOptions& motion, uint64_t seed,
                                           int render_height_px, std::optional<SecondPerson> second)
    : look_(look), motion_(motion), seed_(seed), render_height_px_(render_height_px), second_(second) {}

Result<void> ProceduralForeground::Fetch(double /*time_s*/, cv::Mat* picture) {
  picture->release();
  return {};
}

cv::Mat4f ProceduralForeground::DrawMoment(double time_s, cv::Size canvas) const {
  const int height = std::min(render_height_px_, canvas.height);
  const int width = std::max(1, cvRound(static_cast<double>(height) * canvas.width / canvas.height));
  cv::Mat4f drawn;
  RenderCaller(look_, PoseAt(motion_, seed_, time_s), {width, height}, &drawn);
  if (!second_) return drawn;
  cv::Mat4f behind;
  // The second person moves by numbers of their own.
  const CallerPose pose = SecondPersonPoseAt(second_->motion, seed_ ^ 0x2EC07D, time_s);
  RenderCaller(second_->look, pose, {width, height}, &behind);
  LayUnder(behind, &drawn);
  return drawn;
}

void ProceduralForeground::Draw(const cv::Mat& /*picture*/, std::span<const double> moments_s,
                                cv::Size canvas, cv::Mat4f* premultiplied) const {
  std::vector<cv::Mat4f> drawings;
  for (const double moment_s : moments_s) drawings.push_back(DrawMoment(moment_s, canvas));
  *premultiplied = AverageDrawings(drawings);
}

std::string ProceduralForeground::DescribeAsJson() const {
  Json json{{"kind", "procedural"}};
  json.update(LookJson(look_));
  if (second_) {
    Json second{{"motion", second_->motion == SecondPersonMotion::kBeside ? "beside" : "passing"}};
    second.update(LookJson(second_->look));
    json["second_person"] = second;
  }
  return json.dump();
}

}  // namespace peekproof::testbed
