// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "attacks/blur_attack.h"
#include "attacks/make_attack.h"
#include "audit/background_kind.h"
#include "audit/background_swap.h"
#include "audit/blur_stages.h"
#include "audit/blurred_scene.h"
#include "audit/closing_table.h"
#include "audit/engine_identification.h"
#include "audit/finding_search.h"
#include "audit/followed_loop.h"
#include "audit/moment.h"
#include "audit/moving_background.h"
#include "audit/raw_view.h"
#include "audit/scene_attack.h"
#include "audit/survey.h"
#include "audit/verdict.h"
#include "audit/versions.h"
#include "audit/wallpaper_model.h"
#include "base/parallel.h"
#include "engines/engine.h"
#include "engines/spec.h"
#include "media/picture.h"
#include "models/enhancer.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

constexpr double kLeastCallerShare = 0.01;
constexpr size_t kMaxPictures = 4;             // Segments whose pictures are kept.
constexpr double kLeastFindableShare = 0.005;  // Expected to be right, below which nothing can be named.

bool WorthAttacking(const SurveyedScene& scene, const BackgroundJudgement& judgement) {
  return scene.caller_share >= kLeastCallerShare && judgement.kind == BackgroundKind::kStaticWallpaper &&
         scene.sampled_frames >= kLeastSamples;
}

std::string ExplainLoop(const WallpaperLoop& loop) {
  return fmt::format(
      " It is a video that repeats every {:.1f} s, learned from {:.1f} rounds ({:.0f} % of its pictures); "
      "its "
      "movement was taken out.",
      loop.period_s, loop.rounds, 100 * loop.known_share);
}

bool IsSearched(const SegmentResult& segment) {
  return segment.blur || (segment.analysed && segment.expected_correct_share >= kLeastFindableShare);
}

Result<void> SearchSegment(const SurveyedScene& scene, FindingSearch* search, SegmentResult* segment) {
  if (segment->blur) return FindBehindBlur(scene, search, &*segment->blur);
  PEEKPROOF_ASSIGN_OR_RETURN(segment->findings, search->Find(segment->room, scene.caller_presence));
  return {};
}

// The audit in progress: survey, scenes one by one, conclusion.
class Auditor {
 public:
  Auditor(const AuditOptions& options, ProgressSink* progress, std::stop_token stop)
      : options_(options), progress_(progress), stop_(std::move(stop)) {}

  Result<AuditResult> Run();

 private:
  Result<void> NameNetworks();
  Result<void> SurveyAll();
  bool MayBeRoom() const;
  Result<void> AuditScene(int scene);
  Result<void> AuditBlurred(int scene);
  Result<void> AuditReplaced(int scene, BackgroundJudgement* judgement);
  void Describe(const SurveyedScene& scene, SegmentResult* segment) const;
  void Take(SceneFindings findings, const WallpaperModel& wallpaper, SegmentResult* segment);
  void DropPictures();
  void AddToTimeline(const RawInterval& interval);
  Result<void> ShowRaw(const std::vector<RawInterval>& raw);
  Result<void> Search(FindingSearch* search);
  Result<void> AddFindings();
  void SortByTime();
  void Sum();

  const AuditOptions& options_;
  ProgressSink* progress_;
  std::stop_token stop_;
  Survey survey_;
  AuditResult result_;
};

// Fails early when a network or the engine's name is wrong, before any frame is read.
Result<void> Auditor::NameNetworks() {
  if (options_.engine != kAutoEngine)
    PEEKPROOF_RETURN_IF_ERROR(engines::MakeMatter(engines::SpecWithModel(options_.engine, options_.model)));
  PEEKPROOF_RETURN_IF_ERROR(attacks::CheckAttack(options_.attack));
  PEEKPROOF_RETURN_IF_ERROR(attacks::BlurAttack::Create(options_.blur_attack, {1, 1}));
  if (!options_.enhance.empty()) PEEKPROOF_RETURN_IF_ERROR(models::MakeEnhancer(options_.enhance));
  for (const std::string& attack : options_.other_attacks)
    PEEKPROOF_RETURN_IF_ERROR(attacks::CheckAttack(attack));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto survey, models::MakeSegmenter(SurveyModel(options_)));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto caller, models::MakeSegmenter(options_.caller_model));
  result_.versions = DescribeVersions({{"survey model", survey.get()}, {"caller model", caller.get()}});
  return {};
}

