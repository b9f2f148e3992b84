// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/blur_attack.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>
#include <utility>

#include "attacks/restoration_grid.h"
#include "base/check.h"

namespace peekproof::attacks {
namespace {

constexpr double kNarrow = 0.025;  // Shares of the height.
constexpr double kWide = 0.1;
constexpr double kHaloSigmas = 3;  // Sigmas that a caller's halo reaches.

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

// In pixels of the size worked in.
std::vector<double> MarginsOf(const BlurAttackOptions& options, double scale, int height) {
  if (options.margin >= 0) return {options.margin * height};
  if (options.sigma_px > 0) return {kHaloSigmas * options.sigma_px * scale};
  return {kNarrow * height, kWide * height};
}

cv::Size WorkSize(const BlurAttackOptions& options, cv::Size frame) {
  const int long_side = std::max(frame.width, frame.height);
  if (options.resize_long == 0 || options.resize_long >= long_side) return frame;
  const double scale = static_cast<double>(options.resize_long) / long_side;
  return {std::max(1, cvRound(scale * frame.width)), std::max(1, cvRound(scale * frame.height))};
}

// Tells all but the average in pixels of pictures of another size.
BlurFindings InSize(BlurFindings findings, cv::Size size) {
  const cv::Size present = findings.restored.size();
  if (present == size) return findings;
  const int how = size.width < present.width ? cv::INTER_AREA : cv::INTER_CUBIC;
  cv::resize(findings.aggregate, findings.aggregate, size, 0, 0, how);
  cv::resize(findings.restored, findings.restored, size, 0, 0, how);
  cv::resize(findings.support, findings.support, size, 0, 0, cv::INTER_LINEAR);
  if (!findings.blur) return findings;
  const double scale = std::sqrt(static_cast<double>(size.area()) / present.area());
  findings.blur->kernel.sigma_px *= scale;
  findings.blur->sigma_low_px *= scale;
  findings.blur->sigma_high_px *= scale;
  for (BlurFit& fit : findings.blur->fits) fit.kernel.sigma_px *= scale;
  return findings;
}

FrameWeights WeightsOf(const BlurAttackOptions& options) {
  return options.aggregate == BlurAggregate::kWeighted ? FrameWeights::kByNoise : FrameWeights::kEqual;
}

}  // namespace

bool FrameChoice::Takes(double time_s) {
  constexpr double kTolerance = 1e-4;  // Times come rounded.
  if (fps_ > 0) {
    const double due_s = next_s_.value_or(time_s);
    if (time_s < due_s - kTolerance) return false;
    const double period_s = 1 / fps_;
    next_s_ = due_s + period_s > time_s ? due_s + period_s : time_s + period_s;
  }
  return in_time_++ % every_ == 0;
}

Result<std::unique_ptr<BlurAttack>> BlurAttack::Create(const std::string& spec, cv::Size size) {
  PEEKPROOF_ASSIGN_OR_RETURN(const BlurAttackOptions options, ParseBlurAttack(spec));
  return std::unique_ptr<BlurAttack>(new BlurAttack(options, size));
}

BlurAttack::BlurAttack(const BlurAttackOptions& options, cv::Size size)
    : options_(options),
      frame_size_(size),
      size_(WorkSize(options, size)),
      aligner_(options.align, size_),
      samples_(options.samples),
      choice_(options.fps, options.every),
      choice_again_(choice_) {
  const double scale = static_cast<double>(size_.width) / size.width;
  for (const double margin_px : MarginsOf(options, scale, size_.height))
    averages_.push_back({margin_px, RoomAverage(size_, WeightsOf(options))});
}

// Shrunk and aligned.
AlignedFrame BlurAttack::Prepare(const image::Frame& frame, const image::AlphaMask& caller) {
  PEEKPROOF_CHECK(frame.bgr.size() == frame_size_ && caller.values.size() == frame_size_, "sizes differ");
  if (size_ == frame_size_) return aligner_.Align(frame.bgr, caller.values);
  cv::Mat3b small;
  cv::resize(frame.bgr, small, size_, 0, 0, cv::INTER_AREA);
  cv::Mat1f small_caller;
  cv::resize(caller.values, small_caller, size_, 0, 0, cv::INTER_AREA);
  return aligner_.Align(small, small_caller);
}

void BlurAttack::Add(const image::Frame& frame, const image::AlphaMask& caller) {
  if (!choice_.Takes(frame.time_s)) return;
  ++counted_;
  const AlignedFrame aligned = Prepare(frame, caller);
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
    if (&averaged != &averages_.front()) continue;
    if (options_.aggregate == BlurAggregate::kMedian) samples_.Add(bgr, excluded);
    if (options_.aggregate == BlurAggregate::kLargest) largest_.Add(bgr, excluded);
  }
}

