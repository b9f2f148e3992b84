// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/procedural_foreground.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace peekproof::testbed {

ProceduralForeground::ProceduralForeground(const CallerLook& look, const MotionOptions& motion, uint64_t seed,
                                           int render_height_px)
    : look_(look), motion_(motion), seed_(seed), render_height_px_(render_height_px) {}

Result<void> ProceduralForeground::Fetch(double /*time_s*/, cv::Mat* picture) {
  picture->release();
  return {};
}

void ProceduralForeground::Draw(const cv::Mat& /*picture*/, double time_s, cv::Size canvas,
                                cv::Mat4f* premultiplied) const {
  const int height = std::min(render_height_px_, canvas.height);
  const int width = std::max(1, cvRound(static_cast<double>(height) * canvas.width / canvas.height));
  RenderCaller(look_, PoseAt(motion_, seed_, time_s), {width, height}, premultiplied);
}

std::string ProceduralForeground::DescribeAsJson() const {
  const nlohmann::ordered_json json{
      {"kind", "procedural"}, {"skin", look_.skin},       {"hair", look_.hair},
      {"cloth", look_.cloth}, {"glasses", look_.glasses}, {"beard", look_.beard},
  };
  return json.dump();
}

}  // namespace peekproof::testbed
