// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/score.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "image/ciede2000.h"

namespace peekproof::metrics {
namespace {

constexpr double kStrict = 4.0;
constexpr double kLoose = 10.0;
constexpr int kLegacyLimit = 4;

double Share(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

void CheckSizes(const image::Reconstruction& room, const LeakTruth& truth) {
  const cv::Size size = truth.leak.values.size();
  PEEKPROOF_CHECK(room.size() == size && truth.room.size() == size && truth.wallpaper.size() == size &&
                      (truth.caller.empty() || truth.caller.size() == size),
                  "leak {}x{}, reconstruction {}x{}, room {}x{}, wallpaper {}x{}", size.width, size.height,
                  room.bgr.cols, room.bgr.rows, truth.room.cols, truth.room.rows, truth.wallpaper.cols,
                  truth.wallpaper.rows);
  PEEKPROOF_CHECK(cv::checkRange(truth.leak.values, true, nullptr, 0.0, 1.0 + 1e-6),
                  "leak weights outside [0, 1]");
}

/// leak * room + (1 - leak) * wallpaper, rounded to 8 bit.
cv::Mat3b BlendedReference(const LeakTruth& truth) {
  cv::Mat3b reference(truth.room.size());
  for (int y = 0; y < reference.rows; ++y) {
    for (int x = 0; x < reference.cols; ++x) {
      const float a = truth.leak.values(y, x);
      for (int c = 0; c < 3; ++c) {
        reference(y, x)[c] =
            cv::saturate_cast<uint8_t>(a * static_cast<float>(truth.room(y, x)[c]) +
                                       (1.0F - a) * static_cast<float>(truth.wallpaper(y, x)[c]));
      }
    }
  }
  return reference;
}

/// As OpenCV stores a float map in an 8-bit picture: round half to even.
bool IsRightInEightBit(float difference) { return cvRound(difference) < kLegacyLimit; }

/// Sums over pixels from which the shares of RoomAccuracy come.
struct AccuracySums {
  int64_t right_painted = 0;
  int64_t right_leaked = 0;
  double right_weight = 0;

  void Add(bool right, float leak) {
    if (!right) return;
    ++right_painted;
    if (!(leak > 0.0F)) return;
    ++right_leaked;
    right_weight += static_cast<double>(leak);
  }
};

/// One pass over the picture; fields in pixels or summed leak weight.
struct Sums {
  int64_t leaked = 0;
  int64_t painted = 0;
  int64_t painted_leaked = 0;
  double weight = 0;
  AccuracySums strict;
  AccuracySums loose;
  double legacy_painted = 0;
  double legacy_filled = 0;
  double legacy_floor = 0;
  int64_t false_caller = 0;
  int64_t false_wallpaper = 0;
  std::array<int64_t, 10> bin_px{};
  std::array<int64_t, 10> bin_right{};
  std::array<double, 10> bin_stated{};
  double squared_error = 0;  ///< Of stated confidence against being right.
};

/// Everything about one pixel that the scores look at.
struct Pixel {
  float leak;
  bool painted;
  bool caller;
  float confidence;
  float to_room;             ///< CIEDE2000 of the painted colour to the true room.
  float to_blend;            ///< Of the painted colour to the blend.
  float wallpaper_to_blend;  ///< Of the wallpaper to the blend.
};

void AddPixel(const Pixel& pixel, Sums* sums) {
  const auto leak = static_cast<double>(pixel.leak);
  const bool leaked = pixel.leak > 0.0F;
  if (leaked) {
    ++sums->leaked;
    sums->weight += leak;
    const double floor = IsRightInEightBit(pixel.wallpaper_to_blend) ? leak : 0.0;
    const double painted = pixel.painted && IsRightInEightBit(pixel.to_blend) ? leak : 0.0;
    sums->legacy_floor += floor;
    sums->legacy_painted += painted;
    sums->legacy_filled += pixel.painted ? painted : floor;
  }
  if (!pixel.painted) return;
  ++sums->painted;
  if (leaked) {
    ++sums->painted_leaked;
  } else {
    ++(pixel.caller ? sums->false_caller : sums->false_wallpaper);
  }
  const auto difference = static_cast<double>(pixel.to_room);
  sums->strict.Add(difference < kStrict, pixel.leak);
  sums->loose.Add(difference < kLoose, pixel.leak);
  const auto bin = static_cast<size_t>(std::clamp(static_cast<int>(pixel.confidence * 10.0F), 0, 9));
  ++sums->bin_px[bin];
  sums->bin_stated[bin] += static_cast<double>(pixel.confidence);
  if (difference < kLoose) ++sums->bin_right[bin];
  const double miss = static_cast<double>(pixel.confidence) - (difference < kLoose ? 1.0 : 0.0);
  sums->squared_error += miss * miss;
}

RoomAccuracy AccuracyOf(double threshold, const AccuracySums& sums, const Sums& all) {
  return {threshold, Share(static_cast<double>(sums.right_leaked), static_cast<double>(all.leaked)),
          Share(sums.right_weight, all.weight),
          Share(static_cast<double>(sums.right_painted), static_cast<double>(all.painted))};
}

void FillCalibration(const Sums& sums, Scores* scores) {
  for (size_t i = 0; i < scores->calibration.size(); ++i) {
    const auto count = static_cast<double>(sums.bin_px[i]);
    scores->calibration[i] = {sums.bin_px[i], Share(sums.bin_stated[i], count),
                              Share(static_cast<double>(sums.bin_right[i]), count)};
    const double gap = std::abs(scores->calibration[i].stated - scores->calibration[i].right);
    scores->calibration_error += gap * Share(count, static_cast<double>(sums.painted));
  }
}

Scores ScoresOf(const Sums& sums, const LeakTruth& truth) {
  Scores scores;
  scores.area = MeasureLeakArea(truth);
  scores.painted_px = sums.painted;
  scores.coverage = Share(static_cast<double>(sums.painted_leaked), static_cast<double>(sums.leaked));
  scores.at_4 = AccuracyOf(kStrict, sums.strict, sums);
  scores.at_10 = AccuracyOf(kLoose, sums.loose, sums);
  scores.legacy = {Share(sums.legacy_painted, sums.weight), Share(sums.legacy_filled, sums.weight),
                   Share(sums.legacy_floor, sums.weight)};
  const auto frame = static_cast<double>(truth.leak.values.total());
  scores.false_paint.total = Share(static_cast<double>(sums.false_caller + sums.false_wallpaper), frame);
  if (!truth.caller.empty()) {
    scores.false_paint.caller = Share(static_cast<double>(sums.false_caller), frame);
    scores.false_paint.wallpaper = Share(static_cast<double>(sums.false_wallpaper), frame);
  }
  FillCalibration(sums, &scores);
  scores.brier = Share(sums.squared_error, static_cast<double>(sums.painted));
  return scores;
}

}  // namespace

Scores ScoreReconstruction(const image::Reconstruction& room, const LeakTruth& truth) {
  CheckSizes(room, truth);
  const cv::Mat3b blend = BlendedReference(truth);
  const cv::Mat1f to_room = image::Ciede2000Map(room.bgr, truth.room);
  const cv::Mat1f to_blend = image::Ciede2000Map(room.bgr, blend);
  const cv::Mat1f wallpaper_to_blend = image::Ciede2000Map(truth.wallpaper, blend);
  Sums sums;
  for (int y = 0; y < blend.rows; ++y) {
    for (int x = 0; x < blend.cols; ++x) {
      AddPixel(
          {truth.leak.values(y, x), room.evidence(y, x) > 0, !truth.caller.empty() && truth.caller(y, x) != 0,
           room.confidence(y, x), to_room(y, x), to_blend(y, x), wallpaper_to_blend(y, x)},
          &sums);
    }
  }
  return ScoresOf(sums, truth);
}

}  // namespace peekproof::metrics
