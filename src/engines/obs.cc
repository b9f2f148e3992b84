// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/simd.h"
#include "engines/blend.h"
#include "engines/contour_filter.h"
#include "engines/profiles.h"
#include "engines/quantize.h"
#include "engines/stack_blur.h"
#include "engines/temporal.h"

namespace peekproof::engines {
namespace {

/// Defaults of background-filter.cpp, filter_defaults.
struct ObsOptions {
  std::string model = "landscape";
  float threshold = 0.5F;
  float contour_filter = 0.05F;
  float smooth_contour = 0.5F;
  float feather = 0.0F;
  float similarity_db = 35.0F;
  float temporal = 0.85F;
  /// The tick before a frame's rendering works on the picture that the last rendering fetched, so a mask is a
  /// frame late, and the filter is skipped until there is one. A failing network keeps the mask (all
  /// background before the first). Both: background-filter.cpp, video_tick and video_render.
  Schedule schedule{.lag = 1, .on_start = "raw", .on_failure = "old-mask"};
};

ParameterSet Bind(ObsOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("threshold", &options->threshold, 0.0F, 1.0F,
             "logit, not probability, above which a pixel is the caller");
  set.Number("contour_filter", &options->contour_filter, 0.0F, 1.0F,
             "share of the picture up to which a piece of background is dropped, 0: off");
  set.Number("smooth_contour", &options->smooth_contour, 0.0F, 1.0F, "smoothing of the mask's edge, 0: off");
  set.Number("feather", &options->feather, 0.0F, 1.0F, "soft edge, 40 pixels at 1");
  set.Number("similarity", &options->similarity_db, 0.0F, 100.0F,
             "PSNR in dB above which a frame keeps the last mask, 0: off");
  set.Number("temporal", &options->temporal, 0.0F, 1.0F, "share of the new mask, at least the threshold");
  BindSchedule(&options->schedule, &set);
  return set;
}

/// The kernel sides of the service are int(slider's value times a constant), made odd.
int OddSide(float side) { return static_cast<int>(side) | 1; }

/// Probability below which a pixel is background. The service compares in 8 bit: round(255 logit), cut to
/// [0, 255], with int(255 threshold).
double BackgroundBelow(float threshold) {
  const int cut = static_cast<int>(threshold * 255.0F);
  if (cut == 0) return 0.0;  // Nothing lies below 0.
  return 1.0 / (1.0 + std::exp(-(cut - 0.5) / 255.0));
}

PEEKPROOF_VECTOR_CLONES int SquaredDifference(const uint8_t* a, const uint8_t* b, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    const int difference = a[i] - b[i];
    sum += difference * difference;
  }
  return sum;
}

/// Peak signal-to-noise ratio as the service takes it, on pictures with a fourth, constant channel.
double PsnrOf(const cv::Mat3b& a, const cv::Mat3b& b) {
  double sum = 0;
  for (int y = 0; y < a.rows; ++y) sum += SquaredDifference(a.ptr(y), b.ptr(y), 3 * a.cols);
  const double mean = sum / (4.0 * static_cast<double>(a.total()));
  return mean == 0.0 ? HUGE_VAL : 10.0 * std::log10(255.0 * 255.0 / mean);
}

class ObsProfile : public Profile {
 public:
  ObsProfile(ProfileParts parts, const ObsOptions& options)
      : Profile(std::move(parts)),
        options_(options),
        background_below_(static_cast<float>(BackgroundBelow(options.threshold))),
        average_(std::max(options.temporal, options.threshold)),
        contours_(options.contour_filter),
        smooth_(OddSide(3.0F + 11.0F * options.smooth_contour) / 2) {}

  bool KeepsMask(const cv::Mat3b& camera) override {
    if (options_.similarity_db <= 0.0F) return false;
    if (has_processed_ && processed_.size() == camera.size() &&
        PsnrOf(processed_, camera) > static_cast<double>(options_.similarity_db)) {
      return true;
    }
    camera.copyTo(processed_);
    has_processed_ = true;
    return false;
  }

  void Track(image::AlphaMask* coarse) override {
    cv::compare(coarse->values, background_below_, background_, cv::CMP_LT);
    if (options_.temporal > 0.0F && options_.temporal < 1.0F) average_.Apply(&background_);
    background_.copyTo(filtered_);  // What is averaged is the mask before its contours are filtered.
    if (options_.contour_filter > 0.0F && options_.contour_filter < 1.0F) contours_.Apply(&filtered_);
    if (options_.smooth_contour > 0.0F) smooth_.Apply(&filtered_);
    cv::bitwise_not(filtered_, filtered_);
    UnitMask(filtered_, &coarse->values);
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    QuantizeMask(coarse.values, &coarse8_);
    cv::bitwise_not(coarse8_, coarse8_);
    cv::resize(coarse8_, wide_, camera.size(), 0, 0, cv::INTER_LINEAR);
    if (options_.smooth_contour > 0.0F) cv::threshold(wide_, wide_, 128, 255, cv::THRESH_BINARY);
    if (options_.feather > 0.0F) Feather();
    cv::bitwise_not(wide_, *mask);
  }

  void Forget() override {
    average_.Forget();
    has_processed_ = false;
  }

 private:
  void Feather() {
    const int side = OddSide(40.0F * options_.feather);
    cv::dilate(wide_, dilated_, cv::Mat(), cv::Point(-1, -1), side / 3);
    cv::boxFilter(dilated_, wide_, CV_8U, cv::Size(side, side));
  }

  ObsOptions options_;
  float background_below_;
  RoundedMovingAverage average_;
  ContourFilter contours_;
  StackBlur smooth_;
  cv::Mat3b processed_;  ///< The last frame that was not found similar.
  bool has_processed_ = false;
  cv::Mat1b background_;
  cv::Mat1b filtered_;
  cv::Mat1b coarse8_;
  cv::Mat1b wide_;
  cv::Mat1b dilated_;
};

Result<std::unique_ptr<Profile>> MakeObs(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ObsOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  // A still scene keeps its mask for as long as it stays still.
  ProfileParts parts{.blend = {.cut_mask = true},
                     .schedule = options.schedule,
                     .previous_masks = options.similarity_db > 0.0F ? -1 : 3};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<ObsProfile>(std::move(parts), options));
}

}  // namespace

/// Background where the caller's logit is below the threshold, averaged in time, small pieces dropped, edge
/// smoothed, scaled up and cut hard; a frame like the last processed one keeps its mask. Engines notes 1.6.
/// Deviations: the default network gives a probability, whose logit stands for the second of the two raw
/// outputs of the service's own; the mask replaces the background by a picture, where the service leaves it
/// transparent. Its background blur is off unless asked for; 5 passes are what is named here.
ProfileEntry ObsEntry() {
  ObsOptions options;
  return {{.name = "obs",
           .description = "OBS background removal plugin: hard edge, small pieces of background shown, mask "
                          "kept while the picture stands still",
           .source = "obs-backgroundremoval, background-filter.cpp; other network",
           .fit = Fit::kCover,
           .blur = "kawase(passes=5)",
           .parameters = Bind(&options).Describe()},
          MakeObs};
}

}  // namespace peekproof::engines
