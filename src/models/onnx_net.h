// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/dnn.hpp>
#include <span>

#include "base/result.h"

namespace peekproof::models {

/// Reads an ONNX file by OpenCV dnn, which prints nothing of what the error says.
/// Errors  kUnsupported, with OpenCV's reason.
Result<cv::dnn::Net> ReadOnnxNet(std::span<const uint8_t> bytes);

}  // namespace peekproof::models
