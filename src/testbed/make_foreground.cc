// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/make_foreground.h"

#include <fmt/format.h>

#include <utility>

#include "testbed/procedural_foreground.h"

namespace peekproof::testbed {

namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

std::unique_ptr<Foreground> DrawnForeground(const ForegroundOptions& options, const MotionOptions& motion,
                                            uint64_t seed) {
  CallerLook look = VariedLook(seed);
  if (options.look) {
    look = *options.look < kPresetLooks ? PresetLook(*options.look)
                                        : PersonLook(static_cast<uint64_t>(*options.look));
  }
  look.strands = options.strands.value_or(look.strands);
  look.held[1] = options.held.value_or(look.held[1]);
  std::optional<SecondPerson> second;
  if (options.second) second = SecondPerson{PersonLook(seed + 1), *options.second};
  return std::make_unique<ProceduralForeground>(look, motion, seed, options.render_height_px, second);
}

}  // namespace

Result<void> ForegroundOptions::Validate() const {
  constexpr int kLowest = 16;
  constexpr int kHighest = 8192;
  constexpr int kLastLook = 1'000'000;
  if (look && (*look < 0 || *look > kLastLook))
    return Invalid(fmt::format("there is no look {}; give 0 to {}", *look, kLastLook));
  if (strands && !(*strands >= 0 && *strands <= 1))
    return Invalid(fmt::format("strands of {} are out of range; give 0 to 1", *strands));
  if (render_height_px < kLowest || render_height_px > kHighest)
    return Invalid(fmt::format("render height of {} is out of range; give {} to {}", render_height_px,
                               kLowest, kHighest));
  return {};
}

Result<std::unique_ptr<Foreground>> MakeForeground(const ForegroundOptions& options,
                                                   const MotionOptions& motion, uint64_t seed) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  if (options.source == "drawn") return DrawnForeground(options, motion, seed);
  return Invalid(fmt::format("there is no person \"{}\"; give drawn", options.source));
}

}  // namespace peekproof::testbed
