// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "engines/blend.h"
#include "engines/downscale.h"
#include "engines/room_blur.h"

namespace peekproof::engines {
namespace {

/// Strengths at which a blurred picture is made; the last is full.
constexpr std::array<int, 3> kStrengths{64, 128, 255};

/// 255 min(1, max(0, |d - focus| - sharp) * slope), all in units of 1/65535.
PEEKPROOF_VECTOR_CLONES void StrengthRow(const uint16_t* distance, float focus, float sharp, float slope,
                                         int count, uint8_t* strength) {
  for (int x = 0; x < count; ++x) {
    const float off = std::fabs(static_cast<float>(distance[x]) - focus) - sharp;
    const float value = std::min(255.0F, std::max(0.0F, off * slope));
    strength[x] = static_cast<uint8_t>(static_cast<int>(value + 0.5F));
  }
}

/// How much of level `high` a pixel gets where strengths from `low` to `high` are interpolated.
PEEKPROOF_VECTOR_CLONES void ShareRow(const uint8_t* strength, int low, int high, int count, uint8_t* share) {
  const float scale = 255.0F / static_cast<float>(high - low);
  for (int x = 0; x < count; ++x) {
    const auto above = static_cast<float>(std::min(std::max(int{strength[x]}, low), high) - low);
    share[x] = static_cast<uint8_t>(static_cast<int>(above * scale + 0.5F));
  }
}

/// weight *= (255 - caller) / 255
PEEKPROOF_VECTOR_CLONES void LeaveOutRow(const uint8_t* caller, int count, uint8_t* weight) {
  for (int x = 0; x < count; ++x) {
    const auto product = static_cast<float>(weight[x] * (255 - caller[x]));
    weight[x] = static_cast<uint8_t>(static_cast<int>(product * (1.0F / 255.0F) + 0.5F));
  }
}

class DepthRoom : public RoomBlur {
 public:
  DepthRoom(const DepthBlurOptions& options,
            std::function<Result<const cv::Mat1w*>(const image::Frame&)> depth)
      : options_(options), depth_(std::move(depth)) {
    for (size_t k = 0; k < kStrengths.size(); ++k) {
      const float scale = static_cast<float>(kStrengths[k]) / 255.0F;
      filters_[k] = MakeGaussianFilter({options.sigma.px * scale, options.sigma.share * scale}, 0);
    }
  }

  Result<void> Blur(const BackgroundView& view, cv::Mat3b* blurred) override {
    PEEKPROOF_RETURN_IF_ERROR(FindStrength(view.camera));
    view.camera.bgr.copyTo(*blurred);
    int below = 0;
    for (size_t k = 0; k < kStrengths.size(); ++k) {
      MakeMasks(view.caller, below, kStrengths[k]);
      filters_[k]->Apply(view.camera.bgr, &weight_, &level_);
      Compose(BlendModel{}, share_, level_, *blurred, blurred);
      below = kStrengths[k];
    }
    return {};
  }

 private:
  Result<void> FindStrength(const image::Frame& camera) {
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat1w* distance, depth_(camera));
    if (distance->empty()) return Error{ErrorCode::kInvalidArgument, "the depth picture is empty"};
    const cv::Size size = camera.bgr.size();
    if (distance->size() != size) {
      cv::resize(*distance, scaled_, size, 0, 0, cv::INTER_LINEAR);
      distance = &scaled_;
    }
    strength_.create(size);
    constexpr float kFar = 65535.0F;
    const float slope = 255.0F / (std::max(options_.ramp, 1e-6F) * kFar);
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        StrengthRow((*distance)[y], options_.focus * kFar, options_.sharp * kFar, slope, size.width,
                    strength_.ptr(y));
      }
    };
    ParallelRows(size.height, std::cref(rows));
    return {};
  }

  /// What counts for the level at strength `high`, and what share of it shows.
  void MakeMasks(const cv::Mat1b& caller, int low, int high) {
    weight_.create(strength_.size());
    share_.create(strength_.size());
    const auto rows = [&](int first, int end) {
      for (int y = first; y < end; ++y) {
        ShareRow(strength_.ptr(y), 0, high, strength_.cols, weight_.ptr(y));
        if (options_.weighted) LeaveOutRow(caller.ptr(y), strength_.cols, weight_.ptr(y));
        ShareRow(strength_.ptr(y), low, high, strength_.cols, share_.ptr(y));
      }
    };
    ParallelRows(strength_.rows, std::cref(rows));
  }

  DepthBlurOptions options_;
  std::function<Result<const cv::Mat1w*>(const image::Frame&)> depth_;
  std::array<std::unique_ptr<BlurFilter>, kStrengths.size()> filters_;
  cv::Mat1w scaled_;
  cv::Mat1b strength_;
  cv::Mat1b weight_;
  cv::Mat1b share_;
  cv::Mat3b level_;
};

/// What DepthFromNetwork keeps between frames.
struct NetworkDepth {
  std::unique_ptr<models::DepthEstimator> estimator;
  cv::Mat3b small;
  cv::Mat1f distance;
  cv::Mat1w scaled;
};

}  // namespace

std::unique_ptr<RoomBlur> MakeDepthRoom(const DepthBlurOptions& options,
                                        std::function<Result<const cv::Mat1w*>(const image::Frame&)> depth) {
  PEEKPROOF_CHECK(depth != nullptr, "no depth");
  return std::make_unique<DepthRoom>(options, std::move(depth));
}

std::function<Result<const cv::Mat1w*>(const image::Frame&)> DepthFromNetwork(
    std::unique_ptr<models::DepthEstimator> estimator) {
  const auto state = std::make_shared<NetworkDepth>();
  state->estimator = std::move(estimator);
  return [state](const image::Frame& camera) -> Result<const cv::Mat1w*> {
    DownscaleFrame(camera.bgr, state->estimator->input_size(), Downscale::kBilinear, &state->small);
    PEEKPROOF_RETURN_IF_ERROR(state->estimator->Estimate(state->small, &state->distance));
    state->distance.convertTo(state->scaled, CV_16U, 65535.0);
    return &state->scaled;
  };
}

}  // namespace peekproof::engines
