// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/room_light.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/random.h"

namespace peekproof::testbed {
namespace {

cv::Mat4f RandomDrawing(cv::Size size) {
  cv::Mat4f drawing(size);
  RowRandom random(2, 0, 0);
  for (cv::Vec4f& pixel : drawing) {
    pixel[3] = static_cast<float>(random.Uniform());
    for (int c = 0; c < 3; ++c) pixel[c] = pixel[3] * static_cast<float>(random.Uniform());
  }
  return drawing;
}

TEST(RoomLight, MeasuresMeanAndHalves) {
  cv::Mat3f room(10, 20, cv::Vec3f(0.1F, 0.2F, 0.3F));
  room.colRange(10, 20).setTo(cv::Vec3f(0.3F, 0.4F, 0.5F));
  const RoomLight light = MeasureRoomLight(room);
  EXPECT_FLOAT_EQ(light.left[0], 0.1F);
  EXPECT_FLOAT_EQ(light.right[2], 0.5F);
  EXPECT_FLOAT_EQ(light.mean[1], 0.3F);
  const RoomLight narrow = MeasureRoomLight(cv::Mat3f(1, 1, cv::Vec3f(1, 1, 1)));
  EXPECT_EQ(narrow.left[0], 1.0F);
  EXPECT_EQ(narrow.right[0], 1.0F);
}

TEST(RoomLight, MeanCallerColourIsWeightedByAlpha) {
  cv::Mat4f drawing(1, 3, cv::Vec4f(0, 0, 0, 0));
  drawing(0, 0) = {0.1F, 0.2F, 0.4F, 1.0F};
  drawing(0, 1) = {0.15F, 0.1F, 0.0F, 0.5F};
  const std::array<float, 3> mean = MeanCallerColour(drawing);
  EXPECT_FLOAT_EQ(mean[0], 0.25F / 1.5F);
  EXPECT_FLOAT_EQ(mean[1], 0.3F / 1.5F);
  EXPECT_FLOAT_EQ(mean[2], 0.4F / 1.5F);
  EXPECT_EQ(MeanCallerColour(cv::Mat4f(2, 2, cv::Vec4f(0, 0, 0, 0)))[0], 0.2F) << "nobody";
}

TEST(FollowRoom, ANeutralRoomChangesNothing) {
  const RoomLight grey = MeasureRoomLight(cv::Mat3f(6, 8, cv::Vec3f(0.25F, 0.25F, 0.25F)));
  const LightGains gains = FollowRoom(grey, {0.25F, 0.25F, 0.25F}, {1, 1});
  cv::Mat4f drawing = RandomDrawing({16, 9});
  const cv::Mat4f before = drawing.clone();
  ApplyLight(gains, &drawing);
  EXPECT_LE(cv::norm(drawing, before, cv::NORM_INF), 1e-6);
}

TEST(FollowRoom, WithoutFollowingAnyRoomChangesNothing) {
  cv::Mat3f room(4, 4, cv::Vec3f(0.02F, 0.3F, 0.9F));
  room.col(0).setTo(cv::Vec3f(1, 0, 0));
  const LightGains gains = FollowRoom(MeasureRoomLight(room), {0.3F, 0.2F, 0.1F}, {0, 0});
  cv::Mat4f drawing = RandomDrawing({16, 9});
  const cv::Mat4f before = drawing.clone();
  ApplyLight(gains, &drawing);
  EXPECT_EQ(std::memcmp(drawing.data, before.data, before.total() * sizeof(cv::Vec4f)), 0);
}

TEST(FollowRoom, TakesOnColourBrightnessAndSide) {
  cv::Mat3f room(4, 8, cv::Vec3f(0.10F, 0.20F, 0.30F));
  const std::array<float, 3> caller{0.2F, 0.2F, 0.2F};
  const LightGains warm = FollowRoom(MeasureRoomLight(room), caller, {1, 0});
  EXPECT_NEAR(warm.left[0], 0.5F, 1e-5F);
  EXPECT_NEAR(warm.left[1], 1.0F, 1e-5F);
  EXPECT_NEAR(warm.left[2], 1.5F, 1e-5F);
  EXPECT_EQ(warm.left, warm.right);
  const LightGains half = FollowRoom(MeasureRoomLight(room), caller, {0.5F, 0});
  EXPECT_NEAR(half.left[2], std::sqrt(1.5F), 1e-5F);
  room.colRange(0, 4).setTo(cv::Vec3f(0.3F, 0.3F, 0.3F));
  room.colRange(4, 8).setTo(cv::Vec3f(0.1F, 0.1F, 0.1F));
  const LightGains sided = FollowRoom(MeasureRoomLight(room), caller, {0, 1});
  EXPECT_NEAR(sided.left[1], 1.5F, 1e-5F);
  EXPECT_NEAR(sided.right[1], 0.5F, 1e-5F);
}

TEST(FollowRoom, GainsAreLimited) {
  const RoomLight bright = MeasureRoomLight(cv::Mat3f(2, 2, cv::Vec3f(0, 0.5F, 1)));
  const LightGains gains = FollowRoom(bright, {0.01F, 0.01F, 0.01F}, {1, 1});
  EXPECT_EQ(gains.left[0], 0.5F);
  EXPECT_EQ(gains.left[2], 2.0F);
  LightOptions options{1.5F, 0};
  EXPECT_FALSE(options.Validate().ok());
  options = {0, std::nanf("")};
  EXPECT_FALSE(options.Validate().ok());
  options = {1, 1};
  EXPECT_TRUE(options.Validate().ok());
}

TEST(ApplyLight, RunsAcrossTheMiddleHalfAndKeepsAlpha) {
  cv::Mat4f drawing(3, 100, cv::Vec4f(0.2F, 0.2F, 0.2F, 0.5F));
  ApplyLight({{2, 1, 1}, {1, 1, 0.5F}}, &drawing);
  EXPECT_FLOAT_EQ(drawing(1, 0)[0], 0.4F);
  EXPECT_FLOAT_EQ(drawing(1, 24)[0], 0.4F);
  EXPECT_FLOAT_EQ(drawing(1, 99)[0], 0.2F);
  EXPECT_FLOAT_EQ(drawing(1, 99)[2], 0.1F);
  EXPECT_NEAR(drawing(1, 49)[0], 0.3F, 0.003F);
  for (int x = 1; x < 100; ++x) EXPECT_LE(drawing(2, x)[0], drawing(2, x - 1)[0]);
  for (const cv::Vec4f& pixel : drawing) EXPECT_EQ(pixel[3], 0.5F);
}

}  // namespace
}  // namespace peekproof::testbed
