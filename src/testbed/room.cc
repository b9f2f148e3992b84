// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/room.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/random.h"
#include "testbed/furniture.h"

namespace peekproof::testbed {
namespace {

void PaintWalls(Painter* painter, RowRandom* random) {
  constexpr Paint kWalls[] = {{196, 206, 198}, {214, 196, 170}, {170, 190, 206}, {206, 178, 172}};
  const Paint wall = kWalls[random->Next() % 4];
  painter->FillGradient({0, 0, painter->aspect(), 1}, wall, Shade(wall, 0.86));
  painter->Glow({0.2 * painter->aspect(), 0.3}, 0.7, 0.14);
}

/// Furnishes a wall of width 1 (shares of the picture); `mirrored` swaps left and right.
void PaintFurniture(Painter* painter, bool mirrored, RowRandom* random, std::vector<RoomText>* texts) {
  const double w = painter->aspect();
  const auto box = [&](double x, double y, double width, double height) {
    return cv::Rect2d((mirrored ? 1.0 - x - width : x) * w, y, width * w, height);
  };
  const auto foot = [&](double x, double y) { return cv::Point2d((mirrored ? 1.0 - x : x) * w, y); };
  PaintWindow(painter, box(0.015, 0.06, 0.165, 0.50), random);
  PaintPoster(painter, box(0.215, 0.06, 0.125, 0.34), random);
  PaintCalendar(painter, box(0.215, 0.44, 0.115, 0.19), random, texts);
  PaintWhiteboard(painter, box(0.37, 0.04, 0.345, 0.47), random, texts);
  PaintSideboard(painter, box(0.10, 0.72, 0.62, 0.30), random);
  PaintPlant(painter, foot(0.15, 0.73), 0.34, random);
  PaintLamp(painter, foot(0.665, 0.73), 0.25, random);
  PaintBookcase(painter, box(0.745, 0.03, 0.25, 1.0), random);
}

/// Fine unevenness of paint and paper: a flat digital colour would be too easy to compress and to guess.
void AddGrain(uint64_t seed, cv::Mat3b* picture) {
  for (int y = 0; y < picture->rows; ++y) {
    RowRandom random(seed, 0x6EA1, static_cast<uint64_t>(y));
    cv::Vec3b* const row = (*picture)[y];
    for (int x = 0; x < picture->cols; ++x) {
      const double change = random.Uniform(-3.0, 3.0);
      for (int c = 0; c < 3; ++c) row[x][c] = cv::saturate_cast<uint8_t>(row[x][c] + change);
    }
  }
}

/// Two charts, where they stand beside a caller in the middle, and a window, a plant and a lamp between.
void PaintCharts(Painter* painter, RowRandom* random, std::vector<RoomText>* texts) {
  const double w = painter->aspect();
  PaintWindow(painter, {0.36 * w, 0.04, 0.28 * w, 0.34}, random);
  PaintSideboard(painter, {0.30 * w, 0.84, 0.40 * w, 0.20}, random);
  PaintTextChart(painter, {0.015 * w, 0.03, 0.31 * w, 0.76}, random, texts);
  PaintTextChart(painter, {0.675 * w, 0.03, 0.31 * w, 0.76}, random, texts);
  PaintPlant(painter, {0.08 * w, 1.0}, 0.19, random);
  PaintLamp(painter, {0.94 * w, 1.0}, 0.19, random);
}

/// A room of the picture's shape, painted by `furnish` before a wall.
template <typename Furnish>
Room PaintRoom(uint64_t seed, cv::Size size, Furnish furnish) {
  PEEKPROOF_CHECK(size.width > 0 && size.height > 0, "room of {} x {}", size.width, size.height);
  RowRandom random(seed, 0x7007, 0);
  Painter painter(PaintedSize(size));
  Room room;
  PaintWalls(&painter, &random);
  furnish(&painter, &random, &room.texts);
  AddGrain(seed, &painter.picture());
  cv::GaussianBlur(painter.picture(), painter.picture(), {3, 3}, 0);
  cv::resize(painter.picture(), room.bgr, size, 0, 0, cv::INTER_AREA);
  return room;
}

}  // namespace

Room MakeRoom(uint64_t seed, cv::Size size) {
  return PaintRoom(seed, size, [](Painter* painter, RowRandom* random, std::vector<RoomText>* texts) {
    PaintFurniture(painter, random->Uniform() < 0.5, random, texts);
  });
}

Room MakeChartRoom(uint64_t seed, cv::Size size) { return PaintRoom(seed, size, PaintCharts); }

}  // namespace peekproof::testbed
