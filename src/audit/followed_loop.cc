// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/followed_loop.h"

#include <utility>

#include "audit/learned_loop.h"

namespace peekproof::audit {
namespace {

// Share of the sampled frames with somebody, over all scenes; empty where none was sampled.
cv::Mat1f WhereTheCallerIs(const Survey& survey) {
  cv::Mat1f sum;
  int frames = 0;
  for (const SurveyedScene& scene : survey.scenes) {
    if (scene.sampled_frames == 0) continue;
    if (sum.empty()) sum = cv::Mat1f(scene.caller_presence.size(), 0.0F);
    cv::scaleAdd(scene.caller_presence, scene.sampled_frames, sum, sum);
    frames += scene.sampled_frames;
  }
  if (frames > 0) sum *= 1.0 / frames;
  return sum;
}

// Fans and pendulums repeat too, but fast and in a small place.
bool IsNoRoom(const BackgroundLoop& loop) {
  constexpr double kMuch = 0.3;
  constexpr double kSome = 0.05;
  constexpr double kSlowS = 3.0;
  return loop.moving_share >= kMuch || (loop.moving_share >= kSome && loop.period_s >= kSlowS);
}

}  // namespace

Result<std::optional<WallpaperLoop>> FollowLoop(const AuditOptions& options, Survey* survey,
                                                ProgressSink* progress, const std::stop_token& stop) {
  const std::optional<WallpaperLoop> none;
  const LoopFinder finder = std::exchange(survey->loop_finder, {});
  if (stop.stop_requested()) return none;
  const cv::Mat1f caller = WhereTheCallerIs(*survey);
  if (caller.empty()) return none;
  const auto loop = finder.Find(caller);
  if (!loop) return none;
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, LearnLoop(options, *survey, *loop, progress, stop));
  if (video == nullptr) return none;
  const double known_share = video->KnownShare();
  PEEKPROOF_ASSIGN_OR_RETURN(Survey again, SurveyBehind(options, std::move(video), progress, stop));
  if (!again.follows_wallpaper) return none;
  *survey = std::move(again);
  return std::optional<WallpaperLoop>({.period_s = loop->period_s,
                                       .rounds = loop->rounds,
                                       .pictures = loop->pictures,
                                       .known_share = known_share,
                                       .is_sure = IsNoRoom(*loop)});
}

}  // namespace peekproof::audit
