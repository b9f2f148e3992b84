// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::models {

/// An object in a picture.
struct Detection {
  std::string label;      ///< COCO's name of the class, or "class 17" where the model has other classes.
  cv::Rect2f box;         ///< In pixels of the picture, within it.
  double confidence = 0;  ///< 0 to 1.
};

struct DetectorOptions {
  float least_confidence = 0.3F;  ///< Objects below are left out, 0 to 1.
  float overlap =
      0.45F;  ///< Intersection over union from which two boxes of a class are the same object, 0 to 1.

  Result<void> Validate() const;
};

/// Finds objects. Not thread-safe: one per thread.
class Detector {
 public:
  virtual ~Detector() = default;

  /// In      bgr: BGR 8-bit sRGB of any size, not empty. It is scaled to fit into the network's input; what
  /// is left of
  ///         that is grey of 114.
  /// Out     by falling confidence. Errors  kInvalidArgument (empty); kInternal when the backend fails.
  virtual Result<std::vector<Detection>> Detect(const cv::Mat3b& bgr) = 0;
  virtual std::string description() const = 0;
};

/// Makes a detector from a registry name ("yolox-nano") or the path of an ONNX file with one picture input of
/// 3 channels and the output of YOLOX (BGR, 0 to 255) or of YOLOv8 (RGB, 0 to 1), told by its shape. Errors
/// kInvalidArgument (options, a model for another task); kNotFound (says how to fetch the model);
///         kCorruptData; kUnsupported (names what was expected).
Result<std::unique_ptr<Detector>> MakeDetector(const std::string& model, const DetectorOptions& options = {});

}  // namespace peekproof::models
