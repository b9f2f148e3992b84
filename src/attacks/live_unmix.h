// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>

#include "attacks/attack.h"
#include "attacks/unmix.h"
#include "engines/engine.h"
#include "image/colour_vote.h"

namespace peekproof::attacks {

/// Unmix in one pass, for a call that is still going on: learns the wallpaper while it looks, instead of
/// before, so that Finish may be asked at any time. What was gathered against an earlier idea of the
/// wallpaper is carried over to the later one exactly; only how it was judged is not judged again.
///
/// In      Add: frames in presentation order; `leak` is not used.
/// Out     Finish: as Unmix. All absent before the first frame.
/// Memory  150 bytes per pixel, whatever the length.
/// Threads Rows in parallel; the result does not depend on their number.
/// Order   Matters: the first frames are judged by a wallpaper that is not well known.
class LiveUnmix : public Gatherer {
 public:
  /// options: must be valid.
  LiveUnmix(cv::Size size, const engines::BlendModel& blend, const UnmixOptions& options = {});

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;

 private:
  void Vote(const FrameEvidence& evidence);
  void RenewWallpaper();

  cv::Size size_;
  engines::BlendModel blend_;
  UnmixOptions options_;
  image::ColourVote vote_;
  int64_t frames_ = 0;
  int renewed_at_ = 0;            ///< Votes at which the wallpaper was renewed last.
  std::unique_ptr<Unmix> unmix_;  ///< Null before the first frame.
  cv::Mat1b doubtful_;
};

}  // namespace peekproof::attacks
