// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/evidence_maker.h"

#include <utility>

#include "base/check.h"

namespace peekproof::attacks {

EvidenceMaker::EvidenceMaker(std::unique_ptr<engines::Matter> engine,
                             std::unique_ptr<models::Segmenter> caller)
    : engine_(std::move(engine)), caller_(std::move(caller)) {
  PEEKPROOF_CHECK(engine_ != nullptr, "both networks are needed");
}

Result<void> EvidenceMaker::Make(const image::Frame& frame, FrameEvidence* evidence) {
  evidence->frame = frame;
  PEEKPROOF_RETURN_IF_ERROR(engine_->Estimate(frame.bgr, &evidence->engine_alpha, &evidence->engine_mask));
  return caller_.Find(frame.bgr, &evidence->caller);
}

}  // namespace peekproof::attacks
