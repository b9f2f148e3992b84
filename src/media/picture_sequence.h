// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace peekproof::media {

/// The numbered pictures that a pattern such as "shots/shot_%04d.png" names.
struct PictureSequence {
  std::string pattern;         ///< As FFmpeg's image2 demuxer takes it, every other % doubled.
  int64_t first_number = 0;    ///< The lowest number that exists.
  int64_t count = 0;           ///< Pictures from there without a gap.
  int64_t behind_the_gap = 0;  ///< Pictures with higher numbers, which are not read.
};

/// Whether the file name part has one printf placeholder (%d or %05d) and otherwise only %%.
bool IsSequencePattern(const std::string& path);

/// Whether the path is such a pattern and ends like a picture.
bool IsPicturePattern(const std::string& path);
/// The path of one picture of a pattern (IsPicturePattern). number: 0 or more.
std::string PictureName(const std::string& pattern, int64_t number);

/// Looks the pattern up in its folder. Errors  kNotFound (no folder, or no picture that matches);
/// kUnsupported (not a picture format that we read); kIo.
Result<PictureSequence> FindPictureSequence(const std::string& path);

}  // namespace peekproof::media
