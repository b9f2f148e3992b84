// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>
#include <utility>

#include "attacks/restoration_grid.h"
#include "base/check.h"
#include "engines/spec.h"

namespace peekproof::attacks {
namespace {

constexpr const char* kOurs = "deblur";
constexpr const char* kStudy = "blur-study";
constexpr double kNarrow = 0.025;  // Shares of the height.
constexpr double kWide = 0.1;
constexpr double kReach = 3;  // Sigmas that a caller's halo reaches.

struct Choices {
  BlurAttackOptions options;
  std::string align = "auto";
  std::string aggregate = "mean";
  std::string restore = "total-variation";
};

Choices StudyChoices() {
  Choices choices{.align = "farneback", .aggregate = "median", .restore = "none"};
  choices.options.paint_black = true;
  choices.options.caller_level = 0.5;
  choices.options.margin = 0;
  choices.options.halo = false;
  choices.options.denoise = true;
  choices.options.clahe = true;
  return choices;
}

engines::ParameterSet Bind(Choices* choices) {
  engines::ParameterSet set("attack");
  BlurAttackOptions& options = choices->options;
  set.Integer("every", &options.every, 1, 100000, "of so many frames one counts");
  set.Choice("align", &choices->align, AlignmentNames(),
             "moves frames to where the first was: auto: those that moved by a quarter of a pixel or more");
  set.Choice("aggregate", &choices->aggregate, {"mean", "median", "max"},
             "how frames become one picture; the last two from 32 to 64 frames spread evenly");
  set.Flag("black", &options.paint_black, "the caller counts as black, instead of not at all");
  set.Number("caller", &options.caller_level, 0.0, 1.0, "probability from which a pixel is the caller's");
  set.Number("margin", &options.margin, -1.0, 0.5,
             "share of the height, around the caller, that does not count; -1: as the blur's width asks for");
  set.Choice("restore", &choices->restore, {"total-variation", "wiener", "richardson-lucy", "none"},
             "how the blur is taken back");
  set.Integer("iterations", &options.restoration.iterations, 0, 10000, "of it; 0: as it needs");
  set.Number("smoothness", &options.restoration.smoothness, 0.001, 1000.0, "of it: more shows less");
  set.Number("sigma", &options.sigma_px, 0.0, 400.0, "of the blur in pixels; 0: told from the recording");
  set.Flag("halo", &options.halo, "a second look that takes the caller's halo away");
  set.Flag("denoise", &options.denoise, "non-local means at the end");
  set.Flag("clahe", &options.clahe, "local contrast equalization at the end");
  return set;
}

Result<BlurAttackOptions> OptionsOf(const std::string& text) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::Spec spec, engines::ParseSpec(text, "attack"));
  if (spec.name != kOurs && spec.name != kStudy)
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("there is no attack '{}' on blurs; known ones are {} and {}", spec.name, kOurs, kStudy)};
  Choices choices = spec.name == kStudy ? StudyChoices() : Choices{};
  PEEKPROOF_RETURN_IF_ERROR(Bind(&choices).Assign(spec));
  BlurAttackOptions options = choices.options;
  options.aggregate = choices.aggregate == "mean"     ? BlurAggregate::kMean
                      : choices.aggregate == "median" ? BlurAggregate::kMedian
                                                      : BlurAggregate::kLargest;
  PEEKPROOF_ASSIGN_OR_RETURN(options.align, ParseAlignment(choices.align));
  options.restore = choices.restore != "none";
  if (options.restore) {
    PEEKPROOF_ASSIGN_OR_RETURN(options.restoration.method, ParseRestorationMethod(choices.restore));
  }
  return options;
}

// 255 where the caller is, or nearer to him than a margin.
cv::Mat1b Around(const cv::Mat1b& caller, double margin_px) {
  const int reach = cvRound(margin_px);
  if (reach == 0) return caller;
  cv::Mat1b around;
  cv::dilate(caller, around, cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}));
  return around;
}

cv::Mat1b Either(const cv::Mat1b& a, const cv::Mat1b& b) {
  cv::Mat1b either;
  cv::bitwise_or(a, b, either);
  return either;
}

