// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/alpha_video_source.h"

#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "testbed/camera.h"

namespace peekproof::testbed {

AlphaVideoSource::AlphaVideoSource(std::unique_ptr<ClipPlayer> player) : player_(std::move(player)) {}

Result<std::unique_ptr<AlphaVideoSource>> AlphaVideoSource::Open(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto player, ClipPlayer::Open(path, ClipContent::kWithAlpha));
  return std::unique_ptr<AlphaVideoSource>(new AlphaVideoSource(std::move(player)));
}

Result<void> AlphaVideoSource::Fetch(double time_s, cv::Mat* picture) {
  *picture = player_->At(time_s);
  return {};
}

void AlphaVideoSource::Cut(const cv::Mat& picture, cv::Mat4f* cutout) const {
  const cv::Mat4b bgra = picture;
  cv::Mat3b bgr;
  cv::cvtColor(bgra, bgr, cv::COLOR_BGRA2BGR);
  const cv::Mat3f linear = LinearFromSrgb(bgr);
  cutout->create(bgra.size());
  for (int y = 0; y < bgra.rows; ++y) {
    for (int x = 0; x < bgra.cols; ++x) {
      const float alpha = static_cast<float>(bgra(y, x)[3]) / 255.0F;
      const cv::Vec3f colour = linear(y, x) * alpha;
      (*cutout)(y, x) = {colour[0], colour[1], colour[2], alpha};
    }
  }
}

std::string AlphaVideoSource::DescribeAsJson() const {
  const nlohmann::ordered_json json{{"kind", "alpha_video"}, {"footage_frames", player_->frames()}};
  return json.dump();
}

}  // namespace peekproof::testbed
