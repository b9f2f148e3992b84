// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

// From the numbers that detection networks give to boxes.

namespace peekproof::models {

/// A box in pixels of the network's input.
struct RawDetection {
  cv::Rect2f box;
  int label = 0;
  float confidence = 0;
};

/// Of the three grids that YOLOX and YuNet look at, in pixels.
inline constexpr std::array<int, 3> kGridStrides{8, 16, 32};

/// YOLOX: for each cell of grids of stride 8, 16 and 32, row by row, the rows x, y (offsets within the cell,
/// in cells), log width, log height (in cells), objectness, and a score per class. Confidence is objectness
/// times the best class's score. Rows below `least` are left out, and any that are not finite.
///
/// In      values: rows x columns. columns: 5 + classes. input: of the network.
/// Source  Ge et al., "YOLOX" (2021), as its ONNX files have it (without decoding in the file).
std::vector<RawDetection> DecodeYolox(std::span<const float> values, int columns, cv::Size input,
                                      float least);
/// Rows that YOLOX has for an input: the cells of its three grids.
int YoloxRows(cv::Size input);

/// YOLOv8: for each of `anchors` boxes the columns centre x, centre y, width, height in pixels, and a score
/// per class; stored channel by channel (4 + classes rows of `anchors`).
std::vector<RawDetection> DecodeYolov8(std::span<const float> values, int anchors, float least);

/// YuNet, one of its three grids: for each cell, row by row, a face's score and objectness, whose geometric
/// mean is the confidence, and a box x, y (offsets of the centre from the cell's corner, in cells), log
/// width, log height (in cells). Boxes are told in pixels; cells below `least` are left out, and any that are
/// not finite.
///
/// In      columns: of the grid.
/// Source  Wu, Peng, Yu, "YuNet" (2023), as its ONNX files of 2023 and later have it.
std::vector<RawDetection> DecodeYunet(std::span<const float> scores, std::span<const float> objects,
                                      std::span<const float> boxes, int stride, int columns, float least);

/// Keeps of boxes of one label that overlap by more than `overlap` (intersection over union) the most
/// confident; sorted by confidence.
std::vector<RawDetection> SuppressOverlaps(std::vector<RawDetection> detections, float overlap);

/// Intersection over union; 0 of empty boxes.
float OverlapOf(const cv::Rect2f& a, const cv::Rect2f& b);

}  // namespace peekproof::models
