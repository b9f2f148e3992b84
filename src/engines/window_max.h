// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::engines {

/// The largest value in the square of side 2 * radius_px + 1 around each pixel; what lies outside the picture
/// is left out. radius_px: 0 to 64 (checked).
/// Out     largest: reused buffer; must not be `values`.
/// Threads Rows in parallel. Allocates at the first picture of a size only.
void WindowMax(const cv::Mat1b& values, int radius_px, cv::Mat1b* largest);

}  // namespace peekproof::engines
