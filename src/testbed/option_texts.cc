// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/option_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace peekproof::testbed {

Result<void> CheckShare(const char* kind, const char* name, float value, float low, float high) {
  if (value >= low && value <= high) return {};
  return Invalid(
      fmt::format("{} option {} of {} is out of range; give {} to {}", kind, name, value, low, high));
}

Result<void> SetSeed(const std::string& text, uint64_t* seed) {
  if (ParseNumber(text, seed)) return {};
  return Invalid(fmt::format("give a whole number from 0, not '{}'", text));
}

Result<void> SetSize(const std::string& text, cv::Size* size) {
  const size_t cross = text.find('x');
  cv::Size parsed;
  if (cross == std::string::npos || !ParseNumber(text.substr(0, cross), &parsed.width) ||
      !ParseNumber(text.substr(cross + 1), &parsed.height))
    return Invalid(fmt::format("give WIDTHxHEIGHT, such as 1280x720, not '{}'", text));
  *size = parsed;
  return {};
}

Result<void> SetRows(const std::string& text, size_t columns, const char* form,
                     std::vector<std::vector<double>>* rows) {
  rows->clear();
  for (size_t begin = 0; text != "none" && begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    std::vector<double>& row = rows->emplace_back();
    for (size_t at = begin; at <= end;) {
      const size_t colon = std::min(text.find(':', at), end);
      if (!ParseNumber(text.substr(at, colon - at), &row.emplace_back()))
        return Invalid(fmt::format("give {},... or none, not '{}'", form, text));
      at = colon + 1;
    }
    if (row.size() != columns) return Invalid(fmt::format("give {},... or none, not '{}'", form, text));
    begin = end + 1;
  }
  return {};
}

std::string RowsText(const std::vector<std::vector<double>>& rows) {
  std::string text;
  for (const std::vector<double>& row : rows) {
    text += text.empty() ? "" : ",";
    for (size_t i = 0; i < row.size(); ++i) text += fmt::format("{}{}", i == 0 ? "" : ":", row[i]);
  }
  return text.empty() ? "none" : text;
}

Result<void> SetBitRate(const std::string& text, int64_t* bit_rate) {
  std::string digits = text;
  double unit = 1;
  if (!text.empty() && (text.back() == 'k' || text.back() == 'M')) {
    unit = text.back() == 'k' ? 1e3 : 1e6;
    digits.pop_back();
  }
  double value = 0;
  if (!ParseNumber(digits, &value) || !(value * unit >= 1 && value * unit <= 1e12))
    return Invalid(fmt::format("give bits a second, such as 1500k or 1.5M, not '{}'", text));
  *bit_rate = std::llround(value * unit);
  return {};
}

}  // namespace peekproof::testbed
