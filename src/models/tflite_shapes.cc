// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "models/tflite_errors.h"

namespace peekproof::models {
namespace {

constexpr int kMaxStride = 4096;
constexpr int kMaxDilation = 1024;
constexpr size_t kMaxActivationElements = size_t{1} << 24;
constexpr double kMaxWindowWork = 1 << 26;
constexpr size_t kMaxTotalElements = size_t{1} << 27;

using Shape = std::vector<int>;

const TfliteTensor& Operand(const TfliteGraph& graph, const TfliteOperator& node, size_t index) {
  return graph.tensors[static_cast<size_t>(node.inputs[index])];
}

Result<void> CheckOperandCount(const TfliteOperator& node, size_t count) {
  if (node.inputs.size() != count) {
    return Unsupported(fmt::format("{} inputs instead of {}", node.inputs.size(), count));
  }
  return {};
}

/// An activation: float, NHWC, batch 1.
Result<void> CheckActivation(const TfliteTensor& tensor) {
  if (tensor.is_constant) return Unsupported("a constant where an activation is expected");
  if (tensor.type != TensorType::kFloat32) {
    return Unsupported(fmt::format("activations of type {} (only float32 is supported)",
                                   int{static_cast<int8_t>(tensor.type)}));
  }
  if (tensor.shape.size() != 4 || tensor.shape[0] != 1) {
    return Unsupported(fmt::format("an activation of shape [{}] instead of 1 x height x width x channels",
                                   ShapeText(tensor.shape)));
  }
  return {};
}

Result<void> CheckWeights(const TfliteTensor& tensor, const Shape& expected) {
  if (!tensor.is_constant || tensor.type != TensorType::kFloat32) {
    return Unsupported("weights that are not float constants");
  }
  if (tensor.shape != expected) {
    return Corrupt(
        fmt::format("weights of shape [{}] instead of [{}]", ShapeText(tensor.shape), ShapeText(expected)));
  }
  return {};
}

Result<void> CheckWindow(const OperatorOptions& options) {
  const auto [low_stride, high_stride] = std::minmax(options.stride_x, options.stride_y);
  const auto [low_dilation, high_dilation] = std::minmax(options.dilation_x, options.dilation_y);
  if (low_stride < 1 || high_stride > kMaxStride)
    return Corrupt(fmt::format("strides {} x {}", options.stride_x, options.stride_y));
  if (low_dilation < 1 || high_dilation > kMaxDilation) {
    return Corrupt(fmt::format("dilations {} x {}", options.dilation_x, options.dilation_y));
  }
  if (high_stride > 1 && high_dilation > 1)
    return Unsupported("a convolution with both strides and dilations");
  return {};
}

/// Libraries keep a pointer per output pixel and filter tap, and some pad their input into a copy: both are
/// bounded here, since a small file can ask for any amount.
Result<void> CheckWindowWork(const Shape& input, int taps_y, int taps_x, const WindowAxis& y,
                             const WindowAxis& x) {
  const double taps = double{1} * taps_y * taps_x;
  const double positions = double{1} * y.output * x.output;
  const double padded = (double{1} * input[1] + y.pad_begin + y.pad_end) *
                        (double{1} * input[2] + x.pad_begin + x.pad_end) * input[3];
  if (taps * positions <= kMaxWindowWork && padded <= double{kMaxActivationElements}) return {};
  return Unsupported(fmt::format("a {} x {} window at {} x {} places, which is too much", taps_y, taps_x,
                                 y.output, x.output));
}

Result<Shape> SlideOver(const Shape& input, int height, int width, int channels,
                        const OperatorOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(CheckWindow(options));
  const WindowAxis y = SlideWindow(input[1], height, options.stride_y, options.dilation_y, options.padding);
  const WindowAxis x = SlideWindow(input[2], width, options.stride_x, options.dilation_x, options.padding);
  if (y.output < 1 || x.output < 1) {
    return Corrupt(fmt::format("a {} x {} window on an input of [{}]", height, width, ShapeText(input)));
  }
  PEEKPROOF_RETURN_IF_ERROR(CheckWindowWork(input, height, width, y, x));
  return Shape{1, y.output, x.output, channels};
}

/// Filter [out, height, width, in] for the plain and transposed convolution, bias [out].
Result<Shape> FilterShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 3));
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(Operand(graph, node, 0)));
  Shape filter = Operand(graph, node, 1).shape;
  if (filter.size() != 4) return Corrupt(fmt::format("a filter of shape [{}]", ShapeText(filter)));
  return filter;
}

