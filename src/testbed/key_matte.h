// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include "testbed/backdrop_model.h"
#include "testbed/key_options.h"

namespace peekproof::testbed {

/// Cuts a person out of one picture before a modelled backdrop.
///
/// What is further than options.high from the backdrop is person, after specks and small parts are gone and
/// holes are filled; of a band along its outline (a 120th of the height to either side) each pixel's alpha
/// comes from the matting equation in linear light, C = alpha F + (1 - alpha) B, with B from the model and F
/// the mean of the person's inner pixels nearby. Where F and B are too alike to tell, alpha is a ramp of the
/// distance from options.low to high. Despill takes the edge's colours from F instead of from the picture,
/// the more the less of the person there is.
///
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
