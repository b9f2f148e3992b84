// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "audit/loop_finder.h"
#include "audit/photometry.h"
#include "audit/scene_tracker.h"
#include "audit/wallpaper_video.h"
#include "base/diagnostics.h"
#include "base/progress.h"
#include "base/result.h"
#include "media/video_reader.h"

namespace peekproof::audit {

/// Size of the thumbnails on which cuts are found: the landscape model's input, so that they can be
/// segmented.
inline const cv::Size kThumbnailSize(256, 144);

/// What the first pass learned of one scene.
struct SurveyedScene {
  Scene scene;
  int64_t first_frame = 0;
  int64_t end_frame = 0;  ///< One past the last; frames of other scenes may lie between.
  double start_s = 0;
  double last_s = 0;
  double caller_share = 0;      ///< Mean over the sampled frames, in [0, 1].
  cv::Mat1f caller_presence;    ///< Share of sampled frames with the caller, thumbnail size, in [0, 1].
  cv::Mat1f settled_frames;     ///< Sampled frames in which a pixel was surely background, thumbnail size.
  cv::Mat1f colour_drift;       ///< ColourDrift::Mean of those.
  cv::Mat3b wallpaper;          ///< Most frequent colour of each pixel; empty when no frame was sampled.
  cv::Mat1f wallpaper_support;  ///< Lower bound on the share of samples that show it.
  double global_motion_px =
      0;  ///< Median shift of the whole thumbnail over half a second; a moving camera's.
  Photometry photometry;
  std::vector<cv::Mat3b> frames;  ///< A few as recorded, evenly spread.
  std::vector<cv::Mat3b> shown;   ///< What a moving wallpaper shows in each of these; none where it is still.
  int sampled_frames = 0;
};

/// A boundary at which the picture changed around a caller who stayed in place: the background was swapped.
struct BackgroundSwap {
  int scene_before = 0;
  int scene_after = 0;
};

/// What the first pass learned of the recording.
struct Survey {
  std::vector<Shot> shots;
  std::vector<SurveyedScene> scenes;
  std::vector<BackgroundSwap> swaps;
  int64_t frames = 0;
  double duration_s = 0;  ///< Time from the first frame to the end of the last.
  bool interrupted = false;
  media::VideoInfo info;
  std::shared_ptr<WallpaperVideo>
      wallpaper_video;  ///< Where the options name one, or one was learned: scenes are told of frames whose
                        ///< background was stilled (StillBackground). Else null.
  bool follows_wallpaper =
      true;                ///< Whether at least one of ten frames shows that video, where there is one.
  LoopFinder loop_finder;  ///< Of the frames, where there is none.
  Diagnostics diagnostics;
};

/// How both passes read the recording.
media::ReaderOptions ReaderOptionsOf(const AuditOptions& options);

/// Model that finds the caller in thumbnails.
std::string SurveyModel(const AuditOptions& options);

/// Whether the wallpaper is estimated from a frame: `wanted` frames are, spread evenly over the `total` that
/// the container states (all where those are fewer). Behind that end, where it states too few or none, each
/// doubling of the length brings half of `wanted`, ten times; so there are never more than six times
/// `wanted`.
bool IsSampled(int64_t index, int64_t total, int64_t wanted);

/// First pass: finds shots and scenes, estimates each scene's wallpaper and where its caller sits.
/// Errors  the reader's, the segmenter's, WallpaperVideo's; kInvalidArgument where a video was given as
///         wallpaper and nine of ten frames show something else.
/// Memory  Bounded: full-size votes are kept for at most four scenes at a time (fewer above 1280 x 720);
///         scenes beyond that have no wallpaper, and a diagnostic says so.
Result<Survey> SurveyRecording(const AuditOptions& options, ProgressSink* progress,
                               const std::stop_token& stop);

/// The same with a video behind the caller, which may be null, whatever the options name.
Result<Survey> SurveyBehind(const AuditOptions& options, std::shared_ptr<WallpaperVideo> video,
                            ProgressSink* progress, const std::stop_token& stop);

}  // namespace peekproof::audit
