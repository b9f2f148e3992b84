// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/blurred_scene.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "attacks/blur_attack.h"
#include "attacks/caller_finder.h"
#include "audit/scene_frames.h"
#include "engines/blur_limit.h"
#include "image/reconstruction.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

constexpr float kSeldom = 0.02F;  // Share of the call in which the caller is there.
constexpr float kSteady = 0.02F;  // Support of a colour; noise alone splits a colour among many.
constexpr double kReferenceHeight = 720;

BlurResult ResultOf(attacks::BlurFindings findings, const std::string& attack) {
  BlurResult result;
  result.attack = attack;
  result.frames = findings.frames;
  result.average = std::move(findings.aggregate);
  result.restored = std::move(findings.restored);
  result.support = std::move(findings.support);
  if (!findings.blur) return result;
  const attacks::BlurEstimate& blur = *findings.blur;
  result.family = engines::NameOf(blur.kernel.family);
  result.sigma_px = blur.kernel.sigma_px;
  result.sigma_low_px = blur.sigma_low_px;
  result.sigma_high_px = blur.sigma_high_px;
  result.noise = blur.noise;
  result.seen_px = engines::ReadableAsSeen(blur.kernel);
  result.readable_px = engines::ReadableTakenBack(blur.kernel, blur.noise);
  return result;
}

// As a reconstruction, for those who look for things in one. A place of which little was seen is absent.
image::Reconstruction AsReconstruction(const cv::Mat3b& picture, const BlurResult& blur, double end_s) {
  constexpr float kLeastSupport = 0.5F;
  image::Reconstruction room = image::Reconstruction::Absent(picture.size());
  picture.copyTo(room.bgr);
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      if (blur.support(y, x) < kLeastSupport) continue;
      room.confidence(y, x) = std::min(1.0F, blur.support(y, x));
      room.evidence(y, x) = static_cast<uint16_t>(std::min<int64_t>(65535, blur.frames));
      room.last_seen_s(y, x) = static_cast<float>(end_s);
    }
  }
  return room;
}

// The frames of a scene that an attack on its blur looks at, each with its caller.
struct BlurredScene {
  using Visit = std::function<Result<void>(const image::Frame&, const image::AlphaMask&)>;

  const AuditOptions& options;
  const Survey& survey;
  int scene;
  attacks::CallerFinder finder;
  ProgressSink* progress;
  const std::stop_token& stop;

  Result<void> Look(const char* stage, const Visit& visit) {
    const int64_t total = survey.scenes[static_cast<size_t>(scene)].scene.frames;
    image::AlphaMask caller;
    PEEKPROOF_ASSIGN_OR_RETURN(const auto frames, SceneFrames::Start(options, survey, scene));
    for (int64_t done = 0; !stop.stop_requested(); ++done) {
      PEEKPROOF_ASSIGN_OR_RETURN(const std::optional<image::Frame> frame, frames->Next());
      if (!frame) break;
      if (progress != nullptr) progress->Report(stage, done + 1, total);
      if (!IsSampled(done, total, kBlurFrames)) continue;
      PEEKPROOF_RETURN_IF_ERROR(finder.Find(frame->bgr, &caller));
      PEEKPROOF_RETURN_IF_ERROR(visit(*frame, caller));
    }
    return {};
  }
};

}  // namespace

std::optional<attacks::BlurEstimate> BlurOf(const SurveyedScene& scene) {
  if (scene.wallpaper.empty()) return std::nullopt;
  const cv::Size size = scene.wallpaper.size();
  cv::Mat1f presence;
  cv::resize(scene.caller_presence, presence, size);
  cv::Mat steady;
  cv::compare(scene.wallpaper_support, kSteady, steady, cv::CMP_GE);
  cv::Mat seldom;
  cv::compare(presence, kSeldom, seldom, cv::CMP_LT);
  cv::Mat1b known;
  cv::bitwise_and(steady, seldom, known);
  cv::Mat3f picture;
  scene.wallpaper.convertTo(picture, CV_32F);
  auto estimate = attacks::IdentifyBlur(attacks::LumaOf(picture), known);
  if (!estimate || estimate->kernel.sigma_px < kLeastBlur * std::max(1.0, size.height / kReferenceHeight))
    return std::nullopt;
  return estimate;
}

Result<std::optional<BlurResult>> AttackBlur(const AuditOptions& options, const Survey& survey, int scene,
                                             ProgressSink* progress, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(options.caller_model));
  BlurredScene blurred{options, survey, scene, attacks::CallerFinder(std::move(segmenter)), progress, stop};
  std::unique_ptr<attacks::BlurAttack> attack;
  PEEKPROOF_RETURN_IF_ERROR(
      blurred.Look("unblur", [&](const image::Frame& frame, const image::AlphaMask& caller) -> Result<void> {
        if (!attack) {
          PEEKPROOF_ASSIGN_OR_RETURN(attack,
                                     attacks::BlurAttack::Create(options.blur_attack, frame.bgr.size()));
        }
        attack->Add(frame, caller);
        return {};
      }));
  if (!attack) return std::optional<BlurResult>();
  auto findings = attack->Finish();
  if (!findings.ok()) return std::optional<BlurResult>();  // Nothing of the background was seen.
  if (attack->WantsSecondLook(*findings) && !stop.stop_requested()) {
    attack->StartAgain(*findings);
    PEEKPROOF_RETURN_IF_ERROR(
        blurred.Look("unblur again", [&](const image::Frame& frame, const image::AlphaMask& caller) {
          attack->AddAgain(frame, caller);
          return Result<void>();
        }));
    PEEKPROOF_ASSIGN_OR_RETURN(findings, attack->FinishAgain(std::move(*findings)));
  }
  return std::optional<BlurResult>(ResultOf(std::move(*findings), options.blur_attack));
}

Result<void> FindBehindBlur(const SurveyedScene& scene, FindingSearch* search, BlurResult* blur) {
  PEEKPROOF_ASSIGN_OR_RETURN(
      blur->seen, search->Find(AsReconstruction(blur->average, *blur, scene.last_s), scene.caller_presence));
  PEEKPROOF_ASSIGN_OR_RETURN(
      blur->findings,
      search->Find(AsReconstruction(blur->restored, *blur, scene.last_s), scene.caller_presence));
  return {};
}

}  // namespace peekproof::audit
