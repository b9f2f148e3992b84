// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/accompanied_foreground.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "testbed/caller_look_json.h"
#include "testbed/camera.h"

namespace peekproof::testbed {
namespace {

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

AccompaniedForeground::AccompaniedForeground(std::unique_ptr<Foreground> caller, const SecondPerson& second,
                                             uint64_t seed, int render_height_px)
    : caller_(std::move(caller)), second_(second), seed_(seed), render_height_px_(render_height_px) {}

cv::Mat4f AccompaniedForeground::DrawSecond(double time_s, cv::Size size) const {
  constexpr uint64_t kOwnNumbers = 0x2EC07D;
  const int height = std::min(render_height_px_, size.height);
  const int width = std::max(1, cvRound(static_cast<double>(height) * size.width / size.height));
  cv::Mat4f drawn;
  RenderCaller(second_.look, SecondPersonPoseAt(second_.motion, seed_ ^ kOwnNumbers, time_s), {width, height},
               &drawn);
  if (drawn.size() != size) cv::resize(drawn, drawn, size);
  return drawn;
}

void AccompaniedForeground::Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
                                 cv::Mat4f* premultiplied) const {
  std::vector<cv::Mat4f> drawings;
  for (size_t i = 0; i < moments_s.size(); ++i) {
    cv::Mat4f& drawing = drawings.emplace_back();
    caller_->Draw(picture, moments_s.subspan(i, 1), canvas, &drawing);
    LayUnder(DrawSecond(moments_s[i], drawing.size()), &drawing);
  }
  *premultiplied = AverageDrawings(drawings);
}

std::string AccompaniedForeground::DescribeAsJson() const {
  auto json = nlohmann::ordered_json::parse(caller_->DescribeAsJson());
  nlohmann::ordered_json second{
      {"motion", second_.motion == SecondPersonMotion::kBeside ? "beside" : "passing"}};
  second.update(LookJson(second_.look));
  json["second_person"] = second;
  return json.dump();
}

}  // namespace peekproof::testbed
