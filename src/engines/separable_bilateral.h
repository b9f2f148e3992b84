// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace peekproof::engines {

struct SeparableBilateralOptions {
  float radius = 8.0F;       ///< In coarse mask pixels; in [0, 16].
  float sigma_color = 0.1F;  ///< Euclidean RGB distance, colours in [0, 1]; greater than 0.
};

/// Brings a coarse mask to the size of a frame, led by the frame's colours, as Twilio's two shader passes do:
/// along the rows, then along the columns of the result, which is stored in 8 bit.
///
/// With s = radius * max(W / w, H / h) for a mask of w x h and a frame of W x H, each pass takes the centre
/// with weight 1 and, on both sides, the pixels at 1, 1 + d, 1 + 2 d ... up to s, d = floor(s / (2 ln s)) (17
/// taps a pass from 256x144 to 1280x720). A tap at i pixels weighs exp(-1/2 (i t / T)^2) with t = 1 / W along
/// rows and 1 / H along columns and T = s * max(1 / W, 1 / H), times exp(-1/2 (k / (255 sigma_color))^2) with
/// k the colour distance in 8-bit steps, rounded down. Mask and frame are sampled nearest, edges replicated.
///
/// A pixel is left as it is where seven samples of the pass's input are all 0 or all 255: the centre (which
/// the shader takes twice), left and right at s, and the three above these, also at s. Below, the shader's
/// loop does not look, so an edge that lies below a pixel only is not smoothed there.
///
/// Source  @twilio/video-processors 3.2.0, SinglePassBilateralFilterStage; engines notes 1.9. Deviation: exp
/// by
///         a polynomial (relative error 5e-6), so a value next to x.5 may round the other way; where s is
///         no whole number, the seven samples are those of whole frame pixels.
/// Cost    Only pixels whose taps see different mask values are filtered (the others are exact copies).
/// Threads Apply runs rows in parallel; the result does not depend on the number of threads or the
///         processor. One Apply at a time per object.
class SeparableBilateralUpsampler {
 public:
  explicit SeparableBilateralUpsampler(const SeparableBilateralOptions& options);

  /// In      coarse: 255 times the soft mask, at the network's size. guide: the frame. Neither empty.
  /// Out     refined: 255 times the soft mask at the frame's size; reused.
  void Apply(const cv::Mat1b& coarse, const cv::Mat3b& guide, cv::Mat1b* refined);

 private:
  /// Taps of one axis beside the centre.
  struct Axis {
    std::vector<int> distance;  ///< Of each pair of taps, in frame pixels.
    std::vector<float> weight;  ///< Of each pair.
    std::vector<int> coarse;    ///< Mask index by frame index.
  };

  static Axis MakeAxis(int size, int coarse_size, double reach, double sigma);
  void Prepare(cv::Size coarse_size, cv::Size size);
  void FilterRows(const cv::Mat1b& coarse, const cv::Mat3b& guide, int first, int end);
  void FilterColumns(int first, int end, cv::Mat1b* refined) const;
  void FilterRow(int y, const uint8_t* mask, const uint8_t* corner, const uint8_t* uniform);
  void UpscaleRow(const cv::Mat1b& coarse, int y, uint8_t* row) const;
  void LoadGuideRow(const cv::Mat3b& guide, int y);
  void FindRuns();

  SeparableBilateralOptions options_;
  float color_exponent_ = 0;  ///< Of e, per squared 8-bit distance.
  cv::Size coarse_size_;
  cv::Size size_;
  Axis x_;
  Axis y_;
  int corner_before_ = 0;  ///< Pixel offset of the samples at -s: at most 0.
  int corner_after_ = 0;   ///< And at s.
  int padding_ = 0;        ///< Columns beside the frame in the padded buffers.
  cv::Mat1b planes_[3];    ///< The frame's channels, padded.
  cv::Mat1b rows_;         ///< The first pass's result, padded.
  cv::Mat1b uniform_;      ///< By row and stretch: whether rows_ holds one value only there.
  cv::Mat1i runs_;         ///< First row of the equal, uniform stretches above each other; -1: not uniform.
};

}  // namespace peekproof::engines
