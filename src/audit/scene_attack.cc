// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/scene_attack.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "attacks/attack_group.h"
#include "attacks/evidence_maker.h"
#include "audit/caller_zone.h"
#include "audit/redact.h"
#include "audit/scene_frames.h"
#include "audit/stilled_frame.h"
#include "base/ordered_pipeline.h"
#include "base/parallel.h"
#include "engines/engine.h"
#include "engines/spec.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

// Whose candidates the heat map, the timeline and the worst moments show; its outcome comes first.
constexpr const char* kLeakAttack = "seeing-through";
// Whose confidence is a probability, on which the verdict rests.
constexpr const char* kJudge = "unmix";

bool IsJudge(const std::string& spec) { return spec.starts_with(kJudge); }

std::vector<std::string> AttacksOf(const AuditOptions& options) {
  std::vector<std::string> specs{kLeakAttack};
  std::vector<std::string> wanted{options.attack};
  if (!IsJudge(options.attack)) wanted.emplace_back(kJudge);
  wanted.insert(wanted.end(), options.other_attacks.begin(), options.other_attacks.end());
  for (const std::string& spec : wanted)
    if (std::find(specs.begin(), specs.end(), spec) == specs.end()) specs.push_back(spec);
  return specs;
}

// A moving wallpaper is new in every frame, other attacks count how often something showed, and other
// settings of unmix learn the wallpaper on the way or choose among the frames themselves.
WantedFrames WantedOf(const AuditOptions& options, const WallpaperVideo* video) {
  const bool may_skip = options.attack == kJudge && options.other_attacks.empty() && video == nullptr;
  return may_skip && !options.every_frame ? WantedFrames::kNew : WantedFrames::kAll;
}

// One frame on its way through the pipeline, with what is needed to analyse it: networks and buffers.
struct Worker {
  std::unique_ptr<attacks::EvidenceMaker> maker;
  attacks::AttackGroup::Rules rules;
  attacks::FrameEvidence evidence;
  std::vector<attacks::AttackGroup::Candidates> candidates;
  std::vector<image::Frame> repeats;  // Frames before it that repeat what was looked at; without pictures.
  image::Frame frame;
  WallpaperVideo::Shown shown;  // By a moving wallpaper in this frame; empty where it is still.
  cv::Mat3b stilled;            // Buffer of the stilled frame.
  double room_share = 0;
  OutlineEvidence outline;
  Result<void> status;
};

Result<std::unique_ptr<Worker>> MakeWorker(const AuditOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto matter,
                             engines::MakeMatter(engines::SpecWithModel(options.engine, options.model)));
  PEEKPROOF_ASSIGN_OR_RETURN(auto caller, models::MakeSegmenter(options.caller_model));
  auto worker = std::make_unique<Worker>();
  worker->maker = std::make_unique<attacks::EvidenceMaker>(std::move(matter), std::move(caller));
  return worker;
}

// Counts a leak where there is one, up to 65535; returns how many pixels it was the second leak of.
int CountStretch(const uchar* leaks, int n, uint16_t* counts) {
  constexpr uint16_t kRevealedFrames = 2;  // A pixel that leaked once may be codec noise.
  int revealed = 0;
  for (int i = 0; i < n; ++i) {
    const bool counted = leaks[i] != 0 && counts[i] != 0xFFFF;
    counts[i] = static_cast<uint16_t>(counts[i] + (counted ? 1 : 0));
    revealed += counted && counts[i] == kRevealedFrames ? 1 : 0;
  }
  return revealed;
}

// The ordered part of the attack: everything that frames add up to.
class SceneGatherer {
 public:
  SceneGatherer(const AuditOptions& options, attacks::AttackGroup* attacks, cv::Size size, double start_s)
      : options_(options), start_s_(start_s), attacks_(attacks), leak_counts_(size, uint16_t{0}) {}

  void Add(Worker* worker);
  /// A frame that shows what the last one showed that was added.
  void Repeat(const image::Frame& frame);
  /// moving: WallpaperModel::moving.
  void Finish(const cv::Mat1b& moving, SceneFindings* findings);

 private:
  void CountLeaks(const cv::Mat1b& leak);
  void OfferMoment(const Worker& worker, double leak_share);

  const AuditOptions& options_;
  double start_s_;
  attacks::AttackGroup* attacks_;
  cv::Mat_<uint16_t> leak_counts_;
  int64_t revealed_px_ = 0;
  RawFrames raw_;
  Timeline timeline_;
  WorstMoments worst_;
  OutlineEvidence outline_;
  double last_room_share_ = 0;
  double last_leak_share_ = 0;
  int64_t attacked_frames_ = 0;
  int64_t raw_frames_ = 0;
  int64_t frames_ = 0;
};

