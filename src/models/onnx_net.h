// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/dnn.hpp>
#include <span>
#include <string>

#include "base/result.h"

namespace peekproof::models {

/// Reads a network of a format by OpenCV dnn, which prints nothing of what the error says.
/// Errors  kUnsupported, with OpenCV's reason.
Result<cv::dnn::Net> ReadQuietly(const std::string& format, const std::function<cv::dnn::Net()>& read);

/// Reads an ONNX file by OpenCV dnn, which prints nothing of what the error says.
/// Errors  kUnsupported, with OpenCV's reason.
Result<cv::dnn::Net> ReadOnnxNet(std::span<const uint8_t> bytes);

}  // namespace peekproof::models
