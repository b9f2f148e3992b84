// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testbed/caller_distance.h"

namespace peekproof::testbed {

/// Diffuse colour of the surface at a point, given in head and in body coordinates.
LinearColour CallerAlbedo(const CallerRig& rig, Material material, const Vec3<float>& in_head,
                          const Vec3<float>& in_body);

}  // namespace peekproof::testbed