void Auditor::Describe(const SurveyedScene& scene, SegmentResult* segment) const {
  segment->start_s = scene.start_s;
  segment->end_s = scene.last_s;
  segment->frames = scene.scene.frames;
  segment->caller_share = scene.caller_share;
  if (options_.wallpaper.empty() || survey_.wallpaper_video != nullptr)
    segment->moving_share = MovingShare(scene);
}

// Attacks a scene behind a still background, and takes what was found where that is a virtual one.
Result<void> Auditor::AuditReplaced(int scene, BackgroundJudgement* judgement) {
  SurveyedScene& surveyed = survey_.scenes[static_cast<size_t>(scene)];
  SegmentResult& segment = result_.segments[static_cast<size_t>(scene)];
  PEEKPROOF_ASSIGN_OR_RETURN(const WallpaperModel wallpaper,
                             WallpaperOf(options_, surveyed, survey_.wallpaper_video.get()));
  PEEKPROOF_ASSIGN_OR_RETURN(ChosenEngine chosen, ChooseEngine(options_, surveyed, wallpaper));
  // Nothing else needs them, and they are large.
  surveyed.frames = {};
  surveyed.shown = {};
  AuditOptions options = options_;
  options.engine = chosen.engine;
  PEEKPROOF_ASSIGN_OR_RETURN(SceneFindings findings,
                             AttackScene(options, survey_, scene, wallpaper, progress_, stop_));
  segment.engine = std::move(chosen.engine);
  segment.engine_guesses = std::move(chosen.guesses);
  if (MayBeRoom()) *judgement = JudgeStill(surveyed, findings);
  result_.diagnostics.Merge(findings.diagnostics);
  if (judgement->kind == BackgroundKind::kStaticWallpaper) Take(std::move(findings), wallpaper, &segment);
  return {};
}

// Takes the blur of a scene back.
Result<void> Auditor::AuditBlurred(int scene) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto findings, AttackBlur(options_, survey_, scene, progress_, stop_));
  if (!findings) return {};
  if (!options_.enhance.empty()) PEEKPROOF_RETURN_IF_ERROR(EnhanceRoom(options_.enhance, &findings->blur));
  result_.segments[static_cast<size_t>(scene)].blur = std::move(findings->blur);
  return ShowRaw(findings->raw);
}

Result<void> Auditor::AuditScene(int scene) {
  SurveyedScene& surveyed = survey_.scenes[static_cast<size_t>(scene)];
  SegmentResult& segment = result_.segments[static_cast<size_t>(scene)];
  BackgroundJudgement judgement = JudgeStillness(surveyed);
  if (survey_.wallpaper_video != nullptr && judgement.kind != BackgroundKind::kStaticWallpaper) {
    judgement.explanation +=
        result_.loop
            ? " It was compared with a video learned from what repeats in it, so what moves does not."
            : " It was compared with the video given as wallpaper, so what moves does not follow that "
              "video.";
  }
  if (surveyed.caller_share < kLeastCallerShare) {
    judgement.explanation = "Nobody is in view. " + judgement.explanation;
  }
  if (stop_.stop_requested()) {
    judgement = {.explanation = "The audit was stopped before this part was analysed."};
  } else if (WorthAttacking(surveyed, judgement)) {
    const auto blurred = MayBeRoom() ? JudgeBlur(surveyed) : std::nullopt;
    if (blurred) judgement = *blurred;
    if (!blurred) PEEKPROOF_RETURN_IF_ERROR(AuditReplaced(scene, &judgement));
  }
  if (result_.loop && judgement.kind == BackgroundKind::kStaticWallpaper)
    judgement.explanation += ExplainLoop(*result_.loop);
  const bool is_worth_it = surveyed.caller_share >= kLeastCallerShare;
  if (judgement.kind == BackgroundKind::kBlurred && is_worth_it && !stop_.stop_requested()) {
    PEEKPROOF_RETURN_IF_ERROR(AuditBlurred(scene));
  }
  segment.background = judgement.kind;
  segment.background_confidence = judgement.confidence;
  segment.background_explanation = judgement.explanation;
  DropPictures();
  return {};
}

// Whether a background that keeps still can be the room: not where its wallpaper is known.
bool Auditor::MayBeRoom() const {
  return options_.wallpaper.empty() && !(result_.loop && result_.loop->is_sure);
}

