// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/foreground_colour.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "base/check.h"
#include "base/parallel.h"
#include "engines/foreground_kernels.h"

namespace peekproof::engines {

namespace {

using foreground::kCell;
using foreground::kColumns;
using foreground::kHalo;
using foreground::kRows;
using foreground::kStride;

constexpr int kSteps = kHalo;

bool AnySoft(const float* alpha) {
  int soft = 0;
  for (int x = 0; x < foreground::kVector; ++x) soft |= static_cast<int>(alpha[x] > 0.0F && alpha[x] < 1.0F);
  return soft != 0;
}

/// The row of the level above that is the further of the two around child row y.
int FarRow(int y, int parent_rows) {
  return std::clamp(y % 2 == 0 ? y / 2 - 1 : y / 2 + 1, 0, parent_rows - 1);
}

bool HasSoft(const uint8_t* alpha, int count) {
  int soft = 0;
  for (int x = 0; x < count; ++x) soft |= static_cast<int>(static_cast<uint8_t>(alpha[x] + 1) > 1);
  return soft != 0;
}

}  // namespace

/// Planes of one tile and its halo, twice: a step reads one set and writes the other.
struct ForegroundEstimator::Tile {
  using Plane = float[kRows * kStride];
  alignas(64) Plane caller[2][3];
  alignas(64) Plane room[2][3];
  alignas(64) Plane camera[3];
  alignas(64) Plane alpha;
  int columns[kColumns];  ///< Of the frame.
};

float ForegroundEstimator::active_share() const {
  if (active_.empty()) return 0.0F;
  const auto active = std::accumulate(active_.begin(), active_.end(), 0);
  return static_cast<float>(active) / static_cast<float>(active_.size());
}

void ForegroundEstimator::Prepare(cv::Size size) {
  if (size == size_) return;
  size_ = size;
  tiles_ = {(size.width + foreground::kTileColumns - 1) / foreground::kTileColumns,
            (size.height + foreground::kTileRows - 1) / foreground::kTileRows};
  soft_.resize(static_cast<size_t>(tiles_.area()));
  active_.resize(soft_.size());
  filled_.assign(soft_.size(), uint8_t{0});
  levels_.clear();
  do {
    size = {(size.width + 1) / 2, (size.height + 1) / 2};
    levels_.push_back({size, std::vector<float>(static_cast<size_t>(kCell * size.area()))});
  } while (size.area() > 1);
}

bool ForegroundEstimator::IsActive(int tile_x, int tile_y) const {
  for (int y = std::max(0, tile_y - 1); y <= std::min(tiles_.height - 1, tile_y + 1); ++y) {
    for (int x = std::max(0, tile_x - 1); x <= std::min(tiles_.width - 1, tile_x + 1); ++x) {
      if (soft_[y * tiles_.width + x] != 0) return true;
    }
  }
  return false;
}

/// False where no pixel is soft. Here and below, bands of ParallelRows are whole rows of tiles.
bool ForegroundEstimator::FindTiles(const cv::Mat1b& alpha) {
  const auto find = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      uint8_t* soft = &soft_[y / foreground::kTileRows * tiles_.width];
      if (y % foreground::kTileRows == 0) std::fill(soft, soft + tiles_.width, uint8_t{0});
      for (int i = 0; i < tiles_.width; ++i) {
        const int x = i * foreground::kTileColumns;
        if (soft[i] == 0 && HasSoft(alpha.ptr(y) + x, std::min(foreground::kTileColumns, alpha.cols - x)))
          soft[i] = 1;
      }
    }
  };
  ParallelRows(alpha.rows, std::cref(find));
  for (int y = 0; y < tiles_.height; ++y) {
    for (int x = 0; x < tiles_.width; ++x) {
      active_[y * tiles_.width + x] = static_cast<uint8_t>(IsActive(x, y));
    }
  }
  return std::find(soft_.begin(), soft_.end(), 1) != soft_.end();
}

