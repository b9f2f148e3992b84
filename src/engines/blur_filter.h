// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>

namespace peekproof::engines {

/// Blurs pictures of one shape after another. Allocates nothing while their size stays. Not thread-safe; rows
/// run in parallel, and results do not depend on the number of threads.
///
/// All filters repeat the picture's edge outwards. A canvas or CSS filter sees transparency there instead and
/// fades the outermost 2 sigma of an opaque frame: a deviation.
class BlurFilter {
 public:
  virtual ~BlurFilter() = default;

  /// In      picture: BGR 8-bit; colours are averaged as they are stored, in sRGB, as the services do.
  ///         weight: null: all pixels count. Else what each pixel counts, 255 for all, 0 for nothing: the
  ///         result is sum(w F) / sum(w), the mean colour of all that counts where nothing near does, and
  ///         black where nothing counts at all (kawase and volcomix differ: see there).
  /// Out     blurred: reused buffer; must not be the picture.
  virtual void Apply(const cv::Mat3b& picture, const cv::Mat1b* weight, cv::Mat3b* blurred) = 0;

  /// Standard deviation per axis of what one pixel becomes, in pixels, for a frame of that size: the root of
  /// the second moment of its impulse response, averaged over positions.
  virtual double EffectiveSigma(cv::Size frame) const = 0;
};

/// A length in pixels or as a share of the frame's height.
struct Extent {
  float px = 0;
  float share = 0;  ///< Counts where it is greater than 0.

  double PixelsAt(cv::Size frame) const {
    return share > 0 ? static_cast<double>(share) * frame.height : static_cast<double>(px);
  }
};

/// A Gaussian. With `kernel` taps (odd) per axis it is cut there and runs on all pixels. With 0 it is whole
/// (to 4 sigma), and from 3 px on the picture is shrunk by area to 1/2, 1/4 (10 px) or 1/8 (24 px), blurred
/// with what sigma is left, and grown bilinearly: 0.5/255 off on average at most, 3/255 anywhere, on
/// pictures of rooms.
std::unique_ptr<BlurFilter> MakeGaussianFilter(const Extent& sigma, int kernel);

/// A Gaussian of sigma round(base * height / 540) pixels (Amazon Chime; engines notes 1.9).
std::unique_ptr<BlurFilter> MakeHeightScaledGaussian(float base);

/// A Gaussian as wide as it takes for capitals of `share` of the frame's height to be unreadable, even to
/// somebody who averages a long call and takes the blur back (SigmaThatHides at a noise of 0.03 levels).
std::unique_ptr<BlurFilter> MakeHidingGaussian(float share);

/// The mean over a square of `size` pixels, odd, at most 255: exact.
std::unique_ptr<BlurFilter> MakeBoxFilter(int size);

/// The mean over a disc, as of a lens out of focus, on the picture shrunk until the radius is 2.5 to 5
/// pixels, so that the disc's rim is soft over a fifth to two fifths of the radius.
std::unique_ptr<BlurFilter> MakeBokehFilter(const Extent& radius);

/// LiveKit's: a quarter of the size by one bilinear read (the mean of the central 2 x 2 of each 4 x 4 pixels:
/// it aliases), then a Gaussian of sigma R cut at R, R = floor(radius / 4), grown bilinearly. Source: engines
/// notes 1.9. Their sigma of 5.2 px for radius 10 leaves out the growing; with it 5.4.
std::unique_ptr<BlurFilter> MakeLiveKitFilter(int radius);

/// Dual filtering by Kawase's kernels (Bjorge, SIGGRAPH 2015), as live-backgroundremoval-lite's: `levels`
/// times to half the size, each pixel 4/8 of the four under it and 1/8 of each diagonal neighbourhood one
/// pixel off; and back up, each pixel 1/12 of what lies one coarse pixel beside it in four directions and
/// 2/12 of what lies half a coarse pixel off diagonally, read bilinearly. Sigma is 0.97 sqrt(4^levels - 1).
/// Deviation: float between the levels, where a GPU rounds to 8 bit.
std::unique_ptr<BlurFilter> MakeDualKawaseFilter(int levels);

/// The OBS plug-in's: pass i of `passes` (from 0) takes the mean of four bilinear reads at
/// (+-(i + 1/2), +-(i + 1/2)), 8 bit between passes. With weights, each read counts its own weight, what is
/// missing comes from the centre, and pixels of weight 0 stay as they are: the sharp caller stands in the
/// result, and a read on his outline lets in up to a quarter of him. Source: engines notes 1.6, whose sigmas
/// (6.4, 18, 52 px) leave out the bilinear reads (6.5, 18, 52 with them).
std::unique_ptr<BlurFilter> MakeKawaseFilter(int passes);

/// Volcomix's: at half the size, 3 times 9 taps vertically and horizontally, each tap times its weight, the
/// missing weight from the centre: where nothing counts, the caller stays in the result. Source: engines
/// notes 1.1 step 6. Deviations: the half size is the mean of 2 x 2 pixels; float between passes, where a GPU
/// rounds to 8 bit.
std::unique_ptr<BlurFilter> MakeVolcomixFilter();

}  // namespace peekproof::engines
