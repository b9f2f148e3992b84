// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/inference_backend.h"
#include "models/model_traits.h"

namespace peekproof::models {

/// A network of either file format, ready to run.
struct Network {
  std::unique_ptr<InferenceBackend> backend;
  std::string fallback;          ///< As in ChosenBackend.
  std::vector<int> input_shape;  ///< 1 x height x width x channels.
  std::vector<NetworkOutput> outputs;
};

/// Loads a TFLite file (told by its identifier) or else an ONNX file. ONNX runs on OpenCV dnn, whose own
/// reader is not hardened against malicious files.
///
/// Errors  kCorruptData, kUnsupported.
Result<Network> LoadNetwork(std::span<const uint8_t> bytes, BackendKind kind);

}  // namespace peekproof::models
