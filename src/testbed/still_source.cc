// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/still_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engines/foreground_colour.h"
#include "media/picture.h"
#include "testbed/camera.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

constexpr uint8_t kDoubt = 4;

}  // namespace

std::string MatteOfStill(const std::string& path) {
  const fs::path file(path);
  const std::string stem = file.stem().string();
  const std::string ending = "_rgb";
  if (stem.size() <= ending.size() || !stem.ends_with(ending)) return path;
  const fs::path matte = file.parent_path() / (stem.substr(0, stem.size() - ending.size()) + "_alpha.png");
  std::error_code ignored;
  return fs::exists(matte, ignored) ? matte.string() : path;
}

cv::Mat4f CutoutOf(const cv::Mat3b& bgr, const cv::Mat1b& alpha) {
  cv::Mat1b certain = alpha.clone();
  certain.setTo(0, alpha < kDoubt);
  certain.setTo(255, alpha > 255 - kDoubt);
  cv::Mat3b own;
  engines::ForegroundEstimator().Apply(bgr, certain, &own);
  const cv::Mat3f linear = LinearFromSrgb(own);
  cv::Mat4f cutout(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      const float share = static_cast<float>(certain(y, x)) / 255.0F;
      const cv::Vec3f colour = linear(y, x) * share;
      cutout(y, x) = {colour[0], colour[1], colour[2], share};
    }
  }
  return cutout;
}

StillSource::StillSource(cv::Mat4f cutout) : cutout_(std::move(cutout)) {}

Result<std::unique_ptr<StillSource>> StillSource::Open(const std::string& path, const std::string& matte) {
  const std::string matte_path = matte.empty() ? MatteOfStill(path) : matte;
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b bgr, media::ReadPicture(path));
  PEEKPROOF_ASSIGN_OR_RETURN(const bool has_alpha, media::HasAlphaChannel(path));
  if (matte_path == path && !has_alpha)
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the picture has no matte; give a PNG with an alpha channel, or name the matte: {}",
                    path)};
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat1b alpha, media::ReadGreyPicture(matte_path));
  if (alpha.size() != bgr.size())
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the matte has {} x {} pixels, the picture {} x {}: {}", alpha.cols, alpha.rows,
                             bgr.cols, bgr.rows, matte_path)};
  const int opaque = cv::countNonZero(alpha > 127);
  if (opaque == 0 || cv::countNonZero(alpha < 128) == 0)
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the matte is {} everywhere; give a PNG with an alpha channel, or a grey picture "
                    "that is white where the person is: {}",
                    opaque == 0 ? "empty" : "opaque", matte_path)};
  return std::unique_ptr<StillSource>(new StillSource(CutoutOf(bgr, alpha)));
}

Result<void> StillSource::Fetch(double /*time_s*/, cv::Mat* picture) {
  *picture = cutout_;
  return {};
}

void StillSource::Cut(const cv::Mat& picture, cv::Mat4f* cutout) const { *cutout = picture; }

std::string StillSource::DescribeAsJson() const {
  const nlohmann::ordered_json json{{"kind", "still"}, {"width", size().width}, {"height", size().height}};
  return json.dump();
}

}  // namespace peekproof::testbed
