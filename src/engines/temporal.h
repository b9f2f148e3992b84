// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace peekproof::engines {

// Filters in time that services run on the network's mask, in place, once for every mask. Each remembers its
// own last result; one without an earlier result takes the mask as having stood for ever. A mask of another
// size starts afresh. They allocate at the first mask only.

/// The last result of such a filter.
template <typename Value>
class LastMask {
 public:
  /// Null where there is none of that size.
  cv::Mat_<Value>* Of(cv::Size size) { return kept_ && mask_.size() == size ? &mask_ : nullptr; }
  void Keep(const cv::Mat_<Value>& mask) {
    mask.copyTo(mask_);
    kept_ = true;
  }
  void Forget() { kept_ = false; }

 private:
  cv::Mat_<Value> mask_;
  bool kept_ = false;
};

/// MediaPipe's segmentation smoother: the surer the network is of a pixel, the less its last value counts.
///
/// With t = p - 1/2, x = t^2 and the uncertainty u = 1 - min(1, x (5.68842 + x (-0.748699 + x (-57.8051 +
/// x (291.309 - 624.717 x))))), the result is p + ratio u (last - p). u(0) = u(1) = 0, u(0.1) = 0.22,
/// u(0.5) = 1: a pixel that goes from surely caller to surely room does not lag.
///
/// Source  mediapipe, segmentation_smoothing_calculator; engines notes 1.2.
class UncertaintySmoother {
 public:
  /// In      ratio: in [0, 1]; 0 changes nothing.
  explicit UncertaintySmoother(float ratio) : ratio_(ratio) {}
  /// In      mask: probability of the caller.
  void Apply(cv::Mat1f* mask);
  void Forget() { last_.Forget(); }

 private:
  float ratio_;
  LastMask<float> last_;
};

/// Two thresholds: from `high` on a pixel is the caller's (255), up to `low` it is not (0), and between them
/// it keeps its last result, for as long as it stays between. A pixel that starts between keeps the value
/// that it started with.
///
/// Source  @twilio/video-processors 3.2.0, person mask with hysteresis; engines notes 1.9.
class Hysteresis {
 public:
  /// In      low < high, 8-bit mask values.
  Hysteresis(int low, int high) : low_(low), high_(high) {}
  void Apply(cv::Mat1b* mask);
  void Forget() { last_.Forget(); }

 private:
  int low_;
  int high_;
  LastMask<uint8_t> last_;
};

/// Keeps the upper three bits of the mask and moves the last result's upper five bits in below them: after a
/// change from 0 to 255 the results are 224, 252, 255, after one from 255 to 0 they are 31, 3, 0.
///
/// Source  backscrub, libbackscrub.cc, bs_maskgen_process; engines notes 1.5.
class BitFeedback {
 public:
  /// In      mask: 0 or 255.
  void Apply(cv::Mat1b* mask);
  void Forget() { last_.Forget(); }

 private:
  LastMask<uint8_t> last_;
};

/// share * mask + (1 - share) * last result, kept as floats. For masks of any size: rows in parallel.
class MovingAverage {
 public:
  /// share: of the new mask, in (0, 1] (checked).
  explicit MovingAverage(float share);
  void Apply(cv::Mat1f* mask);
  void Forget() { last_.Forget(); }

  /// How many results after its own a mask still moves by 1/255 or more.
  static int Reach(float share);

 private:
  float share_;
  LastMask<float> last_;
};

/// share * mask + (1 - share) * last result, rounded to 8 bit each time.
///
/// Source  obs-backgroundremoval, background-filter.cpp (cv::addWeighted); engines notes 1.6.
class RoundedMovingAverage {
 public:
  /// In      share: of the new mask, in (0, 1].
  explicit RoundedMovingAverage(float share) : share_(share) {}
  void Apply(cv::Mat1b* mask);
  void Forget() { last_.Forget(); }

 private:
  float share_;
  LastMask<uint8_t> last_;
};

}  // namespace peekproof::engines
