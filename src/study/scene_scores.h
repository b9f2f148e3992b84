// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "image/reconstruction.h"
#include "metrics/confidence_curve.h"
#include "metrics/score.h"
#include "models/detector.h"
#include "models/text_reader.h"
#include "testbed/scene_truth.h"

namespace peekproof::study {

/// A number of the score table: its name there and in files, what it is, and where it lies.
struct MetricInfo {
  const char* name;
  const char* title;
  const char* meaning;  ///< With landmark values; one line.
};

/// All metrics, in the order of MetricValues.
const std::vector<MetricInfo>& ListMetrics();

/// Values of the metrics, one for each of ListMetrics; not a number where one was not measured.
using MetricValues = std::vector<double>;

/// What scores compare with beside the truth.
struct ScoreInputs {
  cv::Mat3b other_room;  ///< Of the frame's size.
  models::TextReader* reader =
      nullptr;  ///< Null: nothing is read, and the scores of reading are not measured.
  models::Detector* detector = nullptr;  ///< Likewise of objects.
};

/// The position of a metric in ListMetrics; aborts where there is none of the name.
size_t MetricIndex(std::string_view name);

/// A room that a scene's is not, for the control: the one named (testbed::OpenRoom), or a drawn one of a seed
/// that no scene has by chance. Errors  OpenRoom's.
Result<cv::Mat3b> OtherRoom(const std::string& source, cv::Size size);

/// A scene's truth as the metrics take it.
metrics::LeakTruth LeakTruthOf(const testbed::SceneTruth& truth);

/// Scores a reconstruction against a scene's truth.
/// Errors  kInvalidArgument: another size than the scene's (names both); the reader's.
Result<MetricValues> ScoreScene(const image::Reconstruction& room, const testbed::SceneTruth& truth,
                                const ScoreInputs& inputs);

/// All that a study keeps of a reconstruction.
struct SceneScores {
  MetricValues values;
  std::vector<metrics::ConfidencePoint> curve;  ///< Recall and precision against confidence.
  std::array<metrics::CalibrationBin, 10> calibration{};
};

/// The same as ScoreScene, and what confidences are worth.
Result<SceneScores> ScoreSceneInFull(const image::Reconstruction& room, const testbed::SceneTruth& truth,
                                     const ScoreInputs& inputs);

/// Reads a reconstruction: an audit's report folder (room.png and confidence.png), or a picture, whose alpha
/// tells which pixels are there; without alpha all are. A picture's confidence is 1.
/// Errors  kNotFound, kUnsupported, kCorruptData; kInvalidArgument (files of different sizes).
Result<image::Reconstruction> ReadReconstruction(const std::string& path);

/// The reconstruction as a picture, absent pixels in grey, which shows no objects.
cv::Mat3b OnGrey(const image::Reconstruction& room);

/// What handing in the true room amounts to, also where it never leaked: the ceiling of reading.
image::Reconstruction TrueRoom(const testbed::SceneTruth& truth);
/// What handing in the wallpaper everywhere amounts to.
image::Reconstruction WallpaperAlone(const testbed::SceneTruth& truth);

/// Ceilings of attacks on a scene, with names: un-blended and copied by an oracle, from the call before it
/// was coded and from the call as it is. directory: of the scene. progress: may be null. Errors  kNotFound
/// (the scene was made without mattes), those of reading, kInterrupted.
Result<std::vector<std::pair<std::string, image::Reconstruction>>> CeilingsOf(
    const testbed::SceneTruth& truth, const std::string& directory, ProgressSink* progress,
    const std::stop_token& stop);

}  // namespace peekproof::study
