// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/camera.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/simd.h"
#include "testbed/camera_compose.h"

namespace peekproof::testbed {
namespace {

constexpr float kBlurCentre = 0.56F;
constexpr float kBlurSide = 0.22F;
constexpr int kCurveSize = 16384;
constexpr float kCurveRange = 2.0F;  // Linear light at the table's end.

double EncodedLight(double value) {
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
      table[i] = static_cast<uint16_t>(std::lround(255.0 * 256.0 * EncodedLight(SoftKnee(linear))));
    }
    return table;
  }();
  return curve;
}

PEEKPROOF_VECTOR_CLONES
void MoveTowards(const float* goal, float share, int count, float* values) {
  for (int i = 0; i < count; ++i) values[i] += (goal[i] - values[i]) * share;
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

/// Four values a pixel times four gains.
PEEKPROOF_VECTOR_CLONES
void Amplify(const float* gains, int count, float* linear) {
  for (int i = 0; i < count; i += 4)
    for (int c = 0; c < 4; ++c) linear[i + c] *= gains[c];
}

/// `padded` has one pixel before the row and one after it.
PEEKPROOF_VECTOR_CLONES
void AddGrain(const float* padded, float grain, float weight, int count, float* sums) {
  for (int i = 0; i < count; ++i) sums[i] += weight * (padded[i + 4] + grain * (padded[i] + padded[i + 8]));
}

/// `noise` has variance 1 and becomes that of the sensor.
PEEKPROOF_VECTOR_CLONES
void AddSensorNoise(const float* noise, float read_variance, float shot_variance, int count, float* linear) {
  for (int i = 0; i < count; ++i)
    linear[i] += std::sqrt(read_variance + shot_variance * std::max(0.0F, linear[i])) * noise[i];
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
  const Composition& composition;
  const CameraOptions& options;
  const ShotTime& time;

  bool has_sensor_noise() const { return options.read_noise > 0 || options.shot_noise > 0; }
};

/// One thread's rows.
struct ShotRows {
  ComposeScratch compose;
  std::array<std::vector<float>, 3> composed;
  std::vector<float> padded, blurred, noise, drawn;
  std::vector<int> places;

  explicit ShotRows(const Shot& shot) : compose(shot.composition) {
    const auto values = static_cast<size_t>(4) * shot.composition.frame.width;
    for (std::vector<float>& row : composed) row.resize(values);
    padded.resize(values + 8);
    blurred.resize(values);
    places.resize(values);
    if (!shot.has_sensor_noise()) return;
    noise.resize(values);
    drawn.resize(values + 8);
  }
};

/// Independent noise of variance 1 for a row of the sensor and for one pixel before and after it.
void DrawNoise(const ShotTime& time, int y, std::vector<float>* padded) {
  constexpr uint64_t kSensor = 0x5E4504;
  RowRandom random(time.seed ^ kSensor, static_cast<uint64_t>(time.frame), static_cast<uint64_t>(y));
  for (size_t i = 0; i < padded->size(); i += 4) {
    const ThreeNormals three(random.Next());
    for (int c = 0; c < 3; ++c) (*padded)[i + c] = three.values[c];
  }
}

/// Row y of noise of variance 1, each value mixed with its neighbours' by the grain g: weights (g, 1, g)
/// along rows and along columns, as demosaicing and a mild denoiser leave it.
void MakeSensorNoise(const Shot& shot, int y, ShotRows* rows) {
  const float grain = shot.options.noise_grain;
  const float scale = 1.0F / (1.0F + 2.0F * grain * grain);
  const auto count = static_cast<int>(rows->noise.size());
  std::fill(rows->noise.begin(), rows->noise.end(), 0.0F);
  const int reach = grain > 0 ? 1 : 0;
  for (int dy = -reach; dy <= reach; ++dy) {
    DrawNoise(shot.time, y + dy, &rows->drawn);
    AddGrain(rows->drawn.data(), grain, dy == 0 ? scale : scale * grain, count, rows->noise.data());
  }
}

/// Exposure, white balance and the sensor's noise on a row of linear light, and where that is in the curve.
void Expose(const Shot& shot, int y, ShotRows* rows) {
  const auto count = static_cast<int>(rows->blurred.size());
  const std::array<float, 3>& gains = shot.composition.state.gains;
  float common = gains[1];
  if (gains[0] != common || gains[2] != common || shot.has_sensor_noise()) {
    const float all[4] = {gains[0], gains[1], gains[2], 1};
    Amplify(all, count, rows->blurred.data());
    common = 1;
  }
  if (shot.has_sensor_noise()) {
    MakeSensorNoise(shot, y, rows);
    AddSensorNoise(rows->noise.data(), shot.options.read_noise * shot.options.read_noise,
                   shot.options.shot_noise, count, rows->blurred.data());
  }
  CurvePlaces(rows->blurred.data(), common * kCurveSize / kCurveRange, count, rows->places.data());
}

void ShootBand(const Shot& shot, int first_row, int end_row, cv::Mat3b* bgr, cv::Mat1f* matte) {
  const int width = shot.composition.frame.width;
  ShotRows rows(shot);
  const auto slot = [&](int y) { return rows.composed[(y + 3) % 3].data(); };
  const auto compose = [&](int y) { ComposeRow(shot.composition, y, &rows.compose, slot(y)); };
  compose(first_row - 1);
  compose(first_row);
  for (int y = first_row; y < end_row; ++y) {
    compose(y + 1);
    BlurDown(slot(y - 1), slot(y), slot(y + 1), 4 * width, rows.padded.data() + 4);
    std::copy_n(rows.padded.begin() + 4, 4, rows.padded.begin());
    std::copy_n(rows.padded.end() - 8, 4, rows.padded.end() - 4);
    BlurAcross(rows.padded.data(), 4 * width, rows.blurred.data());
    float* const matte_row = (*matte)[y];
    for (int x = 0; x < width; ++x) matte_row[x] = std::min(1.0F, rows.blurred[4 * x + 3]);
    Expose(shot, y, &rows);
    RowRandom random(shot.time.seed, static_cast<uint64_t>(shot.time.frame), static_cast<uint64_t>(y));
    Develop(rows.places.data(), width, shot.options.noise_sigma, &random, (*bgr)[y]);
  }
}

}  // namespace

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