// In pixels of the size worked in.
std::optional<engines::BlurKernel> BlurAttack::KernelOf(const BlurFindings& findings) const {
  if (findings.blur) return findings.blur->kernel;
  const double scale = static_cast<double>(size_.width) / frame_size_.width;
  if (options_.sigma_px > 0)
    return engines::BlurKernel{engines::BlurFamily::kGaussian, scale * options_.sigma_px};
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

cv::Mat3b BlurAttack::AggregateOf(const AveragedRoom& room) const {
  if (options_.aggregate == BlurAggregate::kMedian) return samples_.Median();
  if (options_.aggregate == BlurAggregate::kLargest) return largest_.picture();
  return PictureOf(room);
}

Result<BlurFindings> BlurAttack::Finish() const {
  if (counted_ == 0) return Error{ErrorCode::kInvalidArgument, "there was no frame to look at"};
  BlurFindings findings{
      .frames = counted_, .moved_frames = aligner_.moved(), .average = averages_.back().average.Finish()};
  if (cv::countNonZero(findings.average.frames) == 0)
    return Error{ErrorCode::kInvalidArgument, "the caller fills the picture: no background was seen"};
  if (options_.sigma_px <= 0) findings.blur = Identify(findings.average, counted_);
  if (findings.blur && kHaloSigmas * findings.blur->kernel.sigma_px <= averages_.front().margin_px)
    findings.average = averages_.front().average.Finish();
  findings.aggregate = AggregateOf(findings.average);
  PEEKPROOF_ASSIGN_OR_RETURN(findings, TakeBack(std::move(findings)));
  return InSize(std::move(findings), frame_size_);
}

bool BlurAttack::WantsSecondLook(const BlurFindings& first) const {
  return options_.halo && options_.restore && KernelOf(first).has_value();
}

void BlurAttack::StartAgain(const BlurFindings& first) {
  PEEKPROOF_CHECK(WantsSecondLook(first), "a second look needs the blur");
  const BlurFindings here = InSize(first, size_);
  again_.emplace(here.restored, *KernelOf(here), WeightsOf(options_));
  aligner_.Hold();
  choice_again_ = FrameChoice(options_.fps, options_.every);
  counted_again_ = 0;
}

void BlurAttack::AddAgain(const image::Frame& frame, const image::AlphaMask& caller) {
  PEEKPROOF_CHECK(again_.has_value(), "a second look has to be begun");
  if (!choice_again_.Takes(frame.time_s)) return;
  ++counted_again_;
  const AlignedFrame aligned = Prepare(frame, caller);
  again_->Add(aligned.bgr, aligned.caller, aligned.outside);
}

Result<BlurFindings> BlurAttack::FinishAgain(BlurFindings first) const {
  if (counted_again_ == 0) return first;
  BlurFindings findings = InSize(std::move(first), size_);
  ClearedRoom cleared = again_->Finish();
  findings.average = std::move(cleared.room);
  findings.has_halo = cleared.HasHalo();
  if (findings.blur) {
    // The halo blurred nothing: without it the width is told better.
    if (auto estimate = Identify(findings.average, counted_again_)) findings.blur = std::move(estimate);
  }
  findings.aggregate = AggregateOf(findings.average);
  PEEKPROOF_ASSIGN_OR_RETURN(findings, TakeBack(std::move(findings)));
  return InSize(std::move(findings), frame_size_);
}

}  // namespace peekproof::attacks
