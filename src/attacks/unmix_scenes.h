// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of unmix share: a generated scene, attacked and scored against its truth.

#include <algorithm>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "attacks/largest_leak_first.h"
#include "attacks/leak_finder.h"
#include "attacks/synthetic_scene.h"
#include "attacks/unmix.h"
#include "attacks/wallpaper.h"
#include "engines/blend.h"
#include "image/ciede2000.h"
#include "image/reconstruction.h"

namespace peekproof::attacks {

/// Recall: share of the pixels that leaked at least 0.2 that are within CIEDE2000 10 of the room; precision:
/// of the painted pixels.
struct Score {
  double recall = 0;
  double precision = 0;
  double stated = 0;  ///< Mean confidence of the painted pixels.
  int painted = 0;
};

inline Score ScoreOf(const image::Reconstruction& found, const cv::Mat3b& room, const cv::Mat1b& leaked) {
  const cv::Mat1f difference = image::Ciede2000Map(found.bgr, room);
  const cv::Mat1b present = found.Present();
  const cv::Mat1b right(cv::Mat1b(difference < 10.0F) & present);
  Score score;
  score.painted = cv::countNonZero(present);
  score.recall = static_cast<double>(cv::countNonZero(right & leaked)) / cv::countNonZero(leaked);
  score.precision = static_cast<double>(cv::countNonZero(right)) / std::max(1, score.painted);
  score.stated = cv::sum(found.confidence)[0] / std::max(1, score.painted);
  return score;
}

struct Outcome {
  image::Reconstruction gathered;
  image::Reconstruction unmixed;
  cv::Mat1b leaked;
};

inline Outcome RunScene(const SyntheticScene& scene, const std::vector<int>& order) {
  const cv::Size size = scene.options().size;
  const auto wallpaper = Wallpaper::Of(scene.wallpaper());
  LeakFinder finder({});
  LargestLeakFirst gatherer(size);
  Unmix unmix(wallpaper, engines::BlendModel{});
  cv::Mat1b leaked(size, uchar{0});
  for (const int t : order) {
    SyntheticScene::Moment moment = scene.At(t);
    FrameEvidence& evidence = moment.evidence;
    finder.Find(evidence.frame.bgr, *wallpaper, evidence.engine_mask, evidence.caller, &evidence.leak,
                &evidence.leak_px);
    gatherer.Add(evidence);
    unmix.Add(evidence);
    cv::Mat1b clear;
    cv::erode(cv::Mat1b(moment.true_caller.values == 0), clear, cv::Mat());
    leaked |= cv::Mat1b(moment.true_alpha.values >= 0.2F) & clear;
  }
  return {gatherer.Finish(), unmix.Finish(), leaked};
}

inline std::vector<int> Frames(int count) {
  std::vector<int> frames(static_cast<size_t>(count));
  std::iota(frames.begin(), frames.end(), 0);
  return frames;
}

}  // namespace peekproof::attacks
