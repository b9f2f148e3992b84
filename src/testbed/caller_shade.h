// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "testbed/caller_march.h"

namespace peekproof::testbed {

/// Direction towards the lamp that lights the caller most, in the caller's room.
inline constexpr Point kKeyLight{-0.537635F, 0.586511F, 0.606061F};

/// Lights the hit pixels (key, fill and ambient light, soft shadow, ambient occlusion, sheen) and writes
/// their premultiplied linear blue, green, red and alpha.
void ShadeTile(const CallerRig& rig, const Pinhole& camera, const TileHits& hits, uint32_t parts,
               cv::Mat4f* premultiplied);

}  // namespace peekproof::testbed
