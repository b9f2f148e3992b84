// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "testbed/furniture.h"

namespace peekproof::testbed {
namespace {

constexpr Paint kMarkers[] = {{24, 30, 110}, {170, 24, 30}, {16, 96, 52}, {28, 28, 32}};

template <size_t N>
const char* Pick(const char* const (&words)[N], RowRandom* random) {
  return words[random->Next() % N];
}

std::string Heading(RowRandom* random) {
  constexpr const char* kHeadings[] = {"PROJECT HERON", "BUDGET Q3", "LAUNCH PLAN", "TEAM NORTH",
                                       "HOUSE SALE"};
  return Pick(kHeadings, random);
}

std::string Note(int kind, RowRandom* random) {
  constexpr const char* kNames[] = {"Dr. Brandt", "Mia Okafor", "J. Larsen", "A. Moreau", "T. Novak"};
  constexpr const char* kWords[] = {"maple", "river", "copper", "lantern", "falcon"};
  const auto number = [&](int low, int high) { return static_cast<int>(random->Uniform(low, high)); };
  // One draw a statement: the order of arguments' evaluation is not defined.
  const char* const name = Pick(kNames, random);
  const char* const word = Pick(kWords, random);
  const int code = number(1000, 9999);
  const int hour = number(8, 18);
  const int minute = 5 * number(0, 12);
  switch (kind) {
    case 0:
      return fmt::format("WIFI: {}{}", word, code);
    case 1:
      return fmt::format("Call {} {}:{:02}", name, hour, minute);
    case 2:
      return fmt::format("Rent {} EUR", 600 + code / 8);
    case 3:
      return fmt::format("Door code {}", code);
    default:
      return fmt::format("Meet {} Mon", name);
  }
}

/// Writes a line into a box of at most `width`, shrinking it where needed, and notes it down.
void Write(Painter* painter, const std::string& text, cv::Point2d at, double width, double height, Paint ink,
           bool bold, std::vector<RoomText>* texts) {
  const double wanted = painter->TextWidth(text, height, bold);
  const double fitting = wanted > width ? height * width / wanted : height;
  const double drawn = painter->TextWidth(text, fitting, bold);
  painter->Text(text, at, fitting, ink, bold);
  texts->push_back({text, painter->RelativeBox({at.x, at.y - fitting, drawn, 1.3 * fitting}), fitting});
}

void PaintNotes(Painter* painter, const cv::Rect2d& board, RowRandom* random) {
  constexpr Paint kNotes[] = {{250, 226, 70}, {248, 132, 168}, {110, 206, 240}, {150, 224, 110}};
  for (int i = 0; i < 4; ++i) {
    const double side = 0.052;
    const cv::Rect2d note(board.x + board.width - 0.07 - 0.004 * i, board.y + 0.03 + 0.085 * i, side, side);
    painter->Shadow(note, 0.006, 0.25);
    painter->Fill(note, kNotes[random->Next() % 4]);
    for (int line = 0; line < 3; ++line)
      painter->Line({note.x + 0.008, note.y + 0.014 + 0.012 * line},
                    {note.x + random->Uniform(0.025, 0.045), note.y + 0.014 + 0.012 * line}, {60, 60, 70},
                    0.002);
  }
}

}  // namespace

void PaintWhiteboard(Painter* painter, const cv::Rect2d& box, RowRandom* random,
                     std::vector<RoomText>* texts) {
  painter->Shadow(box, 0.014, 0.35);
  painter->Fill(box, {150, 154, 160});
  const cv::Rect2d board(box.x + 0.009, box.y + 0.009, box.width - 0.018, box.height - 0.018);
  painter->FillGradient(board, {246, 247, 248}, {230, 232, 234});
  PaintNotes(painter, board, random);
  const double width = board.width - 0.125;
  const double left = board.x + 0.022;
  double y = board.y + 0.072;
  const std::string heading = Heading(random);
  Write(painter, heading, {left, y}, width, 0.048, kMarkers[random->Next() % 4], true, texts);
  painter->Line({left, y + 0.018}, {left + width, y + 0.018}, kMarkers[1], 0.004);
  const int first = static_cast<int>(random->Next() % 5);
  constexpr double kHeights[] = {0.034, 0.034, 0.026, 0.026, 0.020};
  y += 0.030;
  for (int line = 0; line < 5; ++line) {
    y += kHeights[line] + 0.026;
    if (y > board.y + board.height - 0.012) return;
    const std::string note = Note((first + line) % 5, random);
    Write(painter, note, {left, y}, width, kHeights[line], kMarkers[random->Next() % 4], false, texts);
  }
}

void PaintCalendar(Painter* painter, const cv::Rect2d& box, RowRandom* random, std::vector<RoomText>* texts) {
  constexpr const char* kMonths[] = {"MARCH", "APRIL", "JUNE", "AUGUST", "OCTOBER"};
  painter->Shadow(box, 0.010, 0.35);
  painter->Fill(box, {250, 249, 246});
  const double head = box.height * 0.24;
  painter->Fill({box.x, box.y, box.width, head}, VividPaint(random));
  Write(painter, Pick(kMonths, random), {box.x + 0.012, box.y + head * 0.78}, box.width - 0.024, head * 0.55,
        {252, 252, 252}, true, texts);
  constexpr int kColumns = 7;
  constexpr int kRows = 5;
  const double cell_x = box.width / kColumns;
  const double cell_y = (box.height - head) / kRows;
  const int marked = static_cast<int>(random->Uniform(3, 30));
  for (int day = 1; day <= 31; ++day) {
    const int column = (day + 1) % kColumns;
    const int week = (day + 1) / kColumns;
    const double x = box.x + cell_x * column;
    const double y = box.y + head + cell_y * week;
    if (y + cell_y > box.y + box.height + 1e-6) break;
    if (day == marked)
      painter->Ellipse({x + cell_x / 2, y + cell_y / 2}, cell_x * 0.5, cell_y * 0.5, {236, 70, 60});
    painter->Text(std::to_string(day), {x + cell_x * 0.12, y + cell_y * 0.78}, cell_y * 0.46, {44, 44, 52});
  }
}

}  // namespace peekproof::testbed
