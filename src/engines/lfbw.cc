// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/parallel.h"
#include "engines/area_scaler.h"
#include "engines/bilinear_axis.h"
#include "engines/blend.h"
#include "engines/profiles.h"
#include "engines/quantize.h"
#include "engines/temporal.h"
#include "engines/upscale_mask.h"
#include "engines/window_max.h"

namespace peekproof::engines {
namespace {

// All from lfbw.py.
constexpr int kSmallWidth = 256;
constexpr float kCategoryCut = 0.5F;  // MediaPipe Tasks' category mask.
constexpr int kGaussianSize = 7;
constexpr uint8_t kBinaryAbove = 191;  // 0.75 of 255, rounded down.
constexpr int kDilateRadius = 2;       // A square of 5 x 5.
constexpr int kBoxSize = 10;

struct LfbwOptions {
  std::string model = "landscape";
  float share = 0.5F;  ///< mask-update-speed.
  std::string sigmoid = "off";
  Schedule schedule;
};

ParameterSet Bind(LfbwOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("share", &options->share, 0.01F, 1.0F, "of the new mask in the average over frames");
  set.Choice("sigmoid", &options->sigmoid, {"off", "on"}, "1 / (1 + exp(5 - 10 mask)) at the end");
  BindSchedule(&options->schedule, &set);
  return set;
}

class LfbwProfile : public Profile {
 public:
  LfbwProfile(ProfileParts parts, const LfbwOptions& options)
      : Profile(std::move(parts)),
        upscaler_({MaskSampling::kBilinear, 0.0F, MaskBorder::kReplicate}),
        average_(options.share) {
    for (int i = 0; i < 256; ++i) {
      const double curve = 255.0 / (1.0 + std::exp(5.0 - 10.0 * i / 255.0));
      curve_[i] = options.sigmoid == "on" ? cv::saturate_cast<uint8_t>(curve) : static_cast<uint8_t>(i);
    }
  }

  /// The library scales the small picture to the network's size, and the mask back before it cuts it.
  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    // Extreme shapes are squeezed rather than blown up.
    const cv::Size size(kSmallWidth, std::clamp(kSmallWidth * camera.rows / camera.cols, 1, 8 * kSmallWidth));
    scaler_.Apply(camera, size, &small_);
    DownscaleFrame(small_, segmenter().input_size(), Downscale::kBilinear, &network_input_);
    PEEKPROOF_RETURN_IF_ERROR(segmenter().Segment(network_input_, &network_mask_));
    mask_scaler_.Apply(network_mask_.values, size, &coarse->values);
    for (float& value : coarse->values) value = value > kCategoryCut ? 1.0F : 0.0F;
    return {};
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    upscaler_.Apply(coarse.values, camera.size(), &wide_);
    cv::GaussianBlur(wide_, smooth_, {kGaussianSize, kGaussianSize}, 0);
    cv::threshold(smooth_, binary_, kBinaryAbove, 255, cv::THRESH_BINARY);
    WindowMax(binary_, kDilateRadius, &dilated_);
    cv::blur(dilated_, box_, {kBoxSize, kBoxSize});
    UnitMask(box_, &averaged_);
    average_.Apply(&averaged_);
    ApplyCurve(mask);
  }

  void Forget() override { average_.Forget(); }

 private:
  void ApplyCurve(cv::Mat1b* mask) const {
    mask->create(averaged_.size());
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        uint8_t* target = mask->ptr(y);
        QuantizeRow(averaged_.ptr<float>(y), averaged_.cols, target);
        for (int x = 0; x < averaged_.cols; ++x) target[x] = curve_[target[x]];
      }
    };
    ParallelRows(averaged_.rows, std::cref(rows));
  }

  MaskUpscaler upscaler_;
  MovingAverage average_;
  std::array<uint8_t, 256> curve_{};
  AreaScaler scaler_;
  MaskScaler mask_scaler_;
  cv::Mat3b small_;
  cv::Mat3b network_input_;
  image::AlphaMask network_mask_;
  cv::Mat1b wide_;
  cv::Mat1b smooth_;
  cv::Mat1b binary_;
  cv::Mat1b dilated_;
  cv::Mat1b box_;
  cv::Mat1f averaged_;
};

Result<std::unique_ptr<Profile>> MakeLfbw(const Spec& spec, const SegmenterMaker& make_segmenter) {
  LfbwOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule, .previous_masks = MovingAverage::Reach(options.share)};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<LfbwProfile>(std::move(parts), options));
}

}  // namespace

/// A mask cut twice, dilated and averaged over a box, then over frames: a ramp of about 7 pixels outside the
/// caller. Engines notes 1.8. Deviation: the steps up to the average over frames are in 8 bit, not in floats.
/// The curve of sigmoid=on leaves 2/255 of the camera in the background, as the service's does.
ProfileEntry LfbwEntry() {
  LfbwOptions options;
  return {{.name = "lfbw",
           .description = "Linux Fake Background Webcam: cut, dilated and boxed mask, averaged over frames",
           .source = "Linux-Fake-Background-Webcam, lfbw.py",
           .fit = Fit::kStretch,
           .blur = "gaussian(sigma=7,kernel=21)",
           .parameters = Bind(&options).Describe()},
          MakeLfbw};
}

}  // namespace peekproof::engines
