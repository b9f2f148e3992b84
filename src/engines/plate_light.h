// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// How the camera sees the room now against how it saw it when the plate began: per channel (BGR),
/// frame = gain * plate + offset, in 8-bit steps of sRGB. Takes up exposure and white balance.
struct PlateLight {
  cv::Vec3f gain{1, 1, 1};
  cv::Vec3f offset{0, 0, 0};
};

/// One place seen twice: in the plate and in a frame, BGR in 8-bit steps.
struct PlatePair {
  cv::Vec3f plate;
  cv::Vec3f frame;
};

/// The light under which the plate looks like the frame: the median ratio of each channel, then one least
/// squares fit of gain and offset over the pairs within 20 steps of it. A gain stays within [1/8, 8].
/// In      pairs: at least one.
PlateLight FitPlateLight(const std::vector<PlatePair>& pairs);

/// Share of the pairs that differ by more than 16 steps in a channel under `light`.
double ShareBeyond(const std::vector<PlatePair>& pairs, const PlateLight& light);

}  // namespace peekproof::engines
