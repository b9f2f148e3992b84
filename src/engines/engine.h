// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engines/background.h"
#include "image/frame.h"
#include "image/mask.h"

namespace peekproof::engines {

/// How an engine mixes camera frame F and background V, given its matte: what an attack has to invert.
///
/// Linear engines show a F + (1 - a) V. With light wrapping (screen mode, Volcomix) the wallpaper also
/// lightens the caller: W = wrap * L * V with L = 1 - max(0, M - coverage_high) / (1 - coverage_high), and
/// the result is a (1 - (1 - F)(1 - W)) + (1 - a) V, colours in [0, 1], with a = smoothstep(coverage_low,
/// coverage_high, M).
struct BlendModel {
  float light_wrap = 0.0F;     ///< Strength of light wrapping; 0 for linear engines.
  float coverage_low = 0.0F;   ///< Mask value at which the caller begins to show.
  float coverage_high = 1.0F;  ///< Mask value from which the caller hides the wallpaper.
  bool smooth_coverage =
      false;              ///< Whether the matte goes through smoothstep(coverage_low, coverage_high, .).
  bool cut_mask = false;  ///< Whether the mask is cut to caller or not before it is mixed, so that its alpha
                          ///< is 0 or 1 nearly everywhere. Says nothing of how it is mixed.
};

/// What the other side gets to see of one frame.
enum class Shown {
  kComposed,    ///< Caller and background, mixed by a mask.
  kBackground,  ///< The background alone.
  kRaw,         ///< The camera's frame as it is: the room in plain view.
  kFrozen,      ///< The composite before this one again: the service sent no frame.
};

/// What Composite::failure says where a profile's own parameters made the network fail.
inline constexpr const char* kMadeFailure = "the network was made to fail";

/// A composed frame and the truth about it.
struct Composite {
  cv::Mat3b bgr;  ///< What the other side sees.
  /// Weight of the camera's pixel that was used, at frame size; 1 in raw frames. Of the estimated colour
  /// where the engine shows that in the camera's place: an upper bound then.
  image::AlphaMask alpha;
  Shown shown = Shown::kComposed;
  int mask_age = 0;     ///< Frames between the mask's picture and this one; -1 where no mask was used.
  std::string failure;  ///< Why there was no new mask; empty where nothing failed.
};

/// What an engine declares of its place in time.
struct EngineTraits {
  int mask_lag = 0;     ///< Frames by which the mask trails the picture at least.
  int mask_stride = 1;  ///< The network runs on every so many frames.
  int previous_masks =
      0;  ///< How many frames an earlier mask goes on to influence by 1/255 or more; -1: no limit.
  int output_latency = 0;  ///< Frames by which the output trails the camera.
};

/// What a virtual-background service does to a camera frame.
///
/// Frames come in presentation order; an engine may keep state (previous masks) between them. Not
/// thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  /// In      camera: the frame; every call since Reset has the same size.
  ///         background: what to put behind the caller; asked once a frame at most.
  /// Out     composite: the same object call after call, its buffers are reused (a frozen frame is what it
  ///         still holds); alpha 1 shows the camera, 0 the background. Where the network fails, the frame
  ///         shows what the service shows then, and composite->failure says why.
  /// Errors  kInvalidArgument (empty frame, size changed without Reset); the background's.
  virtual Result<void> Process(const image::Frame& camera, Background* background, Composite* composite) = 0;
  /// The same with a picture of the frame's size as background.
  Result<void> Process(const image::Frame& camera, const cv::Mat3b& wallpaper, Composite* composite);

  /// Shows the engine a frame of the room with nobody in it, before the call: a set-up shot. Services learn
  /// nothing from it. Errors  kInvalidArgument (empty frame), the network's.
  virtual Result<void> LearnRoom(const image::Frame& /*camera*/) { return {}; }

  virtual EngineTraits traits() const = 0;

  /// Forgets all previous frames.
  virtual void Reset() = 0;
};

/// The part of an engine that turns one picture into its matte, without state and without composing: what the
/// attacker re-purposes (paper section 4.1). Not thread-safe: one per thread.
class Matter {
 public:
  virtual ~Matter() = default;

  /// Out     alpha: weight of the camera's pixel that the service would use for this picture, at frame size.
  ///         mask: the soft mask before coverage (equal to alpha for linear engines), at frame size.
  virtual Result<void> Estimate(const cv::Mat3b& bgr, image::AlphaMask* alpha, image::AlphaMask* mask) = 0;

  virtual const BlendModel& blend_model() const = 0;
};

/// One parameter of a profile, as `peekproof list engines` shows it.
struct ParameterInfo {
  std::string name;
  std::string default_value;
  std::string description;
};

/// One profile, as `peekproof list engines` shows it.
struct EngineInfo {
  std::string name;
  std::string description;
  std::string source;  ///< Where its constants come from.
  /// Whether steps or constants are guessed, since the service publishes none: to be said wherever it shows.
  bool approximation = false;
  Fit fit = Fit::kCover;  ///< How the service fits a wallpaper picture.
  std::string blur;  ///< Spec of the service's own background blur, as MakeBlur takes it; empty: it has none.
  std::vector<ParameterInfo> parameters;
};

/// All profiles, in the order in which they are to be listed.
const std::vector<EngineInfo>& ListEngines();

/// Makes an engine from a spec such as `meet` or `meet(model=landscape,wrap=0.3)`.
/// Errors  kInvalidArgument (unknown name or parameter, bad value: names the known ones), and
/// MakeSegmenter's.
Result<std::unique_ptr<Engine>> MakeEngine(const std::string& spec);
/// Makes the stateless matte estimator of the same spec.
Result<std::unique_ptr<Matter>> MakeMatter(const std::string& spec);

}  // namespace peekproof::engines
