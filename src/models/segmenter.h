// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "image/mask.h"

namespace peekproof::models {

/// A network that tells the caller from the rest.
///
/// Not thread-safe: one per thread; results depend on the input alone (no state between frames).
class Segmenter {
 public:
  virtual ~Segmenter() = default;

  /// Width and height that Segment wants, for example 256 x 144.
  virtual cv::Size input_size() const = 0;

  /// In      bgr: exactly input_size(), BGR 8-bit sRGB. How a frame is brought to that size differs between
  ///         services, so it is the engine's business (engines/downscale.h).
  /// Out     caller: probability that a pixel is the caller, in [0, 1], in the network's output size
  ///         (input_size() for all but BodyPix); reused when it has the right size already.
  /// Errors  kInvalidArgument on another size; kInternal when the backend fails.
  virtual Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) = 0;

  /// Name of the model and of the backend that runs it, for reports: "landscape on XNNPACK".
  virtual std::string description() const = 0;
};

/// Makes a segmenter for one thread from a model's registry name ("landscape", "selfie", ...) or the path of
/// a .tflite or .onnx file.
///
/// Errors  kNotFound (says how to fetch the model), kCorruptData, kUnsupported (names what was expected).
Result<std::unique_ptr<Segmenter>> MakeSegmenter(const std::string& model);

}  // namespace peekproof::models
