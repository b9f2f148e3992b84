// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "models/tflite_graph.h"

namespace peekproof::models {

/// One axis of a sliding window: how many places it takes, and the zeros before and behind the input.
struct WindowAxis {
  int output = 0;
  int pad_begin = 0;
  int pad_end = 0;
};

/// Places of a window of `kernel` samples, `dilation` apart, moved by `stride` over `input` samples, as
/// TensorFlow counts them. output is 0 where the window does not fit. All arguments are at least 1.
WindowAxis SlideWindow(int input, int kernel, int stride, int dilation, Padding padding);

/// The same for a transposed convolution, which turns `input` samples into `output`: pad_begin and pad_end
/// are what is cut off the full result of (input - 1) * stride + kernel samples. kernel must be at least
/// stride.
WindowAxis SlideWindowTransposed(int input, int kernel, int stride, Padding padding);

/// Whether a pooling operator averages its whole input into one pixel.
bool IsGlobalPool(const TfliteGraph& graph, const TfliteOperator& node);

/// Checks that `node` has the operands that its kind needs (numbers, shapes, constants present) and computes
/// the shape of its output.
///
/// Errors  kUnsupported where the operator is used in a way that no backend implements; kCorruptData where
///         its operands contradict each other.
Result<std::vector<int>> OutputShape(const TfliteGraph& graph, const TfliteOperator& node);

/// Checks a whole graph whose indices are in range: one float input; operators in an order in which they can
/// run; every tensor made once and of the shape that its operator computes; sizes within bounds.
Result<void> CheckGraph(const TfliteGraph& graph);

}  // namespace peekproof::models
