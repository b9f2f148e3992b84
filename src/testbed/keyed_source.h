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
#include "testbed/key_quality.h"

namespace peekproof::testbed {

/// A person keyed from footage before a flat backdrop.
class KeyedSource : public CutoutSource {
 public:
  /// Errors  media::VideoReader's; KeyOptions::Validate's; kUnsupported (no flat backdrop; nobody before it).
  static Result<std::unique_ptr<KeyedSource>> Open(const std::string& path, const KeyOptions& options);

  cv::Size size() const override { return player_->size(); }
  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const override;
  /// The player's, and a warning where the quality is none of a key that holds (DoubtsOf).
  Diagnostics diagnostics() const override;
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

/// The quality of a key over up to six moments of a clip, each with the frame after it.
/// Errors  KeyedSource::Open's.
Result<KeyQuality> MeasureKeyQuality(const std::string& path, const KeyOptions& options);

}  // namespace peekproof::testbed
