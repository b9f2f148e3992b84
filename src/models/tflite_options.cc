// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_options.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace peekproof::models {
namespace {

// Field numbers of table Operator in schema.fbs.
constexpr int kOperatorOptionsType = 3;
constexpr int kOperatorOptions = 4;
constexpr int kOperatorCustomOptions = 5;

/// Member of the union BuiltinOptions that an operator carries; 0 where it carries none.
int OptionsType(OperatorKind kind) {
  switch (kind) {
    case OperatorKind::kConvolution:
      return 1;
    case OperatorKind::kDepthwiseConvolution:
      return 2;
    case OperatorKind::kAveragePool:
      return 5;
    case OperatorKind::kFullyConnected:
      return 8;
    case OperatorKind::kConcatenation:
      return 10;
    case OperatorKind::kAdd:
      return 11;
    case OperatorKind::kResizeBilinear:
      return 15;
    case OperatorKind::kMultiply:
      return 21;
    case OperatorKind::kMean:
      return 27;
    default:
      return 0;
  }
}

Result<Padding> PaddingFromCode(int code) {
  if (code == 0) return Padding::kSame;
  if (code == 1) return Padding::kValid;
  return Error{ErrorCode::kCorruptData, fmt::format("padding scheme {} does not exist", code)};
}

Result<Activation> ActivationFromCode(int code) {
  if (code == 0) return Activation::kNone;
  if (code == 1) return Activation::kRelu;
  if (code == 3) return Activation::kRelu6;
  return Error{ErrorCode::kUnsupported,
               fmt::format("fused activation {} (only RELU and RELU6 are supported)", code)};
}

/// Fields 0 to 2 of the options of convolutions and pooling: padding, stride_w, stride_h.
Result<void> ReadWindow(FlatBuffer& buffer, const FlatTable& table, OperatorOptions* options) {
  PEEKPROOF_ASSIGN_OR_RETURN(options->padding, PaddingFromCode(buffer.Scalar<int8_t>(table, 0, 0)));
  options->stride_x = buffer.Scalar<int32_t>(table, 1, 0);
  options->stride_y = buffer.Scalar<int32_t>(table, 2, 0);
  return {};
}

/// `activation_field` is the number of fused_activation_function; dilation_w_factor and dilation_h_factor
/// follow it.
Result<void> ReadConvolution(FlatBuffer& buffer, const FlatTable& table, int activation_field,
                             OperatorOptions* options) {
  PEEKPROOF_RETURN_IF_ERROR(ReadWindow(buffer, table, options));
  PEEKPROOF_ASSIGN_OR_RETURN(options->activation,
                             ActivationFromCode(buffer.Scalar<int8_t>(table, activation_field, 0)));
  options->dilation_x = buffer.Scalar<int32_t>(table, activation_field + 1, 1);
  options->dilation_y = buffer.Scalar<int32_t>(table, activation_field + 2, 1);
  return {};
}

Result<void> ReadPool(FlatBuffer& buffer, const FlatTable& table, OperatorOptions* options) {
  PEEKPROOF_RETURN_IF_ERROR(ReadWindow(buffer, table, options));
  options->filter_width = buffer.Scalar<int32_t>(table, 3, 0);
  options->filter_height = buffer.Scalar<int32_t>(table, 4, 0);
  PEEKPROOF_ASSIGN_OR_RETURN(options->activation, ActivationFromCode(buffer.Scalar<int8_t>(table, 5, 0)));
  return {};
}

/// MediaPipe stores TfLiteTransposeConvParams as it lies in memory: padding (1 = same, 2 = valid), stride_w,
/// stride_h as 32-bit integers; newer files append a fused activation.
Result<void> ReadTransposeBias(FlatBuffer& buffer, const FlatTable& operator_table,
                               OperatorOptions* options) {
  const std::span<const uint8_t> raw = buffer.Bytes(operator_table, kOperatorCustomOptions);
  std::array<int32_t, 4> values{};
  if (raw.size() != 12 && raw.size() != 16) {
    return Error{ErrorCode::kCorruptData,
                 fmt::format("its custom options have {} bytes instead of 12 or 16", raw.size())};
  }
  std::memcpy(values.data(), raw.data(), raw.size());
  if (values[0] != 1 && values[0] != 2) {
    return Error{ErrorCode::kCorruptData, fmt::format("padding scheme {} does not exist", values[0])};
  }
  options->padding = values[0] == 1 ? Padding::kSame : Padding::kValid;
  options->stride_x = values[1];
  options->stride_y = values[2];
  PEEKPROOF_ASSIGN_OR_RETURN(options->activation, ActivationFromCode(values[3]));
  return {};
}

Result<void> ReadFullyConnected(FlatBuffer& buffer, const FlatTable& table, OperatorOptions* options) {
  PEEKPROOF_ASSIGN_OR_RETURN(options->activation, ActivationFromCode(buffer.Scalar<int8_t>(table, 0, 0)));
  if (buffer.Scalar<int8_t>(table, 1, 0) != 0) {
    return Error{ErrorCode::kUnsupported, "shuffled weights (only the default weight format is supported)"};
  }
  options->keep_dims = buffer.Scalar<uint8_t>(table, 2, 0) != 0;
  return {};
}

Result<void> ReadBuiltin(FlatBuffer& buffer, const FlatTable& table, OperatorKind kind,
                         OperatorOptions* options) {
  int activation = 0;
  switch (kind) {
    case OperatorKind::kConvolution:
      return ReadConvolution(buffer, table, 3, options);
    case OperatorKind::kDepthwiseConvolution:
      return ReadConvolution(buffer, table, 4, options);
    case OperatorKind::kAveragePool:
      return ReadPool(buffer, table, options);
    case OperatorKind::kFullyConnected:
      return ReadFullyConnected(buffer, table, options);
    case OperatorKind::kConcatenation:
      options->axis = buffer.Scalar<int32_t>(table, 0, 0);
      activation = buffer.Scalar<int8_t>(table, 1, 0);
      break;
    case OperatorKind::kAdd:
    case OperatorKind::kMultiply:
      activation = buffer.Scalar<int8_t>(table, 0, 0);
      break;
    case OperatorKind::kResizeBilinear:
      options->align_corners = buffer.Scalar<uint8_t>(table, 2, 0) != 0;
      options->half_pixel_centers = buffer.Scalar<uint8_t>(table, 3, 0) != 0;
      break;
    case OperatorKind::kMean:
      options->keep_dims = buffer.Scalar<uint8_t>(table, 0, 0) != 0;
      break;
    default:
      break;
  }
  PEEKPROOF_ASSIGN_OR_RETURN(options->activation, ActivationFromCode(activation));
  return {};
}

}  // namespace

