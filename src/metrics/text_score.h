// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace peekproof::metrics {

/// Writing and where it is, in shares of the picture's width and height.
struct TextBox {
  std::string text;  ///< UTF-8.
  cv::Rect2d box;
};

/// Edits (insertions, deletions, replacements of one Unicode code point) from one text to the other, over the
/// length of the true one; at most 1. Letter case of ASCII is folded and runs of white space count as one.
///
/// Landmarks: 0 is read exactly; 0.2 can be understood; above 0.6 hardly anything is right.
/// Source  Levenshtein distance; character error rate as usual in text recognition.
double CharacterErrorRate(const std::string& read, const std::string& truth);

/// How a known text was read.
struct TextResult {
  double error_rate = 1;  ///< Of the best reading that lies at its place; 1: nothing was read there.
  bool is_read = false;   ///< At most 0.2.
};

struct TextScore {
  std::vector<TextResult> texts;  ///< One for each known text.
  double error_rate = 1;          ///< Mean over the known texts; 1 of none.
  double read_share = 0;          ///< Share of the known texts that are read.
};

/// Compares what was read with what is written. A reading belongs to a known text whose box it overlaps by a
/// tenth of the smaller of both boxes; a text may have been read in pieces, so that readings in one line are
/// also tried joined from left to right. What was read and is not written anywhere costs nothing.
TextScore MatchTexts(const std::vector<TextBox>& read, const std::vector<TextBox>& truth);

}  // namespace peekproof::metrics
