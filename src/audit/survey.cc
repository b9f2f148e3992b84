// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "audit/caller_zone.h"
#include "audit/camera_motion.h"
#include "audit/scene_votes.h"
#include "audit/stilled_frame.h"
#include "media/prefetcher.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

constexpr float kCaller = 0.5F;
constexpr double kLeastOverlapShare = 0.02;
constexpr double kSamePlace = 0.5;  // Intersection over union of the caller before and after a swap.

double CallerOverlap(const image::AlphaMask& a, const image::AlphaMask& b) {
  const image::BinaryMask in_a = image::GreaterThan(a, kCaller);
  const image::BinaryMask in_b = image::GreaterThan(b, kCaller);
  const int either = cv::countNonZero(in_a.values | in_b.values);
  if (either < kLeastOverlapShare * static_cast<double>(in_a.values.total())) return 0.0;
  return cv::countNonZero(in_a.values & in_b.values) / static_cast<double>(either);
}

// The first pass in progress.
class Surveyor {
 public:
  /// wallpaper: may be null; must outlive this.
  Surveyor(std::unique_ptr<models::Segmenter> segmenter, cv::Size frame_size, WallpaperVideo* wallpaper)
      : segmenter_(std::move(segmenter)), votes_(frame_size), wallpaper_(wallpaper) {}

  Result<void> Add(media::DecodedFrame decoded);
  void Finish(Survey* survey);

 private:
  /// Whether enough of what was sampled shows the wallpaper's video, where there is one.
  bool FollowsWallpaper() const {
    constexpr double kLeast = 0.1;
    return wallpaper_ == nullptr || followed_frames_ >= kLeast * compared_frames_;
  }
  Result<void> Still(media::DecodedFrame* decoded, RecordedFrame* recorded);
  Result<void> SegmentThumbnail(const cv::Mat3b& thumbnail, image::AlphaMask* caller);
  Result<void> NoteCut(const cv::Mat3b& thumbnail, int scene_before, int scene_after);
  void Describe(int scene, SurveyedScene* described) const;

  std::unique_ptr<models::Segmenter> segmenter_;
  SceneTracker tracker_;
  SceneVotes votes_;
  WallpaperVideo* wallpaper_;
  std::map<int, CameraMotion> motions_;
  std::map<int, double> first_caller_share_;  // Of scenes that begin with a cut.
  std::vector<BackgroundSwap> swaps_;
  LoopFinder loop_finder_;
  Diagnostics diagnostics_;
  cv::Mat3b previous_thumbnail_;
  cv::Mat3b network_input_;
  image::AlphaMask network_output_;
  int previous_scene_ = -1;
  int64_t frames_ = 0;
  int compared_frames_ = 0;  // With the wallpaper's video.
  int followed_frames_ = 0;  // Those of them that show it.
  double first_s_ = 0;
  double last_s_ = 0;
};

Result<void> Surveyor::SegmentThumbnail(const cv::Mat3b& thumbnail, image::AlphaMask* caller) {
  cv::resize(thumbnail, network_input_, segmenter_->input_size(), 0, 0, cv::INTER_AREA);
  PEEKPROOF_RETURN_IF_ERROR(segmenter_->Segment(network_input_, &network_output_));
  cv::resize(network_output_.values, caller->values, thumbnail.size(), 0, 0, cv::INTER_LINEAR);
  return {};
}

Result<void> Surveyor::NoteCut(const cv::Mat3b& thumbnail, int scene_before, int scene_after) {
  image::AlphaMask before;
  image::AlphaMask after;
  PEEKPROOF_RETURN_IF_ERROR(SegmentThumbnail(previous_thumbnail_, &before));
  PEEKPROOF_RETURN_IF_ERROR(SegmentThumbnail(thumbnail, &after));
  if (CallerOverlap(before, after) >= kSamePlace) {
    swaps_.push_back({.scene_before = scene_before, .scene_after = scene_after});
  }
  first_caller_share_.emplace(scene_after, cv::mean(after.values)[0]);
  motions_[scene_after].Cut();
  return {};
}

