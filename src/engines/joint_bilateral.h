// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

struct JointBilateralOptions {
  float sigma_space = 1.0F;  ///< In coarse mask pixels; greater than 0, at most 8.
  float sigma_color = 0.1F;  ///< Euclidean RGB distance, colours in [0, 1]; greater than 0.
};

/// Brings a coarse mask to the size of a frame, led by the frame's colours: joint bilateral upsampling with
/// sparse taps, as Volcomix's WebGL shader and MediaPipe's bilateral_filter_calculator do it.
///
/// With S = sigma_space * max(W / w, H / h) for a mask of w x h and a frame of W x H: taps sit at
/// -S + o, -S + o + s, ... up to S in both axes, s = max(1, 0.66 sqrt S), o = s / 2 where s > 1 (7 x 7 taps
/// from 256x144 to 1280x720). The frame and the mask are sampled nearest at each tap, edges replicated. A tap
/// weighs g(distance in texture coordinates, max(1/W, 1/H) S) * g(colour distance, sigma_color) with
/// g(x, s) = exp(-x^2 / (2 (4 s^2 + 1e-6))): the true sigma is twice the named one.
///
/// Source  Volcomix virtual-background, jointBilateralFilterStage; engines notes 1.1. Deviations: exp by a
///         polynomial (relative error 4e-6), so a value next to x.5 may round the other way.
/// Cost    Only pixels whose taps see different mask values are filtered (the others are exact copies).
/// Threads Apply runs rows in parallel; the result does not depend on the number of threads or the
///         processor. One Apply at a time per object.
class JointBilateralUpsampler {
 public:
  explicit JointBilateralUpsampler(const JointBilateralOptions& options);

  /// In      coarse: 255 times the soft mask, at the network's size. guide: the frame. Neither empty.
  /// Out     refined: 255 times the soft mask at the frame's size, rounded as an 8-bit texture does; reused.
  void Apply(const cv::Mat1b& coarse, const cv::Mat3b& guide, cv::Mat1b* refined);

 private:
  /// Taps of one axis and where they fall.
  struct Axis {
    int size = 0;                          ///< Of the frame.
    std::vector<float> shift;              ///< Of each tap, in frame pixels.
    std::vector<int> pixel;                ///< Frame pixel that a tap samples, relative to the centre's.
    std::vector<std::vector<int>> coarse;  ///< Mask index by tap and frame index, `padding` entries more.
    std::vector<int> low;                  ///< Smallest mask index under any tap, by frame index.
    std::vector<int> high;                 ///< Largest one.
  };
  class TileFilter;

  static Axis MakeAxis(int size, int coarse_size, float radius, int padding);
  void Prepare(cv::Size coarse_size, cv::Size size);

  JointBilateralOptions options_;
  cv::Size coarse_size_;
  cv::Size size_;
  Axis x_;
  Axis y_;
  std::vector<float> space_weight_;  ///< By y tap, then x tap.
  float color_exponent_ = 0;         ///< Base-2 exponent per squared 8-bit colour distance.
};

}  // namespace peekproof::engines
