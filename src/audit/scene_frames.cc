// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_frames.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace peekproof::audit {

Result<std::unique_ptr<SceneFrames>> SceneFrames::Start(const AuditOptions& options, const Survey& survey,
                                                        int scene) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, ReaderOptionsOf(options)));
  media::PrefetchOptions prefetch;
  prefetch.wants_full = [shots = survey.shots, scene](int64_t index, double) {
    return Holds(shots, scene, index);
  };
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(reader), prefetch));
  return std::unique_ptr<SceneFrames>(
      new SceneFrames(std::move(frames), survey.scenes[static_cast<size_t>(scene)].end_frame));
}

SceneFrames::SceneFrames(std::unique_ptr<media::FramePrefetcher> frames, int64_t end_frame)
    : frames_(std::move(frames)), end_frame_(end_frame) {}

Result<std::optional<image::Frame>> SceneFrames::Next() {
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(std::optional<media::DecodedFrame> decoded, frames_->Next());
    if (!decoded || decoded->frame.index >= end_frame_) return std::optional<image::Frame>();
    if (decoded->has_full) return std::optional<image::Frame>(std::move(decoded->frame));
  }
}

const Diagnostics& SceneFrames::Stop() {
  frames_->Stop();
  return frames_->diagnostics();
}

bool SceneFrames::Holds(const std::vector<Shot>& shots, int scene, int64_t frame) {
  const auto after = std::upper_bound(shots.begin(), shots.end(), frame, [](int64_t value, const Shot& shot) {
    return value < shot.first_frame;
  });
  return after != shots.begin() && std::prev(after)->scene == scene;
}

}  // namespace peekproof::audit
