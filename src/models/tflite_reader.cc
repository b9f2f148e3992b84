// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/tflite_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "models/flat_buffer.h"
#include "models/tflite_constants.h"
#include "models/tflite_errors.h"
#include "models/tflite_options.h"
#include "models/tflite_shapes.h"

namespace peekproof::models {
namespace {

/// Constants may hold this many numbers per byte of file: int8 weights hold one, and buffers may be shared.
constexpr size_t kMaxConstantsPerByte = 4;
constexpr int kSchemaVersion = 3;

struct OperatorCode {
  int builtin = 0;
  std::string custom_name;
};

/// An operator as the file has it, before constants are folded.
struct RawOperator {
  OperatorCode code;
  FlatTable table;
  std::vector<int32_t> inputs;
  std::vector<int32_t> outputs;
};

/// Reads one file; the steps run in the order of Read().
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : buffer_(bytes) {}

  Result<TfliteGraph> Read();

 private:
  Result<void> ReadModel();
  Result<void> ReadCodes(const FlatTable& model);
  Result<void> ReadBuffers(const FlatTable& model);
  Result<void> ReadSubgraph(const FlatTable& subgraph);
  Result<void> ReadTensor(const FlatTable& table);
  Result<void> ReadConstantData(const FlatTable& table, size_t index);
  Result<void> ReadOperator(const FlatTable& table);
  Result<void> Fold(const RawOperator& node);
  Result<void> Decode(const RawOperator& node, size_t index);
  Result<void> LoadPlainConstants();
  Result<void> SpendConstants(size_t elements);
  Result<std::vector<int>> Indices(const std::vector<int32_t>& raw) const;
  Result<void> Sound() const;

