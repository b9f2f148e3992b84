// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/imgproc.hpp>
#include <utility>

#include "engines/profiles.h"

namespace peekproof::engines {
namespace {

constexpr int kBilateralDiameter = 5;
constexpr double kBilateralSigma = 25.0;
constexpr int kGaussianSize = 3;

struct ArtifactOptions {
  std::string model = "selfie";
  Schedule schedule;
};

ParameterSet Bind(ArtifactOptions* options) {
  ParameterSet set;
  BindModel(&options->model, &set);
  BindSchedule(&options->schedule, &set);
  return set;
}

class ArtifactProfile : public Profile {
 public:
  using Profile::Profile;

  void Refine(const image::AlphaMask& coarse, const cv::Mat3b& camera, cv::Mat1b* mask) override {
    cv::resize(coarse.values, wide_, camera.size(), 0, 0, cv::INTER_LINEAR);
    Truncate();
    cv::bilateralFilter(wide8_, smooth_, kBilateralDiameter, kBilateralSigma, kBilateralSigma);
    cv::GaussianBlur(smooth_, *mask, {kGaussianSize, kGaussianSize}, 0);
  }

 private:
  /// The generator converts to 8 bit by dropping the fraction.
  void Truncate() {
    wide8_.create(wide_.size());
    for (int y = 0; y < wide_.rows; ++y) {
      const float* source = wide_.ptr<float>(y);
      uint8_t* target = wide8_.ptr(y);
      for (int x = 0; x < wide_.cols; ++x) {
        target[x] =
            static_cast<uint8_t>(static_cast<int>(std::min(1.0F, std::max(0.0F, source[x])) * 255.0F));
      }
    }
  }

  cv::Mat1f wide_;
  cv::Mat1b wide8_;
  cv::Mat1b smooth_;
};

Result<std::unique_ptr<Profile>> MakeArtifact(const Spec& spec, const SegmenterMaker& make_segmenter) {
  ArtifactOptions options;
  PEEKPROOF_RETURN_IF_ERROR(Bind(&options).Assign(spec));
  ProfileParts parts{.schedule = options.schedule};
  PEEKPROOF_ASSIGN_OR_RETURN(parts.segmenter, make_segmenter(options.model));
  return std::unique_ptr<Profile>(std::make_unique<ArtifactProfile>(std::move(parts)));
}

}  // namespace

/// The generator behind the paper's MediaPipe numbers: the square model's mask at frame size, bilateral
/// filter (d 5, sigmas 25) and Gaussian 3x3 on its 8-bit form, used as alpha. Attacks notes 1.4. It stands
/// for Google Meet there but has neither joint bilateral filter nor light wrapping.
ProfileEntry MediapipeArtifactEntry() {
  ArtifactOptions options;
  return {{.name = "mediapipe-artifact",
           .description = "The paper's MediaPipe generator: square model, bilateral filter, small blur",
           .source = "Seeing Through (USENIX Security 2025), published artifact",
           .fit = Fit::kStretch,
           .parameters = Bind(&options).Describe()},
          MakeArtifact};
}

}  // namespace peekproof::engines
