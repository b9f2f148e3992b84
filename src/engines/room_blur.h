// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/background.h"
#include "engines/blur.h"
#include "engines/blur_filter.h"

namespace peekproof::engines {

/// Which part of the frame stays sharp.
struct KeepOptions {
  std::vector<cv::Rect> boxes;
  int feather_px = 8;  ///< Width of the soft border around a box.
  cv::Mat1b objects;   ///< As BlurInputs::keep.
};

/// Parses "WIDTHxHEIGHT+X+Y", several joined by ';', or "none".
/// Errors  kInvalidArgument: shows the form.
Result<std::vector<cv::Rect>> ParseKeepBoxes(const std::string& text);

/// 255 in the boxes and where `objects` says so, falling to 0 over the boxes' soft borders. Boxes may reach
/// over the frame's edge.
cv::Mat1b MakeKeepMask(const KeepOptions& options, cv::Size frame);

/// Blurs the room behind one frame; what stays sharp is not its business. Allocates nothing while the frame's
/// size stays.
class RoomBlur {
 public:
  virtual ~RoomBlur() = default;
  /// Out     blurred: of the frame's size; reused.
  virtual Result<void> Blur(const BackgroundView& view, cv::Mat3b* blurred) = 0;
};

/// A filter over the whole frame, or over what is not the caller.
std::unique_ptr<RoomBlur> MakeFilteredRoom(std::unique_ptr<BlurFilter> filter, bool weighted);

/// How depth-aware blur turns distance into strength.
struct DepthBlurOptions {
  Extent sigma;          ///< Of the Gaussian at full strength.
  float focus = 0.0F;    ///< Distance that is sharp, 0 nearest, 1 farthest.
  float sharp = 0.1F;    ///< Distances off the focus up to this are sharp.
  float ramp = 0.4F;     ///< From there, distance over which the strength grows to full.
  bool weighted = true;  ///< Whether the caller is left out.
};

/// Blur whose strength grows with the distance from the focus: min(1, max(0, |d - focus| - sharp) / ramp),
/// in steps of 1/255. Between a quarter, half and full sigma, and the sharp frame, pixels are interpolated.
/// For each of these a pixel counts by how much of that sigma it is to get itself, so what is sharp does not
/// bleed into what is blurred; pixels of strength 0 are the camera's, bit by bit.
std::unique_ptr<RoomBlur> MakeDepthRoom(const DepthBlurOptions& options,
                                        std::function<Result<const cv::Mat1w*>(const image::Frame&)> depth);

/// Depth for each frame from a network: the frame is squeezed to its size (bilinear).
std::function<Result<const cv::Mat1w*>(const image::Frame&)> DepthFromNetwork(
    std::unique_ptr<models::DepthEstimator> estimator);

/// The background that shows `room` with its sharp parts.
std::unique_ptr<Background> MakeRoomBackground(std::unique_ptr<RoomBlur> room, KeepOptions keep);

}  // namespace peekproof::engines
