// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::audit {

/// A probability that is a hint of somebody, for what must not be mistaken for the background.
inline constexpr float kHintOfCaller = 0.05F;

/// Where nobody is near.
///
/// In      caller: probability, of any size. above: from which on somebody may be there. reach: pixels of
/// that
///         size that his rim may be wide. size: of the result.
/// Out     255 where no caller of more than `above` is within reach in x and in y.
cv::Mat1b FarFromCaller(const image::AlphaMask& caller, float above, int reach, cv::Size size);

}  // namespace peekproof::audit
