// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/scene_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "base/check.h"
#include "media/picture.h"
#include "media/video_reader.h"
#include "metrics/object_score.h"
#include "metrics/oracle.h"
#include "metrics/room_control.h"
#include "metrics/text_score.h"
#include "metrics/zoomg_verify.h"
#include "testbed/open_room.h"
#include "testbed/truth_videos.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;
using metrics::ZoomgComparison;

constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

/// A picture handed in as the room, with certainty.
image::Reconstruction Everywhere(const cv::Mat3b& picture) {
  auto painted = image::Reconstruction::Absent(picture.size());
  picture.copyTo(painted.bgr);
  painted.confidence.setTo(1);
  painted.evidence.setTo(1);
  return painted;
}

/// The reconstruction as a picture, absent pixels as the wallpaper's.
cv::Mat3b Filled(const image::Reconstruction& room, const cv::Mat3b& wallpaper) {
  cv::Mat3b picture = wallpaper.clone();
  room.bgr.copyTo(picture, room.Present());
  return picture;
}

Result<std::vector<metrics::ObjectBox>> ObjectsIn(const cv::Mat3b& picture, models::Detector* detector) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<models::Detection> found, detector->Detect(picture));
  std::vector<metrics::ObjectBox> boxes;
  for (const models::Detection& one : found)
    boxes.push_back({one.label, cv::Rect2d(one.box), one.confidence});
  return boxes;
}

/// What a detector finds of what it finds in the true room; none without detector, or where that is nothing.
Result<std::optional<metrics::ObjectScore>> FindObjects(const image::Reconstruction& room,
                                                        const testbed::SceneTruth& truth,
                                                        models::Detector* detector) {
  if (detector == nullptr) return std::optional<metrics::ObjectScore>();
  PEEKPROOF_ASSIGN_OR_RETURN(const auto found, ObjectsIn(OnGrey(room), detector));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto known, ObjectsIn(truth.room, detector));
  if (known.empty()) return std::optional<metrics::ObjectScore>();
  return std::optional(metrics::MatchObjects(found, known));
}

/// What a reader reads of a scene's known texts; none without reader or texts.
Result<std::optional<metrics::TextScore>> ReadTexts(const image::Reconstruction& room,
                                                    const testbed::SceneTruth& truth,
                                                    models::TextReader* reader) {
  if (reader == nullptr || truth.texts.empty()) return std::optional<metrics::TextScore>();
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<models::ReadText> lines,
                             reader->Read(room.bgr, room.Present()));
  std::vector<metrics::TextBox> read;
  const double width = truth.size.width;
  const double height = truth.size.height;
  for (const models::ReadText& line : lines)
    read.push_back(
        {line.text,
         {line.box.x / width, line.box.y / height, line.box.width / width, line.box.height / height}});
  std::vector<metrics::TextBox> known;
  for (const testbed::RoomText& text : truth.texts) known.push_back({text.text, text.box});
  return std::optional(metrics::MatchTexts(read, known));
}

Result<image::Reconstruction> ReadPictureWithAlpha(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader, media::VideoReader::Open(path, {}));
  PEEKPROOF_RETURN_IF_ERROR(reader->Advance());
  cv::Mat4b bgra;
  PEEKPROOF_RETURN_IF_ERROR(reader->ConvertWithAlpha(&bgra));
  auto room = image::Reconstruction::Absent(bgra.size());
  cv::cvtColor(bgra, room.bgr, cv::COLOR_BGRA2BGR);
  cv::Mat1b alpha;
  cv::extractChannel(bgra, alpha, 3);
  room.evidence.setTo(1, alpha > 127);
  room.confidence.setTo(1, alpha > 127);
  return room;
}

Result<image::Reconstruction> ReadReportFolder(const fs::path& folder) {
  PEEKPROOF_ASSIGN_OR_RETURN(image::Reconstruction room,
                             ReadPictureWithAlpha((folder / "room.png").string()));
  const std::string path = (folder / "confidence.png").string();
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat1b confidence, media::ReadGreyPicture(path));
  if (confidence.size() != room.size())
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("room.png has {} x {} pixels, confidence.png {} x {}: {}", room.bgr.cols,
                             room.bgr.rows, confidence.cols, confidence.rows, folder.string())};
  confidence.convertTo(room.confidence, CV_32F, 1.0 / 255);
  room.confidence.setTo(0, room.evidence == 0);
  return room;
}

/// The background of every frame: one picture, or a video beside the truth.
class Wallpapers {
 public:
  static Result<Wallpapers> Open(const testbed::SceneTruth& truth, const std::string& directory) {
    Wallpapers wallpapers;
    wallpapers.picture_ = truth.wallpaper;
    if (!truth.wallpaper_moves) return wallpapers;
    const std::string path = (fs::path(directory) / "truth" / "wallpaper.mkv").string();
    PEEKPROOF_ASSIGN_OR_RETURN(wallpapers.video_, media::VideoReader::Open(path, {}));
    return wallpapers;
  }
  Result<const cv::Mat3b*> Next() {
    if (!video_) return &picture_;
    PEEKPROOF_RETURN_IF_ERROR(video_->Advance());
    PEEKPROOF_RETURN_IF_ERROR(video_->Convert(&picture_));
    return &picture_;
  }

