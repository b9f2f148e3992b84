// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/onnx_signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "models/join.h"

namespace peekproof::models {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr int kMaxSide = 8192;

/// One field of a protocol buffer message: a number or a run of bytes.
struct Field {
  uint32_t number = 0;
  uint64_t value = 0;
  Bytes bytes;
};

/// Iterates the fields of a message. After a malformed field it stops, and `ok()` is false.
class Message {
 public:
  explicit Message(Bytes bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }

  std::optional<Field> Next() {
    if (!ok_ || rest_.empty()) return std::nullopt;
    const uint64_t key = Varint();
    Field field{.number = static_cast<uint32_t>(key >> 3U), .bytes = {}};
    switch (key & 7U) {
      case 0:
        field.value = Varint();
        break;
      case 1:
        Take(8);
        break;
      case 2:
        field.bytes = Take(Varint());
        break;
      case 5:
        Take(4);
        break;
      default:
        ok_ = false;
    }
    if (!ok_) return std::nullopt;
    return field;
  }

 private:
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const uint8_t byte = rest_[0];
      rest_ = rest_.subspan(1);
      value |= static_cast<uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }

  Bytes Take(uint64_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const Bytes taken = rest_.first(static_cast<size_t>(size));
    rest_ = rest_.subspan(static_cast<size_t>(size));
    return taken;
  }

  Bytes rest_;
  bool ok_ = true;
};

std::string_view TextOf(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// The last field with this number that holds bytes; empty where there is none.
Bytes Find(Bytes message_bytes, uint32_t number) {
  Message message(message_bytes);
  Bytes found;
  while (const std::optional<Field> field = message.Next()) {
    if (field->number == number) found = field->bytes;
  }
  return found;
}

/// Extents of a ValueInfoProto (type 2, tensor_type 1, shape 2, dim 1, dim_value 1); -1 where one is open.
std::vector<int64_t> ExtentsOf(Bytes value_info) {
  std::vector<int64_t> extents;
  Message shape(Find(Find(Find(value_info, 2), 1), 2));
  while (const std::optional<Field> dimension = shape.Next()) {
    if (dimension->number != 1) continue;
    Message entry(dimension->bytes);
    int64_t extent = -1;
    while (const std::optional<Field> field = entry.Next()) {
      if (field->number == 1) extent = static_cast<int64_t>(field->value);
    }
    extents.push_back(extent);
  }
  return extents;
}

/// What one pass over a GraphProto collects.
struct Graph {
  std::vector<Bytes> nodes;
  std::vector<Bytes> inputs;
  std::vector<Bytes> outputs;
  std::set<std::string_view> initializers;
};

Result<Graph> ReadGraph(Bytes bytes) {
  const Error corrupt{ErrorCode::kCorruptData, "not an ONNX file, or a damaged one"};
  Message model(bytes);
  Bytes graph_bytes;
  while (const std::optional<Field> field = model.Next()) {
    if (field->number == 7) graph_bytes = field->bytes;
  }
  if (!model.ok() || graph_bytes.empty()) return corrupt;
  Graph graph;
  Message message(graph_bytes);
  while (const std::optional<Field> field = message.Next()) {
    if (field->number == 1) graph.nodes.push_back(field->bytes);
    if (field->number == 5) graph.initializers.insert(TextOf(Find(field->bytes, 8)));
    if (field->number == 11) graph.inputs.push_back(field->bytes);
    if (field->number == 12) graph.outputs.push_back(field->bytes);
  }
  if (!message.ok() || graph.nodes.empty() || graph.outputs.empty()) return corrupt;
  return graph;
}

/// The operator (NodeProto op_type 4) among whose outputs (2) is `name`.
std::string ProducerOf(const std::vector<Bytes>& nodes, std::string_view name) {
  for (const Bytes node : nodes) {
    Message message(node);
    while (const std::optional<Field> field = message.Next()) {
      if (field->number == 2 && TextOf(field->bytes) == name) return std::string(TextOf(Find(node, 4)));
    }
  }
  return {};
}

Result<std::vector<int>> PictureShape(std::vector<int64_t> extents, PictureSides sides) {
  if (sides == PictureSides::kFixedOrOpen && extents.size() == 4) {
    if (extents[0] == -1) extents[0] = 1;
    for (size_t i = 2; i < 4; ++i) extents[i] = std::max<int64_t>(0, extents[i]);
  }
  bool fits = extents.size() == 4 && extents[0] == 1 && extents[1] >= 1;
  const int64_t least = sides == PictureSides::kFixedOrOpen ? 0 : 1;
  for (size_t i = 1; fits && i < 4; ++i) fits = extents[i] >= least && extents[i] <= kMaxSide;
  if (!fits) {
    std::vector<std::string> found;
    for (const int64_t extent : extents) found.push_back(extent < 0 ? "?" : fmt::format("{}", extent));
    found.resize(std::min<size_t>(found.size(), 8));
    return Error{ErrorCode::kUnsupported,
                 fmt::format("its input is [{}] instead of 1 x channels x height x width", Join(found, "x"))};
  }
  return std::vector<int>(extents.begin(), extents.end());
}

}  // namespace

Result<OnnxSignature> ReadOnnxSignature(std::span<const uint8_t> bytes, PictureSides sides) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Graph graph, ReadGraph(bytes));
  std::vector<Bytes> pictures;
  for (const Bytes input : graph.inputs) {
    if (graph.initializers.count(TextOf(Find(input, 1))) == 0) pictures.push_back(input);
  }
  if (pictures.size() != 1) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("it has {} inputs instead of one picture", pictures.size())};
  }
  OnnxSignature signature;
  signature.input_name = TextOf(Find(pictures[0], 1));
  PEEKPROOF_ASSIGN_OR_RETURN(signature.input_shape, PictureShape(ExtentsOf(pictures[0]), sides));
  signature.output_operator = ProducerOf(graph.nodes, TextOf(Find(graph.outputs[0], 1)));
  return signature;
}

}  // namespace peekproof::models
