// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/blend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::engines {
namespace {

/// BlendModel in the form that the row kernels want.
struct Coefficients {
  float low;
  float inverse_range;
  float smooth;  ///< 1 for smoothstep, 0 for a ramp.
  float wrap;
  float high;
  float inverse_above;  ///< 1 / (1 - high), or 0.
};

Coefficients CoefficientsOf(const BlendModel& model) {
  const float range = model.coverage_high - model.coverage_low;
  PEEKPROOF_CHECK(range > 0.0F, "coverage from {} to {}", model.coverage_low, model.coverage_high);
  const float above = 1.0F - model.coverage_high;
  return {model.coverage_low, 1.0F / range,        model.smooth_coverage ? 1.0F : 0.0F,
          model.light_wrap,   model.coverage_high, above > 0.0F ? 1.0F / above : 0.0F};
}

/// 8-bit mask value to [0, 1]; 255 gives exactly 1.
inline float Unit(int mask) { return static_cast<float>(mask) * (1.0F / 255.0F); }

inline float Alpha(const Coefficients& c, float mask) {
  const float t = std::min(1.0F, std::max(0.0F, (mask - c.low) * c.inverse_range));
  const float step = t * t * (3.0F - 2.0F * t);
  return c.smooth > 0.0F ? step : t;
}

/// Strength of the wallpaper's light on the caller: wrap * L.
inline float Wrap(const Coefficients& c, float mask) {
  return c.wrap * (1.0F - std::max(0.0F, mask - c.high) * c.inverse_above);
}

/// Largest 8-bit mask value with alpha 0, or -1.
int LargestHidden(const BlendModel& model) {
  int value = -1;
  while (value < 255 && AlphaOfMask(model, Unit(value + 1)) == 0.0F) ++value;
  return value;
}

/// Smallest 8-bit mask value from which the camera shows unchanged.
int SmallestPlain(const BlendModel& model) {
  if (model.light_wrap > 0.0F) return 255;
  int value = 256;
  while (value > 0 && AlphaOfMask(model, Unit(value - 1)) == 1.0F) --value;
  return value;
}

/// Repeats each of `count` mask values for the three channels.
PEEKPROOF_VECTOR_CLONES void Triple(const uint8_t* mask, int count, uint8_t* tripled) {
  for (int x = 0; x < count; ++x) {
    tripled[3 * x] = mask[x];
    tripled[3 * x + 1] = mask[x];
    tripled[3 * x + 2] = mask[x];
  }
}

/// (F m + V (255 - m)) / 255, rounded to nearest, in 16-bit integers (exact for all 8-bit values).
PEEKPROOF_VECTOR_CLONES void MixLinear(const uint8_t* mask3, const uint8_t* camera, const uint8_t* wallpaper,
                                       int count, uint8_t* composed) {
  for (int k = 0; k < count; ++k) {
    const auto m = static_cast<uint16_t>(mask3[k]);
    const auto n = static_cast<uint16_t>(255 - m);
    const auto sum = static_cast<uint16_t>(static_cast<uint16_t>(camera[k] * m) +
                                           static_cast<uint16_t>(wallpaper[k] * n) + 128);
    composed[k] = static_cast<uint8_t>(static_cast<uint16_t>(sum + (sum >> 8)) >> 8);
  }
}

/// a (255 - (255 - F)(1 - w)) + (1 - a) V with w = wrap L V / 255, rounded to nearest.
PEEKPROOF_VECTOR_CLONES void MixCovered(const Coefficients* c, const uint8_t* mask3, const uint8_t* camera,
                                        const uint8_t* wallpaper, int count, uint8_t* composed) {
  const Coefficients local = *c;
  for (int k = 0; k < count; ++k) {
    const float mask = Unit(mask3[k]);
    const auto v = static_cast<float>(wallpaper[k]);
    const auto f = static_cast<float>(camera[k]);
    const float alpha = Alpha(local, mask);
    const float light = Wrap(local, mask) * v * (1.0F / 255.0F);
    const float screened = 255.0F - (255.0F - f) * (1.0F - light);
    composed[k] = static_cast<uint8_t>(static_cast<int>(alpha * screened + (1.0F - alpha) * v + 0.5F));
  }
}

PEEKPROOF_VECTOR_CLONES void AlphaRow(const Coefficients* c, const uint8_t* mask, int count, float* alpha) {
  const Coefficients local = *c;
  for (int x = 0; x < count; ++x) alpha[x] = Alpha(local, Unit(mask[x]));
}

PEEKPROOF_VECTOR_CLONES void UnitRow(const uint8_t* mask, int count, float* unit) {
  for (int x = 0; x < count; ++x) unit[x] = Unit(mask[x]);
}

struct Range {
  uint8_t low;
  uint8_t high;
};

PEEKPROOF_VECTOR_CLONES void RangeOf(const uint8_t* mask, int count, Range* range) {
  uint8_t low = 255;
  uint8_t high = 0;
  for (int x = 0; x < count; ++x) {
    low = std::min(low, mask[x]);
    high = std::max(high, mask[x]);
  }
  *range = {low, high};
}

/// All that is the same for every row of one Compose.
struct RowMixer {
  Coefficients coefficients;
  bool plain_linear;
  int largest_hidden;
  int smallest_plain;

