// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/tflite_graph.h"

namespace peekproof::models::testing {

/// The obvious twin of the backends: runs a graph by the definition of each operator, in double precision,
/// with plain loops over output elements. Returns the outputs, height x width x channels.
std::vector<std::vector<float>> RunReference(const TfliteGraph& graph, const std::vector<float>& input);

}  // namespace peekproof::models::testing
