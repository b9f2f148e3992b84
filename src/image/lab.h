// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::image {

/// CIE L*a*b* (reference white D65, 2 degrees) of an 8-bit sRGB colour: L in [0, 100], a and b about
/// [-110, 110]. Exact: IEC 61966-2-1 transfer curve and matrix in double, rounded to float at the end.
/// The white of the matrix is used as reference, so greys have |a|, |b| < 1e-4.
cv::Vec3f LabOfBgr(cv::Vec3b bgr);

}  // namespace peekproof::image
