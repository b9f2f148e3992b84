// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/caller_halo.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr double kSmallSigma = 3;  // Pixels of the shrunk picture, from which it may be shrunk further.
constexpr int kMostShrunk = 8;

int FactorFor(double sigma_px) {
  int factor = 1;
  while (factor < kMostShrunk && sigma_px >= 2 * factor * kSmallSigma) factor *= 2;
  return factor;
}

cv::Mat3f Shrunk(const cv::Mat3b& picture, cv::Size size) {
  cv::Mat small;
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  cv::Mat3f result;
  small.convertTo(result, CV_32F);
  return result;
}

// Each pixel of three channels times its weight.
void Weigh(const cv::Mat1f& weight, cv::Mat3f* picture) {
  for (int y = 0; y < picture->rows; ++y) {
    const float* w = weight[y];
    cv::Vec3f* pixels = (*picture)[y];
    for (int x = 0; x < picture->cols; ++x) pixels[x] *= w[x];
  }
}

}  // namespace

const char* NameOf(BlurReach reach) {
  switch (reach) {
    case BlurReach::kWholeFrame:
      return "whole frame";
    case BlurReach::kAroundCaller:
      return "around the caller";
    case BlurReach::kNoCaller:
      return "without the caller";
  }
  return "";
}

CallerHalo::CallerHalo(const HaloModel& model) : model_(model), factor_(FactorFor(model.kernel.sigma_px)) {
  PEEKPROOF_CHECK(!model.room.empty() && model.kernel.sigma_px > 0, "a halo needs a room and a blur");
  small_size_ = {std::max(1, model.room.cols / factor_), std::max(1, model.room.rows / factor_)};
  small_room_ = Shrunk(model.room, small_size_);
  blurred_room_ = small_room_.clone();
  Blur(&blurred_room_);
}

void CallerHalo::Blur(cv::Mat* small) const {
  const double sigma = model_.kernel.sigma_px / factor_;
  if (model_.kernel.family == engines::BlurFamily::kBox) {
    const int side = 2 * cvRound((std::sqrt(12 * sigma * sigma + 1) - 1) / 2) + 1;
    cv::blur(*small, *small, {side, side}, {-1, -1}, cv::BORDER_REPLICATE);
  } else {
    cv::GaussianBlur(*small, *small, {}, sigma, sigma, cv::BORDER_REPLICATE);
  }
}

void CallerHalo::Find(const cv::Mat3b& bgr, const cv::Mat1f& alpha, cv::Mat3f* halo) {
  PEEKPROOF_CHECK(bgr.size() == model_.room.size() && alpha.size() == bgr.size(),
                  "frame, matte and room differ in size");
  if (model_.reach == BlurReach::kNoCaller) {
    halo->create(bgr.size());
    halo->setTo(cv::Scalar::all(0));
    return;
  }
  cv::Mat1f there;
  cv::resize(alpha, there, small_size_, 0, 0, cv::INTER_AREA);
  cv::Mat3f small;
  if (model_.reach == BlurReach::kWholeFrame) {
    cv::subtract(Shrunk(bgr, small_size_), small_room_, small);
    Weigh(there, &small);
    Blur(&small);
  } else {
    cv::Mat1f counts;
    cv::subtract(cv::Scalar::all(1), there, counts);
    small = small_room_.clone();
    Weigh(counts, &small);
    Blur(&small);
    Blur(&counts);
    constexpr double kLeastCount = 1e-3;  // Deep within the caller, where no background is seen.
    cv::max(counts, kLeastCount, counts);
    cv::divide(1.0, counts, counts);
    Weigh(counts, &small);
    cv::subtract(small, blurred_room_, small);
  }
  cv::resize(small, *halo, bgr.size(), 0, 0, cv::INTER_LINEAR);
}

void CallerHalo::Clear(const cv::Mat3b& bgr, const cv::Mat1f& alpha, cv::Mat3b* cleared) {
  Find(bgr, alpha, &halo_);
  cleared->create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    const cv::Vec3b* in = bgr[y];
    const cv::Vec3f* halo = halo_[y];
    const float* a = alpha[y];
    cv::Vec3b* out = (*cleared)[y];
    for (int x = 0; x < bgr.cols; ++x) {
      const float share = 1.0F - a[x];
      for (int c = 0; c < 3; ++c)
        out[x][c] = cv::saturate_cast<uint8_t>(static_cast<float>(in[x][c]) - share * halo[x][c]);
    }
  }
}

}  // namespace peekproof::attacks
