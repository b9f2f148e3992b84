// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "engines/block_colours.h"

namespace peekproof::engines {

struct RoomPlateOptions {
  int trusted_frames = 6;    ///< Frames that a block must have been learnt from before it is believed.
  int memory_frames = 48;    ///< Later frames count for 1 / this.
  int refresh_stride = 8;    ///< A believed block is brought up to date on every so many frames only.
  float shadow = 0.2F;       ///< So much less light on a pixel does not contradict the plate,
  float glow = 0.03F;        ///< nor so much more.
  int doubt_blocks = 10;     ///< Distance from a contested block up to which blocks are not believed either.
  int contest_updates = 12;  ///< Updates in a row that contradict a block before it is learnt anew.
};

/// The room with nobody before it, learnt from where nobody is: mean colour and noise of each pixel.
///
/// A block in which more than a quarter of the pixels contradict the plate (a chair was moved, a door opened)
/// is contested: it is not believed until it agrees again, or has been learnt anew. Blocks within
/// doubt_blocks of it are not believed either until they have been seen again themselves, since what changed
/// may reach behind the caller.
///
/// Colours are 8-bit sRGB steps of the light that the first learnt frame had. Not thread-safe; rows of
/// blocks in parallel, results do not depend on the number of threads. Allocates at the first frame of a
/// size only.
class RoomPlate {
 public:
  explicit RoomPlate(const RoomPlateOptions& options) : options_(options) {}

  /// Finds the light of a frame, from the believed blocks that are clear. Call before Learn.
  /// In      clear: 255 where the block is surely room.
  /// Out     the share of those blocks whose middle differs from the plate under that light, 0 to 1; 0 where
  ///         too few are believed to tell (less than 1/32 of the frame).
  double MeetLight(const ColourPlanes& camera, const cv::Mat1b& clear);

  /// Learns the clear blocks of the frame that MeetLight saw last.
  /// In      kinds: BlockKind of each block. What contradicts the plate where it is not kOutside may be of
  ///         the caller: it contests nothing and is not learnt.
  ///         all: also brings believed blocks up to date that would have their turn later.
  void Learn(const ColourPlanes& camera, const cv::Mat1b& clear, const cv::Mat1b& kinds, bool all);

  /// What is known of these blocks (255) is not to be believed until they are seen to agree when clear.
  void Doubt(const cv::Mat1b& blocks);

  void Forget();

  const PlateLight& light() const { return light_; }
  /// 255 where the block is believed.
  const cv::Mat1b& trusted() const { return trusted_; }
  /// 255 where the block was learnt from enough frames, believed or not: what agrees with it is the room even
  /// if what does not may be, too.
  const cv::Mat1b& learnt() const { return learnt_; }
  /// What is known of a block; of learnt ones only.
  const PlateBlock& BlockOf(cv::Point at) const {
    return colours_[static_cast<size_t>(at.y * trusted_.cols + at.x)];
  }
  /// Share of all blocks that are believed.
  double trusted_share() const;

 private:
  struct Block {
    uint16_t learnt = 0;    ///< Frames.
    uint16_t contests = 0;  ///< Updates in a row that contradicted it.
    bool doubted = false;   ///< A block near it was contested since it was last seen to agree.
  };

  void Prepare(cv::Size size);
  Block& BlockAt(cv::Point at) { return blocks_[static_cast<size_t>(at.y * trusted_.cols + at.x)]; }
  void LearnBlock(const ColourPlanes& camera, cv::Point at, bool near_caller);
  int PixelsAgainst(const BlockColours& seen, const PlateBlock& known) const;
  void DoubtAroundContests();
  void JudgeTrust();

  RoomPlateOptions options_;
  cv::Size size_;
  std::vector<Block> blocks_;
  std::vector<PlateBlock> colours_;
  cv::Mat1b trusted_;
  cv::Mat1b learnt_;
  cv::Mat1b contested_;
  cv::Mat1b near_contested_;
  cv::Mat1b differs_;             ///< 255: clear, beside the caller, and unlike the plate in the last frame.
  std::vector<PlatePair> pairs_;  ///< Scratch of MeetLight.
  PlateLight light_;
  int64_t frame_ = 0;
};

}  // namespace peekproof::engines
