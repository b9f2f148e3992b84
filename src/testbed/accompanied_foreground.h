// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "testbed/animation.h"
#include "testbed/caller.h"
#include "testbed/foreground.h"

namespace peekproof::testbed {

/// Somebody else in the picture, drawn.
struct SecondPerson {
  CallerLook look;
  SecondPersonMotion motion = SecondPersonMotion::kBeside;
};

/// A caller, drawn or of footage, with a second person behind. Both are foreground: alpha is their common
/// matte.
class AccompaniedForeground : public Foreground {
 public:
  /// seed: of the caller; the second person moves by numbers of their own. render_height_px: height at which
  /// the second person is drawn, the caller's at most.
  AccompaniedForeground(std::unique_ptr<Foreground> caller, const SecondPerson& second, uint64_t seed,
                        int render_height_px);

  Result<void> Fetch(double time_s, cv::Mat* picture) override { return caller_->Fetch(time_s, picture); }
  void Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
            cv::Mat4f* premultiplied) const override;
  Diagnostics diagnostics() const override { return caller_->diagnostics(); }
  std::string DescribeAsJson() const override;

 private:
  cv::Mat4f DrawSecond(double time_s, cv::Size size) const;

  std::unique_ptr<Foreground> caller_;
  SecondPerson second_;
  uint64_t seed_;
  int render_height_px_;
};

}  // namespace peekproof::testbed
