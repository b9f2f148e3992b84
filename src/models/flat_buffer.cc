// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/flat_buffer.h"

#include <fmt/format.h>

#include <algorithm>

namespace peekproof::models {
namespace {

constexpr size_t kMaxTextBytes = 64;
/// How much may be copied out, in file sizes.
constexpr size_t kCopyFactor = 8;

}  // namespace

FlatBuffer::FlatBuffer(std::span<const uint8_t> bytes)
    : bytes_(bytes), budget_(kCopyFactor * bytes.size() + 4096) {}

void FlatBuffer::Fail(const std::string& problem) {
  if (problem_.empty()) problem_ = problem;
}

bool FlatBuffer::Contains(size_t position, size_t size) {
  if (!ok()) return false;
  if (position <= bytes_.size() && size <= bytes_.size() - position) return true;
  Fail(fmt::format("{} bytes at offset {} lie outside its {} bytes", size, position, bytes_.size()));
  return false;
}

bool FlatBuffer::Spend(size_t bytes) {
  if (bytes > budget_) {
    Fail("it refers to the same data too often");
    return false;
  }
  budget_ -= bytes;
  return true;
}

FlatTable FlatBuffer::Root(const char* identifier) {
  if (bytes_.size() < 8 || std::memcmp(bytes_.data() + 4, identifier, 4) != 0) {
    Fail(fmt::format("it does not carry the identifier {} at byte 4", identifier));
    return {};
  }
  return TableAt(Follow(0));
}

size_t FlatBuffer::Follow(size_t position) {
  if (!Contains(position, sizeof(uint32_t))) return 0;
  const size_t target = position + Load<uint32_t>(position);
  return Contains(target, sizeof(uint32_t)) ? target : 0;
}

FlatTable FlatBuffer::TableAt(size_t position) {
  if (!Contains(position, sizeof(int32_t))) return {};
  const int64_t vtable = static_cast<int64_t>(position) - Load<int32_t>(position);
  if (vtable < 0 || !Contains(static_cast<size_t>(vtable), 4)) {
    Fail(fmt::format("the table at offset {} has its vtable outside the file", position));
    return {};
  }
  FlatTable table{.position = position, .vtable_position = static_cast<size_t>(vtable)};
  table.vtable_size = Load<uint16_t>(table.vtable_position);
  table.size = Load<uint16_t>(table.vtable_position + 2);
  const bool sane = table.vtable_size >= 4 && table.vtable_size % 2 == 0 && table.size >= 4;
  if (!sane) Fail(fmt::format("the vtable at offset {} has impossible sizes", vtable));
  if (!Contains(table.vtable_position, table.vtable_size) || !Contains(position, table.size)) return {};
  return table;
}

size_t FlatBuffer::FieldPosition(const FlatTable& table, int field, size_t size) {
  if (!ok() || table.size == 0) return 0;
  const size_t slot = 4 + 2 * static_cast<size_t>(field);
  if (slot + 2 > table.vtable_size) return 0;
  const size_t offset = Load<uint16_t>(table.vtable_position + slot);
  if (offset == 0) return 0;
  if (offset < 4 || offset + size > table.size) {
    Fail(fmt::format("field {} of the table at offset {} lies outside of it", field, table.position));
    return 0;
  }
  return table.position + offset;
}

std::optional<FlatTable> FlatBuffer::Table(const FlatTable& table, int field) {
  const size_t position = FieldPosition(table, field, sizeof(uint32_t));
  if (position == 0) return std::nullopt;
  const FlatTable found = TableAt(Follow(position));
  if (!ok()) return std::nullopt;
  return found;
}

std::span<const uint8_t> FlatBuffer::Vector(const FlatTable& table, int field, size_t element_size) {
  const size_t position = FieldPosition(table, field, sizeof(uint32_t));
  if (position == 0) return {};
  const size_t start = Follow(position);
  if (!ok()) return {};
  const size_t bytes = size_t{Load<uint32_t>(start)} * element_size;
  if (!Contains(start + sizeof(uint32_t), bytes)) return {};
  return bytes_.subspan(start + sizeof(uint32_t), bytes);
}

std::vector<FlatTable> FlatBuffer::Tables(const FlatTable& table, int field) {
  const std::span<const uint8_t> offsets = Vector(table, field, sizeof(uint32_t));
  if (offsets.empty() || !Spend(offsets.size())) return {};
  std::vector<FlatTable> tables;
  tables.reserve(offsets.size() / sizeof(uint32_t));
  const auto start = static_cast<size_t>(offsets.data() - bytes_.data());
  for (size_t at = 0; at < offsets.size() && ok(); at += sizeof(uint32_t)) {
    tables.push_back(TableAt(Follow(start + at)));
  }
  if (!ok()) return {};
  return tables;
}

std::span<const uint8_t> FlatBuffer::Bytes(const FlatTable& table, int field) {
  return Vector(table, field, 1);
}

std::string FlatBuffer::Text(const FlatTable& table, int field) {
  const std::span<const uint8_t> raw = Vector(table, field, 1);
  std::string text(raw.begin(), raw.begin() + static_cast<ptrdiff_t>(std::min(raw.size(), kMaxTextBytes)));
  for (char& c : text) c = c >= 0x20 && c < 0x7f ? c : '?';
  return Spend(text.size()) ? text : std::string();
}

}  // namespace peekproof::models
