// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/plate_light.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace peekproof::engines {
namespace {

constexpr float kInlier = 20;
constexpr float kBeyond = 16;
constexpr float kDarkest = 8;  ///< Steps below which a ratio says nothing.
constexpr float kMostGain = 8;

float MedianRatio(const std::vector<PlatePair>& pairs, int channel) {
  std::vector<float> ratios;
  ratios.reserve(pairs.size());
  for (const PlatePair& pair : pairs) {
    if (pair.plate[channel] >= kDarkest) ratios.push_back(pair.frame[channel] / pair.plate[channel]);
  }
  if (ratios.empty()) return 1;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return std::clamp(*middle, 1 / kMostGain, kMostGain);
}

/// Refines gain and offset of a channel; leaves them where the pairs do not tell them apart.
void FitChannel(const std::vector<PlatePair>& pairs, int channel, PlateLight* light) {
  double n = 0;
  double p = 0;
  double f = 0;
  double pp = 0;
  double pf = 0;
  for (const PlatePair& pair : pairs) {
    const float plate = pair.plate[channel];
    const float frame = pair.frame[channel];
    if (std::abs(frame - light->gain[channel] * plate) > kInlier) continue;
    n += 1;
    p += static_cast<double>(plate);
    f += static_cast<double>(frame);
    pp += static_cast<double>(plate * plate);
    pf += static_cast<double>(plate * frame);
  }
  const double spread = n * pp - p * p;
  if (n < 16 || spread < n * n * 16) return;
  const double gain = (n * pf - p * f) / spread;
  if (gain < 1.0 / static_cast<double>(kMostGain) || gain > static_cast<double>(kMostGain)) return;
  light->gain[channel] = static_cast<float>(gain);
  light->offset[channel] = static_cast<float>((f - gain * p) / n);
}

}  // namespace

PlateLight FitPlateLight(const std::vector<PlatePair>& pairs) {
  PEEKPROOF_CHECK(!pairs.empty(), "no pairs");
  PlateLight light;
  for (int c = 0; c < 3; ++c) {
    light.gain[c] = MedianRatio(pairs, c);
    FitChannel(pairs, c, &light);
  }
  return light;
}

double ShareBeyond(const std::vector<PlatePair>& pairs, const PlateLight& light) {
  PEEKPROOF_CHECK(!pairs.empty(), "no pairs");
  size_t beyond = 0;
  for (const PlatePair& pair : pairs) {
    bool far = false;
    for (int c = 0; c < 3; ++c) {
      far = far || std::abs(pair.frame[c] - light.gain[c] * pair.plate[c] - light.offset[c]) > kBeyond;
    }
    beyond += far ? 1 : 0;
  }
  return static_cast<double>(beyond) / static_cast<double>(pairs.size());
}

}  // namespace peekproof::engines
