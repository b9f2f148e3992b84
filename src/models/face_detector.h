// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "models/detector.h"

namespace peekproof::models {

/// Makes a detector whose only label is "face" from a registry name ("yunet") or the path of an ONNX file
/// with YuNet's twelve outputs (cls, obj, bbox and kps of strides 8, 16 and 32; BGR, 0 to 255). Pictures are
/// scaled so that the long side is 640 pixels at most. Errors  kInvalidArgument (options, a model for another
/// task); kNotFound (says how to fetch the model);
///         kUnsupported (names what was expected).
/// Source  Wu, Peng, Yu, "YuNet: A Tiny Millisecond-level Face Detector" (2023).
Result<std::unique_ptr<Detector>> MakeFaceDetector(const std::string& model = "yunet",
                                                   const DetectorOptions& options = {.least_confidence = 0.6F,
                                                                                     .overlap = 0.3F});

}  // namespace peekproof::models
