// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

// Texts of option values: how a scene's seeds, sizes, rates and lists are written, and what is said of wrong
// ones.

namespace peekproof::testbed {

/// All of `text` as a number.
template <typename T>
bool ParseNumber(const std::string& text, T* value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

inline Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }
/// Whether `value` is in [low, high]. kind: of options, such as "light"; name: of this one.
Result<void> CheckShare(const char* kind, const char* name, float value, float low = 0, float high = 1);

/// A whole number from 0.
Result<void> SetSeed(const std::string& text, uint64_t* seed);
/// "1280x720".
Result<void> SetSize(const std::string& text, cv::Size* size);
/// Bits per second: "1500000", "1500k" or "1.5M".
Result<void> SetBitRate(const std::string& text, int64_t* bit_rate);
/// Rows of `columns` numbers, "2.5:3,7:1", or "none". form: of a row, for messages.
Result<void> SetRows(const std::string& text, size_t columns, const char* form,
                     std::vector<std::vector<double>>* rows);
/// What SetRows takes.
std::string RowsText(const std::vector<std::vector<double>>& rows);

}  // namespace peekproof::testbed
