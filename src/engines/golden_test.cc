// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Golden pictures: what each profile makes of one small scene. They catch what the properties of the other
// tests let pass: a constant, an order of steps or a default that changes unasked. To make them anew, after a
// change that is meant, and look at what came out:
//
//   PEEKPROOF_UPDATE_GOLDEN=1 build/release/engines_test --gtest_filter='GoldenPicture*'
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>

#include "engines/engine.h"
#include "engines/testing_profiles.h"
#include "media/picture.h"

namespace peekproof::engines {
namespace {

constexpr int kFrames = 6;
const cv::Size kGoldenSize(144, 81);

// OpenCV may round a step in 8 bit differently on another processor or in another version: off by one in some
// pixels, which coverage (up to 6 times in meet) or sharpening (2.5 times in zoom) makes larger. On one
// processor, with its vector units switched off one after the other, nothing differed. A changed constant
// moves whole edges.
constexpr double kMostMean = 0.1;
constexpr double kMost = 8;

// The scene is made of whole numbers, so it is the same everywhere.

/// A dark room with shelves, books and a lamp, of which the network is not sure.
cv::Vec3b RoomAt(int x, int y) {
  if (x >= 96 && x < 120 && y >= 12 && y < 32) return {120, 150, 170};
  if (y % 27 < 3) return {70, 90, 110};
  const int book = x / 7 * 13 % 5;
  const int light = 10 + (y % 27 > 7 + 2 * book ? 10 * book : 0);
  return {static_cast<uint8_t>(light), static_cast<uint8_t>(light + 6 * (x / 7 % 3)),
          static_cast<uint8_t>(light + 9 * (x / 7 % 2))};
}

/// 256 inside an ellipse, 0 outside, with a soft edge some pixels wide.
int Inside(cv::Point from_centre, cv::Size radii) {
  const int u = from_centre.x * 256 / radii.width;
  const int v = from_centre.y * 256 / radii.height;
  return std::clamp(128 + (65536 - u * u - v * v) / 150, 0, 256);
}

/// The room, and before it a bright head and shoulders that go right by four pixels a frame.
image::Frame FrameAt(int index) {
  cv::Mat3b bgr(kGoldenSize);
  const int middle = 44 + 4 * index;
  for (int y = 0; y < kGoldenSize.height; ++y) {
    for (int x = 0; x < kGoldenSize.width; ++x) {
      const int caller =
          std::max(Inside({x - middle, y - 33}, {14, 19}), Inside({x - middle, y - 82}, {38, 38}));
      const int shade = (x - middle + 200) / 6 % 2 * 6;
      const cv::Vec3b skin(static_cast<uint8_t>(234 + shade), static_cast<uint8_t>(244 + shade), 254);
      const cv::Vec3b room = RoomAt(x, y);
      for (int c = 0; c < 3; ++c) {
        bgr(y, x)[c] = static_cast<uint8_t>((caller * skin[c] + (256 - caller) * room[c] + 128) / 256);
      }
    }
  }
  return {bgr, index, index / 25.0};
}

/// Tiles in slow gradients.
cv::Mat3b GoldenWallpaper() {
  cv::Mat3b picture(kGoldenSize);
  for (int y = 0; y < kGoldenSize.height; ++y) {
    for (int x = 0; x < kGoldenSize.width; ++x) {
      const int tile = (x / 18 + y / 18) % 2 * 50;
      picture(y, x) = {static_cast<uint8_t>(150 + tile), static_cast<uint8_t>(60 + y / 9 * 9 + tile),
                       static_cast<uint8_t>(20 + x / 9 * 9)};
    }
  }
  return picture;
}

/// The last composite; below it its alpha.
cv::Mat3b PictureOf(const std::string& spec) {
  auto engine = EngineFor(spec);
  const cv::Mat3b wallpaper = GoldenWallpaper();
  Composite composite;
  for (int i = 0; i < kFrames; ++i) EXPECT_TRUE(engine->Process(FrameAt(i), wallpaper, &composite).ok());
  cv::Mat1b alpha;
  composite.alpha.values.convertTo(alpha, CV_8U, 255.0);
  cv::Mat3b grey;
  cv::cvtColor(alpha, grey, cv::COLOR_GRAY2BGR);
  cv::Mat3b both;
  cv::vconcat(composite.bgr, grey, both);
  return both;
}

std::string FileOf(const std::string& engine) { return PEEKPROOF_GOLDEN_FOLDER "/" + engine + ".png"; }

struct Distance {
  double mean = HUGE_VAL;  ///< Over pixels and channels.
  double most = HUGE_VAL;
  bool is_small() const { return mean <= kMostMean && most <= kMost; }
};

/// From the committed picture of an engine.
Distance DistanceFromGolden(const cv::Mat3b& picture, const std::string& engine) {
  const auto golden = media::ReadPicture(FileOf(engine));
  EXPECT_TRUE(golden.ok()) << golden.error().message;
  if (!golden.ok() || golden->size() != picture.size()) return {};
  cv::Mat3b difference;
  cv::absdiff(picture, *golden, difference);
  return {cv::norm(difference, cv::NORM_L1) / (3.0 * static_cast<double>(picture.total())),
          cv::norm(difference, cv::NORM_INF)};
}

TEST(GoldenPictureTest, EveryProfileMakesItsPicture) {
  const bool update = std::getenv("PEEKPROOF_UPDATE_GOLDEN") != nullptr;
  for (const EngineInfo& info : ListEngines()) {
    const cv::Mat3b picture = PictureOf(info.name);
    if (update) {
      ASSERT_TRUE(media::WritePng(FileOf(info.name), picture).ok());
    }
    const Distance distance = DistanceFromGolden(picture, info.name);
    EXPECT_TRUE(distance.is_small()) << info.name << ": mean " << distance.mean << ", most " << distance.most;
  }
}

TEST(GoldenPictureTest, ASmallChangeShows) {
  for (const char* spec :
       {"meet(coverage_low=0.52)", "meet(wrap=0.2)", "mediapipe(smooth=0.1)", "zoom(share=0.55)",
        "zoom(sigma=4.4)", "teams(feather=5)", "twilio(low=90)", "twilio(mask_blur_radius=9)",
        "twilio(sigma_color=0.11)", "obs(threshold=0.53)", "obs(smooth_contour=0.7)", "obs-lite(gamma=2.6)",
        "obs-lite(share=0.27)", "lfbw(share=0.55)", "jitsi2(coverage_high=0.67)", "backscrub(threshold=0.67)",
        "camaleon(threshold=0.52)"}) {
    const Distance distance =
        DistanceFromGolden(PictureOf(spec), std::string(spec).substr(0, std::string(spec).find('(')));
    EXPECT_FALSE(distance.is_small()) << spec << ": mean " << distance.mean << ", most " << distance.most;
  }
}

TEST(GoldenPictureTest, EveryPictureHasItsProfile) {
  const auto is_of = [](const std::filesystem::path& path) {
    return [path](const EngineInfo& info) { return path.filename() == info.name + ".png"; };
  };
  for (const auto& file : std::filesystem::directory_iterator(PEEKPROOF_GOLDEN_FOLDER)) {
    EXPECT_TRUE(std::any_of(ListEngines().begin(), ListEngines().end(), is_of(file.path()))) << file.path();
  }
}

}  // namespace
}  // namespace peekproof::engines
