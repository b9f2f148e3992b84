// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/blurred_scene.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "attacks/blur_attack.h"
#include "attacks/caller_finder.h"
#include "attacks/frame_alignment.h"
#include "attacks/wallpaper.h"
#include "audit/raw_frames.h"
#include "audit/scene_frames.h"
#include "audit/sharp_frames.h"
#include "engines/blur_limit.h"
#include "models/segmenter.h"

namespace peekproof::audit {
namespace {

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
  result.has_halo = findings.has_halo;
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

// 255 where the caller seldom is.
cv::Mat1b WithoutCaller(const SurveyedScene& scene, cv::Size size) {
  cv::Mat1f presence;
  cv::resize(scene.caller_presence, presence, size);
  cv::Mat1b seldom;
  cv::compare(presence, kSeldom, seldom, cv::CMP_LT);
  return seldom;
}

// 255 where a frame does not show the caller.
cv::Mat1b WithoutCaller(const image::AlphaMask& caller) {
  cv::Mat1b known;
  cv::compare(caller.values, attacks::kDoubtfulCaller, known, cv::CMP_LT);
  return known;
}

// Whether there are edges that a blur would not have left: steeper than a step over all levels behind it, as
// those of a checkered wallpaper, whose spectrum also falls off.
bool HasSteepEdges(const cv::Mat1f& luma, const cv::Mat1b& known, double sigma_px) {
  constexpr double kMostShare = 0.002;  // Of the pixels: codecs make some.
  const double steepest = 255.0 / (sigma_px * std::sqrt(2 * CV_PI));
  const auto limit = static_cast<float>(1.5 * steepest + 4);
  int64_t looked = 0;
  int64_t steep = 0;
  for (int y = 0; y + 1 < luma.rows; ++y) {
    for (int x = 0; x + 1 < luma.cols; ++x) {
      if (known(y, x) == 0 || known(y, x + 1) == 0 || known(y + 1, x) == 0) continue;
      ++looked;
      const float across = std::abs(luma(y, x + 1) - luma(y, x));
      const float down = std::abs(luma(y + 1, x) - luma(y, x));
      steep += std::max(across, down) > limit ? 1 : 0;
    }
  }
  return static_cast<double>(steep) > kMostShare * static_cast<double>(looked);
}

// None where it is less than kLeastBlur.
std::optional<attacks::BlurEstimate> BlurWhere(const cv::Mat3b& bgr, const cv::Mat1b& known) {
  cv::Mat3f picture;
  bgr.convertTo(picture, CV_32F);
  const cv::Mat1f luma = attacks::LumaOf(picture);
  auto estimate = attacks::IdentifyBlur(luma, known);
  const double least = kLeastBlur * std::max(1.0, bgr.rows / kReferenceHeight);
  if (!estimate || estimate->kernel.sigma_px < least) return std::nullopt;
  if (HasSteepEdges(luma, known, estimate->kernel.sigma_px)) return std::nullopt;
  return estimate;
}

// The attack on the blur of one scene, look by look.
class BlurredScene {
 public:
  BlurredScene(const AuditOptions& options, const Survey& survey, int scene,
               std::unique_ptr<models::Segmenter> caller, ProgressSink* progress, const std::stop_token& stop)
      : options_(options),
        survey_(survey),
        scene_(scene),
        finder_(std::move(caller)),
        progress_(progress),
        stop_(stop) {}

  Result<std::optional<BlurredSceneFindings>> Attack();

 private:
  using Visit = std::function<Result<void>(const image::Frame&, bool is_sampled)>;
  Result<void> Look(const char* stage, const Visit& visit);
  Result<void> LookFirst();
  Result<void> LookAgain(attacks::BlurFindings* findings, std::vector<RawInterval>* raw);

