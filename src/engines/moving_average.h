// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace peekproof::engines {

/// Exponential moving average of masks: share * mask + (1 - share) * last result, kept as floats. Without an
/// earlier result the mask counts as having stood for ever; a mask of another size starts afresh.
class MovingAverage {
 public:
  /// share: of the new mask, in (0, 1] (checked).
  explicit MovingAverage(float share);

  /// In place. Rows in parallel; allocates at the first mask of a size only.
  void Apply(cv::Mat1f* mask);
  void Forget() { has_last_ = false; }

  /// How many results after its own a mask still moves by 1/255 or more.
  static int Reach(float share);

 private:
  float share_;
  bool has_last_ = false;
  cv::Mat1f last_;
};

}  // namespace peekproof::engines
