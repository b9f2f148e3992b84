// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "attacks/blur_identification.h"
#include "attacks/frame_alignment.h"
#include "attacks/halo_average.h"
#include "attacks/room_average.h"
#include "attacks/room_restoration.h"
#include "attacks/sample_stack.h"
#include "base/result.h"
#include "engines/engine.h"
#include "image/frame.h"
#include "image/mask.h"

namespace peekproof::attacks {

/// How frames become one picture.
enum class BlurAggregate { kMean, kMedian, kLargest };

/// The stages of an attack on a blurred background; each can be left out.
struct BlurAttackOptions {
  int every = 1;  ///< Of so many frames one counts.
  Alignment align = Alignment::kAuto;
  BlurAggregate aggregate = BlurAggregate::kMean;
  bool paint_black = false;   ///< The caller counts as black instead of not at all, as in the blur study.
  double caller_level = 0.1;  ///< Probability from which a pixel is the caller's, in [0, 1].
  double margin = -1;         ///< Distance from the caller up to which frames do not count, as a share of the
                              ///< height; below 0: 3 sigma of the blur, 0.025 or 0.1.
  bool restore = true;
  bool halo = true;  ///< The caller's halo is taken away in a second look.
  RestorationOptions restoration;
  double sigma_px = 0;   ///< Of the blur, if it is known; 0: told from the picture.
  bool denoise = false;  ///< Non-local means.
  bool clahe = false;    ///< Contrast-limited adaptive histogram equalization.
};

/// What an attack found behind a blur.
struct BlurFindings {
  int64_t frames = 0;                ///< That counted.
  int64_t moved_frames = 0;          ///< Of those, frames that were moved to where the first one was.
  std::optional<BlurEstimate> blur;  ///< None: it could not be told, or was given.
  AveragedRoom average;              ///< Of the margin that was chosen.
  cv::Mat3b aggregate;               ///< Mean, median or largest; unknown places are filled smoothly.
  cv::Mat3b
      restored;  ///< After all stages; the aggregate itself where there are none or the blur is unknown.
  std::optional<bool> has_halo;  ///< Whether the caller bleeds into the blur; told by a second look.
  cv::Mat1f support;  ///< RestoredRoom::support; whether the place is known, where nothing was restored.
};

/// Attacks a blurred background: averages it over the call without the caller, identifies the blur and takes
/// it back. One pass, or two: with what the first found, the second takes the caller's halo from each frame,
/// so that the room is seen right up to him, and takes the blur back anew.
///
/// Where the camera moves, all that is found is told as the first frame shows it.
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
  Result<BlurFindings> TakeBack(BlurFindings findings) const;

  BlurAttackOptions options_;
  cv::Size size_;
  FrameAligner aligner_;
  std::vector<Averaged> averages_;  ///< Narrowest margin first.
  SampleStack samples_;
  std::optional<HaloAverage> again_;
  int64_t seen_ = 0;
  int64_t counted_ = 0;
  int64_t seen_again_ = 0;
  int64_t counted_again_ = 0;
};

/// An attack on blurs, as `peekproof list attacks` shows it.
struct BlurAttackInfo {
  std::string name;
  std::string description;
  std::string source;
  std::vector<engines::ParameterInfo> parameters;
};
const std::vector<BlurAttackInfo>& ListBlurAttacks();

}  // namespace peekproof::attacks
