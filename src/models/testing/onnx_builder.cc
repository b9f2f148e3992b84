// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/onnx_builder.h"

#include <cstring>

namespace peekproof::models::testing {
namespace {

/// A protocol buffer message under construction.
class Message {
 public:
  Message& Number(uint32_t field, uint64_t value) {
    Varint(uint64_t{field} << 3U);
    Varint(value);
    return *this;
  }
  Message& Bytes(uint32_t field, const std::string& bytes) {
    Varint((uint64_t{field} << 3U) | 2U);
    Varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  Message& Sub(uint32_t field, const Message& message) { return Bytes(field, message.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>((value & 0x7fU) | 0x80U);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

/// ValueInfoProto: name 1, type 2 (tensor_type 1: elem_type 1 = float, shape 2: dim 1).
Message ValueInfo(const std::string& name, const std::vector<int64_t>& extents) {
  Message shape;
  for (const int64_t extent : extents) {
    Message dimension;
    if (extent > 0) dimension.Number(1, static_cast<uint64_t>(extent));
    if (extent <= 0) dimension.Bytes(2, "height");
    shape.Sub(1, dimension);
  }
  const Message tensor = Message().Number(1, 1).Sub(2, shape);
  return Message().Bytes(1, name).Sub(2, Message().Sub(1, tensor));
}

/// TensorProto: dims 1, data_type 2 = float, name 8, raw_data 9.
Message Tensor(const std::string& name, const std::vector<int64_t>& extents,
               const std::vector<float>& values) {
  Message tensor;
  for (const int64_t extent : extents) tensor.Number(1, static_cast<uint64_t>(extent));
  std::string raw(values.size() * sizeof(float), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return tensor.Number(2, 1).Bytes(8, name).Bytes(9, raw);
}

/// NodeProto: input 1, output 2, name 3, op_type 4.
Message Node(const std::string& operation, const std::vector<std::string>& inputs,
             const std::string& output) {
  Message node;
  for (const std::string& input : inputs) node.Bytes(1, input);
  return node.Bytes(2, output).Bytes(3, operation).Bytes(4, operation);
}

/// AttributeProto: name 1, ints 8, type 20 (7 = integers).
Message Integers(const std::string& name, const std::vector<int64_t>& values) {
  Message attribute;
  attribute.Bytes(1, name);
  for (const int64_t value : values) attribute.Number(8, static_cast<uint64_t>(value));
  return attribute.Number(20, 7);
}

}  // namespace

std::vector<uint8_t> BuildOnnx(const TestOnnx& onnx) {
  const auto out = static_cast<int64_t>(onnx.bias.size());
  const int64_t size = onnx.kernel_size;
  const auto in = static_cast<int64_t>(onnx.weights.size()) / (out * size * size);
  const std::vector<int64_t> filter{out, in, size, size};
  Message graph;
  Message convolution = Node("Conv", {"picture", "weights", "bias"}, onnx.sigmoid ? "logits" : "result");
  convolution.Sub(5, Integers("kernel_shape", {size, size}));
  graph.Sub(1, convolution.Sub(5, Integers("pads", std::vector<int64_t>(4, size / 2))));
  if (onnx.sigmoid) graph.Sub(1, Node("Sigmoid", {"logits"}, "result"));
  graph.Bytes(2, "test")
      .Sub(5, Tensor("weights", filter, onnx.weights))
      .Sub(5, Tensor("bias", {out}, onnx.bias));
  if (onnx.list_weights_as_inputs)
    graph.Sub(11, ValueInfo("weights", filter)).Sub(11, ValueInfo("bias", {out}));
  graph.Sub(11, ValueInfo("picture", onnx.input_shape));
  graph.Sub(12, ValueInfo("result", {1, out, onnx.input_shape[2], onnx.input_shape[3]}));
  // ModelProto: ir_version 1, graph 7, opset_import 8 (domain 1, version 2).
  const std::string bytes =
      Message().Number(1, 6).Sub(7, graph).Sub(8, Message().Bytes(1, "").Number(2, 11)).bytes();
  return {bytes.begin(), bytes.end()};
}

}  // namespace peekproof::models::testing