void Auditor::Take(SceneFindings findings, const WallpaperModel& wallpaper, SegmentResult* segment) {
  segment->analysed = true;
  segment->attacked_frames = findings.frames;
  segment->wallpaper = wallpaper.bgr;
  segment->heat = findings.heat;
  const double pixels = static_cast<double>(std::max<size_t>(1, findings.room.bgr.total()));
  segment->recovered_share = cv::countNonZero(findings.room.Present()) / pixels;
  segment->confident_share = cv::countNonZero(findings.room.confidence >= 0.5F) / pixels;
  segment->expected_correct_share = findings.expected_correct_px / pixels;
  segment->room = std::move(findings.room);
  segment->gathered = std::move(findings.gathered);
  result_.timeline.insert(result_.timeline.end(), findings.timeline.begin(), findings.timeline.end());
  result_.worst.insert(result_.worst.end(), findings.worst.begin(), findings.worst.end());
  result_.raw.insert(result_.raw.end(), findings.raw.begin(), findings.raw.end());
}

// Keeps the pictures of the segments with most recovered room, so that memory does not grow with their
// number.
void Auditor::DropPictures() {
  std::vector<SegmentResult*> with_pictures;
  for (SegmentResult& segment : result_.segments) {
    if (!segment.room.bgr.empty()) with_pictures.push_back(&segment);
  }
  std::sort(with_pictures.begin(), with_pictures.end(), [](const SegmentResult* a, const SegmentResult* b) {
    return a->expected_correct_share > b->expected_correct_share;
  });
  for (size_t i = kMaxPictures; i < with_pictures.size(); ++i) {
    with_pictures[i]->analysed = false;
    with_pictures[i]->attacked_frames = 0;
    with_pictures[i]->room = {};
    with_pictures[i]->gathered = {};
    with_pictures[i]->wallpaper.release();
    with_pictures[i]->heat.release();
  }
}

// A raw scene is not attacked; its share is the same throughout.
void Auditor::AddToTimeline(const RawInterval& interval) {
  constexpr int64_t kMaxSamples = 60;
  const int64_t samples = std::clamp<int64_t>(interval.frames, 1, kMaxSamples);
  const double step_s =
      samples > 1 ? (interval.end_s - interval.start_s) / static_cast<double>(samples - 1) : 0.0;
  for (int64_t i = 0; i < samples; ++i) {
    result_.timeline.push_back(
        {.time_s = interval.start_s + static_cast<double>(i) * step_s, .leak_share = interval.room_share});
  }
}

// Adds raw intervals that no attack on wallpapers looked into, with pictures of the first few.
Result<void> Auditor::ShowRaw(const std::vector<RawInterval>& raw) {
  constexpr size_t kMaxRawMoments = 3;
  for (size_t i = 0; i < std::min(raw.size(), kMaxRawMoments) && !stop_.stop_requested(); ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(WorstMoment moment, CaptureMoment(options_, raw[i]));
    result_.worst.push_back(std::move(moment));
  }
  result_.raw.insert(result_.raw.end(), raw.begin(), raw.end());
  return {};
}

