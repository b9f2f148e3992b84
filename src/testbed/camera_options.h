// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// Automatic exposure caught out: the picture is suddenly `factor` times as bright, and then settles.
struct ExposureStep {
  double time_s = 0;
  float factor = 1;  ///< 0.25 to 4.
};

/// From this time on the light is so much of what it was at first; lights may be switched back on.
struct LightSwitch {
  double time_s = 0;
  float room = 0.15F;   ///< On the room, 0 to 2.
  float caller = 0.4F;  ///< On the caller, whom the screen still lights, 0 to 2.
};

/// A webcam. The defaults behind drift_period_s leave a picture as it is, byte for byte.
struct CameraOptions {
  float noise_sigma = 1.8F;      ///< Of the sensor's noise, in steps of 8 bits; 0 to 20.
  float exposure_drift = 0.01F;  ///< Slow wandering of the exposure, relative; 0 to 0.2.
  float drift_period_s = 9.0F;   ///< Of that wandering.

  std::vector<ExposureStep> exposure_steps;
  float exposure_settle_s = 0.7F;   ///< Time constant of settling, 0.05 to 10.
  std::vector<LightSwitch> lights;  ///< In order of time.
  float white_balance_k = 6504;     ///< 3000 (too blue) to 12000 (too warm); the light is of 6504 K.
  float white_balance_drift = 0;    ///< Slow, seeded wandering of the red and blue gains, relative; 0 to 0.2.
  float read_noise = 0;             ///< Deviation in linear light, white 1; 0 to 0.1.
  float shot_noise = 0;             ///< Variance in linear light per unit of it; 0 to 0.02.
  float noise_grain = 0;            ///< Of both: weight of each neighbour's noise against its own; 0 to 1.
  float shutter_share = 0;          ///< Of the time between frames that the shutter is open, 0 to 1.
  int shutter_samples = 1;          ///< Moments that stand for it, 1 to 64; with 1 nothing blurs.
  float shake_px = 0;               ///< Furthest move along an axis, in pixels of the frame; 0 to 20.
  float shake_rad = 0;              ///< Furthest roll; 0 to 0.05.
  float compose_scale = 1;          ///< Size that is composed at, times the frame's: 1, 1.5, 2, 3 or 4.

  Result<void> Validate() const;
};

/// Where a shot belongs in its call: drives noise, exposure, balance and shake.
struct ShotTime {
  uint64_t seed = 0;
  int64_t frame = 0;
  double time_s = 0;
};

/// How the camera has moved: what is at p in the still picture is at centre + R (p - centre) + (dx, dy) in
/// the frame, where R turns by roll_rad from x (right) towards y (down) and the centre is the frame's.
struct Shake {
  float dx_px = 0;
  float dy_px = 0;
  float roll_rad = 0;
};

/// Seeded, continuous: sines with periods from 0.9 s down to 0.2 s.
Shake ShakeAt(const CameraOptions& options, uint64_t seed, double time_s);

/// Everything about a shot that is the same for all its pixels, for truth files.
struct ShotState {
  std::array<float, 3> gains{1, 1, 1};  ///< Exposure and white balance: blue, green, red.
  float room_light = 1;
  float caller_light = 1;
  Shake shake;
};
ShotState StateAt(const CameraOptions& options, const ShotTime& time);

/// Moments of the open shutter, evenly spread and centred on time_s; just that without motion blur.
std::vector<double> ShutterTimes(const CameraOptions& options, double time_s, double frame_rate);

/// Exposure steps of seeded times (about every `every_s`) and directions, by up to `strength` (0 to 1) up, or
/// down by the inverse.
std::vector<ExposureStep> SeededExposureSteps(uint64_t seed, double duration_s, double every_s,
                                              float strength);

}  // namespace peekproof::testbed
