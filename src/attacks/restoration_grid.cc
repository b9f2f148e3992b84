// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/restoration_grid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace peekproof::attacks {
namespace {

constexpr double kGridSigma = 1.7;  // Least, in pixels of the grid.
constexpr double kMarginSigmas = 3;
constexpr float kHalo = 6;  // Levels that a halo changes where its caller comes and goes.
constexpr float kTraceOfLight = 1e-6F;

int FastSize(int least) {
  int size = cv::getOptimalDFTSize(least);
  while (size % 2 != 0) size = cv::getOptimalDFTSize(size + 1);
  return size;
}

}  // namespace

RestorationGrid LayOut(const AveragedRoom& room, const engines::BlurKernel& kernel, double noise) {
  RestorationGrid grid;
  grid.shrink = std::max(1, static_cast<int>(kernel.sigma_px / kGridSigma));
  grid.kernel = kernel.Shrunk(grid.shrink);
  const cv::Size inner((room.mean.cols + grid.shrink - 1) / grid.shrink,
                       (room.mean.rows + grid.shrink - 1) / grid.shrink);
  const int margin = static_cast<int>(std::ceil(kMarginSigmas * grid.kernel.sigma_px));
  const cv::Size size(FastSize(inner.width + 2 * margin), FastSize(inner.height + 2 * margin));
  grid.frame = cv::Rect({margin, margin}, inner);
  grid.known = cv::Mat1f(size, 0.0F);
  grid.weight = cv::Mat1f(size, 0.0F);
  grid.planes.assign(3, cv::Mat1f());
  for (cv::Mat1f& plane : grid.planes) plane = cv::Mat1f(size, 0.0F);
  const float share = 1.0F / static_cast<float>(grid.shrink * grid.shrink);
  double most_frames = 0;
  cv::minMaxLoc(room.frames, nullptr, &most_frames);
  const float noise_of_one = static_cast<float>(noise / grid.shrink);
  for (int y = 0; y < room.mean.rows; ++y) {
    for (int x = 0; x < room.mean.cols; ++x) {
      if (room.frames(y, x) == 0) continue;
      const cv::Point at(margin + x / grid.shrink, margin + y / grid.shrink);
      const float halo = kHalo * (1 - room.frames(y, x) / static_cast<float>(most_frames));
      grid.known(at) += share;
      grid.weight(at) += share / (1 + halo * halo / (noise_of_one * noise_of_one));
      for (int c = 0; c < 3; ++c) grid.planes[static_cast<size_t>(c)](at) += share * room.mean(y, x)[c];
    }
  }
  for (cv::Mat1f& plane : grid.planes) cv::divide(plane, cv::max(cv::Mat(grid.known), kTraceOfLight), plane);
  return grid;
}

std::vector<cv::Mat1f> FillUnknown(const RestorationGrid& grid) {
  // Coarse to fine: each level fills what the finer one lacks.
  std::vector<cv::Mat1f> filled;
  for (const cv::Mat1f& plane : grid.planes) filled.push_back(plane.clone());
  const double largest = std::max(grid.size().width, grid.size().height);
  cv::Mat missing;
  cv::compare(grid.known, 0.0, missing, cv::CMP_EQ);
  for (double sigma = 2; sigma < largest && cv::countNonZero(missing) > 0; sigma *= 2) {
    cv::Mat1f weight;
    cv::GaussianBlur(grid.known, weight, {}, sigma, sigma, cv::BORDER_CONSTANT);
    cv::Mat reached;
    cv::compare(weight, 1e-3, reached, cv::CMP_GT);
    cv::Mat fill;
    cv::bitwise_and(missing, reached, fill);
    for (size_t c = 0; c < filled.size(); ++c) {
      cv::Mat1f spread;
      cv::multiply(grid.planes[c], grid.known, spread);
      cv::GaussianBlur(spread, spread, {}, sigma, sigma, cv::BORDER_CONSTANT);
      cv::divide(spread, cv::max(cv::Mat(weight), kTraceOfLight), spread);
      spread.copyTo(filled[c], fill);
    }
    cv::bitwise_xor(missing, fill, missing);
  }
  return filled;
}

cv::Mat1f BackToFrame(const RestorationGrid& grid, const cv::Mat1f& plane, cv::Size frame) {
  cv::Mat1f grown;
  cv::resize(plane(grid.frame), grown, {}, grid.shrink, grid.shrink, cv::INTER_CUBIC);
  return grown(cv::Rect({}, frame)).clone();
}

}  // namespace peekproof::attacks
