// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace peekproof::models {

/// A table of a FlatBuffer whose extent and vtable have been checked to lie inside the file.
struct FlatTable {
  size_t position = 0;         ///< Where the table starts.
  size_t size = 0;             ///< Bytes of its inline part.
  size_t vtable_position = 0;  ///< Where its vtable starts.
  size_t vtable_size = 0;      ///< Bytes of the vtable.
};

/// Bounds-checked access to a FlatBuffer of unknown origin.
///
/// Every offset is checked before it is followed. The first problem latches: from then on every accessor
/// returns its default, and ok() is false, so that callers read a step's fields and check once. What is
/// copied out is limited in sum to a multiple of the file's size, since a hostile file may name one large
/// vector many times. Views stay valid as long as the bytes.
///
/// Source: the FlatBuffers binary format ("FlatBuffer internals").
class FlatBuffer {
 public:
  explicit FlatBuffer(std::span<const uint8_t> bytes);

  bool ok() const { return problem_.empty(); }
  /// What is wrong with the file; empty while nothing is.
  const std::string& problem() const { return problem_; }
  size_t size() const { return bytes_.size(); }

  /// The root table; checks the four-letter file identifier.
  FlatTable Root(const char* identifier);
  /// A number stored inline, or `fallback` where the field is absent.
  template <typename T>
  T Scalar(const FlatTable& table, int field, T fallback);
  /// A sub-table, where present.
  std::optional<FlatTable> Table(const FlatTable& table, int field);
  /// A vector of tables; empty where absent.
  std::vector<FlatTable> Tables(const FlatTable& table, int field);
  /// A vector of numbers, copied; empty where absent.
  template <typename T>
  std::vector<T> Scalars(const FlatTable& table, int field);
  /// A vector of bytes, viewed; empty where absent.
  std::span<const uint8_t> Bytes(const FlatTable& table, int field);
  /// A string, copied; unprintable bytes become '?', and it is cut after 64 bytes: it ends up in messages.
  std::string Text(const FlatTable& table, int field);

 private:
  template <typename T>
  T Load(size_t position) const {
    T value;
    std::memcpy(&value, bytes_.data() + position, sizeof(T));
    return value;
  }

  bool Contains(size_t position, size_t size);
  void Fail(const std::string& problem);
  bool Spend(size_t bytes);
  size_t FieldPosition(const FlatTable& table, int field, size_t size);
  size_t Follow(size_t position);
  FlatTable TableAt(size_t position);
  std::span<const uint8_t> Vector(const FlatTable& table, int field, size_t element_size);

  std::span<const uint8_t> bytes_;
  std::string problem_;
  size_t budget_;
};

template <typename T>
T FlatBuffer::Scalar(const FlatTable& table, int field, T fallback) {
  static_assert(std::is_arithmetic_v<T>);
  const size_t position = FieldPosition(table, field, sizeof(T));
  return position == 0 ? fallback : Load<T>(position);
}

template <typename T>
std::vector<T> FlatBuffer::Scalars(const FlatTable& table, int field) {
  static_assert(std::is_arithmetic_v<T>);
  const std::span<const uint8_t> raw = Vector(table, field, sizeof(T));
  if (raw.empty() || !Spend(raw.size())) return {};
  std::vector<T> values(raw.size() / sizeof(T));
  std::memcpy(values.data(), raw.data(), raw.size());
  return values;
}

}  // namespace peekproof::models
