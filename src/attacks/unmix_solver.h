// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "attacks/unmix_model.h"

namespace peekproof::attacks {

/// One frame's observation of a pixel: wallpaper + alpha * (room - wallpaper), if it shows the room.
struct Observation {
  cv::Vec3f offset;   ///< Pixel minus wallpaper, BGR, 8-bit steps.
  float alpha = 0;    ///< Believed alpha, in (0, 1].
  float room = 0;     ///< Belief that it shows the room, in [0, 1].
  uint16_t time = 0;  ///< Tenths of a second.
};

/// What a pixel's observations add up to: the sums of a weighted regression of offsets over alpha.
struct MixtureSums {
  float weight = 0;      ///< Sum of w = room^2.
  float room = 0;        ///< Sum of w * room.
  float alpha = 0;       ///< Sum of w * alpha.
  float alpha2 = 0;      ///< Sum of w * alpha^2.
  float offset[3] = {};  ///< Sum of w * alpha * offset.
  float plain[3] = {};   ///< Sum of w * offset.
  float offset2 = 0;     ///< Sum of w * |offset|^2.
  uint16_t frames = 0;   ///< Observations with a belief of kTelling or more, saturating,
  uint16_t first = 0;    ///< the times of the first and the last of them,
  uint16_t last = 0;
  uint8_t most_alpha = 0;  ///< and the largest alpha among them * 255.

  static constexpr float kTelling = 0.3F;

  void Add(const Observation& observation);
  /// Makes all offsets those to another wallpaper, which differs from the one so far by `shift`.
  void Rebase(const cv::Vec3f& shift);
};
static_assert(sizeof(MixtureSums) == 52);

/// The room colour that a pixel's observations fit best.
struct PixelEstimate {
  bool found = false;
  cv::Vec3f offset;   ///< Room minus wallpaper, 8-bit steps; wallpaper + offset is in [0, 255].
  EstimateCues cues;  ///< All but neighbours, noise, palette, differing and unrest.
};

/// What the surroundings of a pixel say of its colour.
struct RoomNearby {
  cv::Vec3f offset;       ///< Their room, minus this pixel's wallpaper, 8-bit steps.
  float information = 0;  ///< Mean of their sums of weight * alpha^2.
};

/// Solves one pixel: the room does not move, so its observations are the wallpaper plus alpha times one
/// offset, and the offset follows by least squares over all frames: noise of a codec averages away, and a
/// frame counts by the square of its alpha. Rooms are smooth, so the surroundings count as kNearbyInformation
/// of information: they decide where the pixel itself hardly leaked, and hardly count where it did.
///
/// In      wallpaper: BGR 8-bit. least_information: least sum of w * alpha^2 for an estimate.
/// Source  The un-blending C = (X - (1 - a) V) / a, of all frames at once.
PixelEstimate SolvePixel(cv::Vec3b wallpaper, const MixtureSums& sums, const RoomNearby& nearby,
                         float least_information);

}  // namespace peekproof::attacks
