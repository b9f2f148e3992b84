// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/room.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "testbed/testing.h"
#include "testbed/wallpaper.h"

namespace peekproof::testbed {
namespace {

/// Share of pixels with a saturation above a quarter.
double VividShare(const cv::Mat3b& bgr) {
  int vivid = 0;
  for (const cv::Vec3b& pixel : bgr) {
    const int high = std::max({pixel[0], pixel[1], pixel[2]});
    const int low = std::min({pixel[0], pixel[1], pixel[2]});
    vivid += high - low > high / 4 ? 1 : 0;
  }
  return vivid / static_cast<double>(bgr.total());
}

double StandardDeviation(const cv::Mat& picture) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(picture, mean, deviation);
  return deviation[0];
}

TEST(MakeRoom, IsSeeded) {
  const Room a = MakeRoom(3, {320, 180});
  const Room b = MakeRoom(3, {320, 180});
  const Room c = MakeRoom(4, {320, 180});
  EXPECT_TRUE(SameBytes(a.bgr, b.bgr));
  EXPECT_FALSE(SameBytes(a.bgr, c.bgr));
  EXPECT_EQ(a.texts[0].text, b.texts[0].text);
}

TEST(MakeRoom, DoesNotDependOnThreads) {
  Room one, four;
  {
    const ThreadLimit limit(1);
    one = MakeRoom(9, {160, 90});
  }
  {
    const ThreadLimit limit(4);
    four = MakeRoom(9, {160, 90});
  }
  EXPECT_TRUE(SameBytes(one.bgr, four.bgr));
}

TEST(MakeRoom, HasMuchToSee) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    const Room room = MakeRoom(seed, {320, 180});
    EXPECT_GT(VividShare(room.bgr), 0.2) << "colours, seed " << seed;
    EXPECT_GE(room.texts.size(), 5U) << "writing, seed " << seed;
  }
}

TEST(MakeRoom, WritesWhereItSays) {
  const cv::Size size(1280, 720);
  for (uint64_t seed = 0; seed < 3; ++seed) {
    const Room room = MakeRoom(seed, size);
    for (const RoomText& text : room.texts) {
      const cv::Rect2d& box = text.box;
      ASSERT_TRUE(box.x >= 0 && box.y >= 0 && box.br().x <= 1 && box.br().y <= 1) << text.text;
      EXPECT_FALSE(text.text.empty());
      const cv::Rect pixels(cvRound(box.x * size.width), cvRound(box.y * size.height),
                            cvRound(box.width * size.width), cvRound(box.height * size.height));
      cv::Mat grey;
      cv::cvtColor(room.bgr(pixels), grey, cv::COLOR_BGR2GRAY);
      EXPECT_GT(StandardDeviation(grey), 15) << "no ink where \"" << text.text << "\" should be";
    }
  }
}

TEST(MakeRoom, TakesAnySize) {
  for (const cv::Size size : {cv::Size(16, 16), cv::Size(31, 17), cv::Size(64, 200), cv::Size(400, 90)})
    EXPECT_EQ(MakeRoom(1, size).bgr.size(), size);
}

TEST(MakeWallpaper, IsSeededAndNeverFlat) {
  for (const WallpaperKind kind :
       {WallpaperKind::kBeach, WallpaperKind::kMountains, WallpaperKind::kOffice}) {
    const cv::Mat3b a = MakeWallpaper(kind, 3, {161, 91});
    EXPECT_TRUE(SameBytes(a, MakeWallpaper(kind, 3, {161, 91})));
    EXPECT_FALSE(SameBytes(a, MakeWallpaper(kind, 4, {161, 91})));
    EXPECT_GT(StandardDeviation(a), 15);
  }
}

}  // namespace
}  // namespace peekproof::testbed
