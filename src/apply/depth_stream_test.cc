// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/depth_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::apply {
namespace {

using ::testing::HasSubstr;

/// Three numbered pictures of one value each, 1/25 s apart.
template <typename Value>
std::string Write(const media::test::TemporaryFolder& folder, const std::vector<Value>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string path = folder / ("depth_" + std::to_string(i) + ".png");
    EXPECT_TRUE(media::WritePng(path, cv::Mat_<Value>(6, 8, values[i])).ok());
  }
  return folder / "depth_%d.png";
}

int At(DepthStream* stream, double time_s) {
  const auto depth = stream->At({cv::Mat3b(), 0, time_s});
  EXPECT_TRUE(depth.ok());
  return depth.ok() ? (**depth)(3, 3) : -1;
}

TEST(DepthStreamTest, KeepsAllSixteenBitsAndHoldsAPictureUntilTheNext) {
  const media::test::TemporaryFolder folder;
  auto stream = DepthStream::Open(Write<uint16_t>(folder, {1, 40001, 65535}));
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  EXPECT_EQ(At(stream->get(), 0.0), 1);
  EXPECT_EQ(At(stream->get(), 0.039), 1);
  EXPECT_EQ(At(stream->get(), 0.04), 40001);
  EXPECT_EQ(At(stream->get(), 0.08), 65535);
  EXPECT_EQ(At(stream->get(), 9.0), 65535) << "the last one stays";
  EXPECT_FALSE((*stream)->At({cv::Mat3b(), 0, 1.0}).ok()) << "no way back";
}

TEST(DepthStreamTest, NumberedPicturesShareTheRecordingsRate) {
  const media::test::TemporaryFolder folder;
  auto stream = DepthStream::Open(Write<uint16_t>(folder, {1, 2, 3}), 50.0);
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  EXPECT_EQ(At(stream->get(), 0.02), 2);
  EXPECT_EQ(At(stream->get(), 0.04), 3);
}

TEST(DepthStreamTest, SaysThatItEndedEarly) {
  const media::test::TemporaryFolder folder;
  auto stream = DepthStream::Open(Write<uint16_t>(folder, {1, 2, 3}));
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  At(stream->get(), 0.5);
  EXPECT_TRUE((*stream)->diagnostics().empty());
  At(stream->get(), 5.0);
  EXPECT_FALSE((*stream)->diagnostics().empty());
}

TEST(DepthStreamTest, SpreadsEightBitsOverSixteen) {
  const media::test::TemporaryFolder folder;
  auto stream = DepthStream::Open(Write<uint8_t>(folder, {0, 128, 255}));
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  EXPECT_EQ(At(stream->get(), 0.0), 0);
  EXPECT_EQ(At(stream->get(), 0.04), 128 * 257);
  EXPECT_EQ(At(stream->get(), 0.08), 65535);
}

TEST(DepthStreamTest, RefusesColours) {
  const media::test::TemporaryFolder folder;
  ASSERT_TRUE(media::WritePng(folder / "c_0.png", cv::Mat3b(6, 8, cv::Vec3b(1, 2, 3))).ok());
  EXPECT_THAT(DepthStream::Open(folder / "c_%d.png").error().message, HasSubstr("gray16le"));
}

}  // namespace
}  // namespace peekproof::apply
