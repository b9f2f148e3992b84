// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "base/result.h"
#include "image/mask.h"
#include "models/segmenter.h"

namespace peekproof::testbed {

/// How an oracle errs, as networks do.
struct OracleOptions {
  int lag_frames = 1;          ///< Frames by which its answer trails; 0 to 30.
  int dilate_px = 2;           ///< Growth of the caller, in pixels of the small mask; 0 to 20.
  float blur_px = 1.2F;        ///< Softness of the border, sigma in pixels of the small mask; 0 to 10.
  int blobs = 3;               ///< Wrong patches of room near the caller's border in each frame; 0 to 50.
  float blob_radius_px = 6;    ///< Their size, in pixels of the small mask; 1 to 40.
  float blob_strength = 0.9F;  ///< Their confidence; 0 to 1.

  Result<void> Validate() const;
};

/// Mattes that are given to an oracle: the scene writes, its segmenter reads. One thread.
class OracleFeed {
 public:
  /// The caller's true matte in frame `frame`, at any size. Frames come in order.
  void Show(const image::AlphaMask& caller, int64_t frame);
  void Forget() { small_.clear(); }

  int64_t frame() const { return frame_; }
  /// The matte of `lag` frames ago at the oracle's size (the oldest one known, where there is none); empty
  /// before the first Show.
  cv::Mat1f Delayed(int lag) const;

 private:
  int64_t frame_ = -1;
  std::deque<cv::Mat1f> small_;
};

/// Stands in for a network where none is installed: answers with the true matte, scaled to 256 x 144 and
/// made wrong in seeded ways. It does not look at the picture, so it is for tests and for studies of engines
/// alone, and unlike other segmenters it depends on the frame that was shown to its feed.
class OracleSegmenter : public models::Segmenter {
 public:
  OracleSegmenter(const OracleOptions& options, uint64_t seed, std::shared_ptr<const OracleFeed> feed);

  static cv::Size InputSize() { return {256, 144}; }
  cv::Size input_size() const override { return InputSize(); }
  /// Errors  kInvalidArgument on another size, or when nothing has been shown yet.
  Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) override;
  std::string description() const override { return "oracle (true matte, made wrong)"; }

 private:
  void AddBlobs(const cv::Mat1f& truth, cv::Mat1f* caller) const;

  OracleOptions options_;
  uint64_t seed_;
  std::shared_ptr<const OracleFeed> feed_;
};

}  // namespace peekproof::testbed
