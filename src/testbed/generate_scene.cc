// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/ordered_pipeline.h"
#include "media/picture.h"
#include "metrics/oracle.h"
#include "testbed/call_recorder.h"
#include "testbed/scene.h"
#include "testbed/scene_parameters.h"
#include "testbed/truth_videos.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

Result<void> MakeDirectory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) return {};
  return Error{ErrorCode::kIo, fmt::format("cannot make the scene's folder: {}; choose another place: {}",
                                           error.message(), path.string())};
}

/// The files that grow with the call.
struct Outputs {
  std::unique_ptr<CallRecorder> video;
  std::unique_ptr<TruthVideoWriter> mattes;  ///< Null: not wanted.
};

Result<Outputs> OpenOutputs(const Scene& scene, const fs::path& directory) {
  const SceneOptions& options = scene.options();
  Outputs outputs;
  const fs::path truth = directory / "truth";
  PEEKPROOF_RETURN_IF_ERROR(MakeDirectory(truth));
  std::error_code ignored;
  fs::remove(truth / "scene.json", ignored);  // An older scene here is finished no longer.
  PEEKPROOF_ASSIGN_OR_RETURN(outputs.video,
                             CallRecorder::Create(directory.string(), options.size, options.frame_rate,
                                                  options.channel, options.seed));
  if (!options.write_frames) return outputs;
  PEEKPROOF_ASSIGN_OR_RETURN(outputs.mattes,
                             TruthVideoWriter::Create(directory.string(), options.size, options.frame_rate,
                                                      scene.wallpaper_moves()));
  return outputs;
}

SceneTruth BeginTruth(const Scene& scene, const Outputs& outputs) {
  const SceneOptions& options = scene.options();
  SceneTruth truth;
  truth.video = outputs.video->path();
  truth.seed = options.seed;
  truth.engine = options.engine;
  truth.size = options.size;
  truth.frame_rate = options.frame_rate;
  truth.texts = scene.studio().texts();
  truth.options = ValuesOf(options);
  truth.person_json = scene.studio().foreground().DescribeAsJson();
  const Diagnostics diagnostics = scene.studio().foreground().diagnostics();
  for (const Diagnostic& item : diagnostics.items()) truth.notes.push_back(item.message);
  truth.wallpaper_moves = scene.wallpaper_moves();
  truth.room = scene.studio().true_room();
  return truth;
}

/// BGRA, transparent where a pixel is absent.
cv::Mat4b PictureOf(const image::Reconstruction& room) {
  cv::Mat4b picture(room.size(), cv::Vec4b());
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x)
      if (room.evidence(y, x) > 0)
        picture(y, x) = {room.bgr(y, x)[0], room.bgr(y, x)[1], room.bgr(y, x)[2], 255};
  return picture;
}

/// Passes shot frames through the engine and into the files, in order.
class SceneSink {
 public:
  SceneSink(Scene* scene, Outputs* outputs, SceneTruth* truth)
      : scene_(*scene), outputs_(*outputs), truth_(*truth), leak_(truth->size), oracle_(truth->size) {}

  Result<void> Take(SceneFrame* frame) {
    PEEKPROOF_RETURN_IF_ERROR(scene_.Pass(frame));
    const int64_t index = frame->camera.index;
    const double time_s = frame->camera.time_s;
    PEEKPROOF_ASSIGN_OR_RETURN(const Received received,
                               outputs_.video->Write(frame->shown.bgr, index, time_s));
    if (truth_.wallpaper.empty() && !frame->raw) scene_.wallpaper().copyTo(truth_.wallpaper);
    if (!received.shown) {
      truth_.lost_frames.push_back(index);
      return {};
    }
    if (frame->raw) truth_.raw_frames.push_back(truth_.frames);
    ++truth_.frames;
    const SceneOptions& options = scene_.options();
    truth_.sent.push_back({time_s, StateAt(options.camera, {options.seed, index, time_s}), received.scale,
                           received.bytes, received.bit_rate});
    return AddTruth(frame);
  }

