// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/wallpaper.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/random.h"
#include "testbed/painter.h"

namespace peekproof::testbed {
namespace {

void PaintPalm(Painter* painter, cv::Point2d foot, double height, RowRandom* random) {
  const cv::Point2d top(foot.x + 0.12 * height, foot.y - height);
  const double half = 0.022 * height;
  painter->Polygon({{foot.x - half, foot.y},
                    {foot.x + half, foot.y},
                    {top.x + 0.5 * half, top.y},
                    {top.x - 0.5 * half, top.y}},
                   {84, 58, 40});
  for (int frond = 0; frond < 9; ++frond) {
    const double angle = -2.9 + frond * 0.34 + random->Uniform(-0.1, 0.1);
    const double reach = height * random->Uniform(0.38, 0.5);
    const cv::Point2d tip(top.x + std::cos(angle) * reach,
                          top.y + std::sin(angle) * reach * 0.55 + 0.10 * height);
    const cv::Point2d bend(top.x + std::cos(angle) * reach * 0.5, top.y + std::sin(angle) * reach * 0.5);
    const Paint green = Shade({40, 104, 62}, random->Uniform(0.7, 1.15));
    painter->Polygon({top, {bend.x, bend.y - 0.025 * height}, tip, {bend.x, bend.y + 0.03 * height}}, green);
  }
}

void PaintBeach(Painter* painter, RowRandom* random) {
  const double w = painter->aspect();
  const double horizon = random->Uniform(0.48, 0.58);
  painter->FillGradient({0, 0, w, horizon}, {58, 136, 214}, {246, 214, 176});
  painter->Ellipse({random->Uniform(0.2, 0.8) * w, horizon - 0.10}, 0.055, 0.055, {255, 240, 196});
  for (int cloud = 0; cloud < 6; ++cloud) {
    const cv::Point2d centre{random->Uniform(0, w), random->Uniform(0.06, 0.3)};
    const double length = random->Uniform(0.08, 0.2);
    painter->Ellipse(centre, length, random->Uniform(0.012, 0.03), {250, 246, 240});
  }
  painter->FillGradient({0, horizon, w, 0.24}, {20, 110, 150}, {92, 196, 196});
  for (int wave = 0; wave < 60; ++wave) {
    const double y = random->Uniform(horizon + 0.01, horizon + 0.22);
    const double x = random->Uniform(0, w);
    painter->Line({x, y}, {x + random->Uniform(0.02, 0.12), y}, {188, 230, 232}, 0.0025);
  }
  const double shore = horizon + 0.22;
  std::vector<cv::Point2d> sand{{0, 1.0}};
  for (int i = 0; i <= 24; ++i)
    sand.emplace_back(w * i / 24.0, shore + 0.02 * std::sin(i * 0.8 + random->Uniform(0, 0.5)));
  sand.emplace_back(w, 1.0);
  painter->Polygon(sand, {226, 198, 148});
  painter->FillGradient({0, shore + 0.04, w, 1.0 - shore}, {222, 192, 142}, {186, 150, 104});
  PaintPalm(painter, {0.10 * w, 0.95}, 0.75, random);
  PaintPalm(painter, {0.86 * w, 0.9}, 0.62, random);
}

void PaintMountains(Painter* painter, RowRandom* random) {
  const double w = painter->aspect();
  painter->FillGradient({0, 0, w, 1}, {120, 166, 220}, {244, 222, 200});
  constexpr int kRidges = 5;
  for (int ridge = 0; ridge < kRidges; ++ridge) {
    const double depth = (ridge + 1.0) / kRidges;
    const double base = 0.30 + 0.55 * depth;
    const double phase = random->Uniform(0, 6.28);
    std::vector<cv::Point2d> outline{{0, 1.0}};
    for (int i = 0; i <= 160; ++i) {
      const double x = i / 160.0;
      double y = 0;
      double amplitude = 0.16 * (1.2 - depth);
      for (double frequency = 1.7; frequency < 40; frequency *= 1.93, amplitude *= 0.52)
        y += amplitude * std::abs(std::sin(frequency * std::numbers::pi * x + phase * frequency));
      outline.emplace_back(w * x, base - y);
    }
    outline.emplace_back(w, 1.0);
    painter->Polygon(outline, Blend({164, 186, 214}, {26, 62, 48}, depth));
  }
  painter->FillGradient({0, 0.93, w, 0.07}, {38, 76, 52}, {20, 44, 34});
}

void PaintOffice(Painter* painter, RowRandom* random) {
  const double w = painter->aspect();
  painter->FillGradient({0, 0, w, 1}, {232, 230, 226}, {196, 192, 186});
  for (int pane = 0; pane < 4; ++pane) {
    const cv::Rect2d box(w * (0.04 + 0.24 * pane), 0.08, w * 0.20, 0.56);
    painter->FillGradient(box, {160, 200, 232}, {226, 236, 240});
    for (int house = 0; house < 5; ++house) {
      const double height = random->Uniform(0.08, 0.36);
      painter->FillGradient(
          {box.x + box.width * house / 5.0, box.y + box.height - height, box.width / 5.0, height},
          Shade({120, 138, 158}, random->Uniform(0.7, 1.2)), {150, 160, 172});
    }
    painter->Outline(box, {88, 90, 94}, 0.012);
    painter->Line({box.x + box.width / 2, box.y}, {box.x + box.width / 2, box.y + box.height}, {88, 90, 94},
                  0.006);
  }
  painter->FillGradient({0, 0.78, w, 0.22}, {158, 128, 98}, {112, 86, 64});
  for (int board = 0; board < 12; ++board)
    painter->Line({w * board / 12.0, 0.78}, {w * (board * 1.5 - 3) / 12.0, 1.0}, {96, 72, 54}, 0.003);
  for (int seat = 0; seat < 3; ++seat) {
    const double x = w * (0.2 + 0.3 * seat);
    painter->Ellipse({x, 0.73}, 0.075, 0.11, Shade({52, 88, 120}, random->Uniform(0.8, 1.2)));
    painter->Ellipse({x, 0.84}, 0.10, 0.035, {40, 64, 88});
  }
  painter->FillGradient({0.25 * w, 0.80, 0.5 * w, 0.035}, {222, 204, 176}, {176, 150, 118});
}

}  // namespace

std::optional<WallpaperKind> WallpaperKindOf(const std::string& name) {
  if (name == "beach") return WallpaperKind::kBeach;
  if (name == "mountains") return WallpaperKind::kMountains;
  if (name == "office") return WallpaperKind::kOffice;
  return std::nullopt;
}

cv::Mat3b MakeWallpaper(WallpaperKind kind, uint64_t seed, cv::Size size) {
  PEEKPROOF_CHECK(size.width > 0 && size.height > 0, "wallpaper of {} x {}", size.width, size.height);
  RowRandom random(seed, 0x3A11, static_cast<uint64_t>(kind));
  Painter painter(PaintedSize(size));
  if (kind == WallpaperKind::kBeach) PaintBeach(&painter, &random);
  if (kind == WallpaperKind::kMountains) PaintMountains(&painter, &random);
  if (kind == WallpaperKind::kOffice) PaintOffice(&painter, &random);
  cv::Mat3b wallpaper;
  cv::GaussianBlur(painter.picture(), painter.picture(), {5, 5}, 0);
  cv::resize(painter.picture(), wallpaper, size, 0, 0, cv::INTER_AREA);
  return wallpaper;
}

}  // namespace peekproof::testbed
