// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "testbed/browser_engine.h"
#include "testbed/option_texts.h"

namespace peekproof::testbed {

Result<void> SceneOptions::Validate() const {
  constexpr int kShortest = 16;
  constexpr int kLongest = 8192;
  if (std::min(size.width, size.height) < kShortest || std::max(size.width, size.height) > kLongest)
    return Invalid(fmt::format("scene of {} x {} pixels is out of range; give {} to {} a side", size.width,
                               size.height, kShortest, kLongest));
  if (!(frame_rate > 0 && frame_rate <= 240))
    return Invalid(fmt::format("frame rate of {} is out of range; give up to 240", frame_rate));
  if (frames < 1) return Invalid(fmt::format("a scene of {} frames is empty; give at least 1", frames));
  if (setup_frames < 0)
    return Invalid(fmt::format("{} set-up frames are too few; give 0 or more", setup_frames));
  if (wallpaper_noise < 0 || wallpaper_noise > 127)
    return Invalid(
        fmt::format("wallpaper noise of {} steps is out of range; give 0 to 127", wallpaper_noise));
  if (wallpaper_noise > 0 && IsBrowserSpec(engine))
    return Invalid("a browser's engine takes a still picture as wallpaper; leave the noise out");
  for (const RawInterval& interval : raw)
    if (!(interval.start_s >= 0) || interval.frames < 1)
      return Invalid(fmt::format("raw interval of {} frames at {} s: give a time from 0 and at least 1 frame",
                                 interval.frames, interval.start_s));
  PEEKPROOF_RETURN_IF_ERROR(CheckRoomChanges(room_changes));
  PEEKPROOF_RETURN_IF_ERROR(foreground.Validate());
  PEEKPROOF_RETURN_IF_ERROR(motion.Validate());
  PEEKPROOF_RETURN_IF_ERROR(camera.Validate());
  PEEKPROOF_RETURN_IF_ERROR(light.Validate());
  if (use_oracle && IsBrowserSpec(engine))
    return Invalid("an oracle cannot stand in for the network of a browser's engine; leave it out");
  if (use_oracle) PEEKPROOF_RETURN_IF_ERROR(oracle.Validate());
  return channel.Validate();
}

bool SceneOptions::IsRaw(int64_t frame) const {
  return std::any_of(raw.begin(), raw.end(), [&](const RawInterval& interval) {
    const auto first = static_cast<int64_t>(std::ceil(interval.start_s * frame_rate - 1e-9));
    return frame >= first && frame < first + interval.frames;
  });
}

}  // namespace peekproof::testbed
