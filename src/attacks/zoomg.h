// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <vector>

#include "attacks/attack.h"
#include "attacks/colour_distance.h"
#include "attacks/colour_slots.h"
#include "attacks/frequent_colours.h"
#include "attacks/wallpaper.h"

namespace peekproof::attacks {

/// When a colour counts as another one than the wallpaper's.
enum class RareColourRule {
  kCiede2000,  ///< zoomg: CIEDE2000 above the threshold.
  kCosine,     ///< zoomg: cosine of the angle between the BGR vectors below it; that of black is 1.
  kSum,        ///< roomg: difference of B + G + R above it.
};

struct ZoomgOptions {
  RareColourRule rule = RareColourRule::kCiede2000;
  double threshold = 5.06;  ///< zoomg's: 5.06, or 0.75 for the cosine; roomg's users typed 5 to 90.
  int noise_frame = 0;      ///< Colours seen in so many frames or fewer are noise.
};

/// The attack of zoomg, and of its predecessor roomg: the wallpaper is the most frequent exact colour of a
/// pixel, the room the rarest one that differs enough from it, of equally rare ones the one first seen last.
///
/// zoomg counts every colour of every pixel in a map, which grows with the call. This one looks at the call
/// four times, with at most 500 bytes a pixel: twice for the most frequent colour (FrequentColours), once for
/// the kLast different colours that differ from it and were seen last, and once to count those. A colour that
/// came only once is among them or is not the latest of its kind, so the answer is zoomg's where one of them
/// came noise_frame + 1 times, and first after the oldest of them was last seen, or where there were no more
/// than kLast. Elsewhere it is the rarest of them, and not proven.
///
/// Out     Pixels whose answer is the wallpaper are absent. Confidence, which zoomg does not have, is one
/// half
///         throughout. evidence: how often the colour was seen. first_seen_s: its first frame; last_seen_s is
///         the same.
/// Differs: where noise_frame leaves nothing zoomg reads past the end of a list; here the pixel is absent.
///         Where no colour differs enough roomg shows the rarest, one like the wallpaper; here it is absent.
/// Source  zoomg 2.0.5 (its documents state the effect of the threshold reversed); roomg.
/// Threads Rows in parallel; the result does not depend on their number.
class Zoomg : public Attack {
 public:
  static constexpr int kFrequent = 40;
  static constexpr size_t kLast = 12;

  explicit Zoomg(const ZoomgOptions& options) : options_(options) {}

  int surveys() const override { return 3; }
  bool has_candidates() const override { return false; }
  void Survey(int survey, const image::Frame& frame) override;
  std::unique_ptr<Gatherer> MakeGatherer() const override;

 private:
  friend class ZoomgGatherer;

  void RememberLast(const cv::Mat3b& bgr);
  void MarkDifferent(const cv::Mat3b& bgr);
  size_t IndexOf(int y, int x) const {
    return (static_cast<size_t>(y) * static_cast<size_t>(size_.width) + static_cast<size_t>(x)) * kLast;
  }

  ZoomgOptions options_;
  cv::Size size_;
  std::unique_ptr<FrequentColours> frequent_;   ///< Until the wallpaper is known.
  std::shared_ptr<const Wallpaper> wallpaper_;  ///< The most frequent colours.
  cv::Mat1b proven_;                            ///< 255: exact, and all of the last are there.
  std::vector<ColourSight> last_;
  cv::Mat1b forgot_;  ///< 255: more than kLast colours differ.
  uint32_t frame_ = 0;
  std::unique_ptr<ColourClassifier> classifier_;
  cv::Mat1b classes_;
};

/// The last look, which counts.
class ZoomgGatherer : public Gatherer {
 public:
  explicit ZoomgGatherer(const Zoomg& zoomg);

  void Add(const FrameEvidence& evidence) override;
  image::Reconstruction Finish() override;
  /// 255 where Finish gives zoomg's answer for certain.
  cv::Mat1b Proven() const;

 private:
  /// Index of the answer, or none.
  std::optional<size_t> AnswerAt(int y, int x) const;

  const Zoomg& zoomg_;
  uint32_t frame_ = 0;
  std::vector<uint32_t> counts_;
  std::vector<uint32_t> firsts_;
  std::vector<float> times_s_;
};

}  // namespace peekproof::attacks
