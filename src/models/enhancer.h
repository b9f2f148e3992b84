// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"

namespace peekproof::models {

/// A network that sharpens or enlarges pictures. It invents what it has learned to expect: its result is for
/// the eye, never evidence.
///
/// Not thread-safe: one per thread.
class Enhancer {
 public:
  virtual ~Enhancer() = default;

  /// In      bgr: BGR 8-bit sRGB of any size, not empty.
  /// Out     BGR of scale() times its size. Errors  kInvalidArgument (empty); kInternal when the backend
  /// fails
  ///         or the network gives what is no number.
  /// Cost    Worked on in tiles that overlap by 32 pixels, so that memory grows with the result alone.
  virtual Result<cv::Mat3b> Enhance(const cv::Mat3b& bgr) = 0;
  virtual int scale() const = 0;
  /// Name of the model and of the backend that runs it: "fsrcnn-x2 on OpenCV dnn".
  virtual std::string description() const = 0;
};

/// Makes an enhancer from a registry name ("fsrcnn-x2") or the path of a file of OpenCV's dnn_superres (.pb,
/// luma) or an .onnx file (MPRNet, NAFNet, Real-ESRGAN and the like). Input 1 x 3 x height x width, RGB in
/// [0, 1], or 1 x 1, luma in [0, 1] with colours enlarged beside it; sides fixed or open. Output the same,
/// 1 to 8 times as high and wide.
///
/// Errors  kNotFound (says how to fetch the model); kInvalidArgument (a model for another task);
/// kCorruptData;
///         kUnsupported (names what was expected).
Result<std::unique_ptr<Enhancer>> MakeEnhancer(const std::string& model);

}  // namespace peekproof::models
