// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/background.h"
#include "engines/engine.h"
#include "image/frame.h"
#include "models/depth_estimator.h"

namespace peekproof::engines {

/// What a blur may need beside its spec.
struct BlurInputs {
  /// Objects that stay sharp: 255 sharp, 0 blurred, scaled to the frame (bilinear); empty: none.
  cv::Mat1b keep;
  /// The distance behind each pixel of a frame, 0 nearest, 65535 farthest, of any size, scaled to the frame
  /// (bilinear); valid until the next call. Null: `depth` asks a network.
  std::function<Result<const cv::Mat1w*>(const image::Frame& camera)> depth;
  /// Where `depth` gets its network from, unless it has the callback above.
  std::function<Result<std::unique_ptr<models::DepthEstimator>>(const std::string& model)>
      make_depth_estimator = models::MakeDepthEstimator;
};

/// One blur, as lists show it.
struct BlurInfo {
  std::string name;
  std::string description;
  std::string source;  ///< Where its constants come from.
  std::vector<ParameterInfo> parameters;
};

/// All blurs, in the order in which they are to be listed.
const std::vector<BlurInfo>& ListBlurs();

/// Makes the blurred room as a background from a spec such as `gaussian`, `gaussian(sigma=25)` or
/// `bokeh(share=0.03,weighted=1,keep=200x100+50+60;80x80+600+20)`.
///
/// With weighted=1 pixels count 1 - caller: what the mask calls the caller, wholly, has no influence on the
/// picture, and what lies behind him is filled from around him. With 0 the whole frame is blurred, and the
/// caller's colours spread into the room, as in most services. `keep` names boxes WIDTHxHEIGHT+X+Y in frame
/// pixels, joined by ';', that stay as sharp as the camera, bit by bit, with a soft border of `feather`
/// pixels around them (boxes only).
///
/// Errors  kInvalidArgument (unknown name or parameter, bad value: names the known ones), and
///         MakeDepthEstimator's. Draw fails with kInvalidArgument where camera and mask differ in size.
Result<std::unique_ptr<Background>> MakeBlur(const std::string& spec, const BlurInputs& inputs = {});

/// Standard deviation per axis, in pixels, of what the blur makes of one pixel of such a frame, where all
/// pixels count: the root of the second moment of its impulse response. For `depth`: at full strength.
/// Errors  MakeBlur's; no network is made.
Result<double> EffectiveSigma(const std::string& spec, cv::Size frame);

}  // namespace peekproof::engines
