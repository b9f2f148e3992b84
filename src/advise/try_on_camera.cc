// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/try_on_camera.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "apply/learn_room.h"
#include "apply/open_background.h"
#include "engines/leak_meter.h"
#include "media/video_reader.h"

namespace peekproof::advise {
namespace {

/// What one setting made of the clip.
struct Run {
  SettingResult result;
  int64_t frames = 0;
};

/// Where the work stands among all settings.
struct Place {
  int64_t done = 0;
  int64_t total = 0;  ///< 0: not known.
};

Result<std::unique_ptr<media::VideoReader>> OpenClip(const CameraClip& clip, const std::stop_token& stop) {
  return media::VideoReader::Open(clip.camera, {.threads = clip.threads, .stop = stop});
}

/// The engine and the meter of one setting.
class Contender {
 public:
  static Result<Contender> Create(const audit::Remedy& remedy) {
    // Which picture it is makes no difference to what shows of the room.
    const apply::BackgroundOptions behind{.background = "#4a6a8a", .noise = remedy.background_noise};
    Contender contender;
    PEEKPROOF_ASSIGN_OR_RETURN(const engines::EngineInfo info, apply::EngineInfoOf(remedy.engine));
    PEEKPROOF_ASSIGN_OR_RETURN(contender.engine_, apply::OpenEngine(remedy.engine, "", behind));
    PEEKPROOF_ASSIGN_OR_RETURN(contender.background_, apply::OpenBackground(behind, info));
    return contender;
  }

  /// The meter always learns; the engine where the remedy says so.
  Result<void> LearnRoom(const image::Frame& empty, bool engine_too) {
    meter_->LearnRoom(empty.bgr);
    if (engine_too) return engine_->LearnRoom(empty);
    return {};
  }

  Result<void> Take(const image::Frame& camera) {
    const auto start = std::chrono::steady_clock::now();
    PEEKPROOF_RETURN_IF_ERROR(engine_->Process(camera, background_.get(), &shown_));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (!shown_.failure.empty() && shown_.failure != engines::kMadeFailure)
      return Error{ErrorCode::kInternal, shown_.failure};
    ms_.push_back(took.count());
    closed_ += shown_.shown == engines::Shown::kComposed ? 0 : 1;
    meter_->Add(camera, shown_);
    return {};
  }

  SettingResult Score(const audit::Remedy& remedy) {
    const auto middle = ms_.begin() + static_cast<std::ptrdiff_t>(ms_.size() / 2);
    std::nth_element(ms_.begin(), middle, ms_.end());
    const engines::MeteredLeak& leak = meter_->leak();
    const double share = leak.any_raw ? 1.0 : leak.weighted_share();
    return {.remedy = remedy,
            .leak = share,
            .least = share,
            .largest = share,
            .lost = std::nullopt,
            .closed = closed_ / static_cast<double>(ms_.size()),
            .ms = *middle};
  }

 private:
  Contender() = default;

  std::unique_ptr<engines::Engine> engine_;
  std::unique_ptr<engines::Background> background_;
  std::unique_ptr<engines::LeakMeter> meter_ = std::make_unique<engines::LeakMeter>();
  engines::Composite shown_;
  std::vector<double> ms_;
  double closed_ = 0;
};

/// None where a stop came in between.
Result<std::optional<Run>> TryOne(const CameraClip& clip, const audit::Remedy& remedy, const Place& place,
                                  ProgressSink* progress, const std::stop_token& stop,
                                  Diagnostics* diagnostics) {
  PEEKPROOF_ASSIGN_OR_RETURN(Contender contender, Contender::Create(remedy));
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, OpenClip(clip, stop));
  if (!clip.plate.empty()) {
    PEEKPROOF_RETURN_IF_ERROR(apply::LearnRoom(
        clip.plate, std::nullopt, reader->info().size, stop,
        [&](const image::Frame& empty) { return contender.LearnRoom(empty, remedy.setup); }));
  }
  image::Frame camera;
  int64_t frames = 0;
  for (; frames < clip.most_frames; ++frames) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader->Advance());
    if (!more) break;
    PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&camera.bgr));
    camera.index = frames;
    camera.time_s = reader->time_s();
    PEEKPROOF_RETURN_IF_ERROR(contender.Take(camera));
    if (progress != nullptr) progress->Report("try", place.done + frames + 1, place.total);
    if (stop.stop_requested()) return std::optional<Run>();
  }
  // Each setting reads the same damage.
  if (diagnostics->empty()) diagnostics->Merge(reader->diagnostics());
  return std::optional<Run>({contender.Score(remedy), frames});
}

}  // namespace

Result<TrialResults> TryOnCamera(const CameraClip& clip, const std::vector<audit::Remedy>& remedies,
                                 ProgressSink* progress, const std::stop_token& stop,
                                 Diagnostics* diagnostics) {
  std::vector<audit::Remedy> wanted;
  for (const audit::Remedy& remedy : remedies) {
    if (!remedy.setup || !clip.plate.empty()) wanted.push_back(remedy);
  }
  TrialResults results{.calls = 1};
  for (const audit::Remedy& remedy : wanted) {
    const auto done = static_cast<int64_t>(results.settings.size());
    const Place place{done * results.frames, static_cast<int64_t>(wanted.size()) * results.frames};
    if (stop.stop_requested()) break;
    auto run = TryOne(clip, remedy, place, progress, stop, diagnostics);
    if (!run.ok() && run.error().code == ErrorCode::kInterrupted) break;
    if (!run.ok()) return run.error();
    if (!run->has_value()) break;
    results.settings.push_back((*run)->result);
    results.frames = (*run)->frames;
  }
  results.interrupted = stop.stop_requested();
  if (results.settings.empty())
    return Error{ErrorCode::kInterrupted, "interrupted before any setting was tried"};
  return results;
}

}  // namespace peekproof::advise