  Result<void> WriteCeilings(const fs::path& folder) const {
    PEEKPROOF_RETURN_IF_ERROR(
        media::WritePng((folder / "ceiling_unblended.png").string(), PictureOf(oracle_.Unblended())));
    return media::WritePng((folder / "ceiling_copied.png").string(), PictureOf(oracle_.Copied()));
  }

  Result<void> Finish() {
    PEEKPROOF_RETURN_IF_ERROR(outputs_.video->Finish());
    if (outputs_.mattes) PEEKPROOF_RETURN_IF_ERROR(outputs_.mattes->Finish());
    // A call of raw frames alone never shows its background.
    if (truth_.wallpaper.empty()) scene_.wallpaper().copyTo(truth_.wallpaper);
    truth_.service_json = scene_.DescribeService();
    truth_.leak_alpha = leak_.leak_alpha();
    truth_.uncovered = leak_.uncovered();
    truth_.uncovered_px = cv::countNonZero(leak_.uncovered());
    truth_.always_caller = leak_.always_caller();
    return {};
  }

 private:
  /// The truth is what its files hold: mattes are rounded first, so that a reader finds the same leak.
  Result<void> AddTruth(SceneFrame* frame) {
    QuantiseMatte(&frame->caller);
    QuantiseMatte(&frame->shown.alpha);
    truth_.leaks.push_back(leak_.Add(frame->caller, frame->shown.alpha, frame->raw));
    truth_.growth.push_back(leak_.CallSoFar());
    const image::AlphaMask leak{leak_.frame_leak()};
    if (!frame->raw)
      oracle_.Add({frame->shown.bgr, scene_.wallpaper(), frame->shown.alpha, leak, frame->camera.time_s});
    if (!outputs_.mattes) return {};
    return outputs_.mattes->Write(
        {frame->camera.time_s, frame->caller, frame->shown.alpha, {leak_.frame_leak()}}, scene_.wallpaper());
  }

  Scene& scene_;
  Outputs& outputs_;
  SceneTruth& truth_;
  LeakTruth leak_;
  metrics::Oracle oracle_;  ///< Of the call before it is coded.
};

/// Shoots frames ahead on all threads and hands them to the sink in order.
Result<void> RunScene(Scene* scene, SceneSink* sink, ProgressSink* progress, const std::stop_token& stop) {
  constexpr int kAhead = 4;
  const int64_t frames = scene->options().frames;
  std::array<SceneFrame, kAhead> slots;
  std::atomic<bool> failed = false;
  int64_t next = 0;
  Result<void> fetched;
  Result<void> result;
  OrderedSteps steps;
  steps.read = [&](int slot) {
    if (next >= frames || failed || stop.stop_requested()) return false;
    fetched = scene->Fetch(next++, &slots[slot]);
    return fetched.ok();
  };
  steps.work = [&](int slot) { scene->Shoot(&slots[slot]); };
  steps.finish = [&](int slot) {
    if (failed) return;
    result = sink->Take(&slots[slot]);
    failed = !result.ok();
    if (!failed && progress != nullptr) progress->Report("scene", slots[slot].camera.index + 1, frames);
  };
  RunOrdered(kAhead, steps);
  PEEKPROOF_RETURN_IF_ERROR(fetched);
  if (result.ok() && next < frames) return Error{ErrorCode::kInterrupted, "scene not finished: interrupted"};
  return result;
}

}  // namespace

Result<SceneTruth> GenerateScene(const SceneOptions& options, const std::string& directory,
                                 ProgressSink* progress, std::stop_token stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::unique_ptr<Scene> scene, Scene::Create(options, stop));
  PEEKPROOF_ASSIGN_OR_RETURN(Outputs outputs, OpenOutputs(*scene, directory));
  SceneTruth truth = BeginTruth(*scene, outputs);
  SceneSink sink(scene.get(), &outputs, &truth);
  PEEKPROOF_RETURN_IF_ERROR(RunScene(scene.get(), &sink, progress, stop));
  PEEKPROOF_RETURN_IF_ERROR(sink.Finish());
  PEEKPROOF_RETURN_IF_ERROR(sink.WriteCeilings(fs::path(directory) / "truth"));
  PEEKPROOF_RETURN_IF_ERROR(WriteSceneTruth(truth, directory));
  return truth;
}

}  // namespace peekproof::testbed