Result<void> Surveyor::Still(media::DecodedFrame* decoded, RecordedFrame* recorded) {
  const int shown = wallpaper_->Locate(decoded->thumbnail);
  if (decoded->has_full) {
    PEEKPROOF_ASSIGN_OR_RETURN(const WallpaperVideo::Shown behind,
                               wallpaper_->Behind(decoded->frame.bgr, shown));
    const cv::Mat3b& picture = behind.picture;
    image::AlphaMask caller;
    PEEKPROOF_RETURN_IF_ERROR(SegmentThumbnail(decoded->thumbnail, &caller));
    const int reach = kThumbnailSize.height / 12;
    *recorded = {decoded->frame.bgr, picture};
    ++compared_frames_;
    followed_frames_ += wallpaper_->noise().Learn(recorded->bgr, picture,
                                                  FarFromCaller(caller, kHintOfCaller, reach, picture.size()))
                            ? 1
                            : 0;
    decoded->frame.bgr = StillBackground(recorded->bgr, picture, wallpaper_->mean(), wallpaper_->noise());
  }
  decoded->thumbnail =
      StillBackground(decoded->thumbnail, wallpaper_->ThumbnailBehind(decoded->thumbnail, shown),
                      wallpaper_->mean_thumbnail(), wallpaper_->noise());
  return {};
}

Result<void> Surveyor::Add(media::DecodedFrame decoded) {
  RecordedFrame recorded;
  if (wallpaper_ != nullptr) PEEKPROOF_RETURN_IF_ERROR(Still(&decoded, &recorded));
  if (wallpaper_ == nullptr) loop_finder_.Add(decoded.thumbnail, decoded.frame.time_s);
  const image::Frame& frame = decoded.frame;
  const int scene = tracker_.Add(decoded.thumbnail, frame.index, frame.time_s);
  if (previous_scene_ >= 0 && scene != previous_scene_) {
    PEEKPROOF_RETURN_IF_ERROR(NoteCut(decoded.thumbnail, previous_scene_, scene));
  }
  motions_[scene].Add(decoded.thumbnail, frame.time_s);
  if (decoded.has_full) {
    image::AlphaMask caller;
    PEEKPROOF_RETURN_IF_ERROR(SegmentThumbnail(decoded.thumbnail, &caller));
    if (!votes_.Add(scene, frame.bgr, decoded.thumbnail, caller,
                    wallpaper_ != nullptr ? &recorded : nullptr)) {
      diagnostics_.Add(
          ErrorCode::kUnsupported,
          "more different backgrounds than one audit can follow; audit the rest with --start and --end",
          frame.time_s);
    }
  }
  decoded.thumbnail.copyTo(previous_thumbnail_);
  previous_scene_ = scene;
  if (frames_ == 0) first_s_ = frame.time_s;
  last_s_ = frame.time_s;
  ++frames_;
  return {};
}

void Surveyor::Describe(int scene, SurveyedScene* described) const {
  const SceneSamples* samples = votes_.Find(scene);
  if (samples == nullptr || samples->frames == 0) {
    const auto first = first_caller_share_.find(scene);
    if (first != first_caller_share_.end()) described->caller_share = first->second;
    return;
  }
  image::ColourVote::Mode mode = samples->vote.Finish();
  described->wallpaper = mode.colour;
  described->wallpaper_support = mode.support;
  described->sampled_frames = samples->frames;
  described->caller_share = samples->caller_share_sum / samples->frames;
  described->photometry = samples->photometry;
  described->frames = samples->kept.frames();
  described->shown = samples->shown.frames();
  described->settled_frames = samples->settled_sum;
  described->colour_drift = samples->drift.Mean();
  described->caller_presence = samples->caller_sum / samples->frames;
}

void Surveyor::Finish(Survey* survey) {
  survey->loop_finder = std::move(loop_finder_);
  survey->follows_wallpaper = FollowsWallpaper();
  survey->shots = tracker_.shots();
  survey->swaps = swaps_;
  survey->frames = frames_;
  const double frame_s = frames_ > 1 ? (last_s_ - first_s_) / static_cast<double>(frames_ - 1) : 0.0;
  survey->duration_s = frames_ > 0 ? last_s_ - first_s_ + frame_s : 0.0;
  survey->diagnostics.Merge(diagnostics_);
  for (size_t i = 0; i < tracker_.scenes().size(); ++i) {
    SurveyedScene described;
    described.scene = tracker_.scenes()[i];
    described.first_frame = -1;
    for (const Shot& shot : survey->shots) {
      if (shot.scene != static_cast<int>(i)) continue;
      if (described.first_frame < 0) {
        described.first_frame = shot.first_frame;
        described.start_s = shot.start_s;
      }
      described.end_frame = shot.end_frame;
      described.last_s = shot.last_s;
    }
    described.global_motion_px = motions_[static_cast<int>(i)].MedianShiftPx();
    Describe(static_cast<int>(i), &described);
    survey->scenes.push_back(std::move(described));
  }
}

