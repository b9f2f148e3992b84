// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/background_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "audit/blurred_scene.h"
#include "audit/moving_background.h"

namespace peekproof::audit {
namespace {

constexpr float kMostlyBackground = 0.3F;  // Caller presence below which a pixel tells of the background.
constexpr float kHeldColour = 0.5F;        // Support from which a pixel holds its colour.
constexpr double kRestlessShare = 0.35;    // Share of background pixels without a colour of their own.
constexpr double kCameraShiftPx = 0.4;     // Of the thumbnail, in half a second.
constexpr int64_t kLeastProfiles = 150;
constexpr int64_t kLeastEdges = 200;
constexpr double kLiveUnrest = 0.45;        // Levels; above what codecs leave on a still picture.
constexpr double kPlainRatio = 0.95;        // Sharpness of background to caller in a plain room: below.
constexpr double kReplacedRatio = 1.3;      // And with a picture file behind the caller: mostly above.
constexpr double kThirdColourShare = 0.2;   // Of the cuts across the outline, where room leaks in plenty.
constexpr double kBlurredSharpness = 0.13;  // A Gaussian of three pixels.

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

struct OpticalEvidence {
  double unrest = 0;             // Photometry::BackgroundUnrest.
  double sharpness_ratio = 1.0;  // Of the background's sharpest edges to the caller's; 1 where not measured.
  bool measured = false;
  bool blurred = false;
};

OpticalEvidence OpticsOf(const SurveyedScene& scene) {
  constexpr double kSharpest = 0.9;
  const Photometry& photometry = scene.photometry;
  OpticalEvidence evidence{.unrest = photometry.BackgroundUnrest()};
  const bool has_caller = photometry.caller_edges().edges() >= kLeastEdges;
  const bool has_background = photometry.background_edges().edges() >= kLeastEdges;
  const double caller = photometry.caller_edges().Quantile(kSharpest);
  const double background = photometry.background_edges().Quantile(kSharpest);
  if (has_caller && has_background && caller > 0) {
    evidence.measured = true;
    evidence.sharpness_ratio = std::max(0.01, background / caller);
  }
  const bool coarse_only = !has_background && photometry.coarse_background_edges().edges() >= kLeastEdges / 4;
  evidence.blurred = coarse_only || (has_background && background <= kBlurredSharpness);
  return evidence;
}

std::string Explain(const OpticalEvidence& optics, const OutlineEvidence& outline) {
  std::string text = fmt::format(
      "The background's brightness wanders by {:.2f} levels (codecs alone: up to 0.25; a live "
      "camera: often more)",
      optics.unrest);
  if (optics.measured) {
    text += fmt::format(
        ", its sharpest edges are {:.1f} times as sharp as the caller's (a plain room: mostly below 1)",
        optics.sharpness_ratio);
  }
  if (outline.profiles >= kLeastProfiles) {
    text += fmt::format(
        ", and {:.0f} % of {} cuts across the outline show a third colour between caller and background",
        100 * outline.ThirdColourShare(), outline.profiles);
  }
  return text + ".";
}

std::string ExplainMoving(double share) {
  if (share == 0) return "";
  return fmt::format(" {:.0f} % of the background moves by itself; nothing is claimed there.",
                     std::max(1.0, 100 * share));
}

double ConfidenceThatItMoves(double restless) { return std::min(1.0, 0.5 + (restless - kRestlessShare)); }

std::string NoSharpEdge(const attacks::BlurEstimate& blur) {
  return fmt::format(
      "No edge of the background is sharp: all are blurred by {:.1f} pixels (standard deviation), by a "
      "program "
      "or by the lens.",
      blur.kernel.sigma_px);
}

BackgroundJudgement JudgeMovingCamera(const SurveyedScene& scene, double restless) {
  BackgroundJudgement judgement{
      .kind = BackgroundKind::kNone,
      .confidence = ConfidenceThatItMoves(restless),
      .explanation = fmt::format("The picture shifts as a whole, as a moving camera's does ({:.0f} % of the "
                                 "background keeps no colour).",
                                 100 * restless)};
  if (const auto blur = BlurInMotion(scene)) {
    judgement.kind = BackgroundKind::kBlurred;
    judgement.explanation.append(" ").append(NoSharpEdge(*blur));
  }
  return judgement;
}

}  // namespace

BackgroundJudgement JudgeStillness(const SurveyedScene& scene) {
  if (scene.sampled_frames < kLeastSamples) {
    return {.kind = BackgroundKind::kUnknown, .confidence = 0, .explanation = "Too few frames to tell."};
  }
  const double restless = std::max(RestlessShare(scene), MovingShare(scene));
  if (restless < kRestlessShare) {
    return {.kind = BackgroundKind::kStaticWallpaper,
            .confidence = 1.0 - restless,
            .explanation = fmt::format("{:.0f} % of the background keeps its colour.", 100 * (1 - restless))};
  }
  if (scene.global_motion_px >= kCameraShiftPx) return JudgeMovingCamera(scene, restless);
  return {
      .kind = BackgroundKind::kAnimatedWallpaper,
      .confidence = ConfidenceThatItMoves(restless),
      .explanation = fmt::format("{:.0f} % of the background keeps no colour: it moves.", 100 * restless)};
}

std::optional<BackgroundJudgement> JudgeBlur(const SurveyedScene& scene) {
  auto blur = BlurOf(scene);
  // What a moving camera shows most often is no picture.
  if (!blur && CameraMoves(scene)) blur = BlurInMotion(scene);
  if (!blur) return std::nullopt;
  return BackgroundJudgement{
      .kind = BackgroundKind::kBlurred, .confidence = 0.9, .explanation = NoSharpEdge(*blur)};
}

BackgroundJudgement JudgeStill(const SurveyedScene& scene, const SceneFindings& findings) {
  constexpr double kMostly = 0.5;
  if (findings.raw_share > kMostly) {
    return {
        .kind = BackgroundKind::kAnimatedWallpaper,
        .confidence = findings.raw_share,
        .explanation = fmt::format("In {:.0f} % of the frames the background is not the most frequent one.",
                                   100 * findings.raw_share)};
  }
  const OpticalEvidence optics = OpticsOf(scene);
  const std::string evidence = Explain(optics, findings.outline) + ExplainMoving(MovingShare(scene));
  if (optics.blurred) {
    return {.kind = BackgroundKind::kBlurred, .confidence = 0.7, .explanation = evidence};
  }
  const bool third_colour =
      findings.outline.profiles >= kLeastProfiles && findings.outline.ThirdColourShare() >= kThirdColourShare;
  if (!third_colour && (optics.unrest >= kLiveUnrest || optics.sharpness_ratio < kPlainRatio)) {
    const double distance = std::max(optics.unrest / kLiveUnrest, kPlainRatio / optics.sharpness_ratio) - 1.0;
    return {.kind = BackgroundKind::kNone,
            .confidence = std::clamp(0.6 + 0.4 * distance, 0.6, 0.95),
            .explanation = evidence};
  }
  const bool clear = third_colour || optics.sharpness_ratio >= kReplacedRatio;
  return {.kind = BackgroundKind::kStaticWallpaper, .confidence = clear ? 0.9 : 0.5, .explanation = evidence};
}

}  // namespace peekproof::audit