  void Mix(const uint8_t* mask, const uint8_t* camera, const uint8_t* wallpaper, int width,
           uint8_t* composed) const {
    // Pixels handled at once: one decision (copy or mix) and one stretch of vector code each.
    constexpr int kBlock = 64;
    uint8_t mask3[3 * kBlock];
    for (int x = 0; x < width; x += kBlock) {
      const int count = std::min(kBlock, width - x);
      Range range{};
      RangeOf(mask + x, count, &range);
      if (range.high <= largest_hidden) {
        std::memmove(composed + 3 * x, wallpaper + 3 * x, static_cast<size_t>(3 * count));
      } else if (range.low >= smallest_plain) {
        std::memmove(composed + 3 * x, camera + 3 * x, static_cast<size_t>(3 * count));
      } else {
        Triple(mask + x, count, mask3);
        if (plain_linear) {
          MixLinear(mask3, camera + 3 * x, wallpaper + 3 * x, 3 * count, composed + 3 * x);
        } else {
          MixCovered(&coefficients, mask3, camera + 3 * x, wallpaper + 3 * x, 3 * count, composed + 3 * x);
        }
      }
    }
  }
};

}  // namespace

bool IsPlainLinear(const BlendModel& model) {
  return model.light_wrap == 0.0F && model.coverage_low == 0.0F && model.coverage_high == 1.0F &&
         !model.smooth_coverage;
}

float AlphaOfMask(const BlendModel& model, float mask) { return Alpha(CoefficientsOf(model), mask); }

float MaskOfAlpha(const BlendModel& model, float alpha) {
  const double a = std::clamp(static_cast<double>(alpha), 0.0, 1.0);
  const double t = model.smooth_coverage ? 0.5 - std::sin(std::asin(1.0 - 2.0 * a) / 3.0) : a;
  const double range = static_cast<double>(model.coverage_high) - static_cast<double>(model.coverage_low);
  return static_cast<float>(static_cast<double>(model.coverage_low) + t * range);
}

LinearMix LinearMixOf(const BlendModel& model, float mask, float alpha, const cv::Vec3b& wallpaper) {
  LinearMix mix;
  LinearMixRow(model, &mask, &alpha, &wallpaper, 1, &mix);
  return mix;
}

void LinearMixRow(const BlendModel& model, const float* mask, const float* alpha, const cv::Vec3b* wallpaper,
                  int count, LinearMix* mixes) {
  const Coefficients c = CoefficientsOf(model);
  for (int x = 0; x < count; ++x) {
    const float wrap = Wrap(c, mask[x]);
    const float a = alpha[x];
    for (int channel = 0; channel < 3; ++channel) {
      const auto v = static_cast<float>(wallpaper[x][channel]);
      mixes[x].weight[channel] = a * (1.0F - wrap * v * (1.0F / 255.0F));
      mixes[x].offset[channel] = v * (a * wrap + 1.0F - a);
    }
  }
}

float MixingWeight(const BlendModel& model, float mask, float alpha, const cv::Vec3b& wallpaper) {
  const cv::Vec3f weight = LinearMixOf(model, mask, alpha, wallpaper).weight;
  return (weight[0] + weight[1] + weight[2]) / 3.0F;
}

void Compose(const BlendModel& model, const cv::Mat1b& mask, const cv::Mat3b& camera,
             const cv::Mat3b& wallpaper, cv::Mat3b* composed) {
  PEEKPROOF_CHECK(mask.size() == camera.size() && mask.size() == wallpaper.size(),
                  "mask {}x{}, camera {}x{}, wallpaper {}x{}", mask.cols, mask.rows, camera.cols, camera.rows,
                  wallpaper.cols, wallpaper.rows);
  composed->create(mask.size());
  const RowMixer mixer{CoefficientsOf(model), IsPlainLinear(model), LargestHidden(model),
                       SmallestPlain(model)};
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      mixer.Mix(mask.ptr(y), camera.ptr(y), wallpaper.ptr(y), mask.cols, composed->ptr(y));
    }
  };
  ParallelRows(mask.rows, std::cref(rows));
}

void AlphaOfMask(const BlendModel& model, const cv::Mat1b& mask, cv::Mat1f* alpha) {
  alpha->create(mask.size());
  const Coefficients c = CoefficientsOf(model);
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) AlphaRow(&c, mask.ptr(y), mask.cols, alpha->ptr<float>(y));
  };
  ParallelRows(mask.rows, std::cref(rows));
}

void UnitMask(const cv::Mat1b& mask, cv::Mat1f* unit) {
  unit->create(mask.size());
  const auto rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) UnitRow(mask.ptr(y), mask.cols, unit->ptr<float>(y));
  };
  ParallelRows(mask.rows, std::cref(rows));
}

}  // namespace peekproof::engines
