// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/procedural_foreground.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "testbed/animation.h"
#include "testbed/caller_look_json.h"
#include "testbed/camera.h"

namespace peekproof::testbed {
ProceduralForeground::ProceduralForeground(const CallerLook& look, const MotionOptions& motion, uint64_t seed,
                                           int render_height_px)
    : look_(look), motion_(motion), seed_(seed), render_height_px_(render_height_px) {}

Result<void> ProceduralForeground::Fetch(double /*time_s*/, cv::Mat* picture) {
  picture->release();
  return {};
}

cv::Mat4f ProceduralForeground::DrawMoment(double time_s, cv::Size canvas) const {
  const int height = std::min(render_height_px_, canvas.height);
  const int width = std::max(1, cvRound(static_cast<double>(height) * canvas.width / canvas.height));
  cv::Mat4f drawn;
  RenderCaller(look_, PoseAt(motion_, seed_, time_s), {width, height}, &drawn);
  return drawn;
}

void ProceduralForeground::Draw(const cv::Mat& /*picture*/, std::span<const double> moments_s,
                                cv::Size canvas, cv::Mat4f* premultiplied) const {
  std::vector<cv::Mat4f> drawings;
  for (const double moment_s : moments_s) drawings.push_back(DrawMoment(moment_s, canvas));
  *premultiplied = AverageDrawings(drawings);
}

std::string ProceduralForeground::DescribeAsJson() const {
  nlohmann::ordered_json json{{"kind", "procedural"}};
  json.update(LookJson(look_));
  return json.dump();
}

}  // namespace peekproof::testbed
