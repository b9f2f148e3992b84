// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/box_edge.h"
#include "engines/profiles.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

/// src/webgl/index.ts, maskBlurRadius.
constexpr int kMaskBlurRadius = 8;
/// src/webgl/shader-programs/compositeShader.ts, edgeSoftness.
constexpr float kEdgeSoftness = 2.0F;

struct LivekitOptions {
  /// The service's selfie_segmenter (256x256) adds metadata to the same weights.
  std::string model = "selfie";
  std::string sampling = "bilinear";
  /// The first frame is sent as it is, "less jarring". A failing network leaves the last mask on the new
  /// frame. Both: BackgroundTransformer.ts, transform.
  Schedule schedule{.raw_frames = 1, .on_failure = "old-mask"};
};

ParameterSet Bind(LivekitOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Choice("sampling", &options->sampling, {"bilinear", "nearest"},
             "how the network's mask is read where it is cut at 1/2, at frame size");
  BindSchedule(&options->schedule, &set);
  return set;
}

class LivekitProfile : public Profile {
 public:
  LivekitProfile(ProfileParts parts, MaskSampling sampling)
      : Profile(std::move(parts)), upscaler_(UpscaleOptions{.sampling = sampling}) {}

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), &soft_);
    cv::threshold(soft_, soft_, 127, 255, cv::THRESH_BINARY_INV);  // The category: 1 is background.
    blur_.Apply(soft_, &blurred_);
    EdgeByGradient(blurred_, kEdgeSoftness, mask);
  }

 private:
  MaskUpscaler upscaler_;
  BoxBlur blur_{kMaskBlurRadius};
  cv::Mat1b soft_;
  cv::Mat1b blurred_;
};

Result<std::unique_ptr<Profile>> MakeLivekit(const Spec& spec, const SegmenterMaker& make_segmenter) {
  LivekitOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  const MaskSampling sampling =
      options.sampling == "nearest" ? MaskSampling::kNearest : MaskSampling::kBilinear;
  return std::unique_ptr<Profile>(std::make_unique<LivekitProfile>(std::move(parts), sampling));
}

}  // namespace

/// Frame squeezed to the network bilinearly, mask read bilinearly at frame size and cut there, box blur of 17
/// pixels along rows and columns, edge by the blurred mask's gradient; wallpaper cropped to cover. Engines
/// notes 1.9, confirmed pixel by pixel on the running package. Deviation: the first masked frame is composed
/// like all others; on a software GPU the package was seen to take the camera's red channel for that one's
/// mask.
ProfileEntry LivekitEntry() {
  LivekitOptions options;
  return {
      {.name = "livekit",
       .description = "LiveKit track processors: mask cut at 1/2, box-blurred, narrow edge; first frame raw",
       .source = "@livekit/track-processors 0.8.1 with @mediapipe/tasks-vision",
       .fit = Fit::kCover,
       .blur = "livekit",
       .parameters = Bind(&options).Describe()},
      MakeLivekit};
}

}  // namespace peekproof::engines
