// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/video/tracking.hpp>
#include <string>
#include <vector>

#include "attacks/motion_fit.h"
#include "base/result.h"

namespace peekproof::attacks {

/// How the frames of a camera that moves are brought to one place.
enum class Alignment {
  kNone,
  kAuto,       ///< As kAffine, and only frames that moved by kMoved or more.
  kAffine,     ///< One affine motion for the whole frame.
  kFlow,       ///< That, and dense optical flow (DIS) for the rest.
  kFarneback,  ///< The same with Farneback's, as in the blur study.
};

/// "none", "auto", "affine", "flow", "farneback", in the order of the enum.
const std::vector<std::string>& AlignmentNames();
/// Errors  kInvalidArgument naming them.
Result<Alignment> ParseAlignment(const std::string& name);

/// A frame brought to the place of the reference.
struct AlignedFrame {
  cv::Mat3b bgr;      ///< The frame given, without a copy, where it was not moved.
  cv::Mat1f caller;   ///< Moved with it.
  cv::Mat1b outside;  ///< 255 where the frame shows nothing; empty where it was not moved.
  FrameFromReference motion = kStandsStill;  ///< Without the flow; kStandsStill where it was not moved.
};

/// Brings the frames of a call to where the first one was, caller aside.
///
/// The reference is the running mean of the frames so far, in small (320 pixels along the longer side, 640
/// for flows), each where it was brought to, without the caller and a tenth of the height around him, whose
/// halo moves with him. A motion is told by RefineMotion from coarse to fine, beginning with what explains
/// most of the frame: no motion, the previous frame's, or a shift told by phase correlation.
///
/// kAuto first takes one step of it on a picture 160 pixels long. A frame that this moves nowhere by kMoved
/// is used as it is, so that a still camera costs little and changes no bit.
///
/// A motion counts only where it explains the frame better (mean difference of the known pixels smaller by
/// kHelps or more), leaves less than 0.3 of the reference's contrast, and is one that cameras make (up to a
/// quarter of the frame, scale and shear of a fifth). A flow counts only where less than 0.3 of the contrast
/// is left without it, since it bends any room into any other, and where it helps as much again; else the
/// frame is used as it is, or with the affine motion.
///
/// Source  Ours; Farneback's flow stands for that of the CSE-227 blur study, whose other way, ORB and RANSAC,
///         an affine fit stands for. Deviation: a flow finds the caller filled with the reference, not the
///         caller.
/// Memory  12 bytes a pixel while a frame is moved. Not thread-safe; results do not depend on threads.
class FrameAligner {
 public:
  static constexpr double kMoved = 0.25;  ///< Pixels of the frame.
  static constexpr double kHelps = 0.05;  ///< Share of the difference that has to go.

  FrameAligner(Alignment alignment, cv::Size size);

  /// In      bgr: of the size given; caller: probability, of the same size.
  AlignedFrame Align(const cv::Mat3b& bgr, const cv::Mat1f& caller);
  /// From now on the reference stays what it is, for a second look at the same frames. Where none of them was
  /// moved so far, none will be.
  void Hold() { holds_ = true; }
  /// Frames that were moved before Hold.
  int64_t moved() const { return moved_; }

 private:
  PartialPicture InSmall(const cv::Mat3b& bgr, const cv::Mat1f& caller, const cv::Mat1b& outside) const;
  PartialPicture Reference() const;
  void Remember(const PartialPicture& placed);
  bool StandsStill(const PartialPicture& reference, const PartialPicture& frame) const;
  FrameFromReference Find(const PartialPicture& reference, const PartialPicture& frame) const;
  bool Helps(const PartialPicture& reference, const PartialPicture& frame,
             const FrameFromReference& motion) const;
  cv::Mat2f FindFlow(const PartialPicture& reference, const PartialPicture& frame,
                     const FrameFromReference& motion) const;
  AlignedFrame Move(const cv::Mat3b& bgr, const cv::Mat1f& caller, const FrameFromReference& motion,
                    const cv::Mat2f& flow) const;
  FrameFromReference AtLevel(const FrameFromReference& motion, cv::Size level) const;

  Alignment alignment_;
  cv::Size size_;
  std::vector<cv::Size> levels_;  ///< Finest first.
  cv::Ptr<cv::DenseOpticalFlow> flow_;
  cv::Mat1f sum_;     ///< Of the finest level's luma where it is known,
  cv::Mat1f frames_;  ///< in so many frames.
  FrameFromReference previous_ = kStandsStill;
  int64_t moved_ = 0;
  bool holds_ = false;
};

}  // namespace peekproof::attacks
