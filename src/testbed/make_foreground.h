// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "testbed/animation.h"
#include "testbed/foreground.h"

namespace peekproof::testbed {

/// Who is before the camera.
struct ForegroundOptions {
  std::string source = "drawn";  ///< "drawn".
  std::optional<int> look;       ///< Of a drawn caller, as PresetLook; none: VariedLook of the seed.
  int render_height_px = 360;    ///< Height at which a drawn caller is drawn before it is scaled.

  Result<void> Validate() const;
};

/// Opens the person that options name. motion: valid. Errors  those of Validate and of reading files.
Result<std::unique_ptr<Foreground>> MakeForeground(const ForegroundOptions& options,
                                                   const MotionOptions& motion, uint64_t seed);

}  // namespace peekproof::testbed
