// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::audit {

/// How far places stray from the mean colour that they had before, on thumbnails, where a codec's
/// restlessness on textures averages away. Each sample counts by at most kMostDrift levels, so that the few
/// in which the caller or the room was there decide nothing.
class ColourDrift {
 public:
  static constexpr float kMostDrift = 8.0F;

  /// Adds a thumbnail, always of one size. settled: 255 where it surely shows the background.
  void Add(const cv::Mat3b& thumbnail, const cv::Mat1b& settled);

  /// Mean drift in levels of the channel that strays most, 0 to kMostDrift; 0 where fewer than two samples
  /// counted. Empty where nothing was added.
  cv::Mat1f Mean() const;

 private:
  void AddSample(cv::Vec3b colour, int y, int x);

  cv::Mat1f samples_;
  cv::Mat3f centre_;  ///< Mean, to which each sample adds kMostDrift levels at most.
  cv::Mat1f drift_;
};

}  // namespace peekproof::audit
