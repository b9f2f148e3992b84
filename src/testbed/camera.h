// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <span>

#include "image/mask.h"
#include "testbed/camera_options.h"

namespace peekproof::testbed {

/// 8-bit sRGB as linear light in [0, 1], same channel order.
cv::Mat3f LinearFromSrgb(const cv::Mat3b& bgr);
/// The inverse, clamped and rounded to 8 bits (to the nearest of 4096 steps of linear light near black).
cv::Mat3b SrgbFromLinear(const cv::Mat3f& linear);

/// The mean of several drawings of one caller, for motion blur: exact, as drawings are premultiplied, so the
/// mean drawing laid over the room is the mean of all laid over it. One drawing is left as it is.
/// In      drawings: at least one, all of one size.
cv::Mat4f AverageDrawings(std::span<const cv::Mat4f> drawings);

/// Takes a picture of the caller before the room.
///
/// Scales the caller to the room's size (bilinear), lays it over the room in linear light, both under their
/// lights and moved by the camera's shake, averages down to the frame's size, blurs picture and matte by
/// 0.22, 0.56, 0.22 along rows and columns, then exposure and white balance, read and shot noise in linear
/// light, a soft knee above 0.7, the sRGB curve, and noise (all noise nearly normal: a sum of three uniform
/// values).
///
/// In      caller: premultiplied linear blue, green, red and alpha, any size; empty: nobody there.
///         room: linear blue, green, red in [0, 1], compose_scale times the frame's size.
///         options: valid.
/// Out     bgr: H x W, the frame. matte: the caller's exact share of each pixel before noise; 0 where nobody
///         is.
/// Threads Rows in parallel; output depends on neither thread count nor call order.
void TakePicture(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
                 const ShotTime& time, cv::Mat3b* bgr, image::AlphaMask* matte);

/// What the camera would show of the room with nobody there, without noise, drift, balance, events and shake:
/// the true room.
cv::Mat3b TrueRoomPicture(const cv::Mat3f& room, float compose_scale = 1);

}  // namespace peekproof::testbed
