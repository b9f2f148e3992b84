// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "base/result.h"

namespace peekproof::image {

struct ColourVoteOptions {
  int tolerance = 10;       ///< Largest difference in any channel (0 to 255) to a cluster's centre.
  int settled_weight = 32;  ///< Weight of a sample that is not marked as doubtful, 1 to 32; doubtful: 1.

  /// kInvalidArgument naming the field, when a value is out of range.
  Result<void> Validate() const;
};

/// Each pixel's most frequent colour, by a vote of four counters per pixel.
///
/// In      Add: frames of the size given, BGR 8-bit sRGB, in any order; at most kMaxFrames.
///         doubtful: 255 where a sample is likely not of the background (the caller); it then weighs less and
///         does not enter the mean. Empty: nothing is doubtful.
/// Out     Finish: colour: mean of the winning cluster's first 255 settled members. support: lower bound on
///         the (weighted) share of samples within the cluster, in [0, 1]; 0 where nothing was added. known:
///         where the background showed often enough; elsewhere the colour may be the caller's.
/// Memory  50 bytes per pixel.
/// Threads Rows in parallel; the result does not depend on their number.
/// Source  Paper section 4.1 "Mask refinement" (V~, the mode). Differs: codec noise makes exact colours rare,
///         so colours within a tolerance vote together; and a k-counter vote (Misra and Gries 1982) instead
///         of a histogram, so a colour is sure to be found only where it has more than 1/5 of the samples.
///         The artifact takes the mode per channel; this one is of the joint colour.
///         Centres move to their members' mean after 8, 16, 32, ... frames.
/// Order   Where one colour has more than 1/5 of the (equally weighted) samples, and no other comes within
///         1/5 of its share or 2 * tolerance of its colour, any order finds it; the mean then differs between
///         orders by less than the tolerance, and by nothing when all its samples are equal.
class ColourVote {
 public:
  static constexpr int kCounters = 4;
  static constexpr int kMaxFrames = 2000;
  static constexpr int kKnownFrom = 3;

  explicit ColourVote(cv::Size size, const ColourVoteOptions& options = {});

  void Add(const cv::Mat3b& bgr);
  void Add(const cv::Mat3b& bgr, const cv::Mat1b& doubtful);

  struct Mode {
    cv::Mat3b colour;  ///< H x W, BGR.
    cv::Mat1f support;
    cv::Mat1b known;  ///< 255 where at least kKnownFrom settled samples made the colour.
  };
  Mode Finish() const;

  int frames() const { return frames_; }

 private:
  /// One cluster of every pixel, in planes.
  struct Cluster {
    cv::Mat1b centre[3];           ///< B, G, R.
    cv::Mat_<uint16_t> votes;      ///< 0: free.
    cv::Mat1b members;             ///< Settled samples in `offsets`, saturating.
    cv::Mat_<int16_t> offsets[3];  ///< Sum over members of sample minus centre.
  };

  void AddRow(const cv::Mat3b& bgr, const cv::Mat1b& doubtful, int y);
  void RecentreRow(int y);

  cv::Size size_;
  ColourVoteOptions options_;
  int frames_ = 0;
  std::vector<Cluster> clusters_;
  cv::Mat_<uint16_t> total_;  ///< Weight of all samples.
};

}  // namespace peekproof::image