cv::Mat3b SrgbFromLinear(const cv::Mat3f& linear) {
  constexpr int kSteps = 4096;
  static const std::array<uint8_t, kSteps + 1> table = [] {
    std::array<uint8_t, kSteps + 1> values{};
    for (int i = 0; i <= kSteps; ++i)
      values[static_cast<size_t>(i)] =
          static_cast<uint8_t>(std::lround(255.0 * EncodedLight(static_cast<double>(i) / kSteps)));
    return values;
  }();
  cv::Mat3b bgr(linear.size());
  for (int y = 0; y < linear.rows; ++y)
    for (int x = 0; x < linear.cols; ++x)
      for (int c = 0; c < 3; ++c) {
        const float light = std::clamp(linear(y, x)[c], 0.0F, 1.0F);
        bgr(y, x)[c] = table[static_cast<size_t>(light * kSteps + 0.5F)];
      }
  return bgr;
}

cv::Mat4f AverageDrawings(std::span<const cv::Mat4f> drawings) {
  PEEKPROOF_CHECK(!drawings.empty(), "no drawing to average");
  if (drawings.size() == 1) return drawings[0];
  cv::Mat4f mean = drawings[0].clone();
  for (size_t k = 1; k < drawings.size(); ++k) {
    const cv::Mat4f& next = drawings[k];
    PEEKPROOF_CHECK(next.size() == mean.size(), "drawing {} of the shutter has another size", k);
    // A running mean: equal drawings leave it as it is, to the bit.
    const float share = 1.0F / static_cast<float>(k + 1);
    for (int y = 0; y < mean.rows; ++y) {
      auto* const row = reinterpret_cast<float*>(mean[y]);
      MoveTowards(reinterpret_cast<const float*>(next[y]), share, 4 * mean.cols, row);
    }
  }
  return mean;
}

void TakePicture(const cv::Mat4f& caller, const cv::Mat3f& room, const CameraOptions& options,
                 const ShotTime& time, cv::Mat3b* bgr, image::AlphaMask* matte) {
  PEEKPROOF_CHECK(!room.empty(), "no room to photograph");
  const Composition composition(caller, room, options, StateAt(options, time));
  bgr->create(composition.frame);
  matte->values.create(composition.frame);
  const Shot shot{composition, options, time};
  ParallelRows(composition.frame.height,
               [&](int first_row, int end_row) { ShootBand(shot, first_row, end_row, bgr, &matte->values); });
}

cv::Mat3b TrueRoomPicture(const cv::Mat3f& room, float compose_scale) {
  CameraOptions still;
  still.noise_sigma = 0;
  still.exposure_drift = 0;
  still.compose_scale = compose_scale;
  cv::Mat3b picture;
  image::AlphaMask nobody;
  TakePicture({}, room, still, {}, &picture, &nobody);
  return picture;
}

}  // namespace peekproof::testbed
