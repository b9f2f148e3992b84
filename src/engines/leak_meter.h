// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "engines/block_colours.h"
#include "engines/caller_zone.h"
#include "engines/engine.h"
#include "engines/plate_decision.h"
#include "engines/room_plate.h"

namespace peekproof::engines {

/// What has been shown of the room, as far as the meter can tell.
struct MeteredLeak {
  int64_t frames = 0;
  double room_px = 0;       ///< Pixels that were ever seen to be room: all that can have leaked.
  double weighted_px = 0;   ///< Sum over them of the largest weight with which each was shown.
  double shown_px = 0;      ///< Number of them that were shown at all.
  double unknown_px = 0;    ///< Shown pixels of the last frame of which the plate does not say what they are.
  double worst_px = 0;      ///< Largest weighted leak of one frame,
  double worst_time_s = 0;  ///< and when that was.
  bool any_raw = false;     ///< Some frame showed the camera as it is.

  /// Weighted and shown area over the room that was seen; 0 without any.
  double weighted_share() const { return room_px > 0 ? weighted_px / room_px : 0; }
  double shown_share() const { return room_px > 0 ? shown_px / room_px : 0; }
};

/// Tells live, beside any engine and without truth, how much of the room it has shown so far.
///
/// The meter sits where the camera is. It learns a plate of the room (RoomPlate) where the engine shows no
/// camera, better from set-up shots; what the engine shows although it agrees with the plate has leaked.
/// Pixels within two of anything that does not agree are the caller's edge and count as neither, as in the
/// test bed's truth; so do likenesses that hold no square of five. What is shown of unlearnt room is not
/// seen: it is counted in unknown_px together with the caller before it.
///
/// Source  Ours. The area is the paper's (section 5.2) with the plate in place of the truth.
/// Cost    Memory: 28 bytes a pixel. Not thread-safe; rows of blocks in parallel.
class LeakMeter {
 public:
  LeakMeter();

  /// A set-up shot of the empty room, before the call.
  void LearnRoom(const cv::Mat3b& camera);
  /// A frame and what was made of it; frames of another size start afresh. A frozen composite shows nothing
  /// new and is not counted.
  void Add(const image::Frame& camera, const Composite& shown);

  const MeteredLeak& leak() const { return leak_; }
  /// 255 times the largest weight with which each pixel of the room was shown.
  const cv::Mat1b& map() const { return largest_; }

 private:
  void Prepare(cv::Size size);
  void FindRoom(const cv::Mat3b& camera);
  void Gather(double time_s);

  CallerZone zone_;
  RoomPlate plate_;
  PlateTolerance tolerance_;
  ColourPlanes planes_;
  cv::Mat1b alpha_;
  cv::Mat1b agrees_;  ///< 255: room; of blocks that the plate knows.
  cv::Mat1b room_;    ///< The same without edges and chance likenesses.
  cv::Mat1b seen_;    ///< 255: was ever room.
  cv::Mat1b largest_;
  MeteredLeak leak_;
};

}  // namespace peekproof::engines
