// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// Reads a TFLite file (FlatBuffer identifier TFL3, schema version 3) from untrusted bytes.
///
/// In      bytes: the whole file. Nothing refers to it afterwards.
/// Out     A graph that CheckGraph accepts. Constants behind DEQUANTIZE (float16, int8, uint8) have become
///         float constants, and those operators are gone.
/// Errors  kCorruptData for a file that breaks its format; kUnsupported, naming the operator or type, for
///         what no backend here can run: several subgraphs, control flow, quantised activations, sparse or
///         external weights. Never crashes and never reads outside of `bytes`; memory is bounded by a
///         multiple of the file's size.
/// Source  tensorflow/lite/schema/schema.fbs (field numbers), read by our own code.
Result<TfliteGraph> ReadTflite(std::span<const uint8_t> bytes);

}  // namespace peekproof::models