 private:
  cv::Mat3b picture_;
  std::unique_ptr<media::VideoReader> video_;
};

Result<metrics::Oracle> ConsultOracle(const testbed::SceneTruth& truth, const std::string& directory,
                                      ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto call, media::VideoReader::Open(truth.video, {}));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto mattes, testbed::TruthVideoReader::Open(directory));
  PEEKPROOF_ASSIGN_OR_RETURN(Wallpapers wallpapers, Wallpapers::Open(truth, directory));
  metrics::Oracle oracle(truth.size);
  cv::Mat3b recorded;
  testbed::TruthFrame frame;
  for (int64_t index = 0; index < truth.frames; ++index) {
    if (stop.stop_requested()) return Error{ErrorCode::kInterrupted, "scores not finished: interrupted"};
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, call->Advance());
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more_mattes, mattes->Next(&frame));
    if (!more || !more_mattes)
      return Error{ErrorCode::kCorruptData,
                   fmt::format("the call or its mattes end at frame {} of {}; make the scene again: {}",
                               index, truth.frames, directory)};
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* wallpaper, wallpapers.Next());
    if (progress != nullptr) progress->Report("oracle", index + 1, truth.frames);
    if (std::binary_search(truth.raw_frames.begin(), truth.raw_frames.end(), index)) continue;
    PEEKPROOF_RETURN_IF_ERROR(call->Convert(&recorded));
    oracle.Add({recorded, *wallpaper, frame.engine_alpha, frame.leak_alpha, frame.time_s});
  }
  return oracle;
}

Result<void> CheckSize(const image::Reconstruction& room, const testbed::SceneTruth& truth) {
  if (room.size() != truth.size)
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the reconstruction has {} x {} pixels, the scene {} x {}; give one of the frame's size",
                    room.bgr.cols, room.bgr.rows, truth.size.width, truth.size.height)};
  return {};
}

/// In the order of ListMetrics.
Result<MetricValues> ValuesOf(const metrics::Scores& scores, const image::Reconstruction& room,
                              const testbed::SceneTruth& truth, const ScoreInputs& inputs) {
  const metrics::RoomControl control = metrics::CompareWithWrongRooms(room, truth.room, inputs.other_room);
  PEEKPROOF_ASSIGN_OR_RETURN(const auto texts, ReadTexts(room, truth, inputs.reader));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto objects, FindObjects(room, truth, inputs.detector));
  const cv::Mat3b filled = Filled(room, truth.wallpaper);
  return MetricValues{scores.at_4.recall,
                      scores.at_10.recall,
                      scores.at_10.weighted_recall,
                      scores.at_4.precision,
                      scores.at_10.precision,
                      control.mirrored.at_10,
                      control.other.at_10,
                      control.above_chance ? 1.0 : 0.0,
                      scores.coverage,
                      scores.false_paint.caller,
                      scores.false_paint.wallpaper,
                      scores.calibration_error,
                      scores.brier,
                      scores.legacy.painted,
                      scores.legacy.wallpaper_floor,
                      metrics::ZoomgVerify(filled, truth.room, ZoomgComparison::kCiede2000).share,
                      metrics::ZoomgVerify(filled, truth.room, ZoomgComparison::kCosine).share,
                      texts ? texts->read_share : kNotMeasured,
                      texts ? 1 - texts->error_rate : kNotMeasured,
                      objects ? objects->recall : kNotMeasured,
                      objects ? objects->precision : kNotMeasured,
                      scores.area.full_of_environment(),
                      scores.area.partial_of_environment(),
                      scores.area.weighted_of_environment()};
}

}  // namespace

const std::vector<MetricInfo>& ListMetrics() {
  static const std::vector<MetricInfo> metrics{
      {"recall_4", "recall at dE 4", "of what leaked, how much has the room's true colour; 100 %: all of it"},
      {"recall_10", "recall at dE 10", "the same, recognisably"},
      {"weighted_recall_10", "recall at dE 10, by leak strength", "the same, strong leaks counting more"},
      {"precision_4", "precision at dE 4", "of what was painted, how much has the room's colour"},
      {"precision_10", "precision at dE 10", "the same, recognisably; a wrong room has 1 to 7 %"},
      {"mirrored_10", "... against the mirrored room", "what the same colours get in wrong places"},
      {"other_10", "... against another room", "what any room gets; precision must be well above both"},
      {"above_chance", "above chance", "100 %: precision is well above both controls; 0 %: it is not"},
      {"coverage", "leaked area covered", "painted at all, right or wrong"},
      {"false_caller", "painted where only the caller was", "share of the frame; 0 is ideal"},
      {"false_wallpaper", "painted where nothing leaked", "share of the frame; 0 is ideal"},
      {"calibration_error", "calibration error", "stated confidence against being right at 10; 0 is ideal"},
      {"brier", "Brier score", "the same per pixel; 25 % is what stating one half everywhere gets"},
      {"legacy", "legacy score", "the published one: fidelity to the blend, not to the room"},
      {"legacy_floor", "... of the bare wallpaper", "what no attack at all gets of it"},
      {"zoomg_ciede2000", "zoomg's verify, CIEDE2000", "right pixels over all pixels, the person's included"},
      {"zoomg_cosine", "zoomg's verify, cosine", "the same, brightness forgiven"},
      {"texts_read", "texts read",
       "of the room's known texts, by Tesseract; see what it reads in the true room"},
      {"characters_read", "characters read", "of them; 100 % less the character error rate"},
      {"objects_found", "objects found", "of those that the detector finds in the true room"},
      {"objects_true", "objects that are there", "of those that it finds in the reconstruction"},
      {"leak_full", "leaked in full", "of the real environment; of the call, not of the attack"},
      {"leak_partial", "leaked at all", "the same"},
      {"leak_weighted", "leaked, weighted by alpha", "the same"}};
  return metrics;
}

