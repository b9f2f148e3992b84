// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace peekproof::image {

/// Splits `n` packed BGR pixels into three planes.
void SplitChannelsRow(const uint8_t* bgr, int n, uint8_t* blue, uint8_t* green, uint8_t* red);

}  // namespace peekproof::image
