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
#include "media/video_writer.h"
#include "testbed/scene.h"
#include "testbed/scene_json.h"

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

Result<void> WriteShare(const cv::Mat1f& share, const fs::path& path) {
  cv::Mat_<uint16_t> grey;
  share.convertTo(grey, CV_16U, 65535.0);
  return media::WritePng(path.string(), grey);
}

/// The files that grow with the call.
struct Outputs {
  fs::path video_path;
  fs::path frames_path;  ///< Empty: no pictures of single frames.
  std::unique_ptr<media::VideoWriter> video;
};

Result<Outputs> OpenOutputs(const SceneOptions& options, const fs::path& directory) {
  Outputs outputs;
  const fs::path truth = directory / "truth";
  PEEKPROOF_RETURN_IF_ERROR(MakeDirectory(truth));
  if (options.write_frames) {
    outputs.frames_path = truth / "frames";
    PEEKPROOF_RETURN_IF_ERROR(MakeDirectory(outputs.frames_path));
  }
  std::error_code ignored;
  fs::remove(truth / "scene.json", ignored);  // An older scene here is finished no longer.
  const bool h264 = options.video.codec.rfind("libx264", 0) == 0;
  outputs.video_path = directory / (h264 ? "call.mp4" : "call.mkv");
  media::WriterOptions video = options.video;
  video.frame_rate = options.frame_rate;
  PEEKPROOF_ASSIGN_OR_RETURN(outputs.video,
                             media::VideoWriter::Create(outputs.video_path.string(), options.size, video));
  return outputs;
}

Result<void> WriteFrame(const SceneFrame& frame, Outputs* outputs) {
  if (!outputs->frames_path.empty()) {
    const auto path = [&](const char* what) {
      return outputs->frames_path / fmt::format("{:06}_{}.png", frame.camera.index, what);
    };
    PEEKPROOF_RETURN_IF_ERROR(WriteShare(frame.caller.values, path("caller")));
    PEEKPROOF_RETURN_IF_ERROR(WriteShare(frame.shown.alpha.values, path("alpha")));
  }
  return outputs->video->Write(frame.shown.bgr);
}

SceneTruth BeginTruth(const Scene& scene, const Outputs& outputs) {
  const SceneOptions& options = scene.options();
  SceneTruth truth;
  truth.video = outputs.video_path.string();
  truth.seed = options.seed;
  truth.engine = options.engine;
  truth.size = options.size;
  truth.frame_rate = options.frame_rate;
  truth.frames = options.frames;
  truth.texts = scene.studio().texts();
  truth.options_json = OptionsAsJson(options);
  truth.room = scene.studio().true_room();
  truth.wallpaper = scene.wallpaper();
  return truth;
}

/// Passes shot frames through the engine and into the files, in order.
class SceneSink {
 public:
  SceneSink(Scene* scene, Outputs* outputs, SceneTruth* truth)
      : scene_(*scene), outputs_(*outputs), truth_(*truth), leak_(truth->size) {}

  Result<void> Take(SceneFrame* frame) {
    PEEKPROOF_RETURN_IF_ERROR(scene_.Pass(frame));
    PEEKPROOF_RETURN_IF_ERROR(WriteFrame(*frame, &outputs_));
    if (frame->raw) truth_.raw_frames.push_back(frame->camera.index);
    truth_.leaks.push_back(leak_.Add(frame->caller, frame->shown.alpha, frame->raw));
    return {};
  }

  Result<void> Finish() {
    PEEKPROOF_RETURN_IF_ERROR(outputs_.video->Finish());
    truth_.leak_alpha = leak_.leak_alpha();
    truth_.uncovered = leak_.uncovered();
    truth_.always_caller = leak_.always_caller();
    return {};
  }

 private:
  Scene& scene_;
  Outputs& outputs_;
  SceneTruth& truth_;
  LeakTruth leak_;
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
  PEEKPROOF_ASSIGN_OR_RETURN(const std::unique_ptr<Scene> scene, Scene::Create(options));
  PEEKPROOF_ASSIGN_OR_RETURN(Outputs outputs, OpenOutputs(options, directory));
  SceneTruth truth = BeginTruth(*scene, outputs);
  SceneSink sink(scene.get(), &outputs, &truth);
  PEEKPROOF_RETURN_IF_ERROR(RunScene(scene.get(), &sink, progress, stop));
  PEEKPROOF_RETURN_IF_ERROR(sink.Finish());
  PEEKPROOF_RETURN_IF_ERROR(WriteSceneTruth(truth, directory));
  return truth;
}

}  // namespace peekproof::testbed