// Looks for what can be named in the rooms that were recovered, and in raw frames.
Result<void> Auditor::Search(FindingSearch* search) {
  for (size_t i = 0; i < result_.segments.size() && !stop_.stop_requested(); ++i) {
    SegmentResult& segment = result_.segments[i];
    if (IsSearched(segment)) PEEKPROOF_RETURN_IF_ERROR(SearchSegment(survey_.scenes[i], search, &segment));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(result_.raw_views, LookIntoRawFrames(options_, result_.raw, search, stop_));
  return {};
}

// What could not be looked for is a limit.
Result<void> Auditor::AddFindings() {
  PEEKPROOF_ASSIGN_OR_RETURN(const FindingKinds kinds, ParseFindingKinds(options_.find));
  const bool has_rooms = std::any_of(result_.segments.begin(), result_.segments.end(), IsSearched);
  const bool is_wanted = kinds.text || kinds.objects || kinds.faces;
  if (!is_wanted || (!has_rooms && result_.raw.empty())) return {};
  FindingSearch search(kinds);
  result_.limits.insert(result_.limits.end(), search.notes().begin(), search.notes().end());
  if (const auto searched = Search(&search); !searched.ok()) {
    result_.limits.push_back(
        fmt::format("The search for what can be named in the room failed: {}.", searched.error().message));
  }
  return {};
}

void Auditor::SortByTime() {
  const double frame_s = result_.frame_rate > 0 ? 1.0 / result_.frame_rate : 0.04;
  result_.raw = MergeRawIntervals(std::move(result_.raw), 3 * frame_s);
  std::stable_sort(result_.timeline.begin(), result_.timeline.end(),
                   [](const LeakSample& a, const LeakSample& b) { return a.time_s < b.time_s; });
  double revealed_share = 0;  // What was revealed stays revealed while another scene is shown.
  for (LeakSample& sample : result_.timeline) {
    revealed_share = std::max(revealed_share, sample.revealed_share);
    sample.revealed_share = revealed_share;
  }
  std::stable_sort(result_.worst.begin(), result_.worst.end(),
                   [](const WorstMoment& a, const WorstMoment& b) { return a.leak_share > b.leak_share; });
  if (result_.worst.size() > WorstMoments::kMaxMoments) result_.worst.resize(WorstMoments::kMaxMoments);
}

void Auditor::Sum() {
  result_.input_name = std::filesystem::path(options_.input).filename().string();
  result_.frame_size = survey_.info.size;
  result_.duration_s = survey_.duration_s;
  result_.frames = survey_.frames;
  result_.frame_rate = survey_.info.frame_rate;
  result_.codec = survey_.info.codec;
  result_.attack = options_.attack;
  result_.options = DescribeOptions(options_);
  result_.caller_shown = options_.show_caller;
  result_.interrupted = stop_.stop_requested();
  result_.complete = !result_.interrupted && !IsDamaged(result_.diagnostics);
}

// With the movement of a wallpaper that is a looped video taken out, also where that has to be learned. A
// loop that cannot be learned is told.
Result<void> Auditor::SurveyAll() {
  PEEKPROOF_ASSIGN_OR_RETURN(survey_, SurveyRecording(options_, progress_, stop_));
  if (!options_.wallpaper.empty()) return {};
  auto loop = FollowLoop(options_, &survey_, progress_, stop_);
  if (loop.ok()) {
    result_.loop = *loop;
  } else {
    result_.diagnostics.Add(
        loop.error().code,
        fmt::format("the video behind the caller could not be learned: {}", loop.error().message), 0.0);
  }
  return {};
}

Result<AuditResult> Auditor::Run() {
  const auto start = std::chrono::steady_clock::now();
  PEEKPROOF_RETURN_IF_ERROR(NameNetworks());
  // A wallpaper that cannot be read is told at once, and also where nothing comes to need it.
  if (!options_.wallpaper.empty()) PEEKPROOF_RETURN_IF_ERROR(media::ReadPicture(options_.wallpaper));
  PEEKPROOF_RETURN_IF_ERROR(SurveyAll());
  result_.diagnostics.Merge(survey_.diagnostics);
  Sum();
  result_.segments.resize(survey_.scenes.size());
  for (size_t i = 0; i < survey_.scenes.size(); ++i) Describe(survey_.scenes[i], &result_.segments[i]);
  for (size_t i = 0; i < survey_.scenes.size(); ++i)
    PEEKPROOF_RETURN_IF_ERROR(AuditScene(static_cast<int>(i)));
  const std::vector<RawInterval> raw_scenes = FindRawScenes(survey_, &result_.segments);
  for (const RawInterval& raw : raw_scenes) AddToTimeline(raw);
  PEEKPROOF_RETURN_IF_ERROR(ShowRaw(raw_scenes));
  SortByTime();
  Sum();
  Conclude(&result_);
  AddClosing(&result_);
  PEEKPROOF_RETURN_IF_ERROR(AddFindings());
  result_.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::move(result_);
}

}  // namespace

Result<void> AuditOptions::Validate() const {
  const auto invalid = [](const std::string& message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (input.empty()) return invalid("no recording was named");
  if (!(start_s >= 0)) return invalid(fmt::format("start must be at least 0 s, not {}", start_s));
  if (end_s && !(*end_s > start_s)) {
    return invalid(fmt::format("end ({} s) must come after start ({} s)", *end_s, start_s));
  }
  if (crop && (crop->x < 0 || crop->y < 0 || crop->width < 64 || crop->height < 64)) {
    return invalid("crop must be at least 64x64 pixels and begin inside the picture");
  }
  if (threads < 0 || threads > 1024) return invalid("threads must be 0 (all cores) to 1024");
  PEEKPROOF_RETURN_IF_ERROR(ParseFindingKinds(find));
  if (wallpaper_frames < 10 || wallpaper_frames > 300) {
    return invalid("the wallpaper needs 10 to 300 frames");
  }
  return {};
}

Result<AuditResult> RunAudit(const AuditOptions& options, ProgressSink* progress, std::stop_token stop) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  const ThreadLimit limit(options.threads);
  return Auditor(options, progress, std::move(stop)).Run();
}

}  // namespace peekproof::audit
