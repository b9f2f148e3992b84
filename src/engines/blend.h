// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "engines/engine.h"

namespace peekproof::engines {

/// Weight of the camera's pixel for a soft mask value, both in [0, 1]: the ramp or smoothstep from
/// coverage_low to coverage_high. Before light wrapping.
float AlphaOfMask(const BlendModel& model, float mask);

/// The mask value that AlphaOfMask maps to `alpha`; the inverse of smoothstep is exact, in closed form. An
/// alpha of 0 or 1 gives the end of the ramp, since all values beyond it map there too.
float MaskOfAlpha(const BlendModel& model, float alpha);

/// Whether the soft mask itself is the alpha: no coverage, no light wrapping.
bool IsPlainLinear(const BlendModel& model);

/// One recorded pixel as a linear function of the camera's pixel B, per channel: Y = weight * B + offset, Y
/// and B in [0, 255]. The weight differs by channel where light wrapping is on, since the wallpaper's colour
/// lightens the camera's.
///
/// Source  Ours; the screen-mode light wrap of engine.h, inverted: with kL the wrap
///         strength at this mask value and V the wallpaper, weight = a (1 - kL V / 255) and
///         offset = V (a kL + 1 - a).
struct LinearMix {
  cv::Vec3f weight;  ///< In [0, 1], BGR.
  cv::Vec3f offset;  ///< In [0, 255], BGR.
};

/// In      mask: soft mask before coverage, alpha: after it, both in [0, 1] (an attack may have a better
///         alpha than AlphaOfMask(mask); pass MaskOfAlpha(alpha) where only the alpha is known).
///         wallpaper: BGR 8-bit.
LinearMix LinearMixOf(const BlendModel& model, float mask, float alpha, const cv::Vec3b& wallpaper);

/// The same for `count` pixels in a row. mask and alpha may point to the same values.
void LinearMixRow(const BlendModel& model, const float* mask, const float* alpha, const cv::Vec3b* wallpaper,
                  int count, LinearMix* mixes);

/// Mean over the channels of LinearMixOf's weight: how much of the camera's light is left in the recorded
/// pixel, for choosing between frames. In [0, 1].
float MixingWeight(const BlendModel& model, float mask, float alpha, const cv::Vec3b& wallpaper);

/// Mixes camera and wallpaper as BlendModel says, rounding to nearest; pixels with alpha 0 are the
/// wallpaper's and, where neither coverage nor light wrap changes them, pixels with alpha 1 the camera's, bit
/// by bit.
///
/// In      mask: 255 times the soft mask. mask, camera, wallpaper: equal size (checked).
/// Out     composed: reused buffer; may be camera or wallpaper itself.
/// Threads Rows in parallel; the result does not depend on the number of threads.
void Compose(const BlendModel& model, const cv::Mat1b& mask, const cv::Mat3b& camera,
             const cv::Mat3b& wallpaper, cv::Mat3b* composed);

/// AlphaOfMask of every pixel of an 8-bit mask.
void AlphaOfMask(const BlendModel& model, const cv::Mat1b& mask, cv::Mat1f* alpha);

/// 8-bit mask to [0, 1]; 255 gives exactly 1.
void UnitMask(const cv::Mat1b& mask, cv::Mat1f* unit);

}  // namespace peekproof::engines
