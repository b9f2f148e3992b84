// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/learn_room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::apply {
namespace {

using ::testing::HasSubstr;

const cv::Size kRoomSize(64, 36);

class LearnRoomTest : public ::testing::Test {
 protected:
  /// Brightness of each shot that is handed out.
  Result<void> Learn(const std::string& path, cv::Size size = kRoomSize) {
    return LearnRoom(path, std::nullopt, size, {}, [this](const image::Frame& frame) -> Result<void> {
      shots_.push_back(frame.bgr(0, 0)[0]);
      return {};
    });
  }
  std::string Clip(int frames, double frame_rate) {
    std::vector<cv::Mat3b> pictures;
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
      pictures.emplace_back(kRoomSize, cv::Vec3b::all(static_cast<uint8_t>(i)));
      times.push_back(i / frame_rate);
    }
    media::WriterOptions options;
    options.codec = "ffv1";
    options.crf = 0;
    media::test::WriteClip(folder_ / "room.mkv", pictures, options, times);
    return folder_ / "room.mkv";
  }

  media::test::TemporaryFolder folder_;
  std::vector<int> shots_;
};

TEST_F(LearnRoomTest, HandsOutEveryFrameOfAClip) {
  ASSERT_TRUE(Learn(Clip(20, 25)).ok());
  EXPECT_EQ(shots_.size(), 20U);
}

TEST_F(LearnRoomTest, TakesTenSecondsAtMost) {
  ASSERT_TRUE(Learn(Clip(40, 2)).ok());
  EXPECT_EQ(shots_.size(), 21U);
}

TEST_F(LearnRoomTest, APictureStandsForSomeFrames) {
  ASSERT_TRUE(media::WritePng(folder_ / "room.png", cv::Mat3b(kRoomSize, cv::Vec3b::all(77))).ok());
  ASSERT_TRUE(Learn(folder_ / "room.png").ok());
  EXPECT_EQ(shots_, std::vector<int>(12, 77));
}

TEST_F(LearnRoomTest, BadFilesAreNamed) {
  EXPECT_EQ(Learn(folder_ / "none.mkv").error().code, ErrorCode::kNotFound);
  const auto other = Learn(Clip(3, 25), {128, 72});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(other.error().message, HasSubstr("64x36"));
  EXPECT_THAT(other.error().message, HasSubstr("128x72"));
}

TEST_F(LearnRoomTest, AnErrorOfTheLearnerEndsIt) {
  const auto learnt =
      LearnRoom(Clip(3, 25), std::nullopt, kRoomSize, {}, [](const image::Frame&) -> Result<void> {
        return Error{ErrorCode::kInternal, "the network broke"};
      });
  EXPECT_EQ(learnt.error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace peekproof::apply
