// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "testbed/furniture.h"

namespace peekproof::testbed {
namespace {

constexpr Paint kPaper{246, 246, 242};
constexpr Paint kChartInk{24, 24, 30};
constexpr double kReferenceHeight = 720;

// A line of words and digits, as long as fits.
std::string LineOf(const Painter& painter, double width, double cap_height, RowRandom* random) {
  constexpr std::array kWords = {"OFFICE", "BRIDGE", "MARKET", "SILVER", "GARDEN", "WINTER",
                                 "POCKET", "HARBOR", "LETTER", "SUMMER", "CANDLE", "MIRROR",
                                 "TICKET", "FOREST", "BOTTLE", "PLANET", "DOCTOR", "WINDOW",
                                 "COFFEE", "NUMBER", "STREET", "ISLAND", "CASTLE", "RIVER"};
  std::string line;
  for (int i = 0; i < 3; ++i) {
    const std::string word = i % 2 == 0 ? std::string(kWords[random->Next() % kWords.size()])
                                        : std::to_string(1000 + random->Next() % 9000);
    const std::string longer = line.empty() ? word : line + " " + word;
    if (!line.empty() && painter.TextWidth(longer, cap_height) > width) break;
    line = longer;
  }
  return line;
}

}  // namespace

void PaintTextChart(Painter* painter, const cv::Rect2d& box, RowRandom* random,
                    std::vector<RoomText>* texts) {
  constexpr double kMargin = 0.02;
  painter->Shadow(box, 0.01, 0.3);
  painter->Fill(box, kPaper);
  double base = box.y + kMargin;
  for (const int cap_px : kChartSizesPx) {
    const double cap = cap_px / kReferenceHeight;
    base += 1.75 * cap + 0.012;
    const std::string line = LineOf(*painter, box.width - 2 * kMargin, cap, random);
    const cv::Point2d at(box.x + kMargin, base);
    const double width = painter->Text(line, at, cap, kChartInk);
    texts->push_back({line, painter->RelativeBox({at.x, at.y - cap, width, 1.3 * cap}), cap});
  }
}

}  // namespace peekproof::testbed