/// The half-size cells of one tile.
void ForegroundEstimator::PullTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int tile_x, int tile_y) {
  const int x = tile_x * foreground::kTileColumns;
  const int count = std::min(foreground::kTileColumns, camera.cols - x);
  const bool active = active_[tile_y * tiles_.width + tile_x] != 0;
  uint8_t& filled = filled_[tile_y * tiles_.width + tile_x];
  if (!active && filled == 0) return;
  const int end = std::min((tile_y + 1) * foreground::kTileRows, camera.rows);
  for (int y = tile_y * foreground::kTileRows; y < end; y += 2) {
    float* cells = levels_[0].row(y / 2) + kCell * (x / 2);
    if (!active) {
      std::fill(cells, cells + kCell * ((count + 1) / 2), 0.0F);
      continue;
    }
    const int next = std::min(y + 1, camera.rows - 1);
    const uint8_t* bgr[2] = {camera.ptr(y) + 3 * x, camera.ptr(next) + 3 * x};
    const uint8_t* alphas[2] = {alpha.ptr(y) + x, alpha.ptr(next) + x};
    foreground::PullPixels(bgr, alphas, count, cells);
  }
  filled = static_cast<uint8_t>(active);
}

void ForegroundEstimator::Pull(const cv::Mat3b& camera, const cv::Mat1b& alpha) {
  const auto pull = [&](int first, int end) {
    for (int y = first; y < end; y += foreground::kTileRows) {
      for (int i = 0; i < tiles_.width; ++i) PullTile(camera, alpha, i, y / foreground::kTileRows);
    }
  };
  ParallelRows(camera.rows, std::cref(pull));
  for (size_t i = 1; i < levels_.size(); ++i) {
    const Level& below = levels_[i - 1];
    const auto pull_cells = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        const float* rows[2] = {below.row(2 * y), below.row(std::min(2 * y + 1, below.size.height - 1))};
        foreground::PullCells(rows, below.size.width, levels_[i].row(y));
      }
    };
    ParallelRows(levels_[i].size.height, std::cref(pull_cells));
  }
}

void ForegroundEstimator::Push() {
  float* top = levels_.back().row(0);
  for (int half = 0; half < kCell; half += 4) {
    const float weight = top[half + 3];  // Never 0: every pixel leaves a trace.
    for (int i = 0; i < 4; ++i) top[half + i] /= weight;
  }
  for (size_t i = levels_.size() - 1; i-- > 0;) {
    const Level& above = levels_[i + 1];
    Level& level = levels_[i];
    const auto push = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        const float* near_row = above.row(y / 2);
        const float* far_row = above.row(FarRow(y, above.size.height));
        if (i > 0) {
          foreground::PushCells(near_row, far_row, above.size.width, 0, level.size.width, level.row(y));
          continue;
        }
        for (int tile = 0; tile < tiles_.width; ++tile) {
          if (active_[2 * y / foreground::kTileRows * tiles_.width + tile] == 0) continue;
          const int x = tile * foreground::kTileColumns / 2;
          foreground::PushCells(near_row, far_row, above.size.width, x,
                                std::min(x + foreground::kTileColumns / 2, level.size.width), level.row(y));
        }
      }
    };
    ParallelRows(level.size.height, std::cref(push));
  }
}

