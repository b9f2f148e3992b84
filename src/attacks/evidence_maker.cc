// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/evidence_maker.h"

#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/check.h"

namespace peekproof::attacks {

EvidenceMaker::EvidenceMaker(std::unique_ptr<engines::Matter> engine,
                             std::unique_ptr<models::Segmenter> caller)
    : engine_(std::move(engine)), caller_(std::move(caller)) {
  PEEKPROOF_CHECK(engine_ != nullptr && caller_ != nullptr, "both networks are needed");
}

Result<void> EvidenceMaker::Make(const image::Frame& frame, FrameEvidence* evidence) {
  evidence->frame = frame;
  PEEKPROOF_RETURN_IF_ERROR(engine_->Estimate(frame.bgr, &evidence->engine_alpha, &evidence->engine_mask));
  cv::resize(frame.bgr, small_, caller_->input_size(), 0, 0, cv::INTER_LINEAR);
  PEEKPROOF_RETURN_IF_ERROR(caller_->Segment(small_, &small_caller_));
  cv::resize(small_caller_.values, evidence->caller.values, frame.bgr.size(), 0, 0, cv::INTER_LINEAR);
  return {};
}

}  // namespace peekproof::attacks
