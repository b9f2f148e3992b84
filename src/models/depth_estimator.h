// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"

namespace peekproof::models {

/// A network that tells how far away each pixel is, relative to the others of the same picture.
///
/// Not thread-safe: one per thread; results depend on the input alone (no state between frames).
class DepthEstimator {
 public:
  virtual ~DepthEstimator() = default;

  /// Width and height that Estimate wants, for example 320 x 192.
  virtual cv::Size input_size() const = 0;

  /// In      bgr: exactly input_size(), BGR 8-bit sRGB.
  /// Out     distance: 0 for the nearest pixel, 1 for the farthest, in the network's output size; reused when
  ///         it has the right size already. Not metres, and not even linear in them: networks give inverse
  ///         depth. Where the network sees no difference, or gives no finite value, the pixel is far (1).
  /// Errors  kInvalidArgument on another size; kInternal when the backend fails.
  virtual Result<void> Estimate(const cv::Mat3b& bgr, cv::Mat1f* distance) = 0;

  /// Name of the model and of the backend that runs it, for reports: "tcmonodepth on OpenCV dnn".
  virtual std::string description() const = 0;
};

/// Makes an estimator for one thread from a registry name ("tcmonodepth") or the path of an .onnx or .tflite
/// file with one picture input of 3 channels (RGB, 0 to 255) and one output of 1 channel, larger where
/// nearer.
///
/// Source  TCMonoDepth as obs-backgroundremoval runs it: values not normalised, output stretched from its
///         smallest to its largest value (engines notes 1.6).
/// Errors  kNotFound (says how to fetch the model), kInvalidArgument (a model for another task),
/// kCorruptData,
///         kUnsupported (names what was expected).
Result<std::unique_ptr<DepthEstimator>> MakeDepthEstimator(const std::string& model);

}  // namespace peekproof::models