void SceneGatherer::Add(Worker* worker) {
  attacks::FrameEvidence& evidence = worker->evidence;
  const image::Frame& frame = evidence.frame;
  ++frames_;
  last_room_share_ = worker->room_share;
  const double pixels = static_cast<double>(frame.bgr.total());
  const auto show_leak = [&] {
    evidence.leak = worker->candidates.front().leak;
    evidence.leak_px = worker->candidates.front().leak_px;
  };
  if (raw_.Add(frame.index, frame.time_s, worker->room_share)) {
    ++raw_frames_;
    last_leak_share_ = worker->room_share;
    timeline_.Add(frame.time_s, last_leak_share_, static_cast<double>(revealed_px_) / pixels);
    show_leak();
    OfferMoment(*worker, worker->room_share);
    return;
  }
  ++attacked_frames_;
  attacks_->Add(&evidence, worker->candidates);
  show_leak();
  outline_.Merge(worker->outline);
  CountLeaks(evidence.leak.values);
  last_leak_share_ = static_cast<double>(evidence.leak_px) / pixels;
  timeline_.Add(frame.time_s, last_leak_share_, static_cast<double>(revealed_px_) / pixels);
  OfferMoment(*worker, last_leak_share_);
}

void SceneGatherer::Repeat(const image::Frame& frame) {
  ++frames_;
  raw_frames_ += raw_.Add(frame.index, frame.time_s, last_room_share_) ? 1 : 0;
  const auto pixels = static_cast<double>(leak_counts_.total());
  timeline_.Add(frame.time_s, last_leak_share_, static_cast<double>(revealed_px_) / pixels);
}

void SceneGatherer::CountLeaks(const cv::Mat1b& leak) {
  constexpr int kStretch = 32;  // Most stretches of a row leak nowhere.
  static constexpr std::array<uchar, kStretch> kNothing{};
  for (int row = 0; row < leak.rows; ++row) {
    for (int column = 0; column < leak.cols; column += kStretch) {
      const int count = std::min(kStretch, leak.cols - column);
      const uchar* leaks = leak.ptr(row, column);
      if (std::memcmp(leaks, kNothing.data(), static_cast<size_t>(count)) == 0) continue;
      revealed_px_ += CountStretch(leaks, count, leak_counts_[row] + column);
    }
  }
}

// Shows the frame as it was recorded, also where the attacks saw it stilled.
void SceneGatherer::OfferMoment(const Worker& worker, double leak_share) {
  const cv::Mat1b& leak = worker.evidence.leak.values;
  worst_.Offer(worker.frame, leak, leak_share, [&] {
    return options_.show_caller ? worker.frame.bgr.clone()
                                : BlackOutCaller(worker.frame.bgr, worker.evidence.caller, leak);
  });
}

void SceneGatherer::Finish(const cv::Mat1b& moving, SceneFindings* findings) {
  findings->frames = attacked_frames_;
  findings->outcomes = attacks_->Finish();
  for (attacks::AttackOutcome& outcome : findings->outcomes) outcome.room.Forget(moving);
  findings->gathered = findings->outcomes.front().room;
  const std::string judge = IsJudge(options_.attack) ? options_.attack : kJudge;
  for (const attacks::AttackOutcome& outcome : findings->outcomes) {
    if (outcome.spec == options_.attack) findings->room = outcome.room;
    if (outcome.spec == judge) findings->expected_correct_px = cv::sum(outcome.room.confidence)[0];
  }
  const double share = attacked_frames_ > 0 ? 1.0 / static_cast<double>(attacked_frames_) : 0.0;
  leak_counts_.convertTo(findings->heat, CV_32F, share);
  findings->raw = raw_.Intervals(start_s_);
  findings->raw_share = frames_ > 0 ? static_cast<double>(raw_frames_) / static_cast<double>(frames_) : 0.0;
  findings->timeline = timeline_.Samples();
  findings->worst = worst_.moments();
  findings->outline = outline_;
}

// What a moving wallpaper shows behind the caller of a frame.
Result<WallpaperVideo::Shown> ShownBehind(const cv::Mat3b& frame, WallpaperVideo* video) {
  cv::Mat3b thumbnail;
  cv::resize(frame, thumbnail, kThumbnailSize, 0, 0, cv::INTER_AREA);
  return video->Behind(frame, video->Locate(thumbnail));
}

