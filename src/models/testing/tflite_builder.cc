// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/testing/tflite_builder.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace peekproof::models::testing {
namespace {

template <typename T>
std::vector<uint8_t> BytesOf(const std::vector<T>& values) {
  std::vector<uint8_t> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A reference: the bytes of a field that is filled in once its target is written.
FlatField Reference(int number) { return {number, {}}; }

}  // namespace

FlatField ByteField(int number, int value) { return {number, {static_cast<uint8_t>(value)}}; }
FlatField IntField(int number, int32_t value) { return {number, BytesOf<int32_t>({value})}; }

/// Writes front to back: a table is written before what it refers to, and its references are patched then.
class TfliteBuilder::Writer {
 public:
  explicit Writer(const TfliteBuilder& builder) : builder_(builder) {}

  std::vector<uint8_t> Write(const std::vector<int>& inputs, const std::vector<int>& outputs) {
    Append<uint32_t>(0);
    for (const char c : {'T', 'F', 'L', '3'}) out_.push_back(static_cast<uint8_t>(c));
    const auto model = Table({IntField(0, 3), Reference(1), Reference(2), Reference(4)});
    Patch(0, model.position);
    Patch(model.references[0], Tables(builder_.nodes_.size(), [this](size_t i) { return Code(i); }));
    Patch(model.references[1], Tables(1, [&](size_t) { return Subgraph(inputs, outputs); }));
    Patch(model.references[2], Tables(builder_.tensors_.size() + 1, [this](size_t i) { return Buffer(i); }));
    return std::move(out_);
  }

 private:
  struct Placed {
    size_t position = 0;
    std::vector<size_t> references;  ///< Where the references are, in the order of the fields.
  };