Result<Shape> ConvolutionShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Shape filter, FilterShape(graph, node));
  const Shape& input = Operand(graph, node, 0).shape;
  PEEKPROOF_RETURN_IF_ERROR(
      CheckWeights(Operand(graph, node, 1), {filter[0], filter[1], filter[2], input[3]}));
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(Operand(graph, node, 2), {filter[0]}));
  return SlideOver(input, filter[1], filter[2], filter[0], node.options);
}

Result<Shape> DepthwiseShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Shape filter, FilterShape(graph, node));
  const Shape& input = Operand(graph, node, 0).shape;
  if (filter[3] % input[3] != 0) {
    return Corrupt(fmt::format("{} filters for {} channels", filter[3], input[3]));
  }
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(Operand(graph, node, 1), {1, filter[1], filter[2], filter[3]}));
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(Operand(graph, node, 2), {filter[3]}));
  return SlideOver(input, filter[1], filter[2], filter[3], node.options);
}

Result<Shape> TransposedShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Shape filter, FilterShape(graph, node));
  const Shape& input = Operand(graph, node, 0).shape;
  PEEKPROOF_RETURN_IF_ERROR(
      CheckWeights(Operand(graph, node, 1), {filter[0], filter[1], filter[2], input[3]}));
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(Operand(graph, node, 2), {filter[0]}));
  PEEKPROOF_RETURN_IF_ERROR(CheckWindow(node.options));
  if (filter[1] < node.options.stride_y || filter[2] < node.options.stride_x) {
    return Unsupported("a transposed convolution whose stride is larger than its filter");
  }
  const WindowAxis y =
      SlideWindowTransposed(input[1], filter[1], node.options.stride_y, node.options.padding);
  const WindowAxis x =
      SlideWindowTransposed(input[2], filter[2], node.options.stride_x, node.options.padding);
  const Shape whole{1, y.output, x.output, filter[0]};
  PEEKPROOF_RETURN_IF_ERROR(CheckWindowWork(whole, filter[1], filter[2], y, x));
  return whole;
}

Result<Shape> PoolShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 1));
  const TfliteTensor& input = Operand(graph, node, 0);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(input));
  if (node.options.filter_width < 1 || node.options.filter_height < 1) {
    return Corrupt("an empty pooling window");
  }
  if (node.options.filter_width > input.shape[2] || node.options.filter_height > input.shape[1]) {
    return Unsupported("a pooling window larger than its input");
  }
  if (node.options.filter_width == 1 && node.options.filter_height == 1) {
    return Unsupported("a pooling window of one pixel");
  }
  return SlideOver(input.shape, node.options.filter_height, node.options.filter_width, input.shape[3],
                   node.options);
}

Result<Shape> MeanShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 2));
  const TfliteTensor& input = Operand(graph, node, 0);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(input));
  std::vector<int32_t> axes = Operand(graph, node, 1).integers;
  for (int32_t& axis : axes) axis += axis < 0 ? 4 : 0;
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<int32_t>{1, 2} || !node.options.keep_dims) {
    return Unsupported("a mean over other axes than height and width, both kept");
  }
  return Shape{1, 1, 1, input.shape[3]};
}

Result<Shape> FullyConnectedShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 3));
  const TfliteTensor& input = Operand(graph, node, 0);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(input));
  if (input.shape[1] != 1 || input.shape[2] != 1 || !node.options.keep_dims) {
    return Unsupported("more than one pixel, or not all dimensions kept");
  }
  const TfliteTensor& weights = Operand(graph, node, 1);
  if (weights.shape.size() != 2)
    return Corrupt(fmt::format("weights of shape [{}]", ShapeText(weights.shape)));
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(weights, {weights.shape[0], input.shape[3]}));
  PEEKPROOF_RETURN_IF_ERROR(CheckWeights(Operand(graph, node, 2), {weights.shape[0]}));
  return Shape{1, 1, 1, weights.shape[0]};
}

