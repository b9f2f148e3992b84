// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/text_score.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace peekproof::metrics {
namespace {

/// Code points, case of ASCII folded, white space run together and cut off at the ends.
std::u32string Folded(const std::string& text) {
  std::u32string folded;
  bool is_space = true;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x80 && std::isspace(byte) != 0) {
      if (!is_space) folded.push_back(U' ');
      is_space = true;
    } else if ((byte & 0xC0U) == 0x80 && !folded.empty()) {
      folded.back() = (folded.back() << 6U) | (byte & 0x3FU);  // Continues a code point.
    } else {
      folded.push_back(byte < 0x80 ? static_cast<char32_t>(std::tolower(byte)) : static_cast<char32_t>(byte));
      is_space = false;
    }
  }
  if (!folded.empty() && folded.back() == U' ') folded.pop_back();
  return folded;
}

size_t Distance(const std::u32string& a, const std::u32string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

bool Overlaps(const cv::Rect2d& a, const cv::Rect2d& b) {
  constexpr double kShare = 0.1;
  return (a & b).area() > kShare * std::min(a.area(), b.area());
}

}  // namespace

double CharacterErrorRate(const std::string& read, const std::string& truth) {
  const std::u32string a = Folded(read);
  const std::u32string b = Folded(truth);
  if (b.empty()) return a.empty() ? 0.0 : 1.0;
  return std::min(1.0, static_cast<double>(Distance(a, b)) / static_cast<double>(b.size()));
}

TextScore MatchTexts(const std::vector<TextBox>& read, const std::vector<TextBox>& truth) {
  constexpr double kUnderstood = 0.2;
  TextScore score;
  double sum = 0;
  int understood = 0;
  for (const TextBox& known : truth) {
    std::vector<TextBox> here;
    for (const TextBox& reading : read)
      if (Overlaps(reading.box, known.box)) here.push_back(reading);
    std::sort(here.begin(), here.end(), [](const TextBox& a, const TextBox& b) { return a.box.x < b.box.x; });
    TextResult result;
    std::string joined;
    for (const TextBox& reading : here) {
      result.error_rate = std::min(result.error_rate, CharacterErrorRate(reading.text, known.text));
      joined += reading.text;
      joined += ' ';
    }
    result.error_rate = std::min(result.error_rate, CharacterErrorRate(joined, known.text));
    result.is_read = result.error_rate <= kUnderstood;
    sum += result.error_rate;
    understood += result.is_read ? 1 : 0;
    score.texts.push_back(result);
  }
  if (truth.empty()) return score;
  score.error_rate = sum / static_cast<double>(truth.size());
  score.read_share = static_cast<double>(understood) / static_cast<double>(truth.size());
  return score;
}

}  // namespace peekproof::metrics
