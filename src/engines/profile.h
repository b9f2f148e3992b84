// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/downscale.h"
#include "engines/engine.h"
#include "engines/schedule.h"
#include "engines/spec.h"
#include "image/mask.h"
#include "models/segmenter.h"

namespace peekproof::engines {

/// What a profile is made of before its own steps.
struct ProfileParts {
  std::unique_ptr<models::Segmenter> segmenter;
  Downscale downscale = Downscale::kBilinear;
  BlendModel blend;
  Schedule schedule;
  int previous_masks = 0;  ///< As EngineTraits::previous_masks.
};

/// The steps in which services differ; what is the same for all (schedule, checks, composing) is built around
/// them by EngineOf and MatterOf. The steps allocate nothing once all sizes are known, but for the
/// scratch of OpenCV's functions where a service takes a step from there. Not thread-safe.
class Profile {
 public:
  explicit Profile(ProfileParts parts) : parts_(std::move(parts)) {}
  virtual ~Profile() = default;
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  /// Scales the frame down and runs the network.
  /// Out     coarse: probability of the caller, at the network's size; reused.
  virtual Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse);

  /// Filters the network's mask in time, in place, once for every mask; may remember earlier ones. Where
  /// there is no earlier one, the mask counts as having stood for ever.
  virtual void Track(image::AlphaMask* /*coarse*/) {}

  /// Brings the coarse mask to the frame's size, with whatever smoothing and refinement the service does.
  /// Filters in time that the service runs at the frame's size belong here; they obey Forget as well.
  /// Out     mask: 255 times the soft mask before coverage; reused.
  virtual void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) = 0;

  /// Whether the service keeps its last mask because this frame looks like the one that the network saw last.
  /// Asked once for every frame on which the network would run.
  virtual bool KeepsMask(const cv::Mat3b& /*camera*/) { return false; }

  /// Forgets earlier frames.
  virtual void Forget() {}

  const BlendModel& blend_model() const { return parts_.blend; }
  const Schedule& schedule() const { return parts_.schedule; }
  int previous_masks() const { return parts_.previous_masks; }

 protected:
  models::Segmenter& segmenter() { return *parts_.segmenter; }

 private:
  ProfileParts parts_;
  cv::Mat3b small_;
};

/// Where a profile gets its network from: models::MakeSegmenter, or a test's own.
using SegmenterMaker = std::function<Result<std::unique_ptr<models::Segmenter>>(const std::string& model)>;

/// What the list of engines and the makers need to know of one profile.
struct ProfileEntry {
  EngineInfo info;
  std::function<Result<std::unique_ptr<Profile>>(const Spec& spec, const SegmenterMaker& make_segmenter)>
      make;
  /// For an engine that is more than EngineOf its profile; the profile is then what an attacker re-purposes.
  std::function<Result<std::unique_ptr<Engine>>(const Spec& spec, const SegmenterMaker& make_segmenter)>
      make_engine;
};

/// All profiles, in listing order.
const std::vector<ProfileEntry>& ProfileEntries();

/// Makes the profile that `spec` names.
/// Errors  kInvalidArgument as MakeEngine; make_segmenter's.
Result<std::unique_ptr<Profile>> MakeProfile(const std::string& spec, const SegmenterMaker& make_segmenter);

/// Makes the engine that `spec` names. Errors  as MakeProfile.
Result<std::unique_ptr<Engine>> MakeEngine(const std::string& spec, const SegmenterMaker& make_segmenter);

/// Binds the parameter that comes first in every profile.
void BindModel(std::string* model, ParameterSet* set);

/// Binds the mask values at which smoothstep coverage begins and ends, as coverage_low and coverage_high.
/// In      most_high: the largest coverage_high that is taken.
void BindCoverage(BlendModel* blend, float most_high, ParameterSet* set);
/// Errors  kInvalidArgument: coverage_low is not less than coverage_high.
Result<void> CheckCoverage(const std::string& engine, const BlendModel& blend);

/// The engine that runs `profile` frame by frame, on the profile's schedule.
std::unique_ptr<Engine> EngineOf(std::unique_ptr<Profile> profile);

/// The stateless matte of `profile`: each picture as if it had stood for ever, without lag. For linear
/// engines the two masks share their memory.
std::unique_ptr<Matter> MatterOf(std::unique_ptr<Profile> profile);

}  // namespace peekproof::engines
