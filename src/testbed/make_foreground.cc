// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/make_foreground.h"

#include <fmt/format.h>

#include "testbed/caller.h"
#include "testbed/procedural_foreground.h"

namespace peekproof::testbed {

Result<void> ForegroundOptions::Validate() const {
  constexpr int kLowest = 16;
  constexpr int kHighest = 8192;
  if (look && (*look < 0 || *look >= kPresetLooks))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("there is no look {}; give 0 to {}", *look, kPresetLooks - 1)};
  if (render_height_px < kLowest || render_height_px > kHighest)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("render height of {} is out of range; give {} to {}", render_height_px, kLowest,
                             kHighest)};
  return {};
}

Result<std::unique_ptr<Foreground>> MakeForeground(const ForegroundOptions& options,
                                                   const MotionOptions& motion, uint64_t seed) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  const CallerLook look = options.look ? PresetLook(*options.look) : VariedLook(seed);
  return std::unique_ptr<Foreground>(new ProceduralForeground(look, motion, seed, options.render_height_px));
}

}  // namespace peekproof::testbed
