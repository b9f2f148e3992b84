// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Mean over a square of side 2 radius + 1, rows first, then columns, each rounded to 8 bit; edges
/// replicated.
///
/// Source  @livekit/track-processors 0.8.1, boxBlurShader; engines notes 1.9.
/// Cost    Running sums: the same for every radius.
/// Threads Apply runs rows in parallel; the result does not depend on their number. One Apply at a time.
class BoxBlur {
 public:
  /// In      radius: in [0, 64].
  explicit BoxBlur(int radius);

  /// Out     blurred: reused buffer; must not be `mask`.
  void Apply(const cv::Mat1b& mask, cv::Mat1b* blurred);

 private:
  int radius_;
  cv::Mat1b rows_;
};

/// The edge that LiveKit draws from its blurred mask m (1 is background): with g the length of m's gradient,
/// 255 (1 - smoothstep(1/2 - softness g, 1/2 + softness g, m)). Where m does not change, m is cut at 1/2.
///
/// Source  @livekit/track-processors 0.8.1, compositeShader, edgeSoftness 2. The gradient is one for each
/// block of
///         2 x 2 pixels, as GPUs give it and a software GPU was seen to: the step along the block's lower row
///         and the one down its left column, 0 beyond the frame's edge. (GLSL leaves the choice open.)
/// Out     caller: reused buffer; must not be `background`.
void EdgeByGradient(const cv::Mat1b& background, float softness, cv::Mat1b* caller);

}  // namespace peekproof::engines
