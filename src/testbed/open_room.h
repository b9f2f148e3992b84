// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "testbed/room.h"

namespace peekproof::testbed {

/// The real room behind the caller.
///   source: "drawn" (MakeRoom of the seed), "chart" (MakeChartRoom), or a picture file, scaled until it
///   fills `size` and cut at its centre; what is written in a picture is not known.
/// Errors  media::ReadPicture's.
Result<Room> OpenRoom(const std::string& source, uint64_t seed, cv::Size size);

}  // namespace peekproof::testbed