  FlatBuffer buffer_;
  TfliteGraph graph_;
  std::vector<OperatorCode> codes_;
  std::vector<std::span<const uint8_t>> buffers_;
  std::vector<std::span<const uint8_t>> constant_bytes_;  ///< Per tensor; empty for activations.
  std::vector<RawOperator> raw_operators_;
  size_t constants_ = 0;
};

Result<void> Reader::Sound() const {
  if (!buffer_.ok()) return Corrupt(buffer_.problem());
  return {};
}

Result<TfliteGraph> Reader::Read() {
  PEEKPROOF_RETURN_IF_ERROR(ReadModel());
  for (const RawOperator& node : raw_operators_) {
    if (node.code.builtin == kBuiltinDequantize) PEEKPROOF_RETURN_IF_ERROR(Fold(node));
  }
  PEEKPROOF_RETURN_IF_ERROR(LoadPlainConstants());
  for (size_t i = 0; i < raw_operators_.size(); ++i) {
    if (raw_operators_[i].code.builtin == kBuiltinDequantize) continue;
    PEEKPROOF_RETURN_IF_ERROR(Decode(raw_operators_[i], i));
  }
  PEEKPROOF_RETURN_IF_ERROR(CheckGraph(graph_));
  DropUnusedOperators(&graph_);
  return std::move(graph_);
}

// table Model: version 0, operator_codes 1, subgraphs 2, buffers 4.
Result<void> Reader::ReadModel() {
  const FlatTable model = buffer_.Root("TFL3");
  const auto version = buffer_.Scalar<uint32_t>(model, 0, 0);
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  if (version != kSchemaVersion) {
    return Unsupported(fmt::format("schema version {} (only {} is supported)", version, kSchemaVersion));
  }
  PEEKPROOF_RETURN_IF_ERROR(ReadCodes(model));
  PEEKPROOF_RETURN_IF_ERROR(ReadBuffers(model));
  const std::vector<FlatTable> subgraphs = buffer_.Tables(model, 2);
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  if (subgraphs.size() != 1) {
    return Unsupported(fmt::format("{} subgraphs (only one is supported)", subgraphs.size()));
  }
  return ReadSubgraph(subgraphs[0]);
}

// table OperatorCode: deprecated_builtin_code 0, custom_code 1, builtin_code 3. Old files have only the
// first, a byte; newer ones repeat it in the last (schema.fbs, "builtin_code").
Result<void> Reader::ReadCodes(const FlatTable& model) {
  for (const FlatTable& table : buffer_.Tables(model, 1)) {
    const int old_code = buffer_.Scalar<int8_t>(table, 0, 0);
    const int new_code = buffer_.Scalar<int32_t>(table, 3, 0);
    codes_.push_back({std::max(old_code, new_code), buffer_.Text(table, 1)});
  }
  return Sound();
}

// table Buffer: data 0, offset 1, size 2 (data outside of the FlatBuffer, for files of 2 GB and more).
Result<void> Reader::ReadBuffers(const FlatTable& model) {
  for (const FlatTable& table : buffer_.Tables(model, 4)) {
    buffers_.push_back(buffer_.Bytes(table, 0));
    if (buffer_.Scalar<uint64_t>(table, 1, 0) > 1)
      return Unsupported("weights stored outside of the FlatBuffer");
  }
  return Sound();
}

// table SubGraph: tensors 0, inputs 1, outputs 2, operators 3.
Result<void> Reader::ReadSubgraph(const FlatTable& subgraph) {
  for (const FlatTable& table : buffer_.Tables(subgraph, 0)) PEEKPROOF_RETURN_IF_ERROR(ReadTensor(table));
  for (const FlatTable& table : buffer_.Tables(subgraph, 3)) PEEKPROOF_RETURN_IF_ERROR(ReadOperator(table));
  const std::vector<int32_t> inputs = buffer_.Scalars<int32_t>(subgraph, 1);
  const std::vector<int32_t> outputs = buffer_.Scalars<int32_t>(subgraph, 2);
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  PEEKPROOF_ASSIGN_OR_RETURN(graph_.inputs, Indices(inputs));
  PEEKPROOF_ASSIGN_OR_RETURN(graph_.outputs, Indices(outputs));
  return {};
}

/// The shape of a tensor, or an error for extents that no network here has.
Result<std::vector<int>> CheckedShape(const std::vector<int32_t>& raw) {
  size_t elements = 1;
  bool sane = raw.size() <= 4;
  for (size_t i = 0; sane && i < raw.size(); ++i) {
    sane = raw[i] >= 1 && raw[i] <= kMaxExtent;
    if (sane) elements *= static_cast<size_t>(raw[i]);
    sane = sane && elements <= kMaxElements;
  }
  if (!sane)
    return Unsupported(fmt::format("a tensor of {} axes with an extent that is not supported", raw.size()));
  return std::vector<int>(raw.begin(), raw.end());
}

Result<TensorType> CheckedType(int code) {
  for (const TensorType type : {TensorType::kFloat32, TensorType::kFloat16, TensorType::kInt32,
                                TensorType::kUint8, TensorType::kInt8}) {
    if (code == static_cast<int>(type)) return type;
  }
  return Unsupported(fmt::format("a tensor of type {}", code));
}

// table Tensor: shape 0, type 1, buffer 2, name 3, quantization 4, sparsity 6.
// table QuantizationParameters: scale 2, zero_point 3, quantized_dimension 6.
Result<void> Reader::ReadTensor(const FlatTable& table) {
  TfliteTensor tensor;
  tensor.name = buffer_.Text(table, 3);
  PEEKPROOF_ASSIGN_OR_RETURN(tensor.shape, CheckedShape(buffer_.Scalars<int32_t>(table, 0)));
  PEEKPROOF_ASSIGN_OR_RETURN(tensor.type, CheckedType(buffer_.Scalar<int8_t>(table, 1, 0)));
  if (const std::optional<FlatTable> quantisation = buffer_.Table(table, 4)) {
    tensor.quantisation.scale = buffer_.Scalars<float>(*quantisation, 2);
    tensor.quantisation.zero_point = buffer_.Scalars<int64_t>(*quantisation, 3);
    tensor.quantisation.dimension = buffer_.Scalar<int32_t>(*quantisation, 6, 0);
  }
  if (buffer_.Table(table, 6).has_value()) return Unsupported("sparse weights");
  graph_.tensors.push_back(std::move(tensor));
  constant_bytes_.emplace_back();
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  return ReadConstantData(table, graph_.tensors.size() - 1);
}

Result<void> Reader::ReadConstantData(const FlatTable& table, size_t index) {
  TfliteTensor& tensor = graph_.tensors[index];
  const auto buffer = buffer_.Scalar<uint32_t>(table, 2, 0);
  if (buffer >= buffers_.size()) return Corrupt(fmt::format("tensor {} names buffer {}", index, buffer));
  const std::span<const uint8_t> data = buffers_[buffer];
  if (data.empty()) return {};
  const size_t expected = ElementCount(tensor.shape) * ElementSize(tensor.type);
  if (data.size() != expected) {
    return Corrupt(fmt::format("tensor {} has {} bytes of data instead of {}", index, data.size(), expected));
  }
  tensor.is_constant = true;
  constant_bytes_[index] = data;
  return {};
}

Result<void> Reader::ReadOperator(const FlatTable& table) {
  RawOperator node;
  node.table = table;
  const auto code = buffer_.Scalar<uint32_t>(table, 0, 0);
  node.inputs = buffer_.Scalars<int32_t>(table, 1);
  node.outputs = buffer_.Scalars<int32_t>(table, 2);
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  if (code >= codes_.size()) return Corrupt(fmt::format("an operator names operator code {}", code));
  node.code = codes_[code];
  raw_operators_.push_back(std::move(node));
  return {};
}

Result<std::vector<int>> Reader::Indices(const std::vector<int32_t>& raw) const {
  for (const int32_t index : raw) {
    if (index < 0) return Unsupported("optional operands that are left out");
    if (static_cast<size_t>(index) >= graph_.tensors.size()) {
      return Corrupt(fmt::format("tensor {} is named but there are only {}", index, graph_.tensors.size()));
    }
  }
  return std::vector<int>(raw.begin(), raw.end());
}

Result<void> Reader::SpendConstants(size_t elements) {
  constants_ += elements;
  if (constants_ > kMaxConstantsPerByte * buffer_.size())
    return Corrupt("the same weights are used too often");
  return {};
}

Result<void> Reader::Fold(const RawOperator& node) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<int> inputs, Indices(node.inputs));
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<int> outputs, Indices(node.outputs));
  if (inputs.size() != 1 || outputs.size() != 1) return Corrupt("a DEQUANTIZE with several operands");
  const TfliteTensor& source = graph_.tensors[static_cast<size_t>(inputs[0])];
  TfliteTensor& target = graph_.tensors[static_cast<size_t>(outputs[0])];
  const bool foldable = source.type != TensorType::kFloat32 && source.type != TensorType::kInt32;
  if (!source.is_constant || !foldable)
    return Unsupported("quantised activations (only weights may be quantised)");
  if (target.is_constant || target.type != TensorType::kFloat32 || target.shape != source.shape) {
    return Corrupt("a DEQUANTIZE whose output does not fit its input");
  }
  PEEKPROOF_RETURN_IF_ERROR(SpendConstants(ElementCount(source.shape)));
  PEEKPROOF_ASSIGN_OR_RETURN(target.floats,
                             Dequantise(source, constant_bytes_[static_cast<size_t>(inputs[0])]));
  target.is_constant = true;
  return {};
}

