// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/sharp_frames.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "base/random.h"
#include "testbed/room.h"

namespace peekproof::audit {
namespace {

const cv::Size kFrameSize(640, 360);
const cv::Mat1f kNobody(9, 16, 0.0F);

cv::Mat3b Noisy(const cv::Mat3b& picture) {
  cv::Mat3b noisy(picture.size());
  for (int y = 0; y < picture.rows; ++y) {
    RowRandom random(7, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < picture.cols; ++x) {
      for (int c = 0; c < 3; ++c)
        noisy(y, x)[c] = cv::saturate_cast<uint8_t>(picture(y, x)[c] + 1.5 * random.Normal());
    }
  }
  return noisy;
}

cv::Mat3b Blurred(const cv::Mat3b& picture, double sigma_px) {
  cv::Mat blurred;
  cv::GaussianBlur(picture, blurred, {}, sigma_px);
  return blurred;
}

class SharpFramesTest : public testing::Test {
 protected:
  cv::Mat3b room_ = testbed::MakeRoom(4, kFrameSize).bgr;
  cv::Mat3b blurred_ = Blurred(room_, 6);
  // A blur that was taken back leaves some.
  SharpFrames sharp_{blurred_, Blurred(room_, 1.5), kNobody};
};

TEST_F(SharpFramesTest, TellsTheRoomFromItsBlur) {
  EXPECT_GE(sharp_.tiles(), SharpFrames::kLeastTiles);
  EXPECT_GT(sharp_.SharpShare(room_), 0.9);
  EXPECT_GT(sharp_.SharpShare(Noisy(room_)), 0.9);
  EXPECT_LT(sharp_.SharpShare(blurred_), 0.01);
  EXPECT_LT(sharp_.SharpShare(Noisy(blurred_)), 0.1);
}

TEST_F(SharpFramesTest, MeasuresWhatIsShownInPart) {
  cv::Mat3b part = blurred_.clone();
  const cv::Rect left(0, 0, kFrameSize.width / 2, kFrameSize.height);
  room_(left).copyTo(part(left));
  EXPECT_GT(sharp_.SharpShare(part), 0.2);
  EXPECT_LT(sharp_.SharpShare(part), 0.8);
}

TEST_F(SharpFramesTest, LeavesOutWhereTheCallerIs) {
  cv::Mat1f presence = kNobody.clone();
  presence(cv::Rect(0, 0, 8, 9)) = 0.5F;
  SharpFrames sharp(blurred_, room_, presence);
  cv::Mat3b caller = blurred_.clone();
  const cv::Rect left(0, 0, kFrameSize.width / 2, kFrameSize.height);
  room_(left).copyTo(caller(left));
  EXPECT_LT(sharp.tiles(), sharp_.tiles());
  EXPECT_LT(sharp.SharpShare(caller), 0.01);
}

TEST(SharpFrames, SaysNothingOfABareRoom) {
  const cv::Mat3b wall(kFrameSize, cv::Vec3b(200, 190, 180));
  SharpFrames sharp(wall, wall, kNobody);
  EXPECT_EQ(sharp.tiles(), 0);
  EXPECT_EQ(sharp.SharpShare(testbed::MakeRoom(4, kFrameSize).bgr), 0);
}

}  // namespace
}  // namespace peekproof::audit
