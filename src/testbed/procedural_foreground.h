// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "testbed/animation.h"
#include "testbed/caller.h"
#include "testbed/foreground.h"

namespace peekproof::testbed {

/// The drawn caller.
class ProceduralForeground : public Foreground {
 public:
  /// motion: valid. render_height_px: height at which the caller is drawn, the canvas's at most.
  ProceduralForeground(const CallerLook& look, const MotionOptions& motion, uint64_t seed,
                       int render_height_px);

  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
            cv::Mat4f* premultiplied) const override;
  std::string DescribeAsJson() const override;

 private:
  cv::Mat4f DrawMoment(double time_s, cv::Size canvas) const;

  CallerLook look_;
  MotionOptions motion_;
  uint64_t seed_;
  int render_height_px_;
};

}  // namespace peekproof::testbed
