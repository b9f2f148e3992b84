// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/dnn.hpp>
#include <span>

#include "base/result.h"

namespace peekproof::models {

/// Reads a frozen TensorFlow graph of OpenCV's dnn_superres by OpenCV dnn, which lacks their last layer,
/// DepthToSpace: blocks of channels become blocks of pixels. It is added for the whole program, once.
///
/// Source  TensorFlow's tf.nn.depth_to_space for NHWC; OpenCV contrib's dnn_superres does the same.
/// Errors  kUnsupported, with OpenCV's reason.
Result<cv::dnn::Net> ReadTensorFlowNet(std::span<const uint8_t> bytes);

}  // namespace peekproof::models