void ForegroundEstimator::FillTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int x0, int y0,
                                   Tile* tile) const {
  const Level& half = levels_[0];
  for (int i = 0; i < kColumns; ++i) tile->columns[i] = std::clamp(x0 + i - kHalo, 0, camera.cols - 1);
  for (int j = 0; j < kRows; ++j) {
    const int y = std::clamp(y0 + j - kHalo, 0, camera.rows - 1);
    const int start = j * kStride;
    float* caller[3];
    float* room[3];
    for (int c = 0; c < 3; ++c) {
      caller[c] = tile->caller[0][c] + start;
      room[c] = tile->room[0][c] + start;
    }
    foreground::FillRow(half.row(y / 2), half.row(FarRow(y, half.size.height)), half.size.width,
                        tile->columns, camera.ptr(y), alpha.ptr(y), kColumns, caller, room);
    for (int i = 0; i < kColumns; ++i) {
      const int x = tile->columns[i];
      tile->alpha[start + i] = static_cast<float>(alpha(y, x)) * (1.0F / 255.0F);
      for (int c = 0; c < 3; ++c) tile->camera[c][start + i] = static_cast<float>(camera(y, x)[c]);
    }
  }
  for (int c = 0; c < 3; ++c) {
    std::memcpy(tile->caller[1][c], tile->caller[0][c], sizeof(Tile::Plane));
    std::memcpy(tile->room[1][c], tile->room[0][c], sizeof(Tile::Plane));
  }
}

/// The tile at (x0, y0), solved and written.
void ForegroundEstimator::SolveTile(const cv::Mat3b& camera, const cv::Mat1b& alpha, int x0, int y0,
                                    cv::Mat3b* foreground) const {
  static thread_local Tile tile{};
  FillTile(camera, alpha, x0, y0, &tile);
  for (int step = 0; step < kSteps; ++step) {
    const int from = step % 2;
    // The outermost ring has no neighbours; what it spoils moves inward by a pixel a step, through the halo.
    for (int j = 1; j < kRows - 1; ++j) {
      for (int i = 1; i < kColumns - 1; i += foreground::kVector) {
        const int start = j * kStride + i;
        if (!AnySoft(tile.alpha + start)) continue;
        foreground::Planes planes{};
        for (int c = 0; c < 3; ++c) {
          planes.caller[c] = tile.caller[from][c] + start;
          planes.room[c] = tile.room[from][c] + start;
          planes.new_caller[c] = tile.caller[1 - from][c] + start;
          planes.new_room[c] = tile.room[1 - from][c] + start;
          planes.camera[c] = tile.camera[c] + start;
        }
        planes.alpha = tile.alpha + start;
        foreground::Step(&planes);
      }
    }
  }
  const int columns = std::min(foreground::kTileColumns, camera.cols - x0);
  for (int y = y0; y < std::min(y0 + foreground::kTileRows, camera.rows); ++y) {
    const int start = (y - y0 + kHalo) * kStride + kHalo;
    cv::Vec3b* target = (*foreground)[y] + x0;
    for (int x = 0; x < columns; ++x) {
      if (alpha(y, x0 + x) == 0 || alpha(y, x0 + x) == 255) continue;
      for (int c = 0; c < 3; ++c) {
        target[x][c] = static_cast<uint8_t>(static_cast<int>(tile.caller[kSteps % 2][c][start + x] + 0.5F));
      }
    }
  }
}

void ForegroundEstimator::Apply(const cv::Mat3b& camera, const cv::Mat1b& alpha, cv::Mat3b* foreground) {
  PEEKPROOF_CHECK(!camera.empty() && camera.size() == alpha.size() && camera.data != foreground->data,
                  "frame {}x{}, alpha {}x{}", camera.cols, camera.rows, alpha.cols, alpha.rows);
  Prepare(camera.size());
  foreground->create(camera.size());
  const bool any = FindTiles(alpha);
  if (any) {
    Pull(camera, alpha);
    Push();
  }
  const auto solve = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      std::memcpy(foreground->ptr(y), camera.ptr(y), static_cast<size_t>(3 * camera.cols));
    }
    for (int y = first; y < end && any; y += foreground::kTileRows) {
      for (int i = 0; i < tiles_.width; ++i) {
        if (soft_[y / foreground::kTileRows * tiles_.width + i] != 0) {
          SolveTile(camera, alpha, i * foreground::kTileColumns, y, foreground);
        }
      }
    }
  };
  ParallelRows(camera.rows, std::cref(solve));
}

}  // namespace peekproof::engines
