// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "attacks/blur_attack_options.h"
#include "attacks/blur_identification.h"
#include "attacks/frame_alignment.h"
#include "attacks/halo_average.h"
#include "attacks/room_average.h"
#include "attacks/room_restoration.h"
#include "attacks/sample_stack.h"
#include "base/result.h"
#include "image/frame.h"
#include "image/mask.h"

namespace peekproof::attacks {

/// What an attack found behind a blur.
struct BlurFindings {
  int64_t frames = 0;                ///< That counted.
  int64_t moved_frames = 0;          ///< Of those, frames that were moved to where the first one was.
  std::optional<BlurEstimate> blur;  ///< None: it could not be told, or was given.
  AveragedRoom average;              ///< Of the margin that was chosen, in the size that was worked in.
  cv::Mat3b aggregate;               ///< Mean, median or largest; unknown places are filled smoothly.
  cv::Mat3b
      restored;  ///< After all stages; the aggregate itself where there are none or the blur is unknown.
  std::optional<bool> has_halo;  ///< Whether the caller bleeds into the blur; told by a second look.
  cv::Mat1f support;  ///< RestoredRoom::support; whether the place is known, where nothing was restored.
};

/// Which frames of a call count.
class FrameChoice {
 public:
  /// In      as BlurAttackOptions::fps and every.
  FrameChoice(double fps, int every) : fps_(fps), every_(every) {}
  /// Of each frame in presentation order.
  bool Takes(double time_s);

 private:
  double fps_;
  int every_;
  std::optional<double> next_s_;  ///< Presentation time from which a frame is in time; none: any.
  int64_t in_time_ = 0;
};

/// Attacks a blurred background: averages it over the call without the caller, identifies the blur and takes
/// it back. One pass, or two: with what the first found, the second takes the caller's halo from each frame,
/// so that the room is seen right up to him, and takes the blur back anew.
///
/// Where the camera moves, all that is found is told as the first frame shows it; where frames are shrunk, it
/// is told in pixels of the frames given, and pictures are enlarged to their size, but for the average.
///
/// Two specs: `deblur`, ours, and `blur-study`, the published pipeline (sample, segment, align by Farneback's
/// flow, paint the caller black, median, non-local means, CLAHE), which takes no blur back. Every stage of
/// either is a parameter.
///
/// Source  Ours; for `blur-study` the pipeline of the CSE-227 blur study. Deviations: FrameAligner's.
/// Memory  48 bytes a pixel for the mean; SampleStack's otherwise. Not thread-safe.
class BlurAttack {
 public:
  /// Errors  kInvalidArgument: unknown name or parameter, bad value.
  static Result<std::unique_ptr<BlurAttack>> Create(const std::string& spec, cv::Size size);

  /// In      caller: probability, of the frame's size.
  void Add(const image::Frame& frame, const image::AlphaMask& caller);
  /// Errors  kInvalidArgument where no frame was added. May be called more than once.
  Result<BlurFindings> Finish() const;

  /// Whether a second look would find more.
  bool WantsSecondLook(const BlurFindings& first) const;
  /// Begins it. In  first: of Finish, wanting it.
  void StartAgain(const BlurFindings& first);
  /// The same frames again, or some of them.
  void AddAgain(const image::Frame& frame, const image::AlphaMask& caller);
  /// What both looks found; `first` where no frame was added again. Errors  RestoreRoom's.
  Result<BlurFindings> FinishAgain(BlurFindings first) const;

  const BlurAttackOptions& options() const { return options_; }

 private:
  BlurAttack(const BlurAttackOptions& options, cv::Size size);
  struct Averaged {
    double margin_px;
    RoomAverage average;
  };
  std::optional<engines::BlurKernel> KernelOf(const BlurFindings& findings) const;
  cv::Mat3b AggregateOf(const AveragedRoom& room) const;
  AlignedFrame Prepare(const image::Frame& frame, const image::AlphaMask& caller);
  Result<BlurFindings> TakeBack(BlurFindings findings) const;

  BlurAttackOptions options_;
  cv::Size frame_size_;
  cv::Size size_;  ///< That frames are shrunk to.
  FrameAligner aligner_;
  std::vector<Averaged> averages_;  ///< Narrowest margin first.
  SampleStack samples_;
  RunningLargest largest_;
  std::optional<HaloAverage> again_;
  FrameChoice choice_;
  FrameChoice choice_again_;
  int64_t counted_ = 0;
  int64_t counted_again_ = 0;
};

}  // namespace peekproof::attacks
