// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/frame_alignment.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "attacks/wallpaper.h"
#include "base/check.h"
#include "base/parallel.h"
#include "engines/spec.h"

namespace peekproof::attacks {
namespace {

constexpr int kAffineLong = 320;  // Of the finest picture that an affine motion is told from.
constexpr int kFlowLong = 640;
constexpr int kStillLong = 160;
constexpr int kCoarsestLong = 80;
constexpr int kLeastShort = 16;     // Of a frame; smaller ones are not moved.
constexpr double kHaloReach = 0.1;  // Of the height.

int LongSide(cv::Size size) { return std::max(size.width, size.height); }

cv::Size FittedTo(cv::Size size, int long_side) {
  const double scale = std::min(1.0, static_cast<double>(long_side) / LongSide(size));
  return {std::max(1, cvRound(scale * size.width)), std::max(1, cvRound(scale * size.height))};
}

// The finest level that is no longer than that, or the coarsest.
size_t LevelOf(const std::vector<cv::Size>& levels, int long_side) {
  const auto found = std::find_if(levels.begin(), levels.end(),
                                  [&](cv::Size level) { return LongSide(level) <= long_side; });
  return static_cast<size_t>(std::distance(levels.begin(), std::min(found, std::prev(levels.end()))));
}

cv::Mat1b Known(const PartialPicture& picture) {
  cv::Mat1b known;
  picture.known.convertTo(known, CV_8U, 255);
  return known;
}

// The shift between two pictures whose unknown pixels take the mean of the known ones.
FrameFromReference ShiftBetween(const PartialPicture& reference, const PartialPicture& frame) {
  const auto filled = [](const PartialPicture& picture) {
    const cv::Mat1b known = Known(picture);
    cv::Mat1b unknown;
    cv::bitwise_not(known, unknown);
    cv::Mat1f whole = picture.luma.clone();
    whole.setTo(cv::mean(picture.luma, known), unknown);
    return whole;
  };
  cv::Mat1f window;
  cv::createHanningWindow(window, reference.luma.size(), CV_32F);
  const cv::Point2d shift = cv::phaseCorrelate(filled(reference), filled(frame), window);
  return {1, 0, shift.x, 0, 1, shift.y};
}

bool IsOfACamera(const FrameFromReference& motion, cv::Size size) {
  constexpr double kFurthest = 0.25;
  constexpr double kOddest = 0.2;
  const bool shape = std::abs(motion(0, 0) - 1) <= kOddest && std::abs(motion(1, 1) - 1) <= kOddest &&
                     std::abs(motion(0, 1)) <= kOddest && std::abs(motion(1, 0)) <= kOddest;
  return shape && LargestShift(motion, size) <= kFurthest * LongSide(size);
}

// Whether a mean difference from the reference is small against the reference's contrast.
bool IsOfTheSameRoom(double residual, const PartialPicture& reference) {
  constexpr double kSameRoom = 0.3;
  cv::Scalar mean;
  cv::Scalar contrast;
  cv::meanStdDev(reference.luma, mean, contrast, Known(reference));
  return residual < kSameRoom * contrast[0];
}

// `picture`, with another where it is not known, in the 8 bits that flows take.
cv::Mat1b Completed(const PartialPicture& picture, const cv::Mat1f& other) {
  cv::Mat1f whole = other.clone();
  picture.luma.copyTo(whole, Known(picture));
  cv::Mat1b rounded;
  whole.convertTo(rounded, CV_8U);
  return rounded;
}

PartialPicture Warped(const PartialPicture& frame, const cv::Mat2f& frame_from_reference) {
  PartialPicture warped;
  cv::remap(frame.luma, warped.luma, frame_from_reference, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  cv::remap(frame.known, warped.known, frame_from_reference, {}, cv::INTER_NEAREST, cv::BORDER_CONSTANT,
            cv::Scalar(0));
  return warped;
}

// Where each pixel of the reference lies in the frame. In  flow: in pixels of `size`; empty: none.
cv::Mat2f MapOf(const FrameFromReference& motion, const cv::Mat2f& flow, cv::Size size) {
  cv::Mat2f map(size);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const cv::Vec2f by = flow.empty() ? cv::Vec2f(0, 0) : flow(y, x);
        const cv::Vec2d to =
            motion * cv::Vec3d(x + static_cast<double>(by[0]), y + static_cast<double>(by[1]), 1);
        map(y, x) = {static_cast<float>(to[0]), static_cast<float>(to[1])};
      }
    }
  });
  return map;
}

