// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

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

}  // namespace

Result<SceneTruth> GenerateScene(const SceneOptions& options, const std::string& directory,
                                 ProgressSink* progress, std::stop_token stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::unique_ptr<Scene> scene, Scene::Create(options));
  PEEKPROOF_ASSIGN_OR_RETURN(Outputs outputs, OpenOutputs(options, directory));
  SceneTruth truth = BeginTruth(*scene, outputs);
  LeakTruth leak(options.size);
  SceneFrame frame;
  while (true) {
    if (stop.stop_requested()) return Error{ErrorCode::kInterrupted, "scene not finished: interrupted"};
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, scene->Next(&frame));
    if (!more) break;
    PEEKPROOF_RETURN_IF_ERROR(WriteFrame(frame, &outputs));
    if (frame.raw) truth.raw_frames.push_back(frame.camera.index);
    truth.leaks.push_back(leak.Add(frame.caller, frame.shown.alpha, frame.raw));
    if (progress != nullptr) progress->Report("scene", frame.camera.index + 1, options.frames);
  }
  PEEKPROOF_RETURN_IF_ERROR(outputs.video->Finish());
  truth.leak_alpha = leak.leak_alpha();
  truth.uncovered = leak.uncovered();
  truth.always_caller = leak.always_caller();
  PEEKPROOF_RETURN_IF_ERROR(WriteSceneTruth(truth, directory));
  return truth;
}

}  // namespace peekproof::testbed