std::optional<OperatorKind> KindFromCode(int builtin_code, const std::string& custom_name) {
  static constexpr std::array<std::pair<int, OperatorKind>, 14> kKinds{{
      {0, OperatorKind::kAdd},
      {1, OperatorKind::kAveragePool},
      {2, OperatorKind::kConcatenation},
      {3, OperatorKind::kConvolution},
      {4, OperatorKind::kDepthwiseConvolution},
      {9, OperatorKind::kFullyConnected},
      {14, OperatorKind::kLogistic},
      {18, OperatorKind::kMultiply},
      {19, OperatorKind::kRelu},
      {21, OperatorKind::kRelu6},
      {23, OperatorKind::kResizeBilinear},
      {28, OperatorKind::kTanh},
      {40, OperatorKind::kMean},
      {117, OperatorKind::kHardSwish},
  }};
  if (builtin_code == kBuiltinCustom) {
    if (custom_name == "Convolution2DTransposeBias") return OperatorKind::kTransposeConvolutionBias;
    return std::nullopt;
  }
  for (const auto& [code, kind] : kKinds) {
    if (code == builtin_code) return kind;
  }
  return std::nullopt;
}

Result<OperatorOptions> ReadOptions(FlatBuffer& buffer, const FlatTable& operator_table, OperatorKind kind) {
  OperatorOptions options;
  if (kind == OperatorKind::kTransposeConvolutionBias) {
    PEEKPROOF_RETURN_IF_ERROR(ReadTransposeBias(buffer, operator_table, &options));
    return options;
  }
  const int expected = OptionsType(kind);
  if (expected == 0) return options;
  const std::optional<FlatTable> table = buffer.Table(operator_table, kOperatorOptions);
  const int type = buffer.Scalar<uint8_t>(operator_table, kOperatorOptionsType, 0);
  if (!table.has_value()) {
    if (kind == OperatorKind::kAdd || kind == OperatorKind::kMultiply) return options;
    return Error{ErrorCode::kCorruptData, "its options are missing"};
  }
  if (type != expected) {
    return Error{ErrorCode::kCorruptData,
                 fmt::format("its options are of type {} instead of {}", type, expected)};
  }
  PEEKPROOF_RETURN_IF_ERROR(ReadBuiltin(buffer, *table, kind, &options));
  return options;
}

}  // namespace peekproof::models