// An average as a picture, its holes filled from around them.
cv::Mat3b PictureOf(const AveragedRoom& room) {
  const RestorationGrid grid = LayOut(room, {engines::BlurFamily::kGaussian, 0.5}, 1.0);
  std::vector<cv::Mat> planes;
  for (const cv::Mat1f& plane : FillUnknown(grid)) planes.push_back(plane(grid.frame));
  cv::Mat merged;
  cv::merge(planes, merged);
  cv::Mat3b picture;
  merged.convertTo(picture, CV_8U);
  return picture;
}

// With the constants of OpenCV's examples, as the study's code has them.
void Denoise(cv::Mat3b* picture) {
  constexpr float kStrength = 3;
  cv::fastNlMeansDenoisingColored(*picture, *picture, kStrength, kStrength, 7, 21);
}

void Equalize(cv::Mat3b* picture) {
  cv::Mat lab;
  cv::cvtColor(*picture, lab, cv::COLOR_BGR2Lab);
  std::vector<cv::Mat> planes;
  cv::split(lab, planes);
  cv::createCLAHE(2.0, {8, 8})->apply(planes[0], planes[0]);
  cv::merge(planes, lab);
  cv::cvtColor(lab, *picture, cv::COLOR_Lab2BGR);
}

// Where places were seen in different frames, their averages differ by what his halo changed, and the seam
// between them looks like an edge that no blur has touched: places that were seen all the time come first.
std::optional<BlurEstimate> Identify(const AveragedRoom& room, int64_t frames) {
  const cv::Mat1f luma = LumaOf(room.mean);
  for (const double share : {0.98, 0.5, 0.0}) {
    const int least = std::max(1, static_cast<int>(share * static_cast<double>(frames)));
    if (auto estimate = IdentifyBlur(luma, room.Known(least))) return estimate;
  }
  return std::nullopt;
}

Result<void> Restore(const engines::BlurKernel& kernel, const RestorationOptions& options,
                     BlurFindings* findings) {
  constexpr double kUsualNoise = 0.2;
  const double noise = findings->blur ? findings->blur->noise : kUsualNoise;
  PEEKPROOF_ASSIGN_OR_RETURN(RestoredRoom room, RestoreRoom(findings->average, kernel, noise, options));
  room.bgr.convertTo(findings->restored, CV_8U);
  findings->support = room.support;
  return {};
}

std::vector<double> MarginsOf(const BlurAttackOptions& options) {
  if (options.margin >= 0) return {options.margin};
  if (options.sigma_px > 0) return {kReach * options.sigma_px};
  return {kNarrow, kWide};
}

}  // namespace

Result<std::unique_ptr<BlurAttack>> BlurAttack::Create(const std::string& spec, cv::Size size) {
  PEEKPROOF_ASSIGN_OR_RETURN(const BlurAttackOptions options, OptionsOf(spec));
  return std::unique_ptr<BlurAttack>(new BlurAttack(options, size));
}

BlurAttack::BlurAttack(const BlurAttackOptions& options, cv::Size size)
    : options_(options), size_(size), aligner_(options.align, size) {
  for (const double margin : MarginsOf(options)) {
    // A sigma is in pixels, all else a share of the height.
    const bool in_px = options.margin < 0 && options.sigma_px > 0;
    averages_.push_back({in_px ? margin : margin * size.height, RoomAverage(size)});
  }
}

void BlurAttack::Add(const image::Frame& frame, const image::AlphaMask& caller) {
  if (seen_++ % options_.every != 0) return;
  ++counted_;
  const AlignedFrame aligned = aligner_.Align(frame.bgr, caller.values);
  const image::BinaryMask there =
      image::GreaterThan({aligned.caller}, static_cast<float>(options_.caller_level));
  cv::Mat3b bgr = aligned.bgr;
  if (options_.paint_black) {
    bgr = aligned.bgr.clone();
    bgr.setTo(cv::Scalar::all(0), there.values);
  }
  const cv::Mat1b nothing(size_, uint8_t{0});
  for (Averaged& averaged : averages_) {
    cv::Mat1b excluded = options_.paint_black ? nothing : Around(there.values, averaged.margin_px);
    if (!aligned.outside.empty()) excluded = Either(excluded, aligned.outside);
    averaged.average.Add(bgr, excluded);
    if (options_.aggregate != BlurAggregate::kMean && &averaged == &averages_.front())
      samples_.Add(bgr, excluded);
  }
}

