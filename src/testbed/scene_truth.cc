// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_truth.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "media/picture.h"
#include "media/video_reader.h"
#include "testbed/scene_json.h"
#include "testbed/truth_videos.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

Result<void> WriteText(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (file) return {};
  return Error{ErrorCode::kIo,
               fmt::format("cannot write the scene's truth; is the disk full? {}", path.string())};
}

Result<std::string> ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{ErrorCode::kNotFound,
                 fmt::format("no finished scene here (truth/scene.json is missing); make one first: {}",
                             path.string())};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<void> CheckSize(const cv::Mat& picture, const SceneTruth& truth, const fs::path& path) {
  if (picture.size() == truth.size) return {};
  return Error{ErrorCode::kCorruptData,
               fmt::format("truth picture has {} x {} pixels, the scene {} x {}; make the scene again: {}",
                           picture.cols, picture.rows, truth.size.width, truth.size.height, path.string())};
}

Result<cv::Mat3b> ReadColour(const SceneTruth& truth, const fs::path& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat3b picture, media::ReadPicture(path.string()));
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(picture, truth, path));
  return picture;
}

Result<cv::Mat1b> ReadGrey(const SceneTruth& truth, const fs::path& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat1b picture, media::ReadGreyPicture(path.string()));
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(picture, truth, path));
  return picture;
}

/// A 16-bit grey picture, as a share of 65535.
Result<cv::Mat1f> ReadLeak(const SceneTruth& truth, const fs::path& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto picture, media::VideoReader::Open(path.string(), {}));
  PEEKPROOF_RETURN_IF_ERROR(picture->Advance());
  cv::Mat1w samples;
  PEEKPROOF_RETURN_IF_ERROR(picture->ConvertGrey(&samples));
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(samples, truth, path));
  cv::Mat1f leak;
  MatteFromSamples(samples, &leak);
  return leak;
}

}  // namespace

Result<void> WriteSceneTruth(const SceneTruth& truth, const std::string& directory) {
  const fs::path folder = fs::path(directory) / "truth";
  const auto path = [&](const char* name) { return (folder / name).string(); };
  cv::Mat_<uint16_t> leak;
  truth.leak_alpha.convertTo(leak, CV_16U, 65535.0);
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path("room.png"), truth.room));
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path("wallpaper.png"), truth.wallpaper));
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path("leak_alpha.png"), leak));
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path("uncovered.png"), truth.uncovered));
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path("always_caller.png"), truth.always_caller));
  return WriteText(folder / "scene.json", TruthAsJson(truth));
}

Result<SceneTruth> ReadSceneNumbers(const std::string& directory) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string text, ReadText(fs::path(directory) / "truth" / "scene.json"));
  PEEKPROOF_ASSIGN_OR_RETURN(SceneTruth truth, TruthFromJson(text));
  truth.video = (fs::path(directory) / truth.video).string();
  return truth;
}

Result<SceneTruth> ReadSceneTruth(const std::string& directory) {
  const fs::path folder = fs::path(directory) / "truth";
  PEEKPROOF_ASSIGN_OR_RETURN(SceneTruth truth, ReadSceneNumbers(directory));
  PEEKPROOF_ASSIGN_OR_RETURN(truth.room, ReadColour(truth, folder / "room.png"));
  PEEKPROOF_ASSIGN_OR_RETURN(truth.wallpaper, ReadColour(truth, folder / "wallpaper.png"));
  PEEKPROOF_ASSIGN_OR_RETURN(truth.leak_alpha, ReadLeak(truth, folder / "leak_alpha.png"));
  PEEKPROOF_ASSIGN_OR_RETURN(truth.uncovered, ReadGrey(truth, folder / "uncovered.png"));
  PEEKPROOF_ASSIGN_OR_RETURN(truth.always_caller, ReadGrey(truth, folder / "always_caller.png"));
  return truth;
}

}  // namespace peekproof::testbed
