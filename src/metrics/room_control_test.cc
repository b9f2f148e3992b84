// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/room_control.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace peekproof::metrics {
namespace {

const cv::Size kRoomSize(60, 40);

/// Blocks of 5 x 5 in random colours.
cv::Mat3b Room(uint64_t seed) {
  cv::Mat3b room(kRoomSize);
  for (int y = 0; y < kRoomSize.height; ++y) {
    for (int x = 0; x < kRoomSize.width; ++x) {
      RowRandom random(seed, static_cast<uint64_t>(x / 5), static_cast<uint64_t>(y / 5));
      const uint64_t bits = random.Next();
      room(y, x) = {static_cast<uint8_t>(bits), static_cast<uint8_t>(bits >> 8),
                    static_cast<uint8_t>(bits >> 16)};
    }
  }
  return room;
}

image::Reconstruction Painted(const cv::Mat3b& colours) {
  auto painted = image::Reconstruction::Absent(colours.size());
  colours.copyTo(painted.bgr);
  painted.evidence.setTo(1);
  return painted;
}

TEST(RoomControlTest, TheRoomIsWellAboveChance) {
  const RoomControl control = CompareWithWrongRooms(Painted(Room(1)), Room(1), Room(2));
  EXPECT_EQ(control.room.at_4, 1);
  EXPECT_LT(control.mirrored.at_10, 0.2);
  EXPECT_LT(control.other.at_10, 0.2);
  EXPECT_TRUE(control.above_chance);
}

TEST(RoomControlTest, AnotherRoomIsChance) {
  const RoomControl control = CompareWithWrongRooms(Painted(Room(3)), Room(1), Room(2));
  EXPECT_LT(control.room.at_10, 0.2);
  EXPECT_FALSE(control.above_chance);
}

TEST(RoomControlTest, APlainRoomCannotBeToldFromItsMirror) {
  const cv::Mat3b white(kRoomSize, cv::Vec3b(250, 250, 250));
  const RoomControl control = CompareWithWrongRooms(Painted(white), white, {});
  EXPECT_EQ(control.mirrored.at_10, 1);
  EXPECT_FALSE(control.above_chance);
}

TEST(RoomControlTest, MirroringTheRoomSwapsTheFirstTwo) {
  cv::Mat3b mirrored;
  cv::flip(Room(1), mirrored, 1);
  const RoomControl one = CompareWithWrongRooms(Painted(Room(5)), Room(1), {});
  const RoomControl two = CompareWithWrongRooms(Painted(Room(5)), mirrored, {});
  EXPECT_EQ(one.room.at_10, two.mirrored.at_10);
  EXPECT_EQ(one.mirrored.at_4, two.room.at_4);
}

TEST(RoomControlTest, NothingPaintedIsNothing) {
  const RoomControl control =
      CompareWithWrongRooms(image::Reconstruction::Absent(kRoomSize), Room(1), Room(2));
  EXPECT_EQ(control.room.at_10, 0);
  EXPECT_FALSE(control.above_chance);
}

}  // namespace
}  // namespace peekproof::metrics
