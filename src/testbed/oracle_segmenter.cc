// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/oracle_segmenter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "base/random.h"

namespace peekproof::testbed {
namespace {

constexpr int kLongestLag = 30;
constexpr int kBlobFrames = 4;  // A wrong patch stays for this many frames.

Error OutOfRange(const char* name, double value, double low, double high) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("oracle option {} of {} is out of range; give {} to {}", name, value, low, high)};
}

}  // namespace

Result<void> OracleOptions::Validate() const {
  if (lag_frames < 0 || lag_frames > kLongestLag) return OutOfRange("lag_frames", lag_frames, 0, kLongestLag);
  if (dilate_px < 0 || dilate_px > 20) return OutOfRange("dilate_px", dilate_px, 0, 20);
  if (!(blur_px >= 0 && blur_px <= 10)) return OutOfRange("blur_px", double(blur_px), 0, 10);
  if (blobs < 0 || blobs > 50) return OutOfRange("blobs", blobs, 0, 50);
  if (!(blob_radius_px >= 1 && blob_radius_px <= 40))
    return OutOfRange("blob_radius_px", double(blob_radius_px), 1, 40);
  if (!(blob_strength >= 0 && blob_strength <= 1))
    return OutOfRange("blob_strength", double(blob_strength), 0, 1);
  return {};
}

void OracleFeed::Show(const image::AlphaMask& caller, int64_t frame) {
  cv::Mat1f small;
  cv::resize(caller.values, small, OracleSegmenter::InputSize(), 0, 0, cv::INTER_AREA);
  small_.push_front(small);
  if (small_.size() > kLongestLag + 1) small_.pop_back();
  frame_ = frame;
}

cv::Mat1f OracleFeed::Delayed(int lag) const {
  if (small_.empty()) return {};
  return small_[std::min(static_cast<size_t>(lag), small_.size() - 1)];
}

OracleSegmenter::OracleSegmenter(const OracleOptions& options, uint64_t seed,
                                 std::shared_ptr<const OracleFeed> feed)
    : options_(options), seed_(seed), feed_(std::move(feed)) {}

Result<void> OracleSegmenter::Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) {
  if (bgr.size() != InputSize())
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("the oracle wants 256 x 144 pixels, not {} x {}", bgr.cols, bgr.rows)};
  const cv::Mat1f truth = feed_->Delayed(options_.lag_frames);
  if (truth.empty())
    return Error{ErrorCode::kInvalidArgument, "the oracle was asked before it was shown a matte"};
  const int side = 2 * options_.dilate_px + 1;
  cv::dilate(truth, caller->values, cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side}));
  AddBlobs(truth, &caller->values);
  if (options_.blur_px > 0)
    cv::GaussianBlur(caller->values, caller->values, {0, 0}, static_cast<double>(options_.blur_px));
  return {};
}

void OracleSegmenter::AddBlobs(const cv::Mat1f& truth, cv::Mat1f* caller) const {
  std::vector<cv::Point> border;
  for (int y = 1; y < truth.rows - 1; ++y)
    for (int x = 1; x < truth.cols - 1; ++x)
      if (truth(y, x) > 0.5F && std::min({truth(y - 1, x), truth(y, x - 1), truth(y, x + 1)}) <= 0.5F)
        border.emplace_back(x, y);
  if (border.empty()) return;
  for (int blob = 0; blob < options_.blobs; ++blob) {
    const int64_t epoch = (feed_->frame() + blob) / kBlobFrames;
    RowRandom random(seed_, static_cast<uint64_t>(epoch), static_cast<uint64_t>(blob));
    const auto place = static_cast<size_t>(random.Uniform() * static_cast<double>(border.size()));
    const double radius = static_cast<double>(options_.blob_radius_px) * random.Uniform(0.5, 1.5);
    const auto strength = static_cast<double>(options_.blob_strength) * random.Uniform(0.5, 1.0);
    cv::Mat1f patch(caller->size(), 0.0F);
    cv::circle(patch, border[place], cvRound(radius), cv::Scalar(strength), cv::FILLED);
    cv::max(static_cast<const cv::Mat&>(*caller), patch, static_cast<cv::Mat&>(*caller));
  }
}

}  // namespace peekproof::testbed