// 255 where a frame before a moving wallpaper tells nothing of the room: where the wallpaper is not known,
// and far from the caller, where all that differs is what a codec made of the movement.
cv::Mat1b WithoutEvidence(const Worker& worker) {
  constexpr float kSomebody = 0.3F;  // Textures bring hints of somebody.
  const int reach = kThumbnailSize.height / 10;
  cv::Mat caller;
  cv::max(cv::Mat(worker.evidence.caller.values), worker.evidence.engine_alpha.values, caller);
  cv::resize(caller, caller, kThumbnailSize, 0, 0, cv::INTER_AREA);
  cv::Mat1b nothing = FarFromCaller({caller}, kSomebody, reach, worker.frame.bgr.size());
  if (!worker.shown.unknown.empty()) cv::bitwise_or(nothing, worker.shown.unknown, nothing);
  return nothing;
}

// Shows the wallpaper there.
void ClearOfEvidence(const cv::Mat1b& where, const cv::Mat3b& wallpaper, attacks::FrameEvidence* evidence) {
  wallpaper.copyTo(evidence->frame.bgr, where);
  evidence->engine_alpha.values.setTo(0.0F, where);
}

// Runs frames through parallel workers into the ordered gatherer. The first failure ends it.
class Pipeline {
 public:
  /// video: null where the wallpaper is still.
  Pipeline(SceneFrames* frames, WallpaperVideo* video, const attacks::Wallpaper& wallpaper,
           const cv::Mat1b& known, SceneGatherer* gatherer, std::vector<std::unique_ptr<Worker>> workers)
      : frames_(frames),
        video_(video),
        wallpaper_(wallpaper),
        known_(known),
        gatherer_(gatherer),
        workers_(std::move(workers)) {}

  Result<void> Run(ProgressSink* progress, int64_t total, const std::stop_token& stop);

 private:
  bool Read(Worker* worker);
  bool ReadPicture(Worker* worker);
  void Analyse(Worker* worker) const;
  void Gather(Worker* worker);
  void GatherRepeats(const std::vector<image::Frame>& repeats);
  void Fail(const Error& error);

  SceneFrames* frames_;
  WallpaperVideo* video_;
  const attacks::Wallpaper& wallpaper_;
  const cv::Mat1b& known_;
  SceneGatherer* gatherer_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<image::Frame> last_repeats_;  // Behind the last frame with a picture.
  int64_t gathered_frames_ = 0;
  std::atomic<bool> failed_ = false;  // Set once; whoever sets it owns status_.
  Result<void> status_;
};

void Pipeline::Fail(const Error& error) {
  if (!failed_.exchange(true)) status_ = error;
}

// Reads up to the next frame with a picture.
bool Pipeline::ReadPicture(Worker* worker) {
  worker->repeats.clear();
  while (true) {
    auto frame = frames_->Next();
    if (!frame.ok()) Fail(frame.error());
    if (failed_) return false;
    if (!frame->has_value()) {
      last_repeats_ = std::move(worker->repeats);
      return false;
    }
    if (!(*frame)->bgr.empty()) {
      worker->frame = std::move(**frame);
      return true;
    }
    worker->repeats.push_back(std::move(**frame));
  }
}

bool Pipeline::Read(Worker* worker) {
  if (!ReadPicture(worker)) return false;
  if (video_ == nullptr) return true;
  auto shown = ShownBehind(worker->frame.bgr, video_);
  if (!shown.ok()) Fail(shown.error());
  if (!failed_) worker->shown = std::move(*shown);
  return !failed_;
}

void Pipeline::Analyse(Worker* worker) const {
  worker->status = worker->maker->Make(worker->frame, &worker->evidence);
  if (!worker->status.ok()) return;
  attacks::FrameEvidence& evidence = worker->evidence;
  if (video_ != nullptr) {
    StillFrame(worker->frame.bgr, worker->shown.picture, video_->mean(), evidence.engine_alpha,
               video_->noise(), &worker->stilled);
    evidence.frame.bgr = worker->stilled;
  }
  worker->room_share = RoomShare(evidence.frame.bgr, wallpaper_.bgr, known_, evidence.caller);
  worker->outline = ExamineOutline(evidence.frame.bgr, wallpaper_.bgr, known_, evidence.caller);
  if (video_ != nullptr) ClearOfEvidence(WithoutEvidence(*worker), video_->mean(), &evidence);
  worker->rules.Find(&evidence, &worker->candidates);
}

