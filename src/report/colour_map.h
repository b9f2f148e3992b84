// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

namespace peekproof::report {

/// Colour of a value in [0, 1] (clamped; NaN counts as 0), BGR: from dark violet over blue and green to
/// yellow. Lightness grows all the way, so that the order survives grey printing and every kind of colour
/// blindness.
cv::Vec3b MapColour(double value);

/// The same scale as a CSS gradient from left (0) to right (1), for legends.
std::string MapGradientCss();

}  // namespace peekproof::report