  template <typename T>
  void Append(T value) {
    const std::vector<uint8_t> bytes = BytesOf<T>({value});
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void Align(size_t alignment) {
    while (out_.size() % alignment != 0) out_.push_back(0);
  }
  void Patch(size_t at, size_t target) {
    const auto offset = static_cast<uint32_t>(target - at);
    std::memcpy(out_.data() + at, &offset, sizeof(offset));
  }

  /// Every field gets a slot of eight bytes behind the offset to the vtable: simple, and always aligned.
  Placed Table(const std::vector<FlatField>& fields) {
    int last = -1;
    for (const FlatField& field : fields) last = std::max(last, field.number);
    std::vector<uint16_t> slots(static_cast<size_t>(last + 1), 0);
    for (size_t i = 0; i < fields.size(); ++i)
      slots[static_cast<size_t>(fields[i].number)] = static_cast<uint16_t>(8 + 8 * i);
    const auto vtable_size = static_cast<uint16_t>(4 + 2 * slots.size());
    Align(8);
    const size_t vtable = out_.size();
    Append(vtable_size);
    Append(static_cast<uint16_t>(8 + 8 * fields.size()));
    for (const uint16_t slot : slots) Append(slot);
    Align(8);
    Placed placed{out_.size(), {}};
    Append(static_cast<int32_t>(placed.position - vtable));
    Align(8);
    for (const FlatField& field : fields) {
      if (field.inline_bytes.empty()) placed.references.push_back(out_.size());
      out_.insert(out_.end(), field.inline_bytes.begin(), field.inline_bytes.end());
      out_.resize(out_.size() + 8 - field.inline_bytes.size());
    }
    return placed;
  }

  /// A vector of tables, each written by `write(i)`.
  template <typename F>
  size_t Tables(size_t count, const F& write) {
    Align(4);
    const size_t position = out_.size();
    Append(static_cast<uint32_t>(count));
    out_.resize(out_.size() + 4 * count);
    for (size_t i = 0; i < count; ++i) Patch(position + 4 + 4 * i, write(i));
    return position;
  }

  /// A vector of numbers; its elements start at a multiple of 16 (so does TFLite's data).
  template <typename T>
  size_t Vector(const std::vector<T>& values) {
    while ((out_.size() + 4) % 16 != 0) out_.push_back(0);
    const size_t position = out_.size();
    Append(static_cast<uint32_t>(values.size()));
    const std::vector<uint8_t> bytes = BytesOf(values);
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return position;
  }

  size_t Text(const std::string& text) {
    const size_t position = Vector(std::vector<uint8_t>(text.begin(), text.end()));
    out_.push_back(0);
    return position;
  }

  size_t Code(size_t index) {
    const Node& node = builder_.nodes_[index];
    std::vector<FlatField> fields{ByteField(0, std::min(node.builtin, 127)), IntField(2, 1),
                                  IntField(3, node.builtin)};
    if (!node.custom_name.empty()) fields.push_back(Reference(1));
    const Placed placed = Table(fields);
    if (!node.custom_name.empty()) Patch(placed.references[0], Text(node.custom_name));
    return placed.position;
  }

  /// Buffer 0 is empty by convention; tensor i has buffer i + 1.
  size_t Buffer(size_t index) {
    if (index == 0 || builder_.tensors_[index - 1].data.empty()) return Table({}).position;
    const Placed placed = Table({Reference(0)});
    Patch(placed.references[0], Vector(builder_.tensors_[index - 1].data));
    return placed.position;
  }

  size_t Subgraph(const std::vector<int>& inputs, const std::vector<int>& outputs) {
    const Placed placed = Table({Reference(0), Reference(1), Reference(2), Reference(3)});
    Patch(placed.references[0],
          Tables(builder_.tensors_.size(), [this](size_t i) { return WriteTensor(i); }));
    Patch(placed.references[1], Vector(inputs));
    Patch(placed.references[2], Vector(outputs));
    Patch(placed.references[3], Tables(builder_.nodes_.size(), [this](size_t i) { return WriteNode(i); }));
    return placed.position;
  }

  size_t WriteTensor(size_t index) {
    const Tensor& tensor = builder_.tensors_[index];
    const bool quantised = !tensor.scale.empty();
    std::vector<FlatField> fields{Reference(0), ByteField(1, tensor.type),
                                  IntField(2, static_cast<int>(index + 1)), Reference(3)};
    if (quantised) fields.push_back(Reference(4));
    const Placed placed = Table(fields);
    Patch(placed.references[0], Vector(tensor.shape));
    Patch(placed.references[1], Text(tensor.name));
    if (quantised) {
      const Placed quantisation = Table({Reference(2), Reference(3), IntField(6, tensor.dimension)});
      Patch(placed.references[2], quantisation.position);
      Patch(quantisation.references[0], Vector(tensor.scale));
      Patch(quantisation.references[1], Vector(tensor.zero_point));
    }
    return placed.position;
  }

  size_t WriteNode(size_t index) {
    const Node& node = builder_.nodes_[index];
    std::vector<FlatField> fields{IntField(0, static_cast<int>(index)), Reference(1), Reference(2)};
    const bool has_options = node.options.type != 0;
    const bool is_custom = !node.custom_name.empty();
    if (has_options) {
      fields.push_back(ByteField(3, node.options.type));
      fields.push_back(Reference(4));
    }
    if (is_custom) fields.push_back(Reference(5));
    const Placed placed = Table(fields);
    Patch(placed.references[0], Vector(node.inputs));
    Patch(placed.references[1], Vector(node.outputs));
    if (has_options) Patch(placed.references[2], Table(node.options.fields).position);
    if (is_custom) Patch(placed.references.back(), Vector(node.custom_options));
    return placed.position;
  }

  const TfliteBuilder& builder_;
  std::vector<uint8_t> out_;
};

int TfliteBuilder::Activation(const std::vector<int>& shape, const std::string& name) {
  tensors_.push_back({.name = name, .shape = shape, .data = {}, .scale = {}, .zero_point = {}});
  return static_cast<int>(tensors_.size()) - 1;
}

int TfliteBuilder::Floats(const std::vector<int>& shape, const std::vector<float>& values) {
  return Raw(shape, 0, BytesOf(values));
}

int TfliteBuilder::Integers(const std::vector<int32_t>& values) {
  return Raw({static_cast<int>(values.size())}, 2, BytesOf(values));
}

int TfliteBuilder::Raw(const std::vector<int>& shape, int type, const std::vector<uint8_t>& bytes,
                       const std::vector<float>& scale, const std::vector<int64_t>& zero_point,
                       int dimension) {
  tensors_.push_back({"constant", shape, type, bytes, scale, zero_point, dimension});
  return static_cast<int>(tensors_.size()) - 1;
}

void TfliteBuilder::Operator(int builtin, const std::vector<int>& inputs, const std::vector<int>& outputs,
                             const TestOptions& options) {
  nodes_.push_back({builtin, "", inputs, outputs, options, {}});
}

void TfliteBuilder::Custom(const std::string& name, const std::vector<int>& inputs,
                           const std::vector<int>& outputs, const std::vector<uint8_t>& options) {
  nodes_.push_back({32, name, inputs, outputs, {}, options});
}

void TfliteBuilder::SetShape(int tensor, const std::vector<int>& shape) {
  tensors_[static_cast<size_t>(tensor)].shape = shape;
}

std::vector<uint8_t> TfliteBuilder::Build(const std::vector<int>& inputs,
                                          const std::vector<int>& outputs) const {
  return Writer(*this).Write(inputs, outputs);
}

}  // namespace peekproof::models::testing