// Null where the options name no video.
Result<std::shared_ptr<WallpaperVideo>> OpenWallpaperVideo(const AuditOptions& options, cv::Size size) {
  if (options.wallpaper.empty()) return std::shared_ptr<WallpaperVideo>();
  PEEKPROOF_ASSIGN_OR_RETURN(const bool is_video, WallpaperVideo::IsVideo(options.wallpaper));
  if (!is_video) return std::shared_ptr<WallpaperVideo>();
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, WallpaperVideo::Open(options.wallpaper, size));
  return std::shared_ptr<WallpaperVideo>(std::move(video));
}

}  // namespace

bool IsSampled(int64_t index, int64_t total, int64_t wanted) {
  constexpr int kDoublings = 10;
  const int64_t length = std::max(total, wanted);
  int64_t scale = 1;
  while (index >= length * scale) scale *= 2;
  if (scale > int64_t{1} << kDoublings) return false;
  return index == 0 || index * wanted / (length * scale) != (index - 1) * wanted / (length * scale);
}

media::ReaderOptions ReaderOptionsOf(const AuditOptions& options) {
  media::ReaderOptions reader;
  reader.start_s = options.start_s;
  reader.end_s = options.end_s;
  reader.crop = options.crop;
  reader.threads = options.threads;
  return reader;
}

std::string SurveyModel(const AuditOptions& options) {
  return options.model.empty() ? "landscape" : options.model;
}

Result<Survey> SurveyBehind(const AuditOptions& options, std::shared_ptr<WallpaperVideo> video,
                            ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, ReaderOptionsOf(options)));
  Survey survey;
  survey.info = reader->info();
  const int64_t total = survey.info.frame_count_hint;
  survey.wallpaper_video = std::move(video);

  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(SurveyModel(options)));
  Surveyor surveyor(std::move(segmenter), survey.info.size, survey.wallpaper_video.get());
  media::PrefetchOptions prefetch;
  prefetch.thumbnail_size = kThumbnailSize;
  prefetch.wants_full = [total, wanted = int64_t{options.wallpaper_frames}](int64_t index, double,
                                                                            const cv::Mat3b&) {
    return IsSampled(index, total, wanted);
  };
  PEEKPROOF_ASSIGN_OR_RETURN(auto frames, media::FramePrefetcher::Start(std::move(reader), prefetch));
  int64_t done = 0;
  while (!stop.stop_requested()) {
    PEEKPROOF_ASSIGN_OR_RETURN(std::optional<media::DecodedFrame> decoded, frames->Next());
    if (!decoded) break;
    PEEKPROOF_RETURN_IF_ERROR(surveyor.Add(std::move(*decoded)));
    if (progress != nullptr) progress->Report("survey", ++done, total);
  }
  survey.interrupted = stop.stop_requested();
  frames->Stop();
  survey.diagnostics.Merge(frames->diagnostics());
  surveyor.Finish(&survey);
  if (!options.wallpaper.empty()) survey.loop_finder = {};  // Nothing is learned then.
  return survey;
}

Result<Survey> SurveyRecording(const AuditOptions& options, ProgressSink* progress,
                               const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader,
                             media::VideoReader::Open(options.input, ReaderOptionsOf(options)));
  PEEKPROOF_ASSIGN_OR_RETURN(auto video, OpenWallpaperVideo(options, reader->info().size));
  PEEKPROOF_ASSIGN_OR_RETURN(Survey survey, SurveyBehind(options, std::move(video), progress, stop));
  if (!survey.follows_wallpaper) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format(
            "{}: is not what this recording shows behind the caller; give the video that is, uncropped, "
            "or leave --wallpaper away",
            options.wallpaper)};
  }
  return survey;
}

}  // namespace peekproof::audit
