// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/photometry.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/simd.h"

namespace peekproof::audit {
namespace {

constexpr int kLightBlockPx = 16;  // Of a 720-line picture.
constexpr float kSurelyCaller = 0.9F;
constexpr float kMaybeCaller = 0.1F;
constexpr float kLeastBlockFrames = 10.0F;

int OddShare(int rows, double share) { return 2 * static_cast<int>(rows * share / 2) + 1; }

// 255 where the caller is at least a few percent of the picture's height away.
cv::Mat1b SurelyBackground(const image::AlphaMask& caller, double collar_share) {
  const image::BinaryMask maybe = image::GreaterThan(caller, kMaybeCaller);
  const image::BinaryMask wide = image::Dilate(maybe, OddShare(caller.values.rows, 2 * collar_share));
  return cv::Mat1b(wide.values == 0);
}

// Adds the pixels of each block's part of a row.
PEEKPROOF_VECTOR_CLONES void AddToSums(const uchar* __restrict pixels, int blocks, int width,
                                       uint32_t* __restrict sums) {
  for (int i = 0; i < blocks; ++i) {
    uint32_t sum = 0;
    for (int k = 0; k < width; ++k) sum += pixels[i * width + k];
    sums[i] += sum;
  }
}

// Mean level of each cell of a grid; exact where cells are whole pixels.
cv::Mat1f BlockMeans(const cv::Mat1b& grey, cv::Size grid) {
  cv::Mat1f means(grid);
  if (grey.cols % grid.width != 0 || grey.rows % grid.height != 0) {
    cv::Mat1f fine;
    grey.convertTo(fine, CV_32F);
    cv::resize(fine, means, grid, 0, 0, cv::INTER_AREA);
    return means;
  }
  const int width = grey.cols / grid.width;
  const int height = grey.rows / grid.height;
  std::vector<uint32_t> sums(static_cast<size_t>(grid.width));
  for (int row = 0; row < grid.height; ++row) {
    std::fill(sums.begin(), sums.end(), 0U);
    for (int y = row * height; y < (row + 1) * height; ++y) {
      AddToSums(grey.ptr(y), grid.width, width, sums.data());
    }
    for (int column = 0; column < grid.width; ++column) {
      means(row, column) =
          static_cast<float>(sums[static_cast<size_t>(column)]) / static_cast<float>(width * height);
    }
  }
  return means;
}

}  // namespace

void Photometry::Add(const cv::Mat3b& bgr, const image::AlphaMask& caller) {
  cv::Mat1b grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  AddBlocks(grey, caller);
  if (frames_ % edge_stride_ == 0 && edge_frames_ < kEdgeFrames) {
    AddEdges(grey, caller);
    ++edge_frames_;
    constexpr int kFirstFrames = 12;  // Then thin out, so that long calls are looked at throughout.
    if (edge_frames_ >= kFirstFrames) edge_stride_ = kFirstFrames;
  }
  ++frames_;
}

void Photometry::AddBlocks(const cv::Mat1b& grey, const image::AlphaMask& caller) {
  const int block = std::max(8, kLightBlockPx * grey.rows / 720);
  const cv::Size grid(std::max(1, grey.cols / block), std::max(1, grey.rows / block));
  const cv::Mat1f blocks = BlockMeans(grey, grid);
  cv::Mat1b background;
  cv::resize(SurelyBackground(caller, 0.04), background, grid, 0, 0, cv::INTER_AREA);
  if (sum_.empty()) {
    sum_ = cv::Mat1f(grid, 0.0F);
    sum_squares_ = cv::Mat1f(grid, 0.0F);
    count_ = cv::Mat1f(grid, 0.0F);
  }
  for (int row = 0; row < grid.height; ++row) {
    for (int column = 0; column < grid.width; ++column) {
      if (background(row, column) < 255) continue;
      const float mean = blocks(row, column) - 128.0F;
      sum_(row, column) += mean;
      sum_squares_(row, column) += mean * mean;
      count_(row, column) += 1.0F;
    }
  }
}

void Photometry::AddEdges(const cv::Mat1b& grey, const image::AlphaMask& caller) {
  const int erosion = OddShare(caller.values.rows, 0.06);
  const image::BinaryMask inside = image::Erode(image::GreaterThan(caller, kSurelyCaller), erosion);
  cv::Mat1b where;
  cv::resize(inside.values, where, grey.size(), 0, 0, cv::INTER_NEAREST);
  caller_edges_.Add(grey, where);
  const cv::Mat1b background = SurelyBackground(caller, 0.04);
  cv::resize(background, where, grey.size(), 0, 0, cv::INTER_NEAREST);
  background_edges_.Add(grey, where);
  cv::Mat1b coarse;
  cv::resize(grey, coarse, {}, 0.25, 0.25, cv::INTER_AREA);
  cv::resize(background, where, coarse.size(), 0, 0, cv::INTER_NEAREST);
  coarse_background_edges_.Add(coarse, where);
}

std::vector<double> Photometry::Deviations() const {
  std::vector<double> deviations;
  for (int row = 0; row < count_.rows; ++row) {
    for (int column = 0; column < count_.cols; ++column) {
      const double count = count_(row, column);
      if (count < kLeastBlockFrames) continue;
      const double mean = sum_(row, column) / count;
      deviations.push_back(std::sqrt(std::max(0.0, sum_squares_(row, column) / count - mean * mean)));
    }
  }
  return deviations;
}

double Photometry::BackgroundUnrest() const {
  std::vector<double> deviations = Deviations();
  if (deviations.empty()) return 0.0;
  const auto middle = deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2);
  std::nth_element(deviations.begin(), middle, deviations.end());
  return *middle;
}

}  // namespace peekproof::audit
