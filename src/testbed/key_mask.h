// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "testbed/key_options.h"

namespace peekproof::testbed {

/// Where a person is before a backdrop, yes or no.
struct KeyMask {
  cv::Mat1b person;  ///< 255 where the person is.
  cv::Mat1b sure;    ///< 255 where filled or kept by a box, so that no colour there speaks of the backdrop.
};

/// The pixels of a box given as shares of a picture's size, clipped to it.
cv::Rect PixelsOf(const cv::Rect2d& box, cv::Size size);

/// Takes what is further than options.high for the person: boxes first (keep wins over drop), then specks
/// are opened away, small parts dropped and holes filled. The picture's lower border counts as person for
/// holes: it cuts people off.
///
/// In      distance: to the backdrop, in deviations of its noise.
KeyMask FindPerson(const cv::Mat1f& distance, const KeyOptions& options);

}  // namespace peekproof::testbed
