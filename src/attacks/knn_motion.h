// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::attacks {

/// OpenCV's KNN background subtractor (Zivkovic, van der Heijden 2006) at a learning rate of 0.3, as the
/// attack of Hilgefort, Arp and Rieck runs it: history 10, squared distance 250, no shadows.
///
/// At that rate each of its three lists of seven samples takes a new one with every frame, so that they are
/// the last 21 frames, and nothing is random. A pixel rests where two of them are near that were themselves
/// near two others when they came.
///
/// Memory  84 bytes a pixel. Threads  Rows in parallel; the result does not depend on their number.
class KnnMotion {
 public:
  explicit KnnMotion(cv::Size size);

  /// Out     moving: 255 where the frame moves against those before it. bgr: of the size given.
  void Apply(const cv::Mat3b& bgr, cv::Mat1b* moving);

 private:
  static constexpr int kSamples = 21;
  static constexpr int kNear2 = 250;
  static constexpr int kNeighbours = 2;

  /// A colour of an earlier frame, and whether it had been near others.
  struct Sample {
    uint8_t bgr[3] = {0, 0, 0};
    bool settled = false;
  };

  cv::Size size_;
  std::vector<Sample> samples_;  ///< kSamples a pixel, a ring.
  int next_ = 0;
};

}  // namespace peekproof::attacks
