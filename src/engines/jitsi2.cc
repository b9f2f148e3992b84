// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/area_scaler.h"
#include "engines/bilinear_axis.h"
#include "engines/blend.h"
#include "engines/gradient_snap.h"
#include "engines/profiles.h"
#include "engines/quantize.h"
#include "engines/temporal.h"

namespace peekproof::engines {
namespace {

constexpr float kNewShare = 0.25F;  // BackgroundFrameProcessor.ts: 0.25 new + 0.75 old.
constexpr int kFailuresToRaw = 30;  // BackgroundFrameProcessor.ts.
constexpr float kReachGpu = 20.0F;  // WebGLCompositor.ts, camera pixels.
constexpr float kReachLow = 32.0F;
const cv::Size kHighSize(512, 288);  // DeviceTierDetector.ts.
const cv::Size kMediumSize(384, 216);

struct Jitsi2Options {
  std::string model = "landscape";
  std::string tier = "high";
  /// WebGLCompositor.ts, GPU tiers.
  BlendModel blend{.coverage_low = 0.28F, .coverage_high = 0.65F, .smooth_coverage = true};
  Schedule schedule{.on_start = "raw", .on_failure = "old-mask", .failures_to_raw = kFailuresToRaw};
};

ParameterSet Bind(Jitsi2Options* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Choice(
      "tier", &options->tier, {"high", "medium", "low"},
      "of the device: high and medium have a GPU; low smooths more, with coverage 0.1 to 0.5 and stride 2");
  BindCoverage(&options->blend, 1.0F, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

Jitsi2Options DefaultsOf(const std::string& tier) {
  Jitsi2Options options;
  options.tier = tier;
  if (tier == "low") {
    options.blend.coverage_low = 0.10F;
    options.blend.coverage_high = 0.50F;
    options.schedule.stride = 2;  // inferenceStride of the low tier.
  }
  return options;
}

class Jitsi2Profile : public Profile {
 public:
  Jitsi2Profile(ProfileParts parts, const std::string& tier)
      : Profile(std::move(parts)),
        low_(tier == "low"),
        tier_size_(tier == "high" ? kHighSize : kMediumSize),
        average_(kNewShare),
        snap_({.reach_px = low_ ? kReachLow : kReachGpu}) {}

  /// The GPU tiers hand a bitmap of the tier's size to a library that resizes it to the network's and the
  /// mask back; the low tier's bitmap has the network's size. The bitmap's "medium" quality is taken to be
  /// area averaging.
  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    const cv::Size network = segmenter().input_size();
    if (low_) {
      scaler_.Apply(camera, network, &small_);
      return segmenter().Segment(small_, coarse);
    }
    scaler_.Apply(camera, tier_size_, &bitmap_);
    DownscaleFrame(bitmap_, network, Downscale::kBilinear, &small_);
    PEEKPROOF_RETURN_IF_ERROR(segmenter().Segment(small_, &network_mask_));
    mask_scaler_.Apply(network_mask_.values, tier_size_, &coarse->values);
    return {};
  }

  void Track(image::AlphaMask* coarse) override {
    QuantizeMask(coarse->values, &confidence_);  // The confidences are bytes, their average is not.
    UnitMask(confidence_, &coarse->values);
    average_.Apply(&coarse->values);
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    snap_.Apply(coarse.values, camera, mask);
  }

  void Forget() override { average_.Forget(); }

 private:
  bool low_;
  cv::Size tier_size_;
  MovingAverage average_;
  GradientSnap snap_;
  AreaScaler scaler_;
  MaskScaler mask_scaler_;
  cv::Mat3b bitmap_;
  cv::Mat3b small_;
  image::AlphaMask network_mask_;
  cv::Mat1b confidence_;
};

Result<std::unique_ptr<Profile>> MakeJitsi2(const Spec& spec, const SegmenterMaker& make_segmenter) {
  Jitsi2Options options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  options = DefaultsOf(options.tier);
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  PEEKPROOF_RETURN_IF_ERROR(CheckCoverage("jitsi2", options.blend));
  ProfileParts parts{.blend = options.blend,
                     .schedule = options.schedule,
                     .previous_masks = MovingAverage::Reach(kNewShare) * options.schedule.stride};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<Jitsi2Profile>(std::move(parts), options.tier));
}

}  // namespace

/// Mask averaged in time on each inference, blurred by wide taps except where the image has an edge,
/// smoothstep coverage. Shows the camera until the first mask and after 30 failures in a row. Engines notes
/// 1.3. The wallpaper's fit is the first engine's: the second's is not known.
ProfileEntry Jitsi2Entry() {
  Jitsi2Options options;
  return {
      {.name = "jitsi2",
       .description = "Jitsi Meet, second engine (V2): mask averaged over frames, snapped to image edges; "
                      "raw until the first mask",
       .source = "jitsi-meet, BackgroundFrameProcessor, WebGLCompositor, DeviceTierDetector",
       .fit = Fit::kStretch,
       .blur = "gaussian(sigma=8)",
       .parameters = Bind(&options).Describe()},
      MakeJitsi2};
}

}  // namespace peekproof::engines
