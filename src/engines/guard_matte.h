// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "engines/block_colours.h"
#include "engines/plate_decision.h"
#include "engines/room_plate.h"

namespace peekproof::engines {

struct GuardMatteOptions {
  PlateTolerance tolerance;
  float least_contrast = 12;  ///< Steps between caller and room below which the plate cannot decide.
  bool trust_network = true;  ///< Where the plate cannot decide: as the network says, else the background.
  float share_low = 0.05F;    ///< Share of the caller in a pixel below which it is room,
  float share_high = 0.4F;    ///< and from which it shows whole, at the caller's edge.
  int edge_px = 3;     ///< How far from the room a pixel can be a mixture; farther in it is the caller's.
  int room_speck = 5;  ///< Room that holds no square of this side is a chance likeness, not room.
};

/// What the guard decides a frame on; all of the frame's size or its blocks'.
struct GuardEvidence {
  const cv::Mat3b& camera;
  const ColourPlanes& planes;  ///< The camera's.
  const cv::Mat1b& kinds;      ///< BlockKind of each block.
  const RoomPlate& plate;
  const cv::Mat1b& network;       ///< 255 times the network's mask.
  const cv::Mat1b& careful;       ///< 255 times what of it may be shown where the plate says nothing; may be
                                  ///< empty where ShowsUntrusted says no.
  const cv::Mat1b& careful_ramp;  ///< 256 values: the same of one mask value.
};

/// Whether band or core have blocks of which the plate is not believed: there `careful` is asked, and
/// ForegroundEstimator has to find the caller's colour.
bool ShowsUntrusted(const cv::Mat1b& kinds, const cv::Mat1b& trusted);

/// Decides, pixel by pixel, how much of the caller is shown and in what colour.
///
/// Where the plate is believed, it gives the caller's share of each pixel of the band (plate_decision.h); the
/// caller's colour there is the mean of the core's blocks, spread outwards. A pixel whose share is below
/// share_low agrees with the plate: it is room, whatever the network says, unless it is a speck. What is not
/// room and lies farther than edge_px from it is the caller's, whole; nearer it may be a mixture, and alpha
/// is the ramp from share_low to share_high. Where the plate is in doubt, that and
/// `careful` must both show a pixel; where nothing was learnt, alpha is `careful`. Blocks of the core that
/// look like the plate are decided on as if they were of the band.
///
/// The colour of a mixture I with share m of caller F and plate P is I + (1 - m)(F - P): the room's part is
/// taken out and the caller's nearby colour put in. Where the plate says nothing it is ForegroundEstimator's.
///
/// Threads Rows of blocks in parallel; the result does not depend on the number of threads. Allocates at the
///         first frame of a size only, but for OpenCV's own scratch.
class GuardMatte {
 public:
  explicit GuardMatte(const GuardMatteOptions& options);

  /// Out     alpha: 255 times the weight of the caller's colour; reused.
  void Apply(const GuardEvidence& evidence, cv::Mat1b* alpha);

  /// The alpha that ForegroundEstimator needs, under the alpha of the last Apply: soft where the network
  /// decided alone; reused.
  void SoftShares(const GuardEvidence& evidence, const cv::Mat1b& alpha, cv::Mat1b* soft) const;
  /// Takes the room out of the mixtures that the plate decided in the last Apply, in a picture that was
  /// composed with `alpha` of the camera's colours.
  void CleanMixtures(const GuardEvidence& evidence, const cv::Mat1b& alpha, cv::Mat3b* composed) const;

 private:
  void DoubtCore(const GuardEvidence& evidence);
  void SpreadCallerColour(const GuardEvidence& evidence);
  void FindShares(const GuardEvidence& evidence);
  void ShareByPlate(const GuardEvidence& evidence, cv::Point block);
  void ShareByNetwork(const GuardEvidence& evidence, const cv::Rect& pixels);
  void CleanRoom();
  void DecideByPlate(const cv::Rect& pixels, cv::Mat1b* alpha);
  void DecideByNetwork(const GuardEvidence& evidence, const cv::Rect& pixels, cv::Mat1b* alpha) const;
  void DecideInDoubt(const GuardEvidence& evidence, const cv::Rect& pixels, cv::Mat1b* alpha);
  cv::Vec3f CallerColourAt(cv::Point block) const;

  GuardMatteOptions options_;
  cv::Mat1b kinds_;        ///< The evidence's, after DoubtCore.
  cv::Mat1b room_blocks_;  ///< 255: core blocks that look like the plate, and their neighbours.
  cv::Mat1b core_blocks_;
  cv::Mat4f core_;    ///< Of each block: mean of the core's colour, and 1; 0 elsewhere.
  cv::Mat4f spread_;  ///< The same, spread.
  cv::Mat4f far_;
  cv::Mat1b ramp_;         ///< 256 values: share_low to share_high.
  cv::Mat1b share_;        ///< 255 times the caller's share of the camera's pixel.
  cv::Mat1b room_;         ///< 255: agrees with the plate, or nothing says that it is the caller.
  cv::Mat1b opened_room_;  ///< The same without specks.
  cv::Mat1b near_room_;
};

}  // namespace peekproof::engines