Result<Shape> ConcatenationShape(const TfliteGraph& graph, const TfliteOperator& node) {
  if (node.inputs.empty()) return Corrupt("no inputs");
  const int axis = node.options.axis < 0 ? node.options.axis + 4 : node.options.axis;
  if (axis != 3) return Unsupported(fmt::format("axis {} (only channels can be joined)", node.options.axis));
  Shape joined = Operand(graph, node, 0).shape;
  int64_t channels = 0;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const TfliteTensor& input = Operand(graph, node, i);
    PEEKPROOF_RETURN_IF_ERROR(CheckActivation(input));
    channels += input.shape[3];
    joined[3] = input.shape[3];
    if (joined != input.shape) return Corrupt("inputs of different sizes");
  }
  if (channels > kMaxExtent) return Unsupported(fmt::format("{} channels", channels));
  joined[3] = static_cast<int>(channels);
  return joined;
}

/// ADD wants equal shapes. MUL also takes one factor per channel as either operand (squeeze and excitation).
Result<Shape> ArithmeticShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 2));
  const TfliteTensor& left = Operand(graph, node, 0);
  const TfliteTensor& right = Operand(graph, node, 1);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(left));
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(right));
  if (left.shape == right.shape) return left.shape;
  const Shape per_channel{1, 1, 1, left.shape[3]};
  if (node.kind == OperatorKind::kMultiply && right.shape == per_channel) return left.shape;
  if (node.kind == OperatorKind::kMultiply && left.shape == per_channel && right.shape[3] == left.shape[3]) {
    return right.shape;
  }
  return Unsupported(
      fmt::format("operands of shapes [{}] and [{}]", ShapeText(left.shape), ShapeText(right.shape)));
}

Result<Shape> ResizeShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 2));
  const TfliteTensor& input = Operand(graph, node, 0);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(input));
  const std::vector<int32_t>& size = Operand(graph, node, 1).integers;
  if (size.size() != 2) return Unsupported("a size that is not a constant pair");
  if (size[0] < 1 || size[1] < 1 || size[0] > kMaxExtent || size[1] > kMaxExtent) {
    return Corrupt(fmt::format("a target size of {} x {}", size[1], size[0]));
  }
  if (node.options.align_corners && node.options.half_pixel_centers) {
    return Corrupt("align_corners together with half_pixel_centers");
  }
  return Shape{1, size[0], size[1], input.shape[3]};
}

Result<Shape> UnaryShape(const TfliteGraph& graph, const TfliteOperator& node) {
  PEEKPROOF_RETURN_IF_ERROR(CheckOperandCount(node, 1));
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(Operand(graph, node, 0)));
  return Operand(graph, node, 0).shape;
}

}  // namespace

WindowAxis SlideWindow(int input, int kernel, int stride, int dilation, Padding padding) {
  const int64_t extent = (int64_t{kernel} - 1) * dilation + 1;
  if (padding == Padding::kValid) {
    return {input < extent ? 0 : static_cast<int>((input - extent) / stride + 1), 0, 0};
  }
  const int64_t output = (int64_t{input} + stride - 1) / stride;
  const int64_t total = std::max<int64_t>((output - 1) * stride + extent - input, 0);
  return {static_cast<int>(output), static_cast<int>(total / 2), static_cast<int>(total - total / 2)};
}

WindowAxis SlideWindowTransposed(int input, int kernel, int stride, Padding padding) {
  const int64_t full = (int64_t{input} - 1) * stride + kernel;
  const int64_t output = padding == Padding::kSame ? int64_t{input} * stride : full;
  const int64_t cut = std::max<int64_t>(full - output, 0);
  return {static_cast<int>(output), static_cast<int>(cut / 2), static_cast<int>(cut - cut / 2)};
}

bool IsGlobalPool(const TfliteGraph& graph, const TfliteOperator& node) {
  const Shape& input = Operand(graph, node, 0).shape;
  return node.options.filter_height == input[1] && node.options.filter_width == input[2] &&
         graph.tensors[static_cast<size_t>(node.outputs[0])].shape == Shape{1, 1, 1, input[3]};
}

