// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "models/flat_buffer.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// TFLite's numbers of the operators that the reader treats by itself.
inline constexpr int kBuiltinDequantize = 6;
inline constexpr int kBuiltinCustom = 32;

/// The operator with a TFLite built-in number, or with a custom name where the number is kBuiltinCustom.
/// Nothing for an operator that is not supported.
std::optional<OperatorKind> KindFromCode(int builtin_code, const std::string& custom_name);

/// Decodes the options of an Operator table of the TFLite schema (version 3, schema.fbs).
///
/// Errors  kCorruptData for options that the operator cannot have; kUnsupported for a fused activation other
///         than RELU and RELU6. Offsets that lead astray show in `buffer`.
Result<OperatorOptions> ReadOptions(FlatBuffer& buffer, const FlatTable& operator_table, OperatorKind kind);

}  // namespace peekproof::models
