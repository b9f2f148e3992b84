// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace peekproof::testbed {

/// A line of writing in a room, for scores that read.
struct RoomText {
  std::string text;
  cv::Rect2d box;         ///< As shares of the picture's width and height.
  double cap_height = 0;  ///< Of its capitals, as a share of the picture's height.
};

/// A room as the camera sees it without the caller.
struct Room {
  cv::Mat3b bgr;  ///< BGR 8-bit sRGB.
  std::vector<RoomText> texts;
};

/// Paints a seeded room: wall, window, poster, whiteboard with writing in several sizes, notes, calendar,
/// sideboard with lamp and plant, and a full bookcase. The whiteboard hangs behind the caller's head, where a
/// moving caller uncovers it. Private-looking writing (a password, a number) is made up.
Room MakeRoom(uint64_t seed, cv::Size size);

/// Heights of the chart room's capitals, in pixels of a picture 720 high.
inline constexpr std::array kChartSizesPx = {56, 40, 32, 24, 20, 16, 12, 8};

/// Paints a seeded room for telling what can be read: two sheets of writing, each with a line of random words
/// and figures in every size of kChartSizesPx, left and right of where a caller sits; a window, a sideboard,
/// a plant and a lamp.
Room MakeChartRoom(uint64_t seed, cv::Size size);

}  // namespace peekproof::testbed
