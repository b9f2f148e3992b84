// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "models/inference_backend.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// Whether this program was built with XNNPACK.
bool HaveXnnpack();

/// Runs a graph as an XNNPACK subgraph, on the calling thread.
///
/// Uses only functions that the library has had since February 2022 (Debian 12). That release cannot
/// concatenate: inputs are padded with zeros to the joined channels and added instead, which is exact.
///
/// Errors  kUnsupported, naming the operator, where XNNPACK does not run one or was not compiled in;
///         kInternal when the library fails.
Result<std::unique_ptr<InferenceBackend>> MakeXnnpackBackend(std::shared_ptr<const TfliteGraph> graph);

}  // namespace peekproof::models
