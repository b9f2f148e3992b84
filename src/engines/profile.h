// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/engine.h"
#include "engines/spec.h"
#include "image/mask.h"
#include "models/segmenter.h"

namespace peekproof::engines {

/// The steps in which services differ; what is the same for all (lag, checks, composing) is built around
/// them by EngineOf and MatterOf. A profile keeps buffers but no memory of earlier frames. Not thread-safe.
class Profile {
 public:
  virtual ~Profile() = default;

  /// Scales the frame down and runs the network.
  /// Out     coarse: probability of the caller, at the network's size; reused.
  virtual Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) = 0;

  /// Brings the coarse mask to the frame's size, with whatever smoothing and refinement the service does.
  /// Out     mask: 255 times the soft mask before coverage; reused.
  virtual Result<void> Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) = 0;

  virtual const BlendModel& blend_model() const = 0;

  /// Frames by which the mask trails the picture: 0 or 1.
  virtual int lag() const { return 0; }
};

/// Where a profile gets its network from: models::MakeSegmenter, or a test's own.
using SegmenterMaker = std::function<Result<std::unique_ptr<models::Segmenter>>(const std::string& model)>;

/// What the list of engines and the makers need to know of one profile.
struct ProfileEntry {
  EngineInfo info;
  std::function<Result<std::unique_ptr<Profile>>(const Spec& spec, const SegmenterMaker& make_segmenter)>
      make;
};

/// All profiles, in listing order.
const std::vector<ProfileEntry>& ProfileEntries();

/// Makes the profile that `spec` names.
/// Errors  kInvalidArgument as MakeEngine; make_segmenter's.
Result<std::unique_ptr<Profile>> MakeProfile(const std::string& spec, const SegmenterMaker& make_segmenter);

/// The engine that runs `profile` frame by frame. With lag 1 a frame is composed with the mask of the frame
/// before it; the first one has none and shows the wallpaper alone, as the reference does.
/// Its Process also fails with kInvalidArgument on an empty frame, on a wallpaper of another size and where
/// the size changes without a Reset.
std::unique_ptr<Engine> EngineOf(std::unique_ptr<Profile> profile);

/// The stateless matte of `profile`, without lag. For linear engines the two masks share their memory.
std::unique_ptr<Matter> MatterOf(std::unique_ptr<Profile> profile);

}  // namespace peekproof::engines
