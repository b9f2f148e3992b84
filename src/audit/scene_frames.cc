// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_frames.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "audit/frame_novelty.h"

namespace peekproof::audit {

Result<std::unique_ptr<SceneFrames>> SceneFrames::Start(const AuditOptions& options, const Survey& survey,
                                                        int scene, WantedFrames wanted) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, ReaderOptionsOf(options)));
  media::PrefetchOptions prefetch;
  std::shared_ptr<FrameNovelty> novelty;
  if (wanted == WantedFrames::kNew) {
    novelty = std::make_shared<FrameNovelty>(survey.scenes[static_cast<size_t>(scene)].caller_presence);
    prefetch.thumbnail_size = kThumbnailSize;
  }
  prefetch.wants_full = [shots = survey.shots, scene, novelty](int64_t index, double,
                                                               const cv::Mat3b& thumbnail) {
    return Holds(shots, scene, index) && (!novelty || novelty->Offer(thumbnail));
  };
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(reader), prefetch));
  return std::unique_ptr<SceneFrames>(new SceneFrames(std::move(frames), survey, scene));
}

SceneFrames::SceneFrames(std::unique_ptr<media::FramePrefetcher> frames, const Survey& survey, int scene)
    : frames_(std::move(frames)),
      shots_(survey.shots),
      scene_(scene),
      end_frame_(survey.scenes[static_cast<size_t>(scene)].end_frame) {}

Result<std::optional<image::Frame>> SceneFrames::Next() {
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(std::optional<media::DecodedFrame> decoded, frames_->Next());
    if (!decoded || decoded->frame.index >= end_frame_) return std::optional<image::Frame>();
    if (Holds(shots_, scene_, decoded->frame.index))
      return std::optional<image::Frame>(std::move(decoded->frame));
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
