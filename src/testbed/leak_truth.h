// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "image/mask.h"

namespace peekproof::testbed {

/// Areas of one frame, in pixels. Every pixel is caller (matte 1 or nearly, inside), edge or room.
struct FrameLeak {
  int64_t room_px = 0;  ///< Nothing of the caller within two pixels.
  int64_t edge_px = 0;  ///< Some of the caller within two pixels, but not all of it: never counted as leak.
  int64_t full_px = 0;  ///< Room pixels that show the camera alone (alpha of 8 bits would be 255).
  int64_t partial_px = 0;  ///< Room pixels that show any of the camera (alpha of 8 bits would not be 0).
  double weighted_px = 0;  ///< Sum of the alpha of room pixels.
};

/// The leak of a call up to a frame, raw frames left out: of the highest alpha of each pixel so far.
struct CallLeak {
  int64_t full_px = 0;  ///< As in FrameLeak.
  int64_t partial_px = 0;
  double weighted_px = 0;
};

/// Gathers what an engine let through of the room (Seeing Through, section 5.2: the paper's L_i and A).
///
/// The leak of a frame is the engine's alpha where the caller's matte is zero, also after the matte has been
/// grown by a square of 5: in that band caller and room mix, so it is kept apart and counted as neither.
class LeakTruth {
 public:
  explicit LeakTruth(cv::Size size);

  /// Adds one frame. Frames must have the size given to the constructor.
  ///   raw: the engine was bypassed. Such a frame counts as fully leaked in the result, and for uncovered()
  ///   and always_caller(), but not for leak_alpha().
  FrameLeak Add(const image::AlphaMask& caller, const image::AlphaMask& engine_alpha, bool raw);

  /// Leak alpha of the frame added last, in [0, 1]: 0 where the caller or the edge band is.
  const cv::Mat1f& frame_leak() const { return frame_leak_; }
  /// The call's leak so far.
  CallLeak CallSoFar() const;

  /// A: highest leak of each pixel over all frames that went through the engine, in [0, 1].
  const cv::Mat1f& leak_alpha() const { return leak_alpha_; }
  /// 255 where some frame had the camera see the room, clear of the caller and of the edge band.
  const cv::Mat1b& uncovered() const { return uncovered_; }
  /// 255 where every frame had nothing but the caller.
  const cv::Mat1b& always_caller() const { return always_caller_; }

 private:
  cv::Mat1f leak_alpha_;
  cv::Mat1f frame_leak_;
  cv::Mat1b uncovered_;
  cv::Mat1b always_caller_;
  cv::Mat1b touched_;
  cv::Mat1b near_caller_;
};

}  // namespace peekproof::testbed
