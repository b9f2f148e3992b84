// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "testbed/backdrop_model.h"
#include "testbed/key_options.h"

namespace peekproof::testbed {

/// Cuts a person out of one picture before a modelled backdrop.
///
/// What is further than options.high from the backdrop is person (FindPerson). In a band along the outline (a
/// 120th of the height to either side) alpha comes from the matting equation in linear light, C = alpha F +
/// (1 - alpha) B, with B from the model and F the mean of the person's colours nearby that show no backdrop.
/// Before a backdrop with a strong hue it is solved for that hue alone, as highlights in hair change luma and
/// not hue; it reaches options.softness of the height into the person, stays within what the person's luma
/// and black allow, and spares colours that the person has deep inside (OwnColours). Where F and B are too
/// alike to tell, alpha is a ramp of the distance from options.low to high. Despill takes the edge's colours
/// from F instead of from the picture, the more the less of the person there is.
///
/// Fails   where the person has the backdrop's colour: a hoodie before a wall like it is lost, and so is a
///         neck before a wall of skin's colour.
/// In      model: of the picture's size. bgr: 8-bit sRGB.
/// Out     cutout: linear light blue, green, red, each times alpha, and alpha.
/// Threads Any number of pictures at a time.
void KeyPicture(const BackdropModel& model, const KeyOptions& options, const cv::Mat3b& bgr,
                cv::Mat4f* cutout);

/// The key of Seeing Through's artifact: what is within a range of YCrCb is backdrop, after erosion, dilation
/// and erosion by a square of 9 pixels at 2160 rows (scaled to the picture, at least 3); alpha is the rest,
/// smoothed by a Gaussian of 5 x 5. Colours stay as they are, spill and all.
/// Source  attack artifact, generator of foregrounds; section 5.1.
void KeyPictureAsPaper(const KeyOptions& options, const cv::Mat3b& bgr, cv::Mat4f* cutout);

}  // namespace peekproof::testbed
