// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <utility>

#include "base/parallel.h"
#include "base/simd.h"
#include "engines/profiles.h"
#include "engines/temporal.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

/// Guesses: the paper names the steps, nobody the constants.
struct ZoomOptions {
  std::string model = "landscape";
  float share = 0.6F;
  float sharpen = 1.5F;
  float sigma_px = 4.0F;
  Schedule schedule;
};

ParameterSet Bind(ZoomOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("share", &options->share, 0.01F, 1.0F, "of the new mask; the rest is the matte before it");
  set.Number("sharpen", &options->sharpen, 0.0F, 10.0F, "strength of the sharpening");
  set.Number("sigma", &options->sigma_px, 0.5F, 32.0F, "of the blur that it subtracts, in frame pixels");
  BindSchedule(&options->schedule, &set);
  return set;
}

/// mask + sharpen (mask - blurred), clamped and rounded.
PEEKPROOF_VECTOR_CLONES void SharpenRow(const uint8_t* blurred, float sharpen, int count, uint8_t* mask) {
  for (int x = 0; x < count; ++x) {
    const auto value = static_cast<float>(mask[x]);
    const float sharp = value + sharpen * (value - static_cast<float>(blurred[x]));
    mask[x] = static_cast<uint8_t>(static_cast<int>(std::min(255.0F, std::max(0.0F, sharp)) + 0.5F));
  }
}

class ZoomProfile : public Profile {
 public:
  ZoomProfile(ProfileParts parts, const ZoomOptions& options)
      : Profile(std::move(parts)),
        average_(options.share),
        sharpen_(options.sharpen),
        upscaler_({MaskSampling::kBilinear, 0.0F, MaskBorder::kReplicate}),
        blurrer_({MaskSampling::kBilinear, options.sigma_px, MaskBorder::kReplicate}) {}

  void Track(image::AlphaMask* coarse) override { average_.Apply(&coarse->values); }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), mask);
    blurrer_.Apply(coarse.values, camera.size(), &blurred_);
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) SharpenRow(blurred_.ptr(y), sharpen_, mask->cols, mask->ptr(y));
    };
    ParallelRows(mask->rows, std::cref(rows));
  }

  void Forget() override { average_.Forget(); }

 private:
  MovingAverage average_;
  float sharpen_;
  MaskUpscaler upscaler_;
  MaskUpscaler blurrer_;
  cv::Mat1b blurred_;
};

Result<std::unique_ptr<Profile>> MakeZoom(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ZoomOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule,
                     .previous_masks = MovingAverage::Reach(options.share) * options.schedule.stride};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<ZoomProfile>(std::move(parts), options));
}

}  // namespace

/// Bilinear upscaling and a sharpening of the mask, as the paper found in Zoom 5.9.3 (section 3.2; engines
/// notes 1.10). Its network takes two frames and the matte before; an average over masks stands for that. All
/// constants are guessed.
ProfileEntry ZoomEntry() {
  ZoomOptions options;
  return {{.name = "zoom",
           .description = "Approximation of Zoom: mask fed back over frames, bilinear, sharpened",
           .source = "after Seeing Through (USENIX Security 2025), Zoom 5.9.3; no constants are public",
           .approximation = true,
           .fit = Fit::kCover,
           .blur = "gaussian(sigma=15)",
           .parameters = Bind(&options).Describe()},
          MakeZoom};
}

}  // namespace peekproof::engines
