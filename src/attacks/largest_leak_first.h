// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "attacks/attack.h"

namespace peekproof::attacks {

/// Gathering by the largest leak first (paper section 4.3 "Leak aggregation"): each pixel keeps the colour
/// that it had in the frame with the most candidates among those in which it is one.
///
/// Differs: streams (the artifact sorts all frames first; the result is the same, ties go to the earlier
/// frame); absent pixels are absent, not black. Confidence, which the paper does not have, is the share of
/// agreeing frames: of the frames in which the pixel was a candidate, and one more, those within 12 of the
/// kept colour in every channel since it was kept. It is not calibrated.
class LargestLeakFirst : public Gatherer {
 public:
  explicit LargestLeakFirst(cv::Size size);

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;

 private:
  void AddPixel(const FrameEvidence& evidence, int y, int x);

  image::Reconstruction room_;  ///< Confidence is computed by Finish.
  cv::Mat1i leak_px_;           ///< Candidates of the frame that gave the colour; 0: none did.
  cv::Mat_<uint16_t> agreeing_;
};

}  // namespace peekproof::attacks
