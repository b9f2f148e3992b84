// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"

namespace peekproof::testbed {

/// A person cut out of footage, in the footage's own frame.
class CutoutSource {
 public:
  virtual ~CutoutSource() = default;

  virtual cv::Size size() const = 0;

  /// Takes the picture that is shown at a time from its file. One call at a time, in order of time; footage
  /// that is shorter than the scene goes on without a jump.
  /// Out     picture: for Cut, in the source's own format.
  virtual Result<void> Fetch(double time_s, cv::Mat* picture) = 0;

  /// Cuts the person out. Thread-safe, in any order.
  /// Out     cutout: size(), linear light blue, green, red, each times alpha, and alpha in [0, 1].
  virtual void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const = 0;

  /// As Foreground::diagnostics.
  virtual Diagnostics diagnostics() const { return {}; }

  /// Options and quality of the cut, as one JSON object.
  virtual std::string DescribeAsJson() const = 0;
};

}  // namespace peekproof::testbed
