// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace peekproof::models::testing {

/// A field of a FlatBuffers table: a number stored inline, or a reference to something that follows.
struct FlatField {
  int number = 0;
  std::vector<uint8_t> inline_bytes;  ///< 1, 2, 4 or 8 bytes; empty for a reference.
};

FlatField ByteField(int number, int value);
FlatField IntField(int number, int32_t value);

/// Options table of an operator: member of the union BuiltinOptions and its fields; type 0 for none.
struct TestOptions {
  int type = 0;
  std::vector<FlatField> fields;
};

/// Writes small, valid TFLite files for tests and for the fuzz corpus. Plain and slow.
class TfliteBuilder {
 public:
  /// Adds an activation; returns its index.
  int Activation(const std::vector<int>& shape, const std::string& name = "");
  /// Adds float constants.
  int Floats(const std::vector<int>& shape, const std::vector<float>& values);
  /// Adds 32-bit integer constants.
  int Integers(const std::vector<int32_t>& values);
  /// Adds constants of another type by their bytes: type as TFLite numbers it, scales and zero points.
  int Raw(const std::vector<int>& shape, int type, const std::vector<uint8_t>& bytes,
          const std::vector<float>& scale = {}, const std::vector<int64_t>& zero_point = {},
          int dimension = 0);
  /// Adds an operator by its built-in number.
  void Operator(int builtin, const std::vector<int>& inputs, const std::vector<int>& outputs,
                const TestOptions& options = {});
  /// Adds a custom operator.
  void Custom(const std::string& name, const std::vector<int>& inputs, const std::vector<int>& outputs,
              const std::vector<uint8_t>& options);
  /// Lies about a tensor's shape, to test that the reader notices.
  void SetShape(int tensor, const std::vector<int>& shape);

  /// The file.
  std::vector<uint8_t> Build(const std::vector<int>& inputs, const std::vector<int>& outputs) const;

 private:
  struct Tensor {
    std::string name;
    std::vector<int> shape;
    int type = 0;
    std::vector<uint8_t> data;
    std::vector<float> scale;
    std::vector<int64_t> zero_point;
    int dimension = 0;
  };
  struct Node {
    int builtin = 0;
    std::string custom_name;
    std::vector<int> inputs;
    std::vector<int> outputs;
    TestOptions options;
    std::vector<uint8_t> custom_options;
  };
  class Writer;

  std::vector<Tensor> tensors_;
  std::vector<Node> nodes_;
};

}  // namespace peekproof::models::testing
