// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// What the guard may do with a block of 8 x 8 pixels.
enum BlockKind : uint8_t {
  kOutside = 0,  ///< Never shown: nothing there is the caller.
  kBand = 1,     ///< Every pixel has to be decided on.
  kCore = 2,     ///< The caller, whole.
};

struct CallerZoneOptions {
  int reach_blocks = 8;  ///< How far beyond the network's caller a pixel may still be the caller's; 0 to 32.
  int core_blocks = 3;   ///< How far inside the network's caller the band reaches; 1 to 32.
  int clear_blocks = 2;  ///< Distance from any doubt of the network from which a block counts as room.
  bool one_person = true;  ///< Only the caller: other people and their parts are left out.
};

/// Sorts a frame's blocks by what the network says of them.
///
/// A block is the caller's where the mask reaches 1/2 anywhere in it, and surely the caller's where it is at
/// least 0.95 everywhere. With one_person, the caller is the connected part that shares most blocks with the
/// caller of the frame before, else the largest. Parts within 12 blocks (96 pixels) of it are its own where
/// they are of less than a quarter of its size (a hand) or lie where the caller was; all others are somebody
/// else.
///
/// Not thread-safe. Allocates at the first frame of a size only, but for OpenCV's own scratch.
class CallerZone {
 public:
  explicit CallerZone(const CallerZoneOptions& options) : options_(options) {}

  /// In      caller: 255 times the network's soft mask, at frame size.
  ///         extra_blocks: how much wider the band is than the options say, to both sides; at least 0.
  void Update(const cv::Mat1b& caller, int extra_blocks);
  /// Forgets who the caller was.
  void Forget() { previous_.release(); }

  const cv::Mat1b& kinds() const { return kinds_; }  ///< BlockKind of each block.
  const cv::Mat1b& clear() const { return clear_; }  ///< 255 where the block is surely room.
  /// Whether there is anybody.
  bool has_caller() const { return has_caller_; }

 private:
  void FindRange(const cv::Mat1b& caller);
  void KeepOnePerson();

  CallerZoneOptions options_;
  cv::Mat1b low_;   ///< Smallest mask value of each block,
  cv::Mat1b high_;  ///< and the largest one.
  cv::Mat1b mine_;  ///< 255: the caller's.
  cv::Mat1b previous_;
  cv::Mat1b scratch_;
  cv::Mat1b kinds_;
  cv::Mat1b clear_;
  bool has_caller_ = false;
};

}  // namespace peekproof::engines