// 255 where a map leaves a picture.
cv::Mat1b OutsideOf(const cv::Mat2f& map, cv::Size size) {
  cv::Mat1b outside(map.size());
  ParallelRows(map.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < map.cols; ++x) {
        const cv::Vec2f& to = map(y, x);
        const bool inside = to[0] >= 0 && to[1] >= 0 && to[0] <= static_cast<float>(size.width - 1) &&
                            to[1] <= static_cast<float>(size.height - 1);
        outside(y, x) = inside ? 0 : 255;
      }
    }
  });
  return outside;
}

cv::Ptr<cv::DenseOpticalFlow> FlowOf(Alignment alignment) {
  if (alignment == Alignment::kFlow) return cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
  // With the constants of OpenCV's examples.
  if (alignment == Alignment::kFarneback)
    return cv::FarnebackOpticalFlow::create(3, 0.5, false, 15, 3, 5, 1.2, 0);
  return {};
}

}  // namespace

const std::vector<std::string>& AlignmentNames() {
  static const std::vector<std::string> names = {"none", "auto", "affine", "flow", "farneback"};
  return names;
}

Result<Alignment> ParseAlignment(const std::string& name) {
  const auto& names = AlignmentNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    return Error{ErrorCode::kInvalidArgument, "alignment must be one of " + engines::JoinNames(names)};
  return static_cast<Alignment>(std::distance(names.begin(), found));
}

FrameAligner::FrameAligner(Alignment alignment, cv::Size size)
    : alignment_(alignment), size_(size), flow_(FlowOf(alignment)) {
  cv::Size level = FittedTo(size, flow_ ? kFlowLong : kAffineLong);
  levels_.push_back(level);
  while (LongSide(level) > kCoarsestLong && std::min(level.width, level.height) >= 2 * kLeastShort) {
    level = {(level.width + 1) / 2, (level.height + 1) / 2};
    levels_.push_back(level);
  }
}

FrameFromReference FrameAligner::AtLevel(const FrameFromReference& motion, cv::Size level) const {
  return InPixelsOf(motion, {static_cast<double>(level.width) / size_.width,
                             static_cast<double>(level.height) / size_.height});
}

PartialPicture FrameAligner::InSmall(const cv::Mat3b& bgr, const cv::Mat1f& caller,
                                     const cv::Mat1b& outside) const {
  const cv::Size size = levels_.front();
  cv::Mat3b small;
  cv::resize(bgr, small, size, 0, 0, cv::INTER_AREA);
  cv::Mat1b luma;
  cv::cvtColor(small, luma, cv::COLOR_BGR2GRAY);
  cv::Mat1f there;
  cv::resize(caller, there, size, 0, 0, cv::INTER_AREA);
  cv::Mat1b known;
  cv::compare(there, kDoubtfulCaller, known, cv::CMP_LT);
  const int reach = cvRound(kHaloReach * size.height);
  cv::erode(known, known, cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1}));
  if (!outside.empty()) {
    cv::Mat1b away;
    cv::resize(outside, away, size, 0, 0, cv::INTER_AREA);
    known.setTo(0, away);
  }
  PartialPicture picture;
  luma.convertTo(picture.luma, CV_32F);
  known.convertTo(picture.known, CV_32F, 1.0 / 255);
  return picture;
}

PartialPicture FrameAligner::Reference() const {
  PartialPicture reference;
  cv::Mat1f divisor;
  cv::max(frames_, 1.0, divisor);
  cv::divide(sum_, divisor, reference.luma);
  cv::threshold(frames_, reference.known, 0.5, 1.0, cv::THRESH_BINARY);
  return reference;
}

void FrameAligner::Remember(const PartialPicture& placed) {
  if (holds_) return;
  if (sum_.empty()) {
    sum_ = cv::Mat1f(placed.luma.size(), 0.0F);
    frames_ = cv::Mat1f(placed.luma.size(), 0.0F);
  }
  cv::accumulateProduct(placed.luma, placed.known, sum_);
  cv::accumulate(placed.known, frames_);
}

bool FrameAligner::StandsStill(const PartialPicture& reference, const PartialPicture& frame) const {
  const cv::Size level = levels_[LevelOf(levels_, kStillLong)];
  const FrameFromReference step =
      RefineMotion(reference.ScaledTo(level), frame.ScaledTo(level), kStandsStill, {.iterations = 1});
  return LargestShift(step, level) * LongSide(size_) / LongSide(level) < kMoved;
}

