// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "advise/advise.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "advise/measure_call.h"
#include "advise/try_on_camera.h"
#include "advise/try_on_test_bed.h"
#include "apply/open_background.h"
#include "audit/remedy.h"
#include "base/parallel.h"
#include "engines/spec.h"

namespace peekproof::advise {
namespace {

constexpr double kLeastCallerShare = 0.01;

Error Invalid(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

Result<std::vector<audit::Remedy>> RemediesOf(const AdviseOptions& options, const std::string& engine) {
  if (options.settings.empty()) return audit::RemediesFor(engine);
  return audit::RemediesFor(engine, options.settings);
}

/// The part of the recording that is advised on: the main one.
Result<const audit::SegmentResult*> PartOf(const audit::AuditResult& audited, const AdviseOptions& options) {
  if (audited.interrupted) return Error{ErrorCode::kInterrupted, "interrupted before any setting was tried"};
  const bool named = options.audit.engine != audit::kAutoEngine;
  const audit::SegmentResult* part =
      audited.main_segment ? &audited.segments[*audited.main_segment] : nullptr;
  if (part == nullptr || part->caller_share < kLeastCallerShare) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("nobody was found in the recording, so there is no leak to close; name the "
                             "caller's tile (--crop) or time (--start): {}",
                             audited.input_name)};
  }
  if (part->background == audit::BackgroundKind::kBlurred) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("the background is blurred, and advice is on pictures as backgrounds; peekproof "
                             "audit tells what the blur lets through: {}",
                             audited.input_name)};
  }
  if (!named && part->engine.empty()) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("no still virtual background was found, so the service cannot be told; name it "
                             "(--engine): {}",
                             audited.input_name)};
  }
  return part;
}

media::ReaderOptions ReaderOf(const AdviseOptions& options, const audit::SegmentResult& part,
                              const audit::AuditResult& audited) {
  media::ReaderOptions reader;
  reader.start_s = std::max(options.audit.start_s, part.start_s);
  // The last frame's time is the part's end; a frame later nothing of it follows.
  if (part.end_s > reader.start_s) reader.end_s = part.end_s + 0.5 / std::max(1.0, audited.frame_rate);
  reader.crop = options.audit.crop;
  reader.threads = options.audit.threads;
  return reader;
}

/// Fills traits, case and trials.
Result<void> AdviseOnTestBed(const AdviseOptions& options, const audit::SegmentResult& part,
                             const audit::AuditResult& audited, const std::vector<audit::Remedy>& remedies,
                             ProgressSink* progress, const std::stop_token& stop, Advice* advice) {
  PEEKPROOF_ASSIGN_OR_RETURN(
      advice->traits,
      MeasureCall(options.audit.input, ReaderOf(options, part, audited), "landscape", progress, stop));
  advice->nearest = NearestCase(advice->traits);
  const testbed::SceneOptions scene =
      SceneOf(advice->nearest->chosen, audited.frame_size, audited.frame_rate, options.frames);
  advice->tried_size = scene.size;
  advice->frame_rate = scene.frame_rate;
  PEEKPROOF_ASSIGN_OR_RETURN(advice->trials, TryOnTestBed(scene, remedies, options.calls, progress, stop));
  return {};
}

/// The best of those that `is_wanted`; null where none leaks less than `as_it_is`.
const SettingResult* BestOf(const std::vector<SettingResult>& settings, const SettingResult* as_it_is,
                            const std::function<bool(const SettingResult&)>& is_wanted) {
  std::vector<const SettingResult*> wanted;
  for (const SettingResult& result : settings) {
    if (as_it_is != nullptr && result.leak < as_it_is->leak && is_wanted(result)) wanted.push_back(&result);
  }
  std::vector<audit::LeakAndLoss> choices;
  for (const SettingResult* result : wanted) choices.push_back({result->leak, result->lost.value_or(0)});
  const std::optional<size_t> best = audit::Recommended(choices);
  return best ? wanted[*best] : nullptr;
}

/// "meet(wrap=0.3)" gives "meet".
std::string NameOf(const std::string& spec) { return spec.substr(0, spec.find('(')); }

}  // namespace

Result<void> AdviseOptions::Validate() const {
  PEEKPROOF_RETURN_IF_ERROR(audit.Validate());
  if (frames < 8 || frames > 10000) return Invalid("frames must be 8 to 10000");
  if (calls < 1 || calls > 100) return Invalid("calls must be 1 to 100");
  if (camera_frames < 8 || camera_frames > 100000) return Invalid("camera frames must be 8 to 100000");
  if (camera.empty() && !plate.empty())
    return Invalid("the empty room is of use beside a camera clip only (--camera)");
  if (audit.engine != audit::kAutoEngine) PEEKPROOF_RETURN_IF_ERROR(apply::EngineInfoOf(audit.engine));
  for (const std::string& spec : settings) PEEKPROOF_RETURN_IF_ERROR(apply::EngineInfoOf(spec));
  return {};
}

const SettingResult* Advice::AsItIs() const {
  const auto is_first = [](const SettingResult& result) { return result.remedy.setting == audit::kAsItIs; };
  const auto found = std::find_if(trials.settings.begin(), trials.settings.end(), is_first);
  return found == trials.settings.end() ? nullptr : &*found;
}

const SettingResult* Advice::Best() const {
  return BestOf(trials.settings, AsItIs(), [&](const SettingResult& result) {
    const std::string name = NameOf(result.remedy.engine);
    return on_camera || name == NameOf(engine) || name == "guard";
  });
}

const SettingResult* Advice::BestOfTheEngine() const {
  return BestOf(trials.settings, AsItIs(), [&](const SettingResult& result) {
    return !result.remedy.setup && NameOf(result.remedy.engine) == NameOf(engine);
  });
}

Result<Advice> Advise(const AdviseOptions& options, ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::AuditResult audited,
                             audit::RunAudit(options.audit, progress, stop));
  PEEKPROOF_ASSIGN_OR_RETURN(const audit::SegmentResult* part, PartOf(audited, options));
  const ThreadLimit limit(options.audit.threads);
  Advice advice;
  advice.input_name = audited.input_name;
  advice.verdict_sentence = audited.verdict_sentence;
  advice.engine = options.audit.engine == audit::kAutoEngine ? part->engine : options.audit.engine;
  if (!part->engine_guesses.empty()) advice.engine_probability = part->engine_guesses.front().probability;
  advice.diagnostics = audited.diagnostics;
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<audit::Remedy> remedies, RemediesOf(options, advice.engine));
  if (options.camera.empty()) {
    PEEKPROOF_RETURN_IF_ERROR(AdviseOnTestBed(options, *part, audited, remedies, progress, stop, &advice));
  } else {
    advice.on_camera = true;
    advice.has_plate = !options.plate.empty();
    const CameraClip clip{options.camera, options.plate, options.camera_frames, options.audit.threads};
    PEEKPROOF_ASSIGN_OR_RETURN(advice.trials,
                               TryOnCamera(clip, remedies, progress, stop, &advice.diagnostics));
  }
  advice.complete = audited.complete && !advice.trials.interrupted && advice.diagnostics.empty();
  std::stable_sort(advice.trials.settings.begin(), advice.trials.settings.end(),
                   [](const SettingResult& a, const SettingResult& b) { return a.leak < b.leak; });
  return advice;
}

}  // namespace peekproof::advise
