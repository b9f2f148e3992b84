// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/resolution_adapter.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "base/check.h"

namespace peekproof::testbed {
namespace {

constexpr std::array<double, 5> kScales = {1, 0.75, 0.5, 0.375, 0.25};
constexpr int kScaleSteps = static_cast<int>(kScales.size());
constexpr int kLeastPixels = 320 * 180;
constexpr size_t kWindowFrames = 150;
constexpr size_t kFewestFrames = 60;
constexpr double kFirstPeriodSeconds = 2;
constexpr double kPeriodSeconds = 5;
constexpr double kDroppedShare = 0.6;

/// Bits per second that pictures of up to so many pixels need to start at, and make use of.
struct RateLimits {
  int pixels = 0;
  int64_t start = 0;
  int64_t most = 0;
};

constexpr std::array<RateLimits, 5> kUsualLimits = {{{320 * 180, 0, 300'000},
                                                     {480 * 270, 200'000, 500'000},
                                                     {640 * 360, 300'000, 800'000},
                                                     {960 * 540, 500'000, 1'500'000},
                                                     {1280 * 720, 900'000, 2'500'000}}};
constexpr std::array<RateLimits, 5> kVp9Limits = {{{320 * 180, 0, 150'000},
                                                   {480 * 270, 120'000, 300'000},
                                                   {640 * 360, 190'000, 420'000},
                                                   {960 * 540, 350'000, 1'000'000},
                                                   {1280 * 720, 480'000, 1'500'000}}};
constexpr std::array<RateLimits, 5> kAv1Limits = {{{320 * 180, 0, 256'000},
                                                   {480 * 270, 176'000, 384'000},
                                                   {640 * 360, 256'000, 512'000},
                                                   {960 * 540, 384'000, 1'024'000},
                                                   {1280 * 720, 576'000, 1'536'000}}};

/// Of pictures larger than the table knows: no limits.
RateLimits LimitsOf(ChannelCodec codec, cv::Size size) {
  std::span<const RateLimits> table = kUsualLimits;
  if (codec == ChannelCodec::kVp9) table = kVp9Limits;
  if (codec == ChannelCodec::kAv1) table = kAv1Limits;
  for (const RateLimits& limits : table) {
    if (size.area() <= limits.pixels) return limits;
  }
  return {size.area(), 0, std::numeric_limits<int64_t>::max()};
}

struct Thresholds {
  double low = 0;
  double high = 0;
};

std::optional<Thresholds> ThresholdsOf(ChannelCodec codec) {
  switch (codec) {
    case ChannelCodec::kH264:
      return Thresholds{24, 37};
    case ChannelCodec::kVp8:
      return Thresholds{24, 52};
    case ChannelCodec::kVp9:
      return Thresholds{24, 46};
    default:
      return std::nullopt;
  }
}

}  // namespace

ResolutionAdapter::ResolutionAdapter(ChannelCodec codec, cv::Size size, int64_t bit_rate)
    : codec_(codec), full_size_(size) {
  PEEKPROOF_CHECK(codec != ChannelCodec::kLossless, "a lossless channel sends one size");
  while (!CanStart(step_, bit_rate) && TakeStep(step_ + 1)) {
  }
  went_down_ = false;
}

double ResolutionAdapter::scale() const { return kScales[step_]; }

cv::Size ResolutionAdapter::SizeOf(int step) const {
  if (step == 0) return full_size_;
  const auto scaled = [&](int side) { return static_cast<int>(side * kScales[step]) / 2 * 2; };
  return {scaled(full_size_.width), scaled(full_size_.height)};
}

bool ResolutionAdapter::CanStart(int step, int64_t bit_rate) const {
  return bit_rate >= LimitsOf(codec_, SizeOf(step)).start;
}

bool ResolutionAdapter::TakeStep(int step) {
  if (step < 0 || step >= kScaleSteps || step == step_) return false;
  if (step > step_ && SizeOf(step).area() < kLeastPixels) return false;
  went_down_ = went_down_ || step > step_;
  step_ = step;
  samples_.clear();
  return true;
}

/// 1: a step down, to a smaller size; -1: a step up; 0: stay.
int ResolutionAdapter::Judge(int64_t bit_rate) const {
  double quantisers = 0;
  int told = 0;
  int dropped = 0;
  for (const Sample& sample : samples_) {
    dropped += sample.dropped ? 1 : 0;
    told += sample.quantiser ? 1 : 0;
    quantisers += sample.quantiser.value_or(0);
  }
  if (dropped >= kDroppedShare * static_cast<double>(samples_.size())) return 1;
  const std::optional<Thresholds> thresholds = ThresholdsOf(codec_);
  if (!thresholds) {
    if (!CanStart(step_, bit_rate)) return 1;
    return bit_rate > LimitsOf(codec_, size()).most ? -1 : 0;
  }
  const double mean = quantisers / std::max(1, told);
  if (told > 0 && mean > thresholds->high) return 1;
  const bool better = told > 0 && mean <= thresholds->low;
  return better && step_ > 0 && CanStart(step_ - 1, bit_rate) ? -1 : 0;
}

bool ResolutionAdapter::Add(double time_s, int64_t bit_rate, bool dropped, std::optional<double> quantiser) {
  samples_.push_back({dropped, quantiser});
  if (samples_.size() > kWindowFrames) samples_.pop_front();
  if (time_s < checked_s_ + (went_down_ ? kPeriodSeconds : kFirstPeriodSeconds)) return false;
  checked_s_ = time_s;
  if (samples_.size() < kFewestFrames) return false;
  return TakeStep(step_ + Judge(bit_rate));
}

}  // namespace peekproof::testbed
