// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/simd.h"

namespace peekproof::testbed {
namespace {

constexpr float kBlurCentre = 0.56F;
constexpr float kBlurSide = 0.22F;
constexpr int kCurveSize = 16384;
constexpr float kCurveRange = 2.0F;  // Linear light at the table's end.

double SrgbFromLinear(double value) {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1.0 / 2.4) - 0.055;
}

double SoftKnee(double value) {
  constexpr double kKnee = 0.7;
  if (value <= kKnee) return value;
  return kKnee + (1.0 - kKnee) * (1.0 - std::exp(-(value - kKnee) / (1.0 - kKnee)));
}

/// Linear light to 256 times the 8-bit sRGB value, through the knee.
const std::array<uint16_t, kCurveSize>& ToneCurve() {
  static const std::array<uint16_t, kCurveSize> curve = [] {
    std::array<uint16_t, kCurveSize> table{};
    for (int i = 0; i < kCurveSize; ++i) {
      const double linear = (i + 0.5) * kCurveRange / kCurveSize;
      table[i] = static_cast<uint16_t>(std::lround(255.0 * 256.0 * SrgbFromLinear(SoftKnee(linear))));
    }
    return table;
  }();
  return curve;
}

/// Where a row or column of the frame falls in the caller's picture.
struct Tap {
  int low;
  int high;
  float weight_high;
};

Tap TapAt(int position, int size, int source_size) {
  const float at =
      (static_cast<float>(position) + 0.5F) * static_cast<float>(source_size) / static_cast<float>(size) -
      0.5F;
  const int low = static_cast<int>(std::floor(at));
  return {std::clamp(low, 0, source_size - 1), std::clamp(low + 1, 0, source_size - 1),
          at - static_cast<float>(low)};
}

PEEKPROOF_VECTOR_CLONES
void MixRows(const float* a, const float* b, float weight_b, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = a[i] + (b[i] - a[i]) * weight_b;
}

/// Four values a pixel: the caller, scaled to the row, over the room.
void LayOver(const float* caller_row, const std::vector<Tap>& columns, const float* room_row, float* out) {
  for (const Tap& tap : columns) {
    const float* const a = caller_row + 4 * tap.low;
    const float* const b = caller_row + 4 * tap.high;
    float mixed[4];
    for (int c = 0; c < 4; ++c) mixed[c] = a[c] + (b[c] - a[c]) * tap.weight_high;
    const float through = 1.0F - mixed[3];
    for (int c = 0; c < 3; ++c) out[c] = mixed[c] + through * room_row[c];
    out[3] = mixed[3];
    room_row += 3;
    out += 4;
  }
}

void RoomAlone(const float* room_row, int width, float* out) {
  for (int x = 0; x < width; ++x, room_row += 3, out += 4) {
    for (int c = 0; c < 3; ++c) out[c] = room_row[c];
    out[3] = 0;
  }
}

PEEKPROOF_VECTOR_CLONES
void BlurDown(const float* above, const float* here, const float* below, int count, float* out) {
  for (int i = 0; i < count; ++i) out[i] = kBlurCentre * here[i] + kBlurSide * (above[i] + below[i]);
}

/// `padded` has one pixel of four values before the row and one after it.
PEEKPROOF_VECTOR_CLONES
void BlurAcross(const float* padded, int count, float* out) {
  for (int i = 0; i < count; ++i)
    out[i] = kBlurCentre * padded[i + 4] + kBlurSide * (padded[i] + padded[i + 8]);
}

/// Places in the tone curve; scale turns linear light into them.
PEEKPROOF_VECTOR_CLONES
void CurvePlaces(const float* linear, float scale, int count, int* places) {
  for (int i = 0; i < count; ++i) {
    const float place = std::min(std::max(linear[i] * scale, 0.0F), static_cast<float>(kCurveSize - 1));
    places[i] = static_cast<int>(place);
  }
}

/// Three values of variance 1 and mean 0 from the bits of one number.
struct ThreeNormals {
  float values[3];
  explicit ThreeNormals(uint64_t bits) {
    for (float& value : values) {
      // A sum of three uniform 7-bit numbers has the variance 4095.75.
      const auto sum = static_cast<int>((bits & 127U) + ((bits >> 7U) & 127U) + ((bits >> 14U) & 127U));
      value = (static_cast<float>(sum) - 190.5F) * (1.0F / 64.0F);
      bits >>= 21U;
    }
  }
};

void Develop(const int* places, int width, float noise_sigma, RowRandom* random, cv::Vec3b* out) {
  const std::array<uint16_t, kCurveSize>& curve = ToneCurve();
  for (int x = 0; x < width; ++x, places += 4) {
    const ThreeNormals noise(noise_sigma > 0 ? random->Next() : 0);
    for (int c = 0; c < 3; ++c) {
      float value = static_cast<float>(curve[places[c]]) * (1.0F / 256.0F) + 0.5F;
      if (noise_sigma > 0) value += noise_sigma * noise.values[c];
      out[x][c] = static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F));
    }
  }
}