std::optional<engines::BlurKernel> BlurAttack::KernelOf(const BlurFindings& findings) const {
  if (findings.blur) return findings.blur->kernel;
  if (options_.sigma_px > 0) return engines::BlurKernel{engines::BlurFamily::kGaussian, options_.sigma_px};
  return std::nullopt;
}

// From the average on: takes the blur back, then the stages that are for the eye.
Result<BlurFindings> BlurAttack::TakeBack(BlurFindings findings) const {
  findings.restored = findings.aggregate.clone();
  const std::optional<engines::BlurKernel> kernel = KernelOf(findings);
  if (!options_.restore || !kernel) {
    cv::Mat known;
    cv::compare(findings.average.frames, 0.0, known, cv::CMP_GT);
    known.convertTo(findings.support, CV_32F, 1.0 / 255);
  } else {
    PEEKPROOF_RETURN_IF_ERROR(Restore(*kernel, options_.restoration, &findings));
  }
  if (options_.denoise) Denoise(&findings.restored);
  if (options_.clahe) Equalize(&findings.restored);
  return findings;
}

Result<BlurFindings> BlurAttack::Finish() const {
  if (counted_ == 0) return Error{ErrorCode::kInvalidArgument, "there was no frame to look at"};
  BlurFindings findings{
      .frames = counted_, .moved_frames = aligner_.moved(), .average = averages_.back().average.Finish()};
  if (cv::countNonZero(findings.average.frames) == 0)
    return Error{ErrorCode::kInvalidArgument, "the caller fills the picture: no background was seen"};
  if (options_.sigma_px <= 0) findings.blur = Identify(findings.average, counted_);
  if (findings.blur && kReach * findings.blur->kernel.sigma_px <= averages_.front().margin_px)
    findings.average = averages_.front().average.Finish();
  switch (options_.aggregate) {
    case BlurAggregate::kMean:
      findings.aggregate = PictureOf(findings.average);
      break;
    case BlurAggregate::kMedian:
      findings.aggregate = samples_.Median();
      break;
    case BlurAggregate::kLargest:
      findings.aggregate = samples_.Largest();
      break;
  }
  return TakeBack(std::move(findings));
}

bool BlurAttack::WantsSecondLook(const BlurFindings& first) const {
  return options_.halo && options_.restore && KernelOf(first).has_value();
}

void BlurAttack::StartAgain(const BlurFindings& first) {
  PEEKPROOF_CHECK(WantsSecondLook(first), "a second look needs the blur");
  again_.emplace(first.restored, *KernelOf(first));
  aligner_.Hold();
  seen_again_ = 0;
  counted_again_ = 0;
}

void BlurAttack::AddAgain(const image::Frame& frame, const image::AlphaMask& caller) {
  PEEKPROOF_CHECK(again_.has_value(), "a second look has to be begun");
  if (seen_again_++ % options_.every != 0) return;
  ++counted_again_;
  const AlignedFrame aligned = aligner_.Align(frame.bgr, caller.values);
  again_->Add(aligned.bgr, aligned.caller, aligned.outside);
}

Result<BlurFindings> BlurAttack::FinishAgain(BlurFindings first) const {
  if (counted_again_ == 0) return first;
  ClearedRoom cleared = again_->Finish();
  first.average = std::move(cleared.room);
  first.has_halo = cleared.HasHalo();
  if (first.blur) {
    // The halo blurred nothing: without it the width is told better.
    if (auto estimate = Identify(first.average, counted_again_)) first.blur = std::move(estimate);
  }
  if (options_.aggregate == BlurAggregate::kMean) first.aggregate = PictureOf(first.average);
  return TakeBack(std::move(first));
}

const std::vector<BlurAttackInfo>& ListBlurAttacks() {
  static const std::vector<BlurAttackInfo> infos = [] {
    Choices ours;
    Choices study = StudyChoices();
    return std::vector<BlurAttackInfo>{
        {kOurs, "averages a blurred background over the call, identifies the blur and takes it back", "ours",
         Bind(&ours).Describe()},
        {kStudy, "the published blur pipeline: median, denoising, contrast; takes no blur back",
         "CSE-227 blur study", Bind(&study).Describe()}};
  }();
  return infos;
}

}  // namespace peekproof::attacks
