// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/text_score.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace peekproof::metrics {
namespace {

TEST(CharacterErrorRateTest, AgreesWithHandComputedCases) {
  EXPECT_DOUBLE_EQ(CharacterErrorRate("kitten", "sitting"), 3.0 / 7);
  EXPECT_DOUBLE_EQ(CharacterErrorRate("Pass  Word ", "password"), 1.0 / 8) << "one space too many";
  EXPECT_DOUBLE_EQ(CharacterErrorRate("", "abcd"), 1);
  EXPECT_DOUBLE_EQ(CharacterErrorRate("much longer than that", "ab"), 1);
  EXPECT_DOUBLE_EQ(CharacterErrorRate("", ""), 0);
  EXPECT_DOUBLE_EQ(CharacterErrorRate("x", ""), 1);
  // One code point of two bytes replaced by one of one.
  EXPECT_DOUBLE_EQ(CharacterErrorRate("Tur", "T\xC3\xBCr"), 1.0 / 3);
}

size_t SlowDistance(const std::string& a, const std::string& b) {
  if (a.empty()) return b.size();
  if (b.empty()) return a.size();
  const std::string rest_a = a.substr(1);
  const std::string rest_b = b.substr(1);
  if (a[0] == b[0]) return SlowDistance(rest_a, rest_b);
  return 1 + std::min({SlowDistance(rest_a, b), SlowDistance(a, rest_b), SlowDistance(rest_a, rest_b)});
}

TEST(CharacterErrorRateTest, EqualsTheSlowTwin) {
  RowRandom random(4, 0, 0);
  const auto word = [&] {
    std::string text;
    const auto length = 1 + random.Next() % 6;
    for (uint64_t i = 0; i < length; ++i) text += static_cast<char>('a' + random.Next() % 3);
    return text;
  };
  for (int i = 0; i < 200; ++i) {
    const std::string a = word();
    const std::string b = word();
    const double slow =
        std::min(1.0, static_cast<double>(SlowDistance(a, b)) / static_cast<double>(b.size()));
    EXPECT_DOUBLE_EQ(CharacterErrorRate(a, b), slow) << a << " " << b;
  }
}

TEST(MatchTextsTest, JoinsPiecesAndLooksAtPlaces) {
  const std::vector<TextBox> truth{{"Budget 2027", {0.1, 0.1, 0.4, 0.05}}, {"secret", {0.1, 0.5, 0.2, 0.05}}};
  const TextScore pieces =
      MatchTexts({{"2027", {0.35, 0.1, 0.15, 0.05}}, {"Budget", {0.1, 0.1, 0.2, 0.05}}}, truth);
  EXPECT_EQ(pieces.texts[0].error_rate, 0);
  EXPECT_TRUE(pieces.texts[0].is_read);
  EXPECT_EQ(pieces.texts[1].error_rate, 1);
  EXPECT_DOUBLE_EQ(pieces.error_rate, 0.5);
  EXPECT_DOUBLE_EQ(pieces.read_share, 0.5);
  const TextScore elsewhere = MatchTexts({{"secret", {0.7, 0.5, 0.2, 0.05}}}, truth);
  EXPECT_EQ(elsewhere.read_share, 0) << "the right word in the wrong place is not the text";
  EXPECT_EQ(MatchTexts({}, {}).error_rate, 1);
}

}  // namespace
}  // namespace peekproof::metrics
