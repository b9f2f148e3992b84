// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/picture_sequence.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace peekproof::media {
namespace {

namespace fs = std::filesystem;

/// A file name pattern taken apart: prefix, number of at least `digits` digits, suffix.
struct NamePattern {
  std::string prefix;
  size_t digits = 0;  ///< 0: as many as the number needs, no leading zeros.
  std::string suffix;
};

/// Reads the placeholder behind a %; the number of characters that it takes, 0 if it is none.
size_t ParsePlaceholder(std::string_view text, size_t* digits) {
  size_t position = 0;
  *digits = 0;
  if (position < text.size() && text[position] == '0') {
    ++position;
    while (position < text.size() && text[position] >= '0' && text[position] <= '9' && *digits < 100) {
      *digits = *digits * 10 + static_cast<size_t>(text[position] - '0');
      ++position;
    }
    if (*digits == 0 || *digits > 18) return 0;
  }
  return position < text.size() && text[position] == 'd' ? position + 1 : 0;
}

std::optional<NamePattern> ParsePattern(std::string_view name) {
  NamePattern pattern;
  bool found = false;
  for (size_t i = 0; i < name.size(); ++i) {
    std::string& literal = found ? pattern.suffix : pattern.prefix;
    if (name[i] != '%') {
      literal += name[i];
    } else if (i + 1 < name.size() && name[i + 1] == '%') {
      literal += '%';
      ++i;
    } else {
      const size_t length = found ? 0 : ParsePlaceholder(name.substr(i + 1), &pattern.digits);
      if (length == 0) return std::nullopt;
      found = true;
      i += length;
    }
  }
  if (!found) return std::nullopt;
  return pattern;
}

std::optional<int64_t> NumberIn(const std::string& name, const NamePattern& pattern) {
  if (name.size() <= pattern.prefix.size() + pattern.suffix.size()) return std::nullopt;
  if (!name.starts_with(pattern.prefix) || !name.ends_with(pattern.suffix)) return std::nullopt;
  const std::string_view digits = std::string_view(name).substr(
      pattern.prefix.size(), name.size() - pattern.prefix.size() - pattern.suffix.size());
  if (digits.size() < pattern.digits) return std::nullopt;
  const bool padded = digits.size() > 1 && digits[0] == '0';
  if (padded && digits.size() > pattern.digits) return std::nullopt;
  int64_t number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || digits[0] == '-' || number > INT32_MAX) return std::nullopt;
  return number;
}

bool IsPictureName(std::string suffix) {
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<std::string_view, 9> kEndings = {".png", ".jpg",  ".jpeg", ".bmp", ".webp",
                                                        ".tif", ".tiff", ".ppm",  ".pgm"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return suffix.ends_with(ending); });
}

std::string DoublePercent(const std::string& text) {
  std::string doubled;
  for (const char character : text) {
    doubled += character;
    if (character == '%') doubled += '%';
  }
  return doubled;
}

Result<std::vector<int64_t>> ListNumbers(const fs::path& folder, const NamePattern& pattern,
                                         const std::string& path) {
  std::vector<int64_t> numbers;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::optional<int64_t> number = NumberIn(entry->path().filename().string(), pattern);
    if (number) numbers.push_back(*number);
  }
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
    return Error{ErrorCode::kIo, fmt::format("the folder cannot be read ({}): {}", error.message(), path)};
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

bool IsSequencePattern(const std::string& path) {
  return ParsePattern(fs::path(path).filename().string()).has_value();
}

bool IsPicturePattern(const std::string& path) {
  const std::optional<NamePattern> pattern = ParsePattern(fs::path(path).filename().string());
  return pattern && IsPictureName(pattern->suffix);
}

std::string PictureName(const std::string& pattern, int64_t number) {
  const fs::path whole(pattern);
  const std::optional<NamePattern> name = ParsePattern(whole.filename().string());
  PEEKPROOF_CHECK(name.has_value() && number >= 0, "not a pattern, or number {} of it", number);
  const std::string file =
      fmt::format("{}{:0{}}{}", name->prefix, number, std::max<size_t>(name->digits, 1), name->suffix);
  return (whole.parent_path() / file).string();
}

Result<PictureSequence> FindPictureSequence(const std::string& path) {
  const fs::path whole(path);
  const std::optional<NamePattern> pattern = ParsePattern(whole.filename().string());
  PEEKPROOF_CHECK(pattern.has_value(), "not a sequence pattern");
  if (!IsPictureName(pattern->suffix)) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("picture sequences are read as PNG, JPEG, BMP, WebP, TIFF or PPM; convert the "
                             "pictures: {}",
                             path)};
  }
  const fs::path folder = whole.has_parent_path() ? whole.parent_path() : fs::path(".");
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, ListNumbers(folder, *pattern, path));
  if (numbers.empty()) {
    return Error{ErrorCode::kNotFound, fmt::format("no picture matches the pattern; check the name and the "
                                                   "number of digits: {}",
                                                   path)};
  }
  PictureSequence sequence;
  sequence.pattern = (fs::path(DoublePercent(folder.string())) / whole.filename()).string();
  sequence.first_number = numbers.front();
  while (sequence.count < static_cast<int64_t>(numbers.size()) &&
         numbers[static_cast<size_t>(sequence.count)] == sequence.first_number + sequence.count) {
    ++sequence.count;
  }
  sequence.behind_the_gap = static_cast<int64_t>(numbers.size()) - sequence.count;
  return sequence;
}

}  // namespace peekproof::media