/// What all rows of one shot share.
struct Shot {
  const cv::Mat4f& caller;
  const cv::Mat3f& room;
  const CameraOptions& options;
  const ShotTime& time;
  float exposure;
  std::vector<Tap> columns;
};

/// Composed row y (clamped to the picture), four values a pixel.
void ComposeRow(const Shot& shot, int y, std::vector<float>* scratch, float* out) {
  const int row = std::clamp(y, 0, shot.room.rows - 1);
  const auto* const room_row = reinterpret_cast<const float*>(shot.room[row]);
  if (shot.caller.empty()) {
    RoomAlone(room_row, shot.room.cols, out);
    return;
  }
  const Tap tap = TapAt(row, shot.room.rows, shot.caller.rows);
  MixRows(reinterpret_cast<const float*>(shot.caller[tap.low]),
          reinterpret_cast<const float*>(shot.caller[tap.high]), tap.weight_high, 4 * shot.caller.cols,
          scratch->data());
  LayOver(scratch->data(), shot.columns, room_row, out);
}

void ShootBand(const Shot& shot, int first_row, int end_row, cv::Mat3b* bgr, cv::Mat1f* matte) {
  const int width = shot.room.cols;
  std::vector<float> scaled(static_cast<size_t>(4) * std::max(1, shot.caller.cols));
  std::array<std::vector<float>, 3> composed;
  for (std::vector<float>& row : composed) row.resize(static_cast<size_t>(4) * width);
  std::vector<float> padded(static_cast<size_t>(4) * (width + 2));
  std::vector<float> blurred(static_cast<size_t>(4) * width);
  std::vector<int> places(static_cast<size_t>(4) * width);
  const auto slot = [&](int y) { return composed[(y + 3) % 3].data(); };
  ComposeRow(shot, first_row - 1, &scaled, slot(first_row - 1));
  ComposeRow(shot, first_row, &scaled, slot(first_row));
  for (int y = first_row; y < end_row; ++y) {
    ComposeRow(shot, y + 1, &scaled, slot(y + 1));
    BlurDown(slot(y - 1), slot(y), slot(y + 1), 4 * width, padded.data() + 4);
    std::copy_n(padded.begin() + 4, 4, padded.begin());
    std::copy_n(padded.end() - 8, 4, padded.end() - 4);
    BlurAcross(padded.data(), 4 * width, blurred.data());
    CurvePlaces(blurred.data(), shot.exposure * kCurveSize / kCurveRange, 4 * width, places.data());
    float* const matte_row = (*matte)[y];
    for (int x = 0; x < width; ++x) matte_row[x] = std::min(1.0F, blurred[4 * x + 3]);
    RowRandom random(shot.time.seed, static_cast<uint64_t>(shot.time.frame), static_cast<uint64_t>(y));
    Develop(places.data(), width, shot.options.noise_sigma, &random, (*bgr)[y]);
  }
}

}  // namespace

Result<void> CameraOptions::Validate() const {
  if (!(noise_sigma >= 0 && noise_sigma <= 20))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("camera noise of {} is out of range; give 0 to 20 steps of 8 bits", noise_sigma)};
  if (!(exposure_drift >= 0 && exposure_drift <= 0.2F))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("exposure drift of {} is out of range; give 0 to 0.2", exposure_drift)};
  if (!(drift_period_s >= 0.5F))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("drift period of {} s is too short; give at least 0.5", drift_period_s)};
  return {};
}

cv::Mat3f LinearFromSrgb(const cv::Mat3b& bgr) {
  std::array<float, 256> table{};
  for (int i = 0; i < 256; ++i) {
    const double value = i / 255.0;
    table[i] = static_cast<float>(value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
  }
  cv::Mat3f linear(bgr.size());
  for (int y = 0; y < bgr.rows; ++y)
    for (int x = 0; x < bgr.cols; ++x)
      for (int c = 0; c < 3; ++c) linear(y, x)[c] = table[bgr(y, x)[c]];
  return linear;
}

void TakePicture(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
                 const ShotTime& time, cv::Mat3b* bgr, image::AlphaMask* matte) {
  PEEKPROOF_CHECK(!room.empty(), "no room to photograph");
  bgr->create(room.size());
  matte->values.create(room.size());
  const double turn = 2.0 * std::numbers::pi * time.time_s / static_cast<double>(options.drift_period_s);
  const auto exposure =
      static_cast<float>(1.0 + static_cast<double>(options.exposure_drift) * std::sin(turn));
  Shot shot{caller, room, options, time, exposure, {}};
  if (!caller.empty())
    for (int x = 0; x < room.cols; ++x) shot.columns.push_back(TapAt(x, room.cols, caller.cols));
  ParallelRows(room.rows,
               [&](int first_row, int end_row) { ShootBand(shot, first_row, end_row, bgr, &matte->values); });
}

cv::Mat3b TrueRoomPicture(const cv::Mat3f& room) {
  CameraOptions still;
  still.noise_sigma = 0;
  still.exposure_drift = 0;
  cv::Mat3b picture;
  image::AlphaMask nobody;
  TakePicture({}, room, still, {}, &picture, &nobody);
  return picture;
}

}  // namespace peekproof::testbed
