// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "base/parallel.h"
#include "engines/guided_filter.h"
#include "engines/luma.h"
#include "engines/profiles.h"
#include "engines/temporal.h"

namespace peekproof::engines {
namespace {

// MainFilter: windows of 17 x 17 pixels of a grid four times coarser than the frame.
constexpr GuidedFilterOptions kGuidedFilter{.radius = 8, .epsilon = 1e-4F, .subsample = 4};
constexpr int kGateScale = 4;  // MainFilter: motion is looked for in a quarter of the frame's size.

/// Defaults: MainFilter's.
struct ObsLiteOptions {
  std::string model = "landscape";
  float motion_db = -40.0F;
  float share = 0.25F;
  float gamma = 2.5F;
  BlendModel blend{.coverage_low = 0.056F, .coverage_high = 0.944F, .smooth_coverage = true};
  Schedule schedule{
      .lag = 1};  ///< The filter runs before the new mask is uploaded. It draws nothing without one.
};

ParameterSet Bind(ObsLiteOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  set.Number("motion_db", &options->motion_db, -200.0F, 0.0F,
             "mean squared luma change from which the network runs, decibels");
  set.Number("share", &options->share, 0.01F, 1.0F, "of the new mask in the average over frames");
  set.Number("gamma", &options->gamma, 0.1F, 10.0F, "power of the mask before coverage");
  BindCoverage(&options->blend, 1.0F, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

/// Where a frame lies in a picture of another shape: as large as it fits, centred.
cv::Rect Letterbox(cv::Size frame, cv::Size picture) {
  const double scale = std::min(static_cast<double>(picture.width) / frame.width,
                                static_cast<double>(picture.height) / frame.height);
  const int width = std::clamp(static_cast<int>(std::lround(frame.width * scale)), 1, picture.width);
  const int height = std::clamp(static_cast<int>(std::lround(frame.height * scale)), 1, picture.height);
  return {(picture.width - width) / 2, (picture.height - height) / 2, width, height};
}

/// 255 times mask^gamma by table: 1/4095 steps of the mask.
class GammaTable {
 public:
  explicit GammaTable(float gamma) {
    for (int i = 0; i <= kSteps; ++i) {
      const double power = std::pow(static_cast<double>(i) / kSteps, static_cast<double>(gamma));
      values_[i] = static_cast<uint8_t>(static_cast<int>(255.0 * power + 0.5));
    }
  }
  /// In      mask: in [0, 1].
  void Apply(const cv::Mat1f& mask, cv::Mat1b* powers) const {
    powers->create(mask.size());
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        const float* source = mask.ptr<float>(y);
        uint8_t* target = powers->ptr(y);
        for (int x = 0; x < mask.cols; ++x) target[x] = values_[static_cast<int>(source[x] * kSteps + 0.5F)];
      }
    };
    ParallelRows(mask.rows, std::cref(rows));
  }

 private:
  static constexpr int kSteps = 4095;
  std::array<uint8_t, kSteps + 1> values_{};
};

class ObsLiteProfile : public Profile {
 public:
  ObsLiteProfile(ProfileParts parts, const ObsLiteOptions& options)
      : Profile(std::move(parts)),
        least_motion_(std::pow(10.0, static_cast<double>(options.motion_db) / 10.0)),
        filter_(kGuidedFilter),
        average_(options.share),
        gamma_(options.gamma) {}

  Result<void> Segment(const cv::Mat3b& camera, image::AlphaMask* coarse) override {
    const cv::Size size = segmenter().input_size();
    const cv::Rect place = Letterbox(camera.size(), size);
    boxed_.create(size);
    boxed_ = cv::Vec3b(0, 0, 0);
    cv::Mat3b inside = boxed_(place);
    DownscaleFrame(camera, place.size(), Downscale::kBilinear, &inside);
    PEEKPROOF_RETURN_IF_ERROR(segmenter().Segment(boxed_, &boxed_mask_));
    boxed_mask_.values(Letterbox(camera.size(), boxed_mask_.values.size())).copyTo(coarse->values);
    return {};
  }

  bool KeepsMask(const cv::Mat3b& camera) override {
    const cv::Size quarter(std::max(1, camera.cols / kGateScale), std::max(1, camera.rows / kGateScale));
    DownscaleFrame(camera, quarter, Downscale::kBilinear, &quarter_);
    LumaOf(kLumaBt709, quarter_, &small_luma_);
    const bool same_size = seen_luma_.size() == quarter;
    if (same_size && cv::norm(small_luma_, seen_luma_, cv::NORM_L2SQR) <
                         least_motion_ * 255.0 * 255.0 * static_cast<double>(quarter.area())) {
      return true;
    }
    small_luma_.copyTo(seen_luma_);
    return false;
  }

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    LumaOf(kLumaBt709, camera, &luma_);
    filter_.Apply(luma_, coarse.values, &refined_);
    average_.Apply(&refined_);
    gamma_.Apply(refined_, mask);
  }

  void Forget() override {
    average_.Forget();
    seen_luma_.release();
  }

 private:
  double least_motion_;
  GuidedFilter filter_;
  MovingAverage average_;
  GammaTable gamma_;
  cv::Mat3b boxed_;
  image::AlphaMask boxed_mask_;
  cv::Mat3b quarter_;
  cv::Mat1b luma_;
  cv::Mat1b small_luma_;
  cv::Mat1b seen_luma_;  ///< Of the frame that the network saw last.
  cv::Mat1f refined_;
};

Result<std::unique_ptr<Profile>> MakeObsLite(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ObsLiteOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  PEEKPROOF_RETURN_IF_ERROR(CheckCoverage("obs-lite", options.blend));
  ProfileParts parts{.blend = options.blend, .schedule = options.schedule, .previous_masks = -1};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<ObsLiteProfile>(std::move(parts), options));
}

}  // namespace

/// Letterboxed network behind a motion gate, fast guided filter, average over frames at the frame's size,
/// power and smoothstep; one frame late, and closed where it has no mask. Engines notes 1.7. Deviations: the
/// network is the landscape model in floats, not the filter's 8-bit copy; the gate compares with the frame
/// that the network saw last.
ProfileEntry ObsLiteEntry() {
  ObsLiteOptions options;
  return {
      {.name = "obs-lite",
       .description = "Live Background Removal Lite for OBS: guided filter, mask averaged over frames, one "
                      "frame late",
       .source = "live-backgroundremoval-lite, MainFilter and main.effect",
       .fit = Fit::kCover,
       .blur = "dual-kawase(levels=5)",
       .parameters = Bind(&options).Describe()},
      MakeObsLite};
}

}  // namespace peekproof::engines
