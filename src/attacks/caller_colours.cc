// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/caller_colours.h"

#include <algorithm>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr float kInside = 0.85F;
constexpr int kStraight = 3;  // Chamfer 3-4: thirds of a cell.
constexpr int kDiagonal = 4;

}  // namespace

void CallerColours::Update(const cv::Mat3b& frame, const cv::Mat1f& caller) {
  PEEKPROOF_CHECK(frame.size() == caller.size(), "sizes differ");
  rows_ = (frame.rows + kCell - 1) / kCell;
  columns_ = (frame.cols + kCell - 1) / kCell;
  cells_.resize(static_cast<size_t>(rows_ * columns_));
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) MeasureCell(frame, caller, row, column);
  }
  for (int row = 0; row < rows_; ++row) {
    for (int column = 0; column < columns_; ++column) {
      Relax(row, column, row, column - 1, kStraight);
      Relax(row, column, row - 1, column - 1, kDiagonal);
      Relax(row, column, row - 1, column, kStraight);
      Relax(row, column, row - 1, column + 1, kDiagonal);
    }
  }
  for (int row = rows_ - 1; row >= 0; --row) {
    for (int column = columns_ - 1; column >= 0; --column) {
      Relax(row, column, row, column + 1, kStraight);
      Relax(row, column, row + 1, column + 1, kDiagonal);
      Relax(row, column, row + 1, column, kStraight);
      Relax(row, column, row + 1, column - 1, kDiagonal);
    }
  }
}

void CallerColours::MeasureCell(const cv::Mat3b& frame, const cv::Mat1f& caller, int row, int column) {
  Nearest& cell = cells_[static_cast<size_t>(row * columns_ + column)];
  cell = {{0, 0, 0}, kFar};
  cv::Vec3i sum(0, 0, 0);
  int count = 0;
  for (int y = row * kCell + 1; y < std::min((row + 1) * kCell, frame.rows); y += 3) {
    for (int x = column * kCell + 1; x < std::min((column + 1) * kCell, frame.cols); x += 3) {
      if (caller(y, x) < kInside) return;
      const cv::Vec3b colour = frame(y, x);
      sum += cv::Vec3i(colour[0], colour[1], colour[2]);
      ++count;
    }
  }
  if (count == 0) return;
  for (int c = 0; c < 3; ++c) cell.colour[c] = static_cast<uint8_t>(sum[c] / count);
  cell.distance = 0;
}

void CallerColours::Relax(int row, int column, int from_row, int from_column, int step) {
  if (from_row < 0 || from_row >= rows_ || from_column < 0 || from_column >= columns_) return;
  const Nearest& from = cells_[static_cast<size_t>(from_row * columns_ + from_column)];
  Nearest& cell = cells_[static_cast<size_t>(row * columns_ + column)];
  if (from.distance == kFar) return;
  const int distance = std::min(from.distance + step, kFar - 1);
  if (distance >= cell.distance) return;
  cell = from;
  cell.distance = static_cast<uint8_t>(distance);
}

}  // namespace peekproof::attacks
