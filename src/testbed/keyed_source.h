// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "testbed/backdrop_model.h"
#include "testbed/clip_player.h"
#include "testbed/cutout_source.h"
#include "testbed/key_options.h"

namespace peekproof::testbed {

/// How good a key is, over frames of its clip. No truth is needed, so none of it proves that edges are where
/// the person's are.
struct KeyQuality {
  /// Pixels with alpha from 0.05 to 0.95 over those with more than 0.5. About 0.02 for a head and shoulders
  /// with short hair at 720 rows, 0.1 and more for loose hair, small pictures, or a key that does not bite.
  double soft_share = 0;
  /// Mean absolute change of alpha from frame to frame over pixels near an edge (alpha from 0.05 to 0.95 in
  /// either frame) whose picture hardly changes (2 deviations of the backdrop's noise). 0 is steady; above
  /// 0.05 edges shimmer.
  double flicker = 0;
  /// Closed-in places of alpha below 0.5 that are left in the person: mean number in a frame, and their share
  /// of the person's area. 0 for most clips; an arm on a hip closes in a real one.
  double holes = 0;
  double hole_share = 0;
  double backdrop_noise = 0;  ///< Deviation of the backdrop's luma from its model, 8-bit steps.
  double border_share = 0;    ///< BackdropModel::border_share; 1 is a clean backdrop.
};

/// A person keyed from footage before a flat backdrop.
class KeyedSource : public CutoutSource {
 public:
  /// Errors  media::VideoReader's; KeyOptions::Validate's; kUnsupported (no flat backdrop; nobody before it).
  static Result<std::unique_ptr<KeyedSource>> Open(const std::string& path, const KeyOptions& options);

  cv::Size size() const override { return player_->size(); }
  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const override;
  std::string DescribeAsJson() const override;

  const KeyQuality& quality() const { return quality_; }

 private:
  KeyedSource(std::unique_ptr<ClipPlayer> player, KeyOptions options);
  Result<void> MeasureQuality();

  std::unique_ptr<ClipPlayer> player_;
  KeyOptions options_;
  BackdropModel model_;  ///< Empty for the paper's key.
  KeyQuality quality_;
};

/// Pixels below 0.5 that are closed in by others, the lower border counting as closed: number of places and
/// of pixels.
struct Holes {
  int places = 0;
  int pixels = 0;
};
Holes FindHoles(const cv::Mat1f& alpha);

}  // namespace peekproof::testbed
