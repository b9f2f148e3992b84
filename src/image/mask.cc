// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/mask.h"

#include <opencv2/imgproc.hpp>

namespace peekproof::image {
namespace {

BinaryMask Morph(const BinaryMask& mask, int operation, int size_px) {
  if (size_px <= 1) return {mask.values.clone()};
  BinaryMask result;
  const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {size_px, size_px});
  cv::morphologyEx(mask.values, result.values, operation, square);
  return result;
}

}  // namespace

BinaryMask GreaterThan(const AlphaMask& alpha, float threshold) {
  BinaryMask result;
  result.values = alpha.values > threshold;
  return result;
}

BinaryMask Erode(const BinaryMask& mask, int size_px) { return Morph(mask, cv::MORPH_ERODE, size_px); }
BinaryMask Dilate(const BinaryMask& mask, int size_px) { return Morph(mask, cv::MORPH_DILATE, size_px); }
BinaryMask Open(const BinaryMask& mask, int size_px) { return Morph(mask, cv::MORPH_OPEN, size_px); }

}  // namespace peekproof::image
