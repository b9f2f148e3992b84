// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/detection.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace peekproof::models {
namespace {

constexpr int kBeforeClasses = 5;
constexpr float kLargestLog = 10;  // Larger boxes are no boxes.

/// One row of YOLOX's output.
void DecodeRow(const float* row, int columns, cv::Point cell, int stride, float least,
               std::vector<RawDetection>* detections) {
  const float* const best = std::max_element(row + kBeforeClasses, row + columns);
  const float confidence = row[4] * *best;
  const bool is_finite =
      std::all_of(row, row + kBeforeClasses, [](float value) { return std::isfinite(value); });
  if (!(confidence >= least) || !is_finite || std::max(row[2], row[3]) > kLargestLog) return;
  const auto scale = static_cast<float>(stride);
  const float width = std::exp(row[2]) * scale;
  const float height = std::exp(row[3]) * scale;
  const float x = (row[0] + static_cast<float>(cell.x)) * scale;
  const float y = (row[1] + static_cast<float>(cell.y)) * scale;
  detections->push_back({{x - width / 2, y - height / 2, width, height},
                         static_cast<int>(best - row) - kBeforeClasses,
                         std::min(confidence, 1.0F)});
}

}  // namespace

int YoloxRows(cv::Size input) {
  int rows = 0;
  for (const int stride : kGridStrides) rows += (input.width / stride) * (input.height / stride);
  return rows;
}

std::vector<RawDetection> DecodeYolox(std::span<const float> values, int columns, cv::Size input,
                                      float least) {
  PEEKPROOF_CHECK(columns > kBeforeClasses &&
                      values.size() == static_cast<size_t>(columns) * static_cast<size_t>(YoloxRows(input)),
                  "{} values in {} columns", values.size(), columns);
  std::vector<RawDetection> detections;
  const float* row = values.data();
  for (const int stride : kGridStrides) {
    for (int y = 0; y < input.height / stride; ++y) {
      for (int x = 0; x < input.width / stride; ++x, row += columns)
        DecodeRow(row, columns, {x, y}, stride, least, &detections);
    }
  }
  return detections;
}

std::vector<RawDetection> DecodeYolov8(std::span<const float> values, int anchors, float least) {
  PEEKPROOF_CHECK(anchors > 0 && values.size() % static_cast<size_t>(anchors) == 0, "{} values, {} anchors",
                  values.size(), anchors);
  const int channels = static_cast<int>(values.size()) / anchors;
  std::vector<RawDetection> detections;
  for (int i = 0; i < anchors; ++i) {
    const auto at = [&](int channel) { return values[static_cast<size_t>(channel) * anchors + i]; };
    int best = 4;
    for (int channel = 5; channel < channels; ++channel)
      if (at(channel) > at(best)) best = channel;
    const bool is_finite =
        std::isfinite(at(0)) && std::isfinite(at(1)) && std::isfinite(at(2)) && std::isfinite(at(3));
    if (!(at(best) >= least) || !is_finite) continue;
    detections.push_back(
        {{at(0) - at(2) / 2, at(1) - at(3) / 2, at(2), at(3)}, best - 4, std::min(at(best), 1.0F)});
  }
  return detections;
}

float OverlapOf(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float both = (a & b).area();
  const float either = a.area() + b.area() - both;
  return either > 0 ? both / either : 0.0F;
}

std::vector<RawDetection> DecodeYunet(std::span<const float> scores, std::span<const float> objects,
                                      std::span<const float> boxes, int stride, int columns, float least) {
  PEEKPROOF_CHECK(columns > 0 && objects.size() == scores.size() && boxes.size() == 4 * scores.size(),
                  "{} scores, {} objects, {} boxes", scores.size(), objects.size(), boxes.size());
  std::vector<RawDetection> detections;
  const auto scale = static_cast<float>(stride);
  for (size_t i = 0; i < scores.size(); ++i) {
    const float confidence =
        std::sqrt(std::clamp(scores[i], 0.0F, 1.0F) * std::clamp(objects[i], 0.0F, 1.0F));
    const float* box = &boxes[4 * i];
    const bool is_finite = std::all_of(box, box + 4, [](float value) { return std::isfinite(value); });
    if (!(confidence >= least) || !is_finite || std::max(box[2], box[3]) > kLargestLog) continue;
    const auto cell = static_cast<int>(i);
    const int row = cell / columns;
    const float x = (box[0] + static_cast<float>(cell - row * columns)) * scale;
    const float y = (box[1] + static_cast<float>(row)) * scale;
    const float width = std::exp(box[2]) * scale;
    const float height = std::exp(box[3]) * scale;
    detections.push_back({{x - width / 2, y - height / 2, width, height}, 0, confidence});
  }
  return detections;
}

std::vector<RawDetection> SuppressOverlaps(std::vector<RawDetection> detections, float overlap) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const RawDetection& a, const RawDetection& b) { return a.confidence > b.confidence; });
  std::vector<RawDetection> kept;
  for (const RawDetection& candidate : detections) {
    const bool is_covered = std::any_of(kept.begin(), kept.end(), [&](const RawDetection& better) {
      return better.label == candidate.label && OverlapOf(better.box, candidate.box) > overlap;
    });
    if (!is_covered) kept.push_back(candidate);
  }
  return kept;
}

}  // namespace peekproof::models
