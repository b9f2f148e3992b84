// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

/// How the coarse mask is read between its pixels. Pixel centres are aligned; edges are replicated.
enum class MaskSampling { kNearest, kBilinear };

/// What a blur sees outside the frame.
enum class MaskBorder {
  kReplicate,    ///< The edge pixel.
  kTransparent,  ///< Nothing (0): a canvas filter fades a mask that touches the frame's edge.
};

/// How 255 times the mask becomes a whole number.
enum class MaskRounding { kNearest, kDown };

struct UpscaleOptions {
  MaskSampling sampling = MaskSampling::kBilinear;
  float blur_sigma_px = 0.0F;  ///< Gaussian after upscaling, standard deviation in frame pixels; 0 for none.
  MaskBorder border = MaskBorder::kReplicate;
  MaskRounding rounding = MaskRounding::kNearest;
};

/// Brings a coarse mask to frame size by interpolation, then an optional Gaussian (cut at 3 sigma,
/// normalised), as one separable linear step: a few coarse pixels per output pixel and axis, whatever the
/// sigma.
///
/// Source  Interpolation: cv::resize's INTER_LINEAR, INTER_NEAREST at pixel centres. Blur: CSS and canvas
///         `blur(N px)`, standard deviation N in output pixels (engines notes 1.3). Deviation: a canvas
///         rounds to 8 bit between its passes; here only the result is rounded.
/// Threads Apply runs rows in parallel; the result does not depend on their number. One Apply at a time.
class MaskUpscaler {
 public:
  explicit MaskUpscaler(const UpscaleOptions& options) : options_(options) {}

  /// In      coarse: soft mask in [0, 1], not empty. size: of the frame.
  /// Out     scaled: 255 times the mask, rounded as the options say; reused buffer.
  void Apply(const cv::Mat1f& coarse, cv::Size size, cv::Mat1b* scaled);

 private:
  /// One axis: output i is the sum over k of weight[i][k] times coarse[start[i] + k].
  struct Axis {
    int taps = 0;
    std::vector<int> start;
    std::vector<float> weight;  ///< taps per output index.
  };

  Axis MakeAxis(int size, int coarse_size) const;
  void Prepare(cv::Size coarse_size, cv::Size size);

  UpscaleOptions options_;
  cv::Size coarse_size_;
  cv::Size size_;
  Axis x_;
  Axis y_;
  cv::Mat1f columns_;  ///< The coarse mask, transposed.
  cv::Mat1f wide_columns_;
  cv::Mat1f wide_;  ///< The coarse mask's rows at the frame's width.
};

}  // namespace peekproof::engines
