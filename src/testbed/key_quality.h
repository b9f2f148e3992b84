// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>

namespace peekproof::testbed {

/// How good a key is, over frames of its clip. No truth is needed, so none of it proves that edges are where
/// the person's are.
struct KeyQuality {
  /// Pixels with alpha from 0.05 to 0.95 over those with more than 0.5. About 0.02 for a head and shoulders
  /// with short hair at 720 rows, 0.1 and more for loose hair, small pictures, or a key that does not bite.
  double soft_share = 0;
  /// Mean absolute change of alpha from frame to frame over pixels near an edge (alpha from 0.05 to 0.95 in
  /// either frame) whose picture hardly changes (2 deviations of the backdrop's noise in every channel). 0 is
  /// steady; above 0.05 edges shimmer.
  double flicker = 0;
  /// Closed-in places of alpha below 0.5 that are left in the person: mean number in a frame, and their share
  /// of the person's area. Specks in hair make up to 15 places in a frame, of less than 0.001 of the area; an
  /// arm on a hip closes in a real one; above 0.01 the person is perforated.
  double holes = 0;
  double hole_share = 0;
  /// The backdrop's hue left in soft pixels: the part of their cut-out chroma that points its way, over as
  /// much of the backdrop itself at their alphas. 0 is none, 1 is an edge as colourful as the backdrop.
  /// Nothing for a grey backdrop (no hue to look for) and for the paper's key (no backdrop known).
  std::optional<double> spill;
  double backdrop_noise = 0;    ///< Deviation of the backdrop's luma from its model, 8-bit steps.
  double backdrop_pattern = 0;  ///< Of that, what stands still: BackdropModel::pattern.
  double border_share = 0;      ///< BackdropModel::border_share; 1 is a clean backdrop.
};

/// Why a key should not be trusted, as one line: flicker above 0.05 or a hole share above 0.01, as of a
/// person who has the backdrop's colour, or of a room that passed for one. Empty where neither is so, which
/// is no proof.
std::string DoubtsOf(const KeyQuality& quality);

/// Pixels below 0.5 that are closed in by others, the lower border counting as closed: number of places and
/// of pixels.
struct Holes {
  int places = 0;
  int pixels = 0;
};
Holes FindHoles(const cv::Mat1f& alpha);

/// Adds up cut-outs of a clip to a KeyQuality (its backdrop_ and border_ values are the model's to give).
class KeyQualityMeter {
 public:
  /// In      backdrop: linear light, of the clip's size; empty: not known.
  explicit KeyQualityMeter(cv::Mat3f backdrop) : backdrop_(std::move(backdrop)) {}

  /// In      cut: as of CutoutSource::Cut.
  void AddFrame(const cv::Mat4f& cut);
  /// Two frames that follow each other, for flicker.
  /// In      steady: largest change of an 8-bit channel that counts as hardly any.
  void AddPair(const cv::Mat1f& alpha_before, const cv::Mat1f& alpha_after, const cv::Mat3b& picture_before,
               const cv::Mat3b& picture_after, float steady);

  /// Mean share of a frame that is person (alpha above 0.5).
  double person_share() const;
  KeyQuality quality() const;

 private:
  void AddSpill(const cv::Mat4f& cut);

  cv::Mat3f backdrop_;
  int frames_ = 0;
  int64_t pixels_ = 0;
  int64_t soft_ = 0;
  int64_t person_ = 0;
  Holes holes_;
  double change_ = 0;
  int64_t changing_ = 0;
  double spill_ = 0;
  double spill_of_backdrop_ = 0;
};

}  // namespace peekproof::testbed
