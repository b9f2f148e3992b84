// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "testbed/cutout_source.h"
#include "testbed/foreground.h"
#include "testbed/warp_motion.h"

namespace peekproof::testbed {

/// A person cut out of footage, framed and moved.
///
/// Where the footage ends beside or below the person, its border is drawn on: downwards as it is, sideways
/// sloping like a shoulder, so that no cut edge shows whatever the motion. Nothing is above its upper border.
class CutoutForeground : public Foreground {
 public:
  /// motion: valid. Looks at the first seconds of the source to frame the person.
  /// Errors  CheckScript's; the source's; kUnsupported (nobody in the footage); kInvalidArgument (placement).
  static Result<std::unique_ptr<CutoutForeground>> Create(std::unique_ptr<CutoutSource> source,
                                                          const PlacementOptions& placement,
                                                          const MotionOptions& motion, uint64_t seed);

  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
            cv::Mat4f* premultiplied) const override;
  Diagnostics diagnostics() const override { return source_->diagnostics(); }
  std::string DescribeAsJson() const override { return source_->DescribeAsJson(); }

 private:
  CutoutForeground(std::unique_ptr<CutoutSource> source, const PlacementOptions& placement,
                   const MotionOptions& motion, uint64_t seed);

  std::unique_ptr<CutoutSource> source_;
  PlacementOptions placement_;
  MotionOptions motion_;
  uint64_t seed_;
  CutoutShape shape_;
};

/// Draws a cut-out through a warp: bilinear, from a picture averaged down where it shrinks by more than 2.
void DrawWarped(const cv::Mat4f& cutout, const Warp& warp, double scale, cv::Size canvas,
                cv::Mat4f* premultiplied);

}  // namespace peekproof::testbed