Result<void> Reader::LoadPlainConstants() {
  for (size_t i = 0; i < graph_.tensors.size(); ++i) {
    TfliteTensor& tensor = graph_.tensors[i];
    const bool plain = tensor.type == TensorType::kFloat32 || tensor.type == TensorType::kInt32;
    if (constant_bytes_[i].empty() || !plain) continue;
    PEEKPROOF_RETURN_IF_ERROR(SpendConstants(ElementCount(tensor.shape)));
    LoadConstant(constant_bytes_[i], &tensor);
  }
  return {};
}

Result<void> Reader::Decode(const RawOperator& node, size_t index) {
  const std::optional<OperatorKind> kind = KindFromCode(node.code.builtin, node.code.custom_name);
  if (!kind.has_value()) {
    const std::string name = node.code.builtin == kBuiltinCustom ? node.code.custom_name : "built-in";
    return Unsupported(
        fmt::format("operator {} is {} {}, which no backend here runs", index, name, node.code.builtin));
  }
  TfliteOperator decoded;
  decoded.kind = *kind;
  PEEKPROOF_ASSIGN_OR_RETURN(decoded.inputs, Indices(node.inputs));
  PEEKPROOF_ASSIGN_OR_RETURN(decoded.outputs, Indices(node.outputs));
  Result<OperatorOptions> options = ReadOptions(buffer_, node.table, *kind);
  PEEKPROOF_RETURN_IF_ERROR(Sound());
  if (!options.ok()) {
    return Error{options.error().code,
                 fmt::format("operator {} ({}): {}", index, OperatorName(*kind), options.error().message)};
  }
  decoded.options = *options;
  graph_.operators.push_back(std::move(decoded));
  return {};
}

}  // namespace

Result<TfliteGraph> ReadTflite(std::span<const uint8_t> bytes) { return Reader(bytes).Read(); }

}  // namespace peekproof::models