  const AuditOptions& options_;
  const Survey& survey_;
  int scene_;
  attacks::CallerFinder finder_;
  ProgressSink* progress_;
  const std::stop_token& stop_;
  std::unique_ptr<attacks::BlurAttack> attack_;
  image::AlphaMask caller_;
  SingleFrame single_;
};

Result<void> BlurredScene::Look(const char* stage, const Visit& visit) {
  const int64_t total = survey_.scenes[static_cast<size_t>(scene_)].scene.frames;
  PEEKPROOF_ASSIGN_OR_RETURN(const auto frames, SceneFrames::Start(options_, survey_, scene_));
  for (int64_t done = 0; !stop_.stop_requested(); ++done) {
    PEEKPROOF_ASSIGN_OR_RETURN(const std::optional<image::Frame> frame, frames->Next());
    if (!frame) break;
    if (progress_ != nullptr) progress_->Report(stage, done + 1, total);
    PEEKPROOF_RETURN_IF_ERROR(visit(*frame, IsSampled(done, total, kBlurFrames)));
  }
  return {};
}

Result<void> BlurredScene::LookFirst() {
  int64_t sampled = 0;
  const Visit visit = [&](const image::Frame& frame, bool is_sampled) -> Result<void> {
    if (!attack_) {
      PEEKPROOF_ASSIGN_OR_RETURN(attack_,
                                 attacks::BlurAttack::Create(options_.blur_attack, frame.bgr.size()));
    }
    if (!is_sampled) return {};
    PEEKPROOF_RETURN_IF_ERROR(finder_.Find(frame.bgr, &caller_));
    attack_->Add(frame, caller_);
    ++sampled;
    // Frames 1, 2, 4, 8, ... of those that are sampled: the last one is of the second half.
    if ((sampled & (sampled - 1)) == 0) single_ = {frame.bgr.clone(), WithoutCaller(caller_)};
    return {};
  };
  return Look("unblur", visit);
}

// Looks for raw frames, now that it is known how sharp the room is, and clears the others of the halo.
Result<void> BlurredScene::LookAgain(attacks::BlurFindings* findings, std::vector<RawInterval>* raw) {
  const SurveyedScene& scene = survey_.scenes[static_cast<size_t>(scene_)];
  SharpFrames sharp(findings->aggregate, findings->restored, scene.caller_presence);
  RawFrames raw_frames;
  const bool clears = attack_->WantsSecondLook(*findings);
  if (clears) attack_->StartAgain(*findings);
  const Visit visit = [&](const image::Frame& frame, bool is_sampled) -> Result<void> {
    if (raw_frames.Add(frame.index, frame.time_s, sharp.SharpShare(frame.bgr))) return {};
    if (!clears || !is_sampled) return {};
    PEEKPROOF_RETURN_IF_ERROR(finder_.Find(frame.bgr, &caller_));
    attack_->AddAgain(frame, caller_);
    return {};
  };
  PEEKPROOF_RETURN_IF_ERROR(Look("unblur again", visit));
  *raw = raw_frames.Intervals(scene.start_s);
  if (!clears) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(*findings, attack_->FinishAgain(std::move(*findings)));
  return {};
}

Result<std::optional<BlurredSceneFindings>> BlurredScene::Attack() {
  PEEKPROOF_RETURN_IF_ERROR(LookFirst());
  if (!attack_) return std::optional<BlurredSceneFindings>();
  auto findings = attack_->Finish();
  if (!findings.ok()) return std::optional<BlurredSceneFindings>();  // Nothing of the background was seen.
  std::vector<RawInterval> raw;
  if (findings->blur && !stop_.stop_requested()) PEEKPROOF_RETURN_IF_ERROR(LookAgain(&*findings, &raw));
  BlurResult blur = ResultOf(std::move(*findings), options_.blur_attack);
  blur.single = std::move(single_);
  return std::optional<BlurredSceneFindings>({std::move(blur), std::move(raw)});
}

}  // namespace

std::optional<attacks::BlurEstimate> BlurOf(const SurveyedScene& scene) {
  if (scene.wallpaper.empty()) return std::nullopt;
  cv::Mat steady;
  cv::compare(scene.wallpaper_support, kSteady, steady, cv::CMP_GE);
  cv::Mat1b known;
  cv::bitwise_and(steady, WithoutCaller(scene, scene.wallpaper.size()), known);
  return BlurWhere(scene.wallpaper, known);
}

bool CameraMoves(const SurveyedScene& scene) {
  if (scene.frames.empty()) return false;
  const cv::Size size = scene.frames.front().size();
  cv::Mat1f caller;
  cv::resize(scene.caller_presence, caller, size);
  attacks::FrameAligner aligner(attacks::Alignment::kAuto, size);
  for (const cv::Mat3b& frame : scene.frames) aligner.Align(frame, caller);
  return 2 * aligner.moved() >= static_cast<int64_t>(scene.frames.size());
}

std::optional<attacks::BlurEstimate> BlurInMotion(const SurveyedScene& scene) {
  constexpr size_t kEnough = 5;
  const size_t step = std::max<size_t>(1, scene.frames.size() / kEnough);
  std::vector<attacks::BlurEstimate> blurs;
  size_t sharp = 0;
  for (size_t i = 0; i < scene.frames.size(); i += step) {
    auto blur = BlurWhere(scene.frames[i], WithoutCaller(scene, scene.frames[i].size()));
    if (blur) blurs.push_back(std::move(*blur));
    if (!blur) ++sharp;
  }
  if (blurs.size() <= sharp) return std::nullopt;
  const auto middle = blurs.begin() + static_cast<std::ptrdiff_t>(blurs.size() / 2);
  std::nth_element(blurs.begin(), middle, blurs.end(),
                   [](const auto& a, const auto& b) { return a.kernel.sigma_px < b.kernel.sigma_px; });
  return *middle;
}

Result<std::optional<BlurredSceneFindings>> AttackBlur(const AuditOptions& options, const Survey& survey,
                                                       int scene, ProgressSink* progress,
                                                       const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter(options.caller_model));
  return BlurredScene(options, survey, scene, std::move(segmenter), progress, stop).Attack();
}

}  // namespace peekproof::audit
