// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace peekproof::testbed {

/// A linear colour as luma (BT.601's weights), and blue and red without luma. Linear in the colour, so mixing
/// colours mixes these alike.
struct Chroma {
  float luma;
  float blue;
  float red;
};

inline float LumaOf(const cv::Vec3f& bgr) { return 0.114F * bgr[0] + 0.587F * bgr[1] + 0.299F * bgr[2]; }

inline Chroma ChromaOf(const cv::Vec3f& bgr) {
  const float luma = LumaOf(bgr);
  return {luma, bgr[0] - luma, bgr[2] - luma};
}

inline cv::Vec3f ColourOf(const Chroma& chroma) {
  const float blue = chroma.luma + chroma.blue;
  const float red = chroma.luma + chroma.red;
  const float green = (chroma.luma - 0.114F * blue - 0.299F * red) / 0.587F;
  return {std::max(blue, 0.0F), std::max(green, 0.0F), std::max(red, 0.0F)};
}

/// The hue of a backdrop, to look for in other colours.
struct Hue {
  float blue = 0;
  float red = 0;           ///< A unit vector in blue and red.
  float strength = 0;      ///< The backdrop's own chroma.
  bool is_clear = false;   ///< Whether it has enough chroma for its luma to be told from grey.
  bool is_strong = false;  ///< Whether alpha may be told from it alone, as before a blue or green screen.

  float Along(const Chroma& chroma) const { return chroma.blue * blue + chroma.red * red; }
};

inline Hue HueOf(const cv::Vec3f& backdrop) {
  constexpr float kClear = 0.2F;
  constexpr float kStrong = 0.6F;
  const Chroma chroma = ChromaOf(backdrop);
  const float strength = std::sqrt(chroma.blue * chroma.blue + chroma.red * chroma.red);
  const float scale = 1 / std::max(strength, 1e-6F);
  return {chroma.blue * scale, chroma.red * scale, strength, strength >= kClear * chroma.luma,
          strength >= kStrong * chroma.luma};
}

}  // namespace peekproof::testbed