Result<Shape> OutputShape(const TfliteGraph& graph, const TfliteOperator& node) {
  switch (node.kind) {
    case OperatorKind::kConvolution:
      return ConvolutionShape(graph, node);
    case OperatorKind::kDepthwiseConvolution:
      return DepthwiseShape(graph, node);
    case OperatorKind::kTransposeConvolutionBias:
      return TransposedShape(graph, node);
    case OperatorKind::kAveragePool:
      return PoolShape(graph, node);
    case OperatorKind::kMean:
      return MeanShape(graph, node);
    case OperatorKind::kFullyConnected:
      return FullyConnectedShape(graph, node);
    case OperatorKind::kConcatenation:
      return ConcatenationShape(graph, node);
    case OperatorKind::kAdd:
    case OperatorKind::kMultiply:
      return ArithmeticShape(graph, node);
    case OperatorKind::kResizeBilinear:
      return ResizeShape(graph, node);
    case OperatorKind::kHardSwish:
    case OperatorKind::kLogistic:
    case OperatorKind::kRelu:
    case OperatorKind::kRelu6:
    case OperatorKind::kTanh:
      return UnaryShape(graph, node);
  }
  return Unsupported("an operator that is not known");
}

namespace {

/// Checks one operator against what has been computed before it, and marks its output as computed.
Result<void> CheckNode(const TfliteGraph& graph, const TfliteOperator& node, std::vector<bool>* computed) {
  if (node.outputs.size() != 1)
    return Unsupported(fmt::format("{} outputs instead of 1", node.outputs.size()));
  for (const int input : node.inputs) {
    const auto index = static_cast<size_t>(input);
    if (!graph.tensors[index].is_constant && !(*computed)[index]) {
      return Corrupt(fmt::format("tensor {} is used before it is computed", input));
    }
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const Shape shape, OutputShape(graph, node));
  const auto output = static_cast<size_t>(node.outputs[0]);
  const TfliteTensor& tensor = graph.tensors[output];
  if (tensor.shape != shape || tensor.type != TensorType::kFloat32) {
    return Corrupt(fmt::format("an output of shape [{}] instead of float [{}]", ShapeText(tensor.shape),
                               ShapeText(shape)));
  }
  if ((*computed)[output] || tensor.is_constant)
    return Corrupt(fmt::format("tensor {} is computed twice", output));
  (*computed)[output] = true;
  return {};
}

Result<void> CheckSize(const Shape& shape, size_t* total) {
  const size_t elements = ElementCount(shape);
  *total += elements;
  if (elements > kMaxActivationElements || *total > kMaxTotalElements) {
    return Unsupported(fmt::format("activations of more than {} numbers each or {} in sum",
                                   kMaxActivationElements, kMaxTotalElements));
  }
  return {};
}

}  // namespace

Result<void> CheckGraph(const TfliteGraph& graph) {
  if (graph.inputs.size() != 1) {
    return Unsupported(fmt::format("{} inputs (one picture is expected)", graph.inputs.size()));
  }
  const auto input = static_cast<size_t>(graph.inputs[0]);
  PEEKPROOF_RETURN_IF_ERROR(CheckActivation(graph.tensors[input]));
  size_t total = 0;
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(graph.tensors[input].shape, &total));
  std::vector<bool> computed(graph.tensors.size(), false);
  computed[input] = true;
  for (size_t i = 0; i < graph.operators.size(); ++i) {
    const TfliteOperator& node = graph.operators[i];
    Result<void> checked = CheckNode(graph, node, &computed);
    if (checked.ok()) checked = CheckSize(graph.tensors[static_cast<size_t>(node.outputs[0])].shape, &total);
    if (!checked.ok()) {
      return Error{checked.error().code, fmt::format("operator {} ({}) has {}", i, OperatorName(node.kind),
                                                     checked.error().message)};
    }
  }
  if (graph.outputs.empty()) return Corrupt("no outputs");
  for (const int output : graph.outputs) {
    if (std::count(graph.outputs.begin(), graph.outputs.end(), output) != 1) {
      return Unsupported(fmt::format("tensor {} as an output twice", output));
    }
    if (!computed[static_cast<size_t>(output)] || output == graph.inputs[0]) {
      return Corrupt(fmt::format("output tensor {} is never computed", output));
    }
  }
  return {};
}

}  // namespace peekproof::models
