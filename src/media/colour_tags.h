// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace peekproof::media {

/// What a video says of its colours, in the code points of ITU-T H.273; 2 is "unspecified", matrix 0 is RGB.
struct ColourTags {
  int matrix = 1;
  int primaries = 1;
  int transfer = 1;
  bool full_range = false;

  bool operator==(const ColourTags&) const = default;
};

inline constexpr ColourTags kBt709Colour = {.matrix = 1, .primaries = 1, .transfer = 1};
inline constexpr ColourTags kBt601Colour = {.matrix = 6, .primaries = 6, .transfer = 6};

}  // namespace peekproof::media
