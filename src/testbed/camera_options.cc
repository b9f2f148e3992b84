// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "testbed/animation_curves.h"

namespace peekproof::testbed {
namespace {

struct Range {
  const char* name;
  float value, low, high;
};

Result<void> Check(const Range& range) {
  if (range.value >= range.low && range.value <= range.high) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("camera option {} of {} is out of range; give {} to {}", range.name, range.value,
                           range.low, range.high)};
}

Result<void> CheckEvents(const CameraOptions& options) {
  for (const ExposureStep& step : options.exposure_steps) {
    PEEKPROOF_RETURN_IF_ERROR(Check({"exposure_steps factor", step.factor, 0.25F, 4}));
    if (!std::isfinite(step.time_s))
      return Error{ErrorCode::kInvalidArgument, "camera exposure step at no time; give seconds"};
  }
  double before = -1e9;
  for (const LightSwitch& light : options.lights) {
    if (!(light.time_s >= before && light.time_s <= 1e9))
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("camera light switch at {} s; give times in ascending order", light.time_s)};
    before = light.time_s;
    PEEKPROOF_RETURN_IF_ERROR(Check({"lights room", light.room, 0, 2}));
    PEEKPROOF_RETURN_IF_ERROR(Check({"lights caller", light.caller, 0, 2}));
  }
  return {};
}

/// Planck's law at a wavelength, up to a factor.
double BlackBody(double wavelength_nm, double kelvin) {
  return 1.0 / (std::exp(1.438777e7 / (wavelength_nm * kelvin)) - 1.0);
}

/// Gains, blue, green, red, of a camera that is set to `kelvin` while the light is of 6504 K.
std::array<double, 3> BalanceGains(double kelvin) {
  constexpr double kLight = 6504;
  constexpr double kWavelengths[3] = {465, 540, 610};
  std::array<double, 3> gains{1, 1, 1};
  const double green = BlackBody(kWavelengths[1], kLight) / BlackBody(kWavelengths[1], kelvin);
  for (int c = 0; c < 3; ++c)
    gains[c] = BlackBody(kWavelengths[c], kLight) / BlackBody(kWavelengths[c], kelvin) / green;
  return gains;
}

double SteppedExposure(const CameraOptions& options, double time_s) {
  double exposure = 1;
  for (const ExposureStep& step : options.exposure_steps) {
    if (time_s < step.time_s) continue;
    const double left = std::exp(-(time_s - step.time_s) / static_cast<double>(options.exposure_settle_s));
    exposure *= 1.0 + (static_cast<double>(step.factor) - 1.0) * left;
  }
  return exposure;
}

}  // namespace

Result<void> CameraOptions::Validate() const {
  for (const Range& range : {
           Range{"noise_sigma", noise_sigma, 0, 20},
           Range{"exposure_drift", exposure_drift, 0, 0.2F},
           Range{"drift_period_s", drift_period_s, 0.5F, 1e6F},
           Range{"exposure_settle_s", exposure_settle_s, 0.05F, 10},
           Range{"white_balance_k", white_balance_k, 3000, 12000},
           Range{"white_balance_drift", white_balance_drift, 0, 0.2F},
           Range{"read_noise", read_noise, 0, 0.1F},
           Range{"shot_noise", shot_noise, 0, 0.02F},
           Range{"noise_grain", noise_grain, 0, 1},
           Range{"shutter_share", shutter_share, 0, 1},
           Range{"shutter_samples", static_cast<float>(shutter_samples), 1, 64},
           Range{"shake_px", shake_px, 0, 20},
           Range{"shake_rad", shake_rad, 0, 0.05F},
       })
    PEEKPROOF_RETURN_IF_ERROR(Check(range));
  constexpr float kScales[] = {1, 1.5F, 2, 3, 4};
  if (std::find(std::begin(kScales), std::end(kScales), compose_scale) == std::end(kScales))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("camera option compose_scale of {} is unknown; give 1, 1.5, 2, 3 or 4", compose_scale)};
  return CheckEvents(*this);
}

Shake ShakeAt(const CameraOptions& options, uint64_t seed, double time_s) {
  constexpr double kPeriod = 0.9;
  const auto wander = [&](Movement movement) {
    return static_cast<float>(Wander(seed, movement, kPeriod, time_s));
  };
  return {options.shake_px * wander(kShakeX), options.shake_px * wander(kShakeY),
          options.shake_rad * wander(kShakeRoll)};
}

ShotState StateAt(const CameraOptions& options, const ShotTime& time) {
  ShotState state;
  const double turn = 2.0 * std::numbers::pi * time.time_s / static_cast<double>(options.drift_period_s);
  const auto drift = static_cast<float>(1.0 + static_cast<double>(options.exposure_drift) * std::sin(turn));
  const double stepped = SteppedExposure(options, time.time_s);
  const std::array<double, 3> balance = BalanceGains(static_cast<double>(options.white_balance_k));
  const auto wander = [&](Movement movement) {
    return 1.0 +
           static_cast<double>(options.white_balance_drift) * Wander(time.seed, movement, 14.0, time.time_s);
  };
  state.gains = {drift * static_cast<float>(stepped * balance[0] * wander(kBlueGain)),
                 drift * static_cast<float>(stepped * balance[1]),
                 drift * static_cast<float>(stepped * balance[2] * wander(kRedGain))};
  for (const LightSwitch& light : options.lights) {
    if (time.time_s < light.time_s) break;
    state.room_light = light.room;
    state.caller_light = light.caller;
  }
  state.shake = ShakeAt(options, time.seed, time.time_s);
  return state;
}

std::vector<double> ShutterTimes(const CameraOptions& options, double time_s, double frame_rate) {
  if (!(options.shutter_share > 0) || options.shutter_samples <= 1) return {time_s};
  const double open_s = static_cast<double>(options.shutter_share) / frame_rate;
  std::vector<double> times;
  for (int i = 0; i < options.shutter_samples; ++i)
    times.push_back(time_s + open_s * ((i + 0.5) / options.shutter_samples - 0.5));
  return times;
}

std::vector<ExposureStep> SeededExposureSteps(uint64_t seed, double duration_s, double every_s,
                                              float strength) {
  std::vector<ExposureStep> steps;
  for (uint64_t slot = 0; static_cast<double>(slot) * every_s < duration_s; ++slot) {
    RowRandom random(seed, slot, 0x57E9);
    const double time_s = (static_cast<double>(slot) + random.Uniform(0.1, 0.9)) * every_s;
    const double up = 1.0 + static_cast<double>(strength) * random.Uniform(0.4, 1.0);
    steps.push_back({time_s, static_cast<float>(random.Uniform() < 0.5 ? up : 1.0 / up)});
  }
  return steps;
}

}  // namespace peekproof::testbed