size_t MetricIndex(std::string_view name) {
  const std::vector<MetricInfo>& metrics = ListMetrics();
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const MetricInfo& one) { return one.name == name; });
  PEEKPROOF_CHECK(found != metrics.end(), "no metric {}", name);
  return static_cast<size_t>(found - metrics.begin());
}

Result<cv::Mat3b> OtherRoom(const std::string& source, cv::Size size) {
  constexpr uint64_t kSeed = 0x07E3'0000'0001;
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::Room room,
                             testbed::OpenRoom(source.empty() ? "drawn" : source, kSeed, size));
  return std::move(room.bgr);
}

metrics::LeakTruth LeakTruthOf(const testbed::SceneTruth& truth) {
  metrics::LeakTruth leak;
  leak.leak.values = truth.leak_alpha;
  leak.room = truth.room;
  leak.wallpaper = truth.wallpaper;
  leak.environment = truth.uncovered;
  leak.caller = cv::Mat1b(255 - truth.uncovered);
  return leak;
}

Result<MetricValues> ScoreScene(const image::Reconstruction& room, const testbed::SceneTruth& truth,
                                const ScoreInputs& inputs) {
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(room, truth));
  return ValuesOf(metrics::ScoreReconstruction(room, LeakTruthOf(truth)), room, truth, inputs);
}

Result<SceneScores> ScoreSceneInFull(const image::Reconstruction& room, const testbed::SceneTruth& truth,
                                     const ScoreInputs& inputs) {
  PEEKPROOF_RETURN_IF_ERROR(CheckSize(room, truth));
  const metrics::LeakTruth leak = LeakTruthOf(truth);
  const metrics::Scores scores = metrics::ScoreReconstruction(room, leak);
  SceneScores full;
  PEEKPROOF_ASSIGN_OR_RETURN(full.values, ValuesOf(scores, room, truth, inputs));
  full.curve = metrics::ConfidenceCurve(room, leak);
  full.calibration = scores.calibration;
  return full;
}

Result<image::Reconstruction> ReadReconstruction(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return ReadPictureWithAlpha(path);
  if (fs::exists(fs::path(path) / "room.png", ignored)) return ReadReportFolder(path);
  return Error{
      ErrorCode::kNotFound,
      fmt::format("the folder holds no room.png; give a picture, or the report folder of an audit: {}",
                  path)};
}

cv::Mat3b OnGrey(const image::Reconstruction& room) {
  cv::Mat3b picture(room.size(), cv::Vec3b(114, 114, 114));
  room.bgr.copyTo(picture, room.Present());
  return picture;
}

image::Reconstruction TrueRoom(const testbed::SceneTruth& truth) { return Everywhere(truth.room); }

image::Reconstruction WallpaperAlone(const testbed::SceneTruth& truth) { return Everywhere(truth.wallpaper); }

Result<std::vector<std::pair<std::string, image::Reconstruction>>> CeilingsOf(
    const testbed::SceneTruth& truth, const std::string& directory, ProgressSink* progress,
    const std::stop_token& stop) {
  std::vector<std::pair<std::string, image::Reconstruction>> ceilings;
  const fs::path folder = fs::path(directory) / "truth";
  PEEKPROOF_ASSIGN_OR_RETURN(const metrics::Oracle oracle, ConsultOracle(truth, directory, progress, stop));
  ceilings.emplace_back("un-blended, true alpha", oracle.Unblended());
  ceilings.emplace_back("copied, true caller", oracle.Copied());
  for (const auto& [name, file] : {std::pair("... without codec", "ceiling_unblended.png"),
                                   std::pair("... without codec", "ceiling_copied.png")}) {
    PEEKPROOF_ASSIGN_OR_RETURN(image::Reconstruction room, ReadPictureWithAlpha((folder / file).string()));
    ceilings.emplace_back(name, std::move(room));
  }
  std::swap(ceilings[1], ceilings[2]);
  return ceilings;
}

}  // namespace peekproof::study
