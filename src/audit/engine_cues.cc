// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/engine_cues.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "base/ordered_pipeline.h"
#include "engines/engine.h"

namespace peekproof::audit {
namespace {

constexpr int kRows = 720;
constexpr int kReachPx = 40;     ///< Of the region around the edge, in a frame of kRows.
constexpr int kCueBlockPx = 16;  ///< Side of a block there.
constexpr int kSamples = 8;      ///< Along each side of a block.
constexpr float kShows = 24;     ///< Difference to the wallpaper that is surely not the codec's, 8-bit steps.
constexpr float kHidden = 8;     ///< Difference below which nothing shows.
constexpr float kLeastPower = 36;  ///< Mean square difference below which a block tells nothing.

/// A block at the caller's edge: where its samples are, and how they differ from the wallpaper.
struct Block {
  std::array<cv::Point, kSamples * kSamples> points;
  std::array<cv::Vec3f, kSamples * kSamples> differences;
  float power = 0;  ///< Sum of their squares.
};

/// The region within reach of the caller's outline, and not deep inside him.
Result<cv::Mat1b> EdgeRegion(const cv::Mat3b& frame, models::Segmenter* caller) {
  cv::Mat3b small;
  image::AlphaMask mask;
  cv::resize(frame, small, caller->input_size(), 0, 0, cv::INTER_LINEAR);
  PEEKPROOF_RETURN_IF_ERROR(caller->Segment(small, &mask));
  cv::Mat1f whole;
  cv::resize(mask.values, whole, frame.size(), 0, 0, cv::INTER_LINEAR);
  const cv::Mat1b inside(whole > 0.5F);
  const int reach = std::max(1, kReachPx * frame.rows / kRows);
  const auto disc = [](int radius) {
    return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
  };
  cv::Mat1b near;
  cv::Mat1b deep;
  cv::dilate(inside, near, disc(reach));
  cv::erode(inside, deep, disc(std::max(1, reach / 2)));
  near.setTo(0, deep);
  return near;
}

Block BlockAt(const cv::Mat3b& frame, const cv::Mat3b& wallpaper, const cv::Rect& area) {
  Block block;
  for (int i = 0; i < kSamples * kSamples; ++i) {
    const cv::Point point(area.x + i % kSamples * area.width / kSamples,
                          area.y + i / kSamples * area.height / kSamples);
    const cv::Vec3f difference = cv::Vec3f(frame(point)) - cv::Vec3f(wallpaper(point));
    block.points[static_cast<size_t>(i)] = point;
    block.differences[static_cast<size_t>(i)] = difference;
    block.power += difference.dot(difference);
  }
  return block;
}

/// Blocks that lie mostly at the edge, over known wallpaper, and show something.
Result<std::vector<Block>> BlocksOf(const cv::Mat3b& frame, const cv::Mat3b& wallpaper,
                                    const cv::Mat1b& known, models::Segmenter* caller) {
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat1b region, EdgeRegion(frame, caller));
  const int side = std::max(kSamples, kCueBlockPx * frame.rows / kRows);
  std::vector<Block> blocks;
  for (int y = 0; y + side <= frame.rows; y += side) {
    for (int x = 0; x + side <= frame.cols; x += side) {
      const cv::Rect area(x, y, side, side);
      if (cv::countNonZero(region(area)) < area.area() / 2) continue;
      if (cv::countNonZero(known(area)) < area.area()) continue;
      const Block block = BlockAt(frame, wallpaper, area);
      if (block.power >= 3 * kLeastPower * kSamples * kSamples) blocks.push_back(block);
    }
  }
  return blocks;
}

float Largest(const cv::Vec3f& v) { return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])}); }

/// What a profile's fit is added up from.
struct FitSums {
  double explained = 0;
  double blocks = 0;
  double beyond = 0;
  double outside = 0;
  double unseen = 0;
  double half = 0;

  void Add(const Block& block, const cv::Mat1f& alpha) {
    float square = 1e-3F;
    cv::Vec3f product;
    for (size_t i = 0; i < block.points.size(); ++i) {
      const float a = alpha(block.points[i]);
      const float largest = Largest(block.differences[i]);
      square += a * a;
      product += a * block.differences[i];
      if (a < 0.01F) {
        outside += 1;
        beyond += largest > kShows ? 1 : 0;
      }
      if (a > 0.15F && a < 0.6F) {
        half += 1;
        unseen += largest < kHidden ? 1 : 0;
      }
    }
    explained += static_cast<double>(product.dot(product) / (square * block.power));
    blocks += 1;
  }
  EngineFit Fit() const {
    return {explained / std::max(1.0, blocks), beyond / std::max(1.0, outside), unseen / std::max(1.0, half)};
  }
};

Result<EngineFit> FitOf(const char* engine, const std::vector<cv::Mat3b>& frames,
                        const std::vector<std::vector<Block>>& blocks) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto matter, engines::MakeMatter(engine));
  FitSums sums;
  image::AlphaMask alpha;
  image::AlphaMask mask;
  for (size_t i = 0; i < frames.size(); ++i) {
    PEEKPROOF_RETURN_IF_ERROR(matter->Estimate(frames[i], &alpha, &mask));
    for (const Block& block : blocks[i]) sums.Add(block, alpha.values);
  }
  return sums.Fit();
}

/// Fits all candidates, several at once.
Result<void> FitAll(const std::vector<cv::Mat3b>& frames, const std::vector<std::vector<Block>>& blocks,
                    EngineCues* cues) {
  struct Slot {
    size_t engine = 0;
    Result<EngineFit> fit = EngineFit();
  };
  std::array<Slot, kCandidateEngines.size()> slots;
  size_t next = 0;
  Result<void> status;
  RunOrdered(static_cast<int>(slots.size()), {.read =
                                                  [&](int slot) {
                                                    slots[static_cast<size_t>(slot)].engine = next;
                                                    return next++ < kCandidateEngines.size();
                                                  },
                                              .work =
                                                  [&](int slot) {
                                                    Slot& own = slots[static_cast<size_t>(slot)];
                                                    own.fit =
                                                        FitOf(kCandidateEngines[own.engine], frames, blocks);
                                                  },
                                              .finish =
                                                  [&](int slot) {
                                                    const Slot& own = slots[static_cast<size_t>(slot)];
                                                    if (own.fit.ok())
                                                      cues->fits[own.engine] = *own.fit;
                                                    else if (status.ok())
                                                      status = own.fit.error();
                                                  }});
  return status;
}

}  // namespace

Result<EngineCues> CompareEngines(const std::vector<cv::Mat3b>& frames, const std::vector<cv::Mat3b>& shown,
                                  const WallpaperModel& wallpaper, models::Segmenter* caller) {
  PEEKPROOF_CHECK(shown.empty() || shown.size() == frames.size(), "{} pictures for {} frames", shown.size(),
                  frames.size());
  EngineCues cues;
  std::vector<std::vector<Block>> blocks;
  for (size_t i = 0; i < frames.size(); ++i) {
    const cv::Mat3b& behind = shown.empty() ? wallpaper.bgr : shown[i];
    PEEKPROOF_ASSIGN_OR_RETURN(std::vector<Block> own, BlocksOf(frames[i], behind, wallpaper.known, caller));
    cues.blocks += static_cast<int>(own.size());
    blocks.push_back(std::move(own));
  }
  PEEKPROOF_RETURN_IF_ERROR(FitAll(frames, blocks, &cues));
  return cues;
}

}  // namespace peekproof::audit
