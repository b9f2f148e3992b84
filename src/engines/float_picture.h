// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// Rows of interleaved float pixels, 3 channels (B, G, R) or 4 (w B, w G, w R, w with a weight w in [0, 1]).
/// Beside each row lie `pad` pixels that PadRow fills with the row's ends, so that filters may read over
/// them.
class FloatPicture {
 public:
  /// Allocates only where the shape changes.
  void Create(cv::Size size, int channels, int pad) {
    values_.create(size.height, (size.width + 2 * pad) * channels);
    size_ = size;
    channels_ = channels;
    pad_ = pad;
  }

  cv::Size size() const { return size_; }
  int channels() const { return channels_; }
  int pad() const { return pad_; }
  /// Values in a row without its padding.
  int row_values() const { return size_.width * channels_; }

  float* Row(int y) { return values_.ptr<float>(y) + static_cast<ptrdiff_t>(pad_ * channels_); }
  const float* Row(int y) const { return values_.ptr<float>(y) + static_cast<ptrdiff_t>(pad_ * channels_); }
  /// The row, or the first or last one where y lies outside.
  const float* ClampedRow(int y) const { return Row(std::clamp(y, 0, size_.height - 1)); }

  /// Repeats the first and the last pixel of a row over its padding.
  void PadRow(int y);

 private:
  cv::Mat1f values_;
  cv::Size size_;
  int channels_ = 0;
  int pad_ = 0;
};

/// How Shrink makes one pixel of `factor` x `factor`.
struct Shrinking {
  int factor = 1;  ///< 1 to 16.
  int span = 1;    ///< The central span x span of them are averaged; factor for all, factor - span even.
  int ring = 0;    ///< 1: one more small pixel all round, of nothing but repeated edge, so that repeating it
                   ///< once more is exact.
};

/// Brings a picture to a whole fraction of its size, rounded up, and the ring; what lies outside repeats the
/// edge.
///
/// In      weight: null, or what each pixel counts, 255 for 1, of the picture's size.
/// Out     small: 3 channels without weights (means in [0, 255]); 4 with them (means of w B, w G, w R, w).
/// Threads Rows in parallel, as in all functions here; results do not depend on the number of threads.
void Shrink(const cv::Mat3b& picture, const cv::Mat1b* weight, const Shrinking& shrinking, int pad,
            FloatPicture* small);

/// Variance per axis that Shrink adds, in pixels of the picture squared, averaged over positions.
double ShrinkVariance(const Shrinking& shrinking);

/// Convolves rows and columns with a symmetric kernel; edges are repeated.
/// In      kernel: its centre and one side; the sum over both sides is 1.
void ConvolveSeparable(const FloatPicture& source, const std::vector<float>& kernel, int pad,
                       FloatPicture* target);

/// One of two taps that lie opposite each other.
struct TapPair {
  int dx = 0;
  int dy = 0;
  float weight = 0;
};

/// A kernel that is symmetric about its centre.
struct PointKernel {
  float centre = 1;
  std::vector<TapPair> pairs;
  int reach = 0;  ///< Largest |dx|.
};

/// Convolves with a kernel of any shape; edges are repeated.
/// In      source: padded by the kernel's reach at least (checked).
void ConvolvePoints(const FloatPicture& source, const PointKernel& kernel, int pad, FloatPicture* target);

/// Divides colours by their weight: 4 channels in, 3 out. Pixels without weight get the mean colour of all
/// that has weight, without the ring; black where nothing has.
class WeightDivider {
 public:
  void Apply(const FloatPicture& weighted, int ring, int pad, FloatPicture* colours);

 private:
  std::vector<cv::Vec4d> row_totals_;
};

/// Brings a shrunk picture back to full size: bilinear, pixel centres aligned, rounded to 8 bit.
class Grower {
 public:
  /// In      small: 3 channels, as Shrink makes it, padded by 1 at least where the factor is not 1 (checked).
  /// Out     picture: reused buffer.
  void Apply(const FloatPicture& small, const Shrinking& shrinking, cv::Size size, cv::Mat3b* picture);

 private:
  void Prepare(const Shrinking& shrinking, int width);

  int factor_ = 0;
  int ring_ = 0;
  std::vector<int> left_;     ///< By column: index of the value left of it.
  std::vector<float> share_;  ///< By column: weight of the pixel to the right.
  FloatPicture wide_;
};

/// Variance per axis that Grower adds, in pixels of the full picture squared, averaged over positions.
double GrowVariance(int factor);

/// sums[i] = weight[0] rows[pairs][i] + sum over k in 1..pairs of weight[k] (rows[pairs - k][i] +
/// rows[pairs + k][i]). sums may be none of the rows.
void SumSymmetric(const float* const* rows, const float* weight, int pairs, int count, float* sums);

/// sums[i] = sum over k < taps of weight[k] rows[k][i].
void SumTaps(const float* const* rows, const float* weight, int taps, int count, float* sums);

/// Rounds to nearest; values in [0, 255] and the rounding errors of sums beyond them.
void BytesOfFloats(const float* values, int count, uint8_t* bytes);

}  // namespace peekproof::engines
