// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "image/mask.h"
#include "models/backend_kind.h"

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

  /// Why the model runs on another backend than the fastest: "XNNPACK does not run operator 7, TANH"; empty
  /// where it does not.
  virtual std::string fallback() const { return {}; }

  /// SHA-256 of the model file, 64 hexadecimal digits, for reports; empty where no file is behind it.
  virtual std::string model_sha256() const { return {}; }
};

/// Makes a segmenter for one thread from a model's registry name ("landscape", "selfie", ...) or the path of
/// a .tflite or .onnx file.
///
/// A file whose SHA-256 the registry knows is treated as the registry says. For any other, input range and
/// kind of output are inferred from its output: one channel behind a sigmoid (input 0 to 1), one channel of
/// logits (-1 to 1), two channels of logits, background and person (0 to 1), or 21 channels of logits in
/// Pascal VOC's order (-1 to 1).
///
/// Errors  kNotFound (says how to fetch the model), kCorruptData, kUnsupported (names what was expected).
Result<std::unique_ptr<Segmenter>> MakeSegmenter(const std::string& model);

/// The same on a backend of one's choice, for tests and benchmarks. ONNX models run on OpenCV dnn only.
Result<std::unique_ptr<Segmenter>> MakeSegmenter(const std::string& model, BackendKind backend);

}  // namespace peekproof::models