void Pipeline::Gather(Worker* worker) {
  if (!worker->status.ok()) Fail(worker->status.error());
  GatherRepeats(worker->repeats);
  if (!failed_) gatherer_->Add(worker);
  ++gathered_frames_;
  worker->frame = {};
  worker->evidence.frame = {};
}

void Pipeline::GatherRepeats(const std::vector<image::Frame>& repeats) {
  for (const image::Frame& frame : repeats)
    if (!failed_) gatherer_->Repeat(frame);
  gathered_frames_ += static_cast<int64_t>(repeats.size());
}

Result<void> Pipeline::Run(ProgressSink* progress, int64_t total, const std::stop_token& stop) {
  const auto worker = [&](int slot) { return workers_[static_cast<size_t>(slot)].get(); };
  RunOrdered(static_cast<int>(workers_.size()),
             {.read = [&](int slot) { return !stop.stop_requested() && !failed_ && Read(worker(slot)); },
              .work = [&](int slot) { Analyse(worker(slot)); },
              .finish =
                  [&](int slot) {
                    Gather(worker(slot));
                    if (progress != nullptr) progress->Report("recover", gathered_frames_, total);
                  }});
  GatherRepeats(last_repeats_);
  return status_;
}

// Shows a scene's frames to the attacks that look around first.
Result<void> LookAround(const AuditOptions& options, const Survey& survey, int scene,
                        attacks::AttackGroup* attacks, ProgressSink* progress, const std::stop_token& stop) {
  const int64_t frames = survey.scenes[static_cast<size_t>(scene)].scene.frames;
  for (int look = 0; look < attacks->surveys(); ++look) {
    PEEKPROOF_ASSIGN_OR_RETURN(auto reader, SceneFrames::Start(options, survey, scene));
    for (int64_t done = 0; !stop.stop_requested(); ++done) {
      PEEKPROOF_ASSIGN_OR_RETURN(std::optional<image::Frame> frame, reader->Next());
      if (!frame) break;
      if (WallpaperVideo* video = survey.wallpaper_video.get(); video != nullptr) {
        PEEKPROOF_ASSIGN_OR_RETURN(const WallpaperVideo::Shown shown, ShownBehind(frame->bgr, video));
        frame->bgr = StillBackground(frame->bgr, shown.picture, video->mean(), video->noise());
      }
      attacks->Survey(look, *frame);
      if (progress != nullptr)
        progress->Report("look", look * frames + done + 1, attacks->surveys() * frames);
    }
  }
  return {};
}

}  // namespace

Result<SceneFindings> AttackScene(const AuditOptions& options, const Survey& survey, int scene,
                                  const WallpaperModel& wallpaper_model, ProgressSink* progress,
                                  const std::stop_token& stop) {
  const SurveyedScene& surveyed = survey.scenes[static_cast<size_t>(scene)];
  const auto wallpaper =
      attacks::Wallpaper::Of(wallpaper_model.bgr, wallpaper_model.known, wallpaper_model.support);

  const int threads = options.threads > 0 ? options.threads : HardwareThreads();
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i <= threads; ++i) {
    PEEKPROOF_ASSIGN_OR_RETURN(auto worker, MakeWorker(options));
    workers.push_back(std::move(worker));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(
      const auto attacks,
      attacks::AttackGroup::Make(AttacksOf(options), {wallpaper, workers.front()->maker->blend_model()}));
  PEEKPROOF_RETURN_IF_ERROR(LookAround(options, survey, scene, attacks.get(), progress, stop));
  for (const auto& worker : workers) worker->rules = attacks->MakeRules();

  PEEKPROOF_ASSIGN_OR_RETURN(
      auto frames,
      SceneFrames::Start(options, survey, scene, WantedOf(options, survey.wallpaper_video.get())));
  SceneGatherer gatherer(options, attacks.get(), wallpaper->bgr.size(), surveyed.start_s);
  Pipeline pipeline(frames.get(), survey.wallpaper_video.get(), *wallpaper, wallpaper_model.known, &gatherer,
                    std::move(workers));
  PEEKPROOF_RETURN_IF_ERROR(pipeline.Run(progress, surveyed.scene.frames, stop));

  SceneFindings findings;
  gatherer.Finish(wallpaper_model.moving, &findings);
  findings.interrupted = stop.stop_requested();
  findings.diagnostics.Merge(frames->Stop());
  return findings;
}

}  // namespace peekproof::audit
