// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/furniture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace peekproof::testbed {
namespace {

template <size_t N>
const Paint& Pick(const Paint (&paints)[N], RowRandom* random) {
  return paints[random->Next() % N];
}

/// One upright book with bands on its spine.
void PaintBook(Painter* painter, const cv::Rect2d& spine, RowRandom* random) {
  const Paint cover = VividPaint(random);
  painter->Fill(spine, cover);
  painter->Fill({spine.x, spine.y, spine.width * 0.14, spine.height}, Shade(cover, 1.25));
  painter->Fill({spine.x + spine.width * 0.86, spine.y, spine.width * 0.14, spine.height}, Shade(cover, 0.6));
  const Paint band = random->Uniform() < 0.5 ? Paint{232, 214, 160} : Shade(cover, 0.45);
  const double first = random->Uniform(0.08, 0.25);
  painter->Fill({spine.x, spine.y + first * spine.height, spine.width, spine.height * 0.05}, band);
  if (random->Uniform() < 0.6)
    painter->Fill({spine.x + spine.width * 0.2, spine.y + (first + 0.14) * spine.height, spine.width * 0.6,
                   spine.height * random->Uniform(0.1, 0.35)},
                  band);
}

void PaintShelf(Painter* painter, const cv::Rect2d& shelf, RowRandom* random) {
  double x = shelf.x;
  while (x < shelf.x + shelf.width - 0.012) {
    if (random->Uniform() < 0.07) {
      x += random->Uniform(0.015, 0.05);  // A gap.
      continue;
    }
    const double width = std::min(random->Uniform(0.012, 0.030), shelf.x + shelf.width - x);
    const double height = shelf.height * random->Uniform(0.62, 0.95);
    PaintBook(painter, {x, shelf.y + shelf.height - height, width * 0.94, height}, random);
    x += width;
  }
}

}  // namespace

Paint VividPaint(RowRandom* random) {
  constexpr Paint kPaints[] = {{178, 42, 44},  {28, 92, 156},   {226, 160, 30}, {36, 122, 78},
                               {116, 48, 128}, {214, 96, 34},   {24, 138, 146}, {206, 60, 110},
                               {60, 62, 74},   {236, 226, 204}, {92, 138, 40},  {48, 58, 132}};
  const Paint paint = Pick(kPaints, random);
  return Shade(paint, random->Uniform(0.8, 1.1));
}

void PaintWindow(Painter* painter, const cv::Rect2d& box, RowRandom* random) {
  painter->Shadow(box, 0.02, 0.35);
  painter->Fill(box, {238, 236, 230});
  const double frame = 0.016;
  const cv::Rect2d pane(box.x + frame, box.y + frame, box.width - 2 * frame, box.height - 2 * frame);
  painter->FillGradient(pane, {112, 172, 230}, {206, 226, 240});
  const double horizon = pane.y + pane.height * 0.62;
  for (double x = pane.x; x < pane.x + pane.width - 0.01;) {
    const double width = std::min(random->Uniform(0.03, 0.07), pane.x + pane.width - x);
    const double height = random->Uniform(0.05, 0.22);
    const Paint wall = Blend(VividPaint(random), {170, 150, 140}, 0.55);
    painter->Fill({x, horizon - height, width, height}, wall);
    const int floors = static_cast<int>((height - 0.012) / 0.024);
    const int columns = static_cast<int>((width - 0.008) / 0.018);
    for (int floor = 0; floor < floors; ++floor)
      for (int column = 0; column < columns; ++column)
        painter->Fill({x + 0.008 + 0.018 * column, horizon - height + 0.012 + 0.024 * floor, 0.008, 0.012},
                      Shade(wall, 0.55));
    x += width;
  }
  painter->FillGradient({pane.x, horizon, pane.width, pane.y + pane.height - horizon}, {70, 124, 56},
                        {48, 92, 44});
  painter->Fill({box.x + box.width / 2 - 0.007, box.y, 0.014, box.height}, {238, 236, 230});
  painter->Fill({box.x, box.y + box.height * 0.36, box.width, 0.012}, {232, 230, 224});
  painter->Fill({box.x - 0.012, box.y + box.height, box.width + 0.024, 0.022}, {222, 218, 208});
}

void PaintPoster(Painter* painter, const cv::Rect2d& box, RowRandom* random) {
  painter->Shadow(box, 0.014, 0.4);
  painter->Fill(box, {28, 26, 26});
  const cv::Rect2d sheet(box.x + 0.008, box.y + 0.008, box.width - 0.016, box.height - 0.016);
  const Paint paper = Blend(VividPaint(random), {244, 236, 214}, 0.5);
  painter->Fill(sheet, paper);
  for (int i = 0; i < 7; ++i) {
    const double radius = random->Uniform(0.12, 0.30) * sheet.width;
    const double x = random->Uniform(sheet.x + radius, sheet.x + sheet.width - radius);
    const double y = random->Uniform(sheet.y + radius, sheet.y + sheet.height - radius);
    const cv::Point2d centre(x, y);
    const Paint paint = VividPaint(random);
    if (i % 3 == 0) {
      painter->Ellipse(centre, radius, radius, paint);
    } else if (i % 3 == 1) {
      painter->Polygon({{centre.x - radius, centre.y + radius},
                        {centre.x + radius, centre.y + radius * 0.6},
                        {centre.x, centre.y - radius}},
                       paint);
    } else {
      painter->Fill({centre.x - radius, centre.y - radius * 0.35, 2 * radius, radius * 0.7}, paint);
    }
  }
}

