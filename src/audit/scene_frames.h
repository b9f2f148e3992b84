// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "audit/audit.h"
#include "audit/survey.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"
#include "media/prefetcher.h"

namespace peekproof::audit {

/// Which of a scene's frames are converted.
enum class WantedFrames {
  kAll,
  kNew,  ///< Those that FrameNovelty does not know; the others come without a picture.
};

/// Frames of one scene, one after the other, from a reader that also delivers those of other scenes. Decodes
/// ahead on a thread of its own.
class SceneFrames {
 public:
  /// Errors  VideoReader::Open's.
  static Result<std::unique_ptr<SceneFrames>> Start(const AuditOptions& options, const Survey& survey,
                                                    int scene, WantedFrames wanted = WantedFrames::kAll);

  /// The next frame of the scene; none at its end. Its `bgr` is empty where it is not wanted.
  /// Errors  the reader's.
  Result<std::optional<image::Frame>> Next();

  /// Ends reading.
  const Diagnostics& Stop();

 private:
  SceneFrames(std::unique_ptr<media::FramePrefetcher> frames, const Survey& survey, int scene);
  static bool Holds(const std::vector<Shot>& shots, int scene, int64_t frame);

  std::unique_ptr<media::FramePrefetcher> frames_;
  const std::vector<Shot> shots_;
  const int scene_;
  const int64_t end_frame_;
};

}  // namespace peekproof::audit
