// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace peekproof::models {

/// Largest extent of any axis, and largest number of elements of any tensor, that a network may have.
inline constexpr int kMaxExtent = 65536;
inline constexpr size_t kMaxElements = size_t{1} << 26;

/// The operators that the reader understands. DEQUANTIZE of constants is folded away by it.
enum class OperatorKind {
  kAdd,
  kAveragePool,
  kConcatenation,
  kConvolution,
  kDepthwiseConvolution,
  kFullyConnected,
  kHardSwish,
  kLogistic,
  kMean,
  kMultiply,
  kRelu,
  kRelu6,
  kResizeBilinear,
  kTanh,
  kTransposeConvolutionBias,  ///< MediaPipe's custom operator Convolution2DTransposeBias.
};

/// "CONV_2D" and so on, as TFLite calls it.
const char* OperatorName(OperatorKind kind);

/// TFLite's padding schemes. kSame: output = ceil(input / stride), and the odd pixel of padding comes last.
enum class Padding { kSame, kValid };

/// What is applied to an operator's result.
enum class Activation { kNone, kRelu, kRelu6 };

/// The options of all operators in one struct; each operator uses those that its TFLite namesake has.
struct OperatorOptions {
  Padding padding = Padding::kSame;
  Activation activation = Activation::kNone;
  int stride_x = 1;
  int stride_y = 1;
  int dilation_x = 1;
  int dilation_y = 1;
  int filter_width = 0;   ///< AVERAGE_POOL_2D.
  int filter_height = 0;  ///< AVERAGE_POOL_2D.
  int axis = 0;           ///< CONCATENATION.
  bool align_corners = false;
  bool half_pixel_centers = false;
  bool keep_dims = false;  ///< MEAN, FULLY_CONNECTED.
};

/// A node. Inputs and outputs are indices into TfliteGraph::tensors.
struct TfliteOperator {
  OperatorKind kind = OperatorKind::kAdd;
  std::vector<int> inputs;
  std::vector<int> outputs;
  OperatorOptions options;
};

/// Element types as TFLite numbers them; those that the reader knows.
enum class TensorType : int8_t { kFloat32 = 0, kFloat16 = 1, kInt32 = 2, kUint8 = 3, kInt8 = 9 };

/// real = scale * (stored - zero_point), per tensor (one element each) or per slice of `dimension`.
struct Quantisation {
  std::vector<float> scale;
  std::vector<int64_t> zero_point;
  int dimension = 0;
};

/// A value: an activation or, with `is_constant`, weights. Activations are NHWC with batch 1.
struct TfliteTensor {
  std::string name;
  std::vector<int> shape;
  TensorType type = TensorType::kFloat32;
  Quantisation quantisation;  ///< Empty for all but quantised constants.
  bool is_constant = false;
  std::vector<float> floats;      ///< The constant's values where type is kFloat32, after folding.
  std::vector<int32_t> integers;  ///< The constant's values where type is kInt32.
};

/// A network as plain data, checked by ReadTflite: operators come in an order in which they can run, every
/// index is in range, every operator is needed, every shape is the one that its operator computes, and
/// constants have all their values.
struct TfliteGraph {
  std::vector<TfliteTensor> tensors;
  std::vector<TfliteOperator> operators;
  std::vector<int> inputs;
  std::vector<int> outputs;
};

/// Number of elements of a shape whose product is known to fit.
size_t ElementCount(const std::vector<int>& shape);

/// Removes the operators whose results no output needs (XNNPACK aborts on them). Indices must be in range and
/// operators in an order in which they can run.
void DropUnusedOperators(TfliteGraph* graph);

/// "1x144x256x3".
std::string ShapeText(const std::vector<int>& shape);

}  // namespace peekproof::models
