// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "models/backend_kind.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// A network made ready to run on one thread. Not thread-safe: one per thread.
class InferenceBackend {
 public:
  virtual ~InferenceBackend() = default;

  /// The input, height x width x channels, to be filled before Run. Stays where it is.
  virtual std::span<float> input() = 0;
  /// Runs the network once.
  /// Errors  kInternal when the library fails.
  virtual Result<void> Run() = 0;
  /// Output `index` of the last Run, height x width x channels; valid until the next Run.
  virtual std::span<const float> output(size_t index) const = 0;
  /// "XNNPACK" or "OpenCV dnn".
  virtual const char* name() const = 0;
};

/// A backend and, where it is not the one that was tried first, why.
struct ChosenBackend {
  std::unique_ptr<InferenceBackend> backend;
  std::string fallback;  ///< "XNNPACK does not run TANH"; empty where nothing had to be fallen back from.
};

/// Makes a backend for a graph that ReadTflite returned.
///
/// Errors  kUnsupported when no allowed backend runs one of its operators; kInternal when a library fails.
Result<ChosenBackend> MakeBackend(std::shared_ptr<const TfliteGraph> graph, BackendKind kind);

}  // namespace peekproof::models
