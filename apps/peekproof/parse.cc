// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "parse.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

namespace peekproof::cli {
namespace {

constexpr int kMaxSide = 16384;

/// Takes a whole number of at most nine digits off the front of `text`.
std::optional<int> TakeNumber(std::string_view* text) {
  int number = 0;
  const size_t digits = std::min(text->find_first_not_of("0123456789"), text->size());
  if (digits == 0 || digits > 9) return std::nullopt;
  std::from_chars(text->data(), text->data() + digits, number);
  text->remove_prefix(digits);
  return number;
}

bool Take(std::string_view* text, char expected) {
  if (!text->starts_with(expected)) return false;
  text->remove_prefix(1);
  return true;
}

std::optional<cv::Size> TakeSize(std::string_view* text) {
  const auto width = TakeNumber(text);
  if (!width || !Take(text, 'x')) return std::nullopt;
  const auto height = TakeNumber(text);
  if (!height || *width < 1 || *height < 1 || *width > kMaxSide || *height > kMaxSide) return std::nullopt;
  return cv::Size(*width, *height);
}

Error Unreadable(const char* wanted, std::string_view text) {
  return {ErrorCode::kInvalidArgument, fmt::format("expected {}, not '{}'", wanted, text)};
}

}  // namespace

Result<double> ParseTime(std::string_view text) {
  const Error error = Unreadable("seconds or minutes:seconds, such as 90 or 1:30.5", text);
  double seconds = 0;
  int parts = 0;
  std::string_view rest = text;
  while (true) {
    const auto number = TakeNumber(&rest);
    if (!number || (parts > 0 && *number >= 60) || ++parts > 3) return error;
    seconds = seconds * 60 + *number;
    if (!Take(&rest, ':')) break;
  }
  if (Take(&rest, '.')) {
    double unit = 0.1;
    if (rest.empty()) return error;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1), unit /= 10) {
      seconds += unit * (rest.front() - '0');
    }
  }
  if (!rest.empty()) return error;
  return seconds;
}

Result<cv::Rect> ParseCrop(std::string_view text) {
  const Error error = Unreadable("WIDTHxHEIGHT+LEFT+TOP in pixels, such as 640x360+100+20", text);
  std::string_view rest = text;
  const auto size = TakeSize(&rest);
  if (!size || !Take(&rest, '+')) return error;
  const auto left = TakeNumber(&rest);
  if (!left || !Take(&rest, '+')) return error;
  const auto top = TakeNumber(&rest);
  if (!top || !rest.empty()) return error;
  return cv::Rect(cv::Point(*left, *top), *size);
}

Result<cv::Size> ParseSize(std::string_view text) {
  std::string_view rest = text;
  const auto size = TakeSize(&rest);
  if (!size || !rest.empty()) return Unreadable("WIDTHxHEIGHT in pixels, such as 1280x720", text);
  return *size;
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(';'), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t first = part.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    parts.emplace_back(part.substr(first, part.find_last_not_of(" \t") - first + 1));
  }
  return parts;
}

}  // namespace peekproof::cli