FrameFromReference FrameAligner::Find(const PartialPicture& reference, const PartialPicture& frame) const {
  const cv::Size coarsest = levels_.back();
  const PartialPicture coarse_reference = reference.ScaledTo(coarsest);
  const PartialPicture coarse_frame = frame.ScaledTo(coarsest);
  FrameFromReference best = kStandsStill;
  double least = ResidualOf(coarse_reference, coarse_frame, best);
  for (const FrameFromReference& start :
       {AtLevel(previous_, coarsest), ShiftBetween(coarse_reference, coarse_frame)}) {
    const double residual = ResidualOf(coarse_reference, coarse_frame, start);
    if (residual < least) best = start;
    least = std::min(least, residual);
  }
  const auto scale_of = [&](cv::Size level) {
    return cv::Point2d(static_cast<double>(size_.width) / level.width,
                       static_cast<double>(size_.height) / level.height);
  };
  FrameFromReference motion = InPixelsOf(best, scale_of(coarsest));
  for (size_t i = levels_.size(); i-- > LevelOf(levels_, kAffineLong);) {
    const FrameFromReference refined =
        RefineMotion(reference.ScaledTo(levels_[i]), frame.ScaledTo(levels_[i]), AtLevel(motion, levels_[i]));
    motion = InPixelsOf(refined, scale_of(levels_[i]));
  }
  return motion;
}

bool FrameAligner::Helps(const PartialPicture& reference, const PartialPicture& frame,
                         const FrameFromReference& motion) const {
  if (alignment_ == Alignment::kAuto && LargestShift(motion, size_) < kMoved) return false;
  if (!IsOfACamera(motion, size_)) return false;
  const double residual = ResidualOf(reference, frame, AtLevel(motion, levels_.front()));
  return IsOfTheSameRoom(residual, reference) &&
         residual <= (1 - kHelps) * ResidualOf(reference, frame, kStandsStill);
}

// In pixels of the frame, on top of the motion; empty where it does not help. A flow bends any room into any
// other, so that the same one has to be seen before it.
cv::Mat2f FrameAligner::FindFlow(const PartialPicture& reference, const PartialPicture& frame,
                                 const FrameFromReference& motion) const {
  const cv::Size level = levels_.front();
  const FrameFromReference small_motion = AtLevel(motion, level);
  const PartialPicture moved = Warped(frame, MapOf(small_motion, {}, level));
  const double residual = ResidualOf(reference, moved, kStandsStill);
  if (!IsOfTheSameRoom(residual, reference)) return {};
  cv::Mat flow;
  flow_->calc(Completed(reference, moved.luma), Completed(moved, reference.luma), flow);
  const PartialPicture flown = Warped(frame, MapOf(small_motion, flow, level));
  if (!(ResidualOf(reference, flown, kStandsStill) <= (1 - kHelps) * residual)) return {};
  cv::Mat2f large;
  cv::resize(flow, large, size_, 0, 0, cv::INTER_LINEAR);
  cv::multiply(large,
               cv::Scalar(static_cast<double>(size_.width) / level.width,
                          static_cast<double>(size_.height) / level.height),
               large);
  return large;
}

AlignedFrame FrameAligner::Move(const cv::Mat3b& bgr, const cv::Mat1f& caller,
                                const FrameFromReference& motion, const cv::Mat2f& flow) const {
  const cv::Mat2f map = MapOf(motion, flow, size_);
  AlignedFrame aligned;
  cv::remap(bgr, aligned.bgr, map, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  cv::remap(caller, aligned.caller, map, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  aligned.outside = OutsideOf(map, size_);
  aligned.motion = motion;
  return aligned;
}

AlignedFrame FrameAligner::Align(const cv::Mat3b& bgr, const cv::Mat1f& caller) {
  PEEKPROOF_CHECK(bgr.size() == size_ && caller.size() == size_, "sizes differ");
  AlignedFrame as_it_is{bgr, caller, {}};
  if (alignment_ == Alignment::kNone || std::min(size_.width, size_.height) < kLeastShort) return as_it_is;
  if (holds_ && moved_ == 0) return as_it_is;
  const PartialPicture frame = InSmall(bgr, caller, {});
  const PartialPicture reference = sum_.empty() ? frame : Reference();
  if (sum_.empty() || (alignment_ == Alignment::kAuto && StandsStill(reference, frame))) {
    Remember(frame);
    return as_it_is;
  }
  FrameFromReference motion = Find(reference, frame);
  const bool helps = Helps(reference, frame, motion);
  if (!helps) motion = kStandsStill;
  const cv::Mat2f flow = flow_ ? FindFlow(reference, frame, motion) : cv::Mat2f();
  if (!helps && flow.empty()) {
    Remember(frame);
    return as_it_is;
  }
  previous_ = motion;
  if (!holds_) ++moved_;
  AlignedFrame aligned = Move(bgr, caller, motion, flow);
  Remember(InSmall(aligned.bgr, aligned.caller, aligned.outside));
  return aligned;
}

}  // namespace peekproof::attacks
