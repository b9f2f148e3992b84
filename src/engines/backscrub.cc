// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/blend.h"
#include "engines/profiles.h"
#include "engines/quantize.h"
#include "engines/temporal.h"

namespace peekproof::engines {
namespace {

// libbackscrub.cc, bs_maskgen_process and bs_maskgen_new.
constexpr int kBilateralDiameter = 5;
constexpr double kBilateralSigma = 100.0;
const cv::Size kMaskBlur(5, 5);

struct BackscrubOptions {
  /// The service's default is ML Kit's selfiesegmentation_mlkit-256x256; `selfie` has the same weights.
  std::string model = "selfie";
  float threshold = 0.65F;  ///< bs_maskgen_process, for ML Kit's network.
  /// The mask's thread runs beside the frame's, which takes the newest finished mask. Before the first one,
  /// the mask is memory that nobody wrote, mostly 0: the camera shows (deepseg.cc, main). A failing network
  /// ends the program.
  Schedule schedule{.lag = 1, .on_start = "raw", .on_failure = "freeze"};
};

ParameterSet Bind(BackscrubOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("threshold", &options->threshold, 0.0F, 1.0F, "mask value above which a pixel is the caller");
  BindSchedule(&options->schedule, &set);
  return set;
}

/// Where the network looks, for one size of frames.
struct Regions {
  cv::Rect frame;  ///< The part of the frame that is segmented; all else stays background.
  cv::Rect input;  ///< Where it goes in the network's input; the rest there is black.
};

/// A frame wider than the network's input is cropped to that shape, centre kept; a narrower one is put into
/// the input's middle. Fractions are dropped as there (libbackscrub.cc, bs_maskgen_new).
Regions RegionsOf(cv::Size frame, cv::Size input) {
  const float input_ratio = static_cast<float>(input.height) / static_cast<float>(input.width);
  const float frame_ratio = static_cast<float>(frame.height) / static_cast<float>(frame.width);
  if (frame_ratio < input_ratio) {
    const float width = static_cast<float>(frame.height) / input_ratio;
    return {cv::Rect(static_cast<int>((static_cast<float>(frame.width) - width) / 2.0F), 0,
                     static_cast<int>(width), frame.height),
            cv::Rect(cv::Point(), input)};
  }
  const float width = static_cast<float>(input.height) / frame_ratio;
  const int columns = std::max(1, static_cast<int>(width));
  return {
      cv::Rect(cv::Point(), frame),
      cv::Rect(static_cast<int>((static_cast<float>(input.width) - width) / 2.0F), 0, columns, input.height)};
}

class BackscrubProfile : public Profile {
 public:
  BackscrubProfile(ProfileParts parts, float threshold) : Profile(std::move(parts)), threshold_(threshold) {}

  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    const cv::Size size = segmenter().input_size();
    const Regions regions = RegionsOf(camera.size(), size);
    if (frame_size_ != camera.size()) input_ = cv::Mat3b::zeros(size);
    frame_size_ = camera.size();
    cv::Mat3b part = input_(regions.input);
    cv::resize(camera(regions.frame), part, regions.input.size(), 0, 0, cv::INTER_LINEAR);
    cv::bilateralFilter(input_, smooth_, kBilateralDiameter, kBilateralSigma, kBilateralSigma);
    return segmenter().Segment(smooth_, coarse);
  }

  void Track(image::AlphaMask* coarse) override {
    cv::compare(coarse->values, threshold_, background_, cv::CMP_LE);
    feedback_.Apply(&background_);
    cv::bitwise_not(background_, coarse8_);
    UnitMask(coarse8_, &coarse->values);
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    const Regions regions = RegionsOf(camera.size(), coarse.values.size());
    QuantizeMask(coarse.values, &coarse8_);
    cv::bitwise_not(coarse8_, coarse8_);
    // The whole input's mask goes to the frame's part, even where only the input's middle held it.
    cv::resize(coarse8_, wide_, regions.frame.size(), 0, 0, cv::INTER_LINEAR);
    cv::blur(wide_, blurred_, kMaskBlur);
    mask->create(camera.size());
    *mask = uint8_t{0};
    cv::bitwise_not(blurred_, (*mask)(regions.frame));
  }

  void Forget() override { feedback_.Forget(); }

 private:
  float threshold_;
  BitFeedback feedback_;
  cv::Size frame_size_;
  cv::Mat3b input_;  ///< Black where no part of a frame of that size goes.
  cv::Mat3b smooth_;
  cv::Mat1b background_;
  cv::Mat1b coarse8_;
  cv::Mat1b wide_;
  cv::Mat1b blurred_;
};

Result<std::unique_ptr<Profile>> MakeBackscrub(const Spec& spec, const SegmenterMaker& make_segmenter) {
  BackscrubOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule, .previous_masks = 2 * options.schedule.stride};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<BackscrubProfile>(std::move(parts), options.threshold));
}

}  // namespace

/// The frame's middle of the network's shape, smoothed by a bilateral filter, cut hard, with three bits of
/// memory, scaled up bilinearly and blurred by 5 x 5. Engines notes 1.5. Deviations: mixed colours are
/// rounded to nearest, where the service rounds down; its YUYV output, with chroma halved, is left out.
ProfileEntry BackscrubEntry() {
  BackscrubOptions options;
  return {
      {.name = "backscrub",
       .description = "backscrub: only the middle of a wide frame can show, last masks fade in steps, mask "
                      "one frame late",
       .source = "backscrub, lib/libbackscrub.cc and app/deepseg.cc",
       .fit = Fit::kCover,
       .blur = "gaussian(sigma=4.1,kernel=25)",  // cv::GaussianBlur: 0.3 ((25 - 1) / 2 - 1) + 0.8.
       .parameters = Bind(&options).Describe()},
      MakeBackscrub};
}

}  // namespace peekproof::engines
