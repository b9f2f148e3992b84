// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::audit {

/// A copy of a recorded frame with the caller blacked out, for the report.
///
/// Black is every pixel that is more likely caller than not, and a collar of 2 % of the frame height around
/// it (hair, glasses, fingertips) except where the collar leaks room: the room is what the picture is for.
///
/// In      bgr: H x W. caller: probability at frame size. leak: 255 where room leaks; may be empty.
cv::Mat3b BlackOutCaller(const cv::Mat3b& bgr, const image::AlphaMask& caller, const cv::Mat1b& leak);

}  // namespace peekproof::audit
