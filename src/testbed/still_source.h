// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "testbed/cutout_source.h"

namespace peekproof::testbed {

/// The matte that belongs to a still by its name: X_alpha.png for X_rgb.*, if there is such a file, else the
/// still itself, whose own alpha channel is meant.
std::string MatteOfStill(const std::string& path);

/// A person in a still picture with a matte. The colours of soft edges, which are mixed with what was behind
/// the person, are replaced by an estimate of the person's own (engines::ForegroundEstimator); alpha below
/// 4 of 255, a predicted matte's doubt, counts as none.
class StillSource : public CutoutSource {
 public:
  /// matte: picture file, grey or with an alpha channel; empty: MatteOfStill.
  /// Errors  media::ReadPicture's; kUnsupported (the matte is all opaque or all empty: says what is wanted);
  ///         kInvalidArgument (another size).
  static Result<std::unique_ptr<StillSource>> Open(const std::string& path, const std::string& matte);

  cv::Size size() const override { return cutout_.size(); }
  Result<void> Fetch(double time_s, cv::Mat* picture) override;
  void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const override;
  std::string DescribeAsJson() const override;

 private:
  explicit StillSource(cv::Mat4f cutout);

  cv::Mat4f cutout_;
};

/// Straight 8-bit colour and alpha as a cut-out; colours of soft pixels are estimated.
cv::Mat4f CutoutOf(const cv::Mat3b& bgr, const cv::Mat1b& alpha);

}  // namespace peekproof::testbed
