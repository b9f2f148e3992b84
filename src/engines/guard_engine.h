// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "engines/band_changes.h"
#include "engines/caller_zone.h"
#include "engines/engine.h"
#include "engines/foreground_colour.h"
#include "engines/guard_matte.h"
#include "engines/guard_state.h"
#include "engines/mask_feed.h"
#include "engines/profile.h"
#include "engines/room_plate.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {

/// All that the guard can be told; peekproof list engines shows them with their ranges.
struct GuardOptions {
  std::string model = "landscape";
  std::string strength = "balanced";
  CallerZoneOptions zone;
  RoomPlateOptions plate;
  GuardMatteOptions matte;
  GuardLimits limits;
  int hold_masks = 2;          ///< A pixel must be the caller's in so many masks in a row, without a plate.
  int choke_cells = 0;         ///< Mask pixels by which the caller shrinks, without a plate.
  float careful_low = 0.75F;   ///< Mask value at which the caller begins to show, without a plate,
  float careful_high = 0.98F;  ///< and from which it shows whole.
  int reveal_frames = 1;       ///< Frames that a pixel takes from hidden to shown; hiding takes none.
  bool learn = true;           ///< Learn the room during the call.
  Schedule schedule{.on_failure = "old-mask"};
};

/// The options of a strength. Errors  kInvalidArgument: names the known ones.
Result<GuardOptions> GuardOptionsOf(const std::string& strength);

/// Our own engine: what it shows of the room is meant to be nothing.
///
///  - Closed until proven open (GuardState): no mask, a failing network, an old mask, a late frame, another
///    size, another camera: the background alone, and where there is no background a plain grey.
///  - A plate of the room, learnt before the call (LearnRoom) or during it where nobody is, decides in a band
///    around the caller which pixels are room (RoomPlate, GuardMatte).
///  - Where the plate says nothing, the network's mask is taken at its word only where it says so in several
///    masks in a row, choked by how fast the caller moves and how old the mask is.
///  - What shows is the caller's own colour, estimated (ForegroundEstimator), never the camera's mixed pixel.
///
/// Other sizes need no Reset. Composite::alpha is the weight of the estimated colour: an upper bound of the
/// camera's.
class GuardEngine : public Engine {
 public:
  GuardEngine(std::unique_ptr<Profile> profile, const GuardOptions& options);

  Result<void> Process(const image::Frame& camera, Background* background, Composite* composite) override;
  Result<void> LearnRoom(const image::Frame& camera) override;
  EngineTraits traits() const override;
  void Reset() override;

  /// Of the last frame.
  GuardPhase phase() const { return phase_; }
  const RoomPlate& plate() const { return plate_; }

 private:
  void TakeMask(const FedMask& fed, const image::Frame& camera);
  void RememberMask(const cv::Mat1f& coarse);
  void MeasureSpeed(const cv::Mat1b& last, const cv::Mat1b& now);
  void MakeCareful(cv::Size size, int age);
  int ExtraBlocks(int age) const;
  /// Doubts the plate where the room changed beside the caller. Returns whether it did.
  bool DoubtChanges(double time_s);
  void LimitReveal();
  void ForgetMasks();
  void ShowCaller(const image::Frame& camera, Background* background, Composite* composite);
  void ShowBackground(const image::Frame& camera, Background* background, Composite* composite);
  /// The background alone; where there is none, plain grey and why.
  void ShowAlone(const Result<const cv::Mat3b*>& behind, Composite* composite) const;

  std::unique_ptr<Profile> profile_;
  GuardOptions options_;
  MaskFeed feed_;
  CallerZone zone_;
  RoomPlate plate_;
  GuardMatte matte_;
  GuardState state_;
  BandChanges changes_;
  ForegroundEstimator foreground_;
  MaskUpscaler upscaler_;

  GuardPhase phase_ = GuardPhase::kOpening;
  cv::Size size_;
  int64_t frame_ = 0;               ///< Number of the next frame since the feed began.
  int64_t last_picture_ = -1;       ///< Frame that the newest mask is of.
  double shown_s_ = 0;              ///< Time of the last frame that showed the caller.
  float speed_ = 0;                 ///< Of the caller's outline, in mask pixels a frame.
  std::vector<cv::Mat1b> history_;  ///< Masks, newest first; one more than hold_masks.
  image::AlphaMask setup_coarse_;
  cv::Mat1b careful_coarse_;
  cv::Mat1f careful_unit_;
  cv::Mat1b network_;
  cv::Mat1b careful_;
  cv::Mat1b alpha_;
  cv::Mat1b last_alpha_;
  cv::Mat1b soft_;
  ColourPlanes planes_;  ///< The camera's.
  cv::Mat1b suspect_;    ///< Of a set-up shot, per block, as the two below.
  cv::Mat1b everywhere_;
  cv::Mat1b outside_;
  cv::Mat1b nothing_;
  cv::Mat1b ramp_;  ///< 256 values: careful_low to careful_high.
  cv::Mat3b caller_colour_;
};

}  // namespace peekproof::engines
