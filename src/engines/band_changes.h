// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::engines {

/// What the guard shows in a frame; all but `kinds` and `trusted` of the frame's size.
struct ShownFrame {
  const cv::Mat1b& alpha;    ///< 255 times the weight of the caller's colour.
  const cv::Mat1b& network;  ///< 255 times the network's mask.
  const cv::Mat1b& kinds;    ///< BlockKind of each block.
  const cv::Mat1b& trusted;  ///< RoomPlate::trusted.
  double seconds = 0.04;     ///< Since the last frame.
};

/// Finds changes of the room right beside the caller, as a door that opens behind him: they differ from the
/// plate as what he holds does, and no block that is clear of him tells of them.
///
/// What a caller holds comes out of him, at the speed of a hand. So where the plate alone says that something
/// is the caller's (the network sees nothing), the connected part that holds four blocks or more that were
/// farther from everything shown in the last frame than a hand gets (32 pixels in 1/25 s) is not his, whole.
///
/// Not thread-safe. Allocates at the first frame of a size only, but for OpenCV's own scratch.
class BandChanges {
 public:
  /// Looks at one more frame. Returns whether blocks() has any.
  bool Update(const ShownFrame& frame);
  /// 255: a changed room's, by the last frame.
  const cv::Mat1b& blocks() const { return blocks_; }
  /// Forgets what was shown: the next frame is a first one, in which nothing can be told.
  void Forget() { last_.release(); }

 private:
  void FindShown(const ShownFrame& frame);
  void MarkJumps(int reach);

  cv::Mat1b shown_;  ///< 255: shows the caller.
  cv::Mat1b alone_;  ///< 255: of these, by the plate's word alone.
  cv::Mat1b last_;   ///< shown_ of the frame before, without what was found; empty: none.
  cv::Mat1b near_;
  cv::Mat1b blocks_;
  cv::Mat1i parts_;
};

}  // namespace peekproof::engines
