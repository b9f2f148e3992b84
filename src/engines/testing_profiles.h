// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "engines/profile.h"
#include "models/segmenter.h"

namespace peekproof::engines {

/// Calls a pixel the caller by its brightness: mean of B, G, R over 255. Enough to drive an engine by hand.
class BrightnessSegmenter : public models::Segmenter {
 public:
  explicit BrightnessSegmenter(cv::Size size) : size_(size) {}
  cv::Size input_size() const override { return size_; }
  Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) override {
    if (bgr.size() != size_) return Error{ErrorCode::kInvalidArgument, "wrong size"};
    caller->values.create(size_);
    for (int y = 0; y < size_.height; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        const cv::Vec3b& pixel = bgr(y, x);
        caller->values(y, x) = static_cast<float>(pixel[0] + pixel[1] + pixel[2]) / (3.0F * 255.0F);
      }
    }
    return {};
  }
  std::string description() const override { return "brightness"; }

 private:
  cv::Size size_;
};

/// A SegmenterMaker: a BrightnessSegmenter of 64x36 pixels, whatever the model.
inline Result<std::unique_ptr<models::Segmenter>> MakeBrightness(const std::string& /*model*/) {
  return std::unique_ptr<models::Segmenter>(std::make_unique<BrightnessSegmenter>(cv::Size(64, 36)));
}

/// Engine and matte of a spec on MakeBrightness's network.
inline std::unique_ptr<Engine> EngineFor(const std::string& spec) {
  return MakeEngine(spec, MakeBrightness).value();
}
inline std::unique_ptr<Matter> MatterFor(const std::string& spec) {
  return MatterOf(MakeProfile(spec, MakeBrightness).value());
}

/// What the profiles are tested on.
inline const cv::Size kFrame(320, 180);

/// A plain frame. MakeBrightness sees the caller in 255 of it, the room in 0.
inline image::Frame Grey(int value, cv::Size size = kFrame) {
  const auto v = static_cast<uint8_t>(value);
  return {cv::Mat3b(size, cv::Vec3b(v, v, v)), 0, 0};
}

/// FNV-1a of the picture's bytes.
inline uint64_t Checksum(const cv::Mat3b& picture) {
  uint64_t sum = 14695981039346656037U;
  for (const cv::Vec3b& pixel : picture) {
    for (int c = 0; c < 3; ++c) sum = (sum ^ pixel[c]) * 1099511628211U;
  }
  return sum;
}

}  // namespace peekproof::engines
