// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "engines/blend.h"
#include "engines/profiles.h"
#include "engines/quantize.h"
#include "engines/separable_bilateral.h"
#include "engines/temporal.h"

namespace peekproof::engines {
namespace {

/// Defaults of BackgroundProcessorPipeline and its hysteresis, version 3.2.0.
struct TwilioOptions {
  std::string model = "landscape";
  SeparableBilateralOptions bilateral;
  std::string hysteresis = "on";
  int low = 80;
  int high = 180;
  /// No frame goes out before the network is loaded; one that fails is dropped.
  Schedule schedule{.on_start = "freeze", .on_failure = "freeze"};
};

ParameterSet Bind(TwilioOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("mask_blur_radius", &options->bilateral.radius, 0.0F, 16.0F,
             "bilateral filter: reach in mask pixels");
  set.Number("sigma_color", &options->bilateral.sigma_color, 0.01F, 1.0F,
             "bilateral filter: colour distance, RGB from 0 to 1");
  set.Choice("hysteresis", &options->hysteresis, {"on", "off"},
             "whether a pixel between the two thresholds keeps its last label; versions before 3.2 do not");
  set.Integer("low", &options->low, 0, 254, "8-bit mask value up to which a pixel becomes background");
  set.Integer("high", &options->high, 1, 255, "8-bit mask value from which a pixel becomes the caller");
  BindSchedule(&options->schedule, &set);
  return set;
}

class TwilioProfile : public Profile {
 public:
  TwilioProfile(ProfileParts parts, const TwilioOptions& options)
      : Profile(std::move(parts)),
        holds_(options.hysteresis == "on"),
        hysteresis_(options.low, options.high),
        bilateral_(options.bilateral) {}

  void Track(image::AlphaMask* coarse) override {
    if (!holds_) return;
    QuantizeMask(coarse->values, &coarse8_);
    hysteresis_.Apply(&coarse8_);
    UnitMask(coarse8_, &coarse->values);
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    QuantizeMask(coarse.values, &coarse8_);
    bilateral_.Apply(coarse8_, camera, mask);
  }

  void Forget() override { hysteresis_.Forget(); }

 private:
  bool holds_;
  Hysteresis hysteresis_;
  SeparableBilateralUpsampler bilateral_;
  cv::Mat1b coarse8_;
};

Result<std::unique_ptr<Profile>> MakeTwilio(const Spec& spec, const SegmenterMaker& make_segmenter) {
  TwilioOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  if (!(options.low < options.high)) {
    return Error{ErrorCode::kInvalidArgument, "engine twilio: low must be less than high"};
  }
  ProfileParts parts{.downscale = Downscale::kPixelated,  // createImageBitmap with resizeQuality 'pixelated'.
                     .schedule = options.schedule,
                     .previous_masks = options.hysteresis == "on" ? -1 : 0};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<TwilioProfile>(std::move(parts), options));
}

}  // namespace

/// Nearest downscale, mask in 8 bit with two thresholds and memory, brought to frame size by two bilateral
/// passes along rows and columns, used as alpha over a stretched wallpaper. Engines notes 1.9. Deviation: the
/// first frame of a call, which version 3.2.0 sends transparent, is composed like all others.
ProfileEntry TwilioEntry() {
  TwilioOptions options;
  return {{.name = "twilio",
           .description = "Twilio Video Processors: mask with hysteresis, wide bilateral edge",
           .source = "@twilio/video-processors 3.2.0",
           .fit = Fit::kStretch,
           .blur = "gaussian(sigma=15)",
           .parameters = Bind(&options).Describe()},
          MakeTwilio};
}

}  // namespace peekproof::engines
