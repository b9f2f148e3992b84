// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/background_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

constexpr float kMostlyBackground = 0.3F;  // Caller presence below which a pixel tells of the background.
constexpr float kHeldColour = 0.5F;        // Support from which a pixel holds its colour.
constexpr double kRestlessShare = 0.35;    // Share of background pixels without a colour of their own.
constexpr double kCameraShiftPx = 0.4;     // Of the thumbnail, in half a second.
constexpr int kLeastSamples = 4;
constexpr int64_t kLeastProfiles = 150;

// Share of background pixels that do not hold a colour.
double RestlessShare(const SurveyedScene& scene) {
  cv::Mat1f support;
  cv::resize(scene.wallpaper_support, support, scene.caller_presence.size(), 0, 0, cv::INTER_NEAREST);
  int64_t looked = 0;
  int64_t restless = 0;
  for (int row = 0; row < support.rows; ++row) {
    for (int column = 0; column < support.cols; ++column) {
      if (scene.caller_presence(row, column) >= kMostlyBackground) continue;
      ++looked;
      restless += support(row, column) < kHeldColour ? 1 : 0;
    }
  }
  return looked > 0 ? static_cast<double>(restless) / static_cast<double>(looked) : 0.0;
}

}  // namespace

BackgroundJudgement JudgeStillness(const SurveyedScene& scene) {
  if (scene.sampled_frames < kLeastSamples) {
    return {.kind = BackgroundKind::kUnknown, .confidence = 0, .explanation = "Too few frames to tell."};
  }
  const double restless = RestlessShare(scene);
  if (restless < kRestlessShare) {
    return {.kind = BackgroundKind::kStaticWallpaper,
            .confidence = 1.0 - restless,
            .explanation = fmt::format("{:.0f} % of the background keeps its colour.", 100 * (1 - restless))};
  }
  const double confidence = std::min(1.0, 0.5 + (restless - kRestlessShare));
  if (scene.global_motion_px >= kCameraShiftPx) {
    return {.kind = BackgroundKind::kNone,
            .confidence = confidence,
            .explanation =
                fmt::format("The picture shifts as a whole, as a moving camera's does ({:.0f} % of the "
                            "background keeps no colour).",
                            100 * restless)};
  }
  return {
      .kind = BackgroundKind::kAnimatedWallpaper,
      .confidence = confidence,
      .explanation = fmt::format("{:.0f} % of the background keeps no colour: it moves.", 100 * restless)};
}

BackgroundJudgement JudgeOutline(const SceneFindings& findings) {
  constexpr double kMostly = 0.5;
  if (findings.raw_share > kMostly) {
    return {
        .kind = BackgroundKind::kAnimatedWallpaper,
        .confidence = findings.raw_share,
        .explanation = fmt::format("In {:.0f} % of the frames the background is not the most frequent one.",
                                   100 * findings.raw_share)};
  }
  const OutlineEvidence& outline = findings.outline;
  const double width = outline.MedianWidth();
  const double third = outline.ThirdColourShare();
  const std::string evidence = fmt::format(
      "Across the outline the background changes into the caller within {:.1f} pixels (of 720 lines), and "
      "{:.0f} % of {} cuts show a third colour between.",
      width, 100 * third, outline.profiles);
  if (outline.profiles < kLeastProfiles) {
    return {
        .kind = BackgroundKind::kStaticWallpaper,
        .confidence = 0.5,
        .explanation = "The background stands still; the outline shows too little contrast to tell more."};
  }
  return {.kind = BackgroundKind::kStaticWallpaper, .confidence = 0.7, .explanation = evidence};
}

}  // namespace peekproof::audit
