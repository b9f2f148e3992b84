// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"

namespace peekproof::testbed {

/// A person with an exact matte, moment by moment: drawn, or cut out of footage.
class Foreground {
 public:
  virtual ~Foreground() = default;

  /// Takes what the moment needs from files. One call at a time, in order of time.
  /// Out     picture: footage for Draw, in its own format; left empty where nothing is read.
  virtual Result<void> Fetch(double time_s, cv::Mat* picture) = 0;

  /// Draws the person over an open shutter: the mean of the drawings at some moments. Thread-safe, in any
  /// order.
  ///
  /// In      picture: as Fetch left it for the frame.
  ///         moments_s: at least one; ShutterTimes of the camera.
  ///         canvas: size that the picture of the whole scene is composed at.
  /// Out     premultiplied: linear light blue, green, red, each times alpha, and alpha in [0, 1]; of the
  ///         canvas's shape, and of its size or smaller.
  virtual void Draw(const cv::Mat& picture, std::span<const double> moments_s, cv::Size canvas,
                    cv::Mat4f* premultiplied) const = 0;

  /// What a user should know of it beside errors: footage that was cut, a key that does not hold.
  virtual Diagnostics diagnostics() const { return {}; }

  /// Everything about it that a truth file should tell, as one JSON object.
  virtual std::string DescribeAsJson() const = 0;
};

}  // namespace peekproof::testbed