void PaintBookcase(Painter* painter, const cv::Rect2d& box, RowRandom* random) {
  constexpr Paint kWoods[] = {{116, 74, 44}, {88, 56, 36}, {150, 106, 66}, {226, 222, 214}};
  const Paint wood = Pick(kWoods, random);
  painter->Shadow(box, 0.03, 0.5);
  painter->Fill(box, wood);
  const double board = 0.014;
  const int shelves = 4;
  const double pitch = (box.height - board) / shelves;
  for (int i = 0; i < shelves; ++i) {
    const cv::Rect2d inside(box.x + board, box.y + board + i * pitch, box.width - 2 * board, pitch - board);
    painter->FillGradient(inside, Shade(wood, 0.45), Shade(wood, 0.75));
    PaintShelf(painter, inside, random);
    painter->Fill({inside.x, inside.y, inside.width, 0.012}, Shade(wood, 0.40));
  }
}

void PaintSideboard(Painter* painter, const cv::Rect2d& box, RowRandom* random) {
  constexpr Paint kFronts[] = {{202, 190, 168}, {70, 104, 112}, {168, 118, 72}, {196, 92, 62}};
  const Paint front = Pick(kFronts, random);
  painter->Shadow(box, 0.03, 0.4);
  painter->FillGradient(box, front, Shade(front, 0.8));
  painter->Fill({box.x - 0.012, box.y, box.width + 0.024, 0.020}, Shade(front, 1.15));
  constexpr int kDoors = 4;
  for (int door = 0; door < kDoors; ++door) {
    const cv::Rect2d panel(box.x + box.width * door / kDoors + 0.01, box.y + 0.035, box.width / kDoors - 0.02,
                           box.height - 0.045);
    painter->Outline(panel, Shade(front, 0.6), 0.004);
    painter->Ellipse({panel.x + panel.width * (door % 2 == 0 ? 0.9 : 0.1), panel.y + 0.06}, 0.007, 0.007,
                     {60, 54, 48});
  }
}

void PaintLamp(Painter* painter, cv::Point2d foot, double height, RowRandom* random) {
  const Paint shade = Blend(VividPaint(random), {250, 214, 150}, 0.45);
  painter->Ellipse({foot.x, foot.y - 0.006}, 0.045, 0.010, {52, 46, 42});
  painter->Line({foot.x, foot.y - 0.006}, {foot.x, foot.y - height * 0.65}, {72, 62, 52}, 0.010);
  const double top = foot.y - height;
  const double rim = foot.y - height * 0.55;
  painter->Polygon(
      {{foot.x - 0.035, top}, {foot.x + 0.035, top}, {foot.x + 0.070, rim}, {foot.x - 0.070, rim}},
      Shade(shade, 1.1));
  painter->Polygon(
      {{foot.x + 0.010, top}, {foot.x + 0.035, top}, {foot.x + 0.070, rim}, {foot.x + 0.025, rim}},
      Shade(shade, 0.9));
  painter->Glow({foot.x, rim}, 0.16, 0.20);
}

void PaintPlant(Painter* painter, cv::Point2d foot, double height, RowRandom* random) {
  const double pot = 0.3 * height;
  const double base = foot.y - pot;
  for (int leaf = 0; leaf < 26; ++leaf) {
    const double angle = random->Uniform(-1.25, 1.25);
    const double reach = height * random->Uniform(0.35, 0.72);
    const cv::Point2d tip(foot.x + std::sin(angle) * reach * 0.8, base - std::cos(angle) * reach);
    const cv::Point2d middle((foot.x + tip.x) / 2, (base + tip.y) / 2);
    const Paint green = Shade({54, 138, 62}, random->Uniform(0.55, 1.3));
    painter->Ellipse(middle, reach * 0.11, reach * 0.5, green, angle * 180.0 / std::numbers::pi);
    painter->Line({foot.x, base}, tip, Shade(green, 0.7), 0.003);
  }
  const Paint clay = random->Uniform() < 0.5 ? Paint{196, 92, 58} : Paint{226, 222, 214};
  painter->Polygon({{foot.x - 0.42 * pot, base},
                    {foot.x + 0.42 * pot, base},
                    {foot.x + 0.32 * pot, foot.y},
                    {foot.x - 0.32 * pot, foot.y}},
                   clay);
  painter->Fill({foot.x - 0.46 * pot, base, 0.92 * pot, 0.16 * pot}, Shade(clay, 0.85));
}

}  // namespace peekproof::testbed
