// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/keyed_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "testbed/key_matte.h"

namespace peekproof::testbed {
namespace {

constexpr int kModelFrames = 12;
constexpr int kQualityFrames = 6;

bool IsSoft(float alpha) { return alpha >= 0.05F && alpha <= 0.95F; }

cv::Mat1f AlphaOf(const cv::Mat4f& cutout) {
  cv::Mat1f alpha;
  cv::extractChannel(cutout, alpha, 3);
  return alpha;
}

/// Numbers of frames spread evenly over a clip.
std::vector<int> Spread(int frames, int count) {
  std::vector<int> numbers;
  for (int i = 0; i < std::min(frames, count); ++i)
    numbers.push_back(static_cast<int>(static_cast<int64_t>(frames) * i / std::min(frames, count)));
  return numbers;
}

/// Change of alpha between two frames where the picture stands still along an edge.
struct Flicker {
  double change = 0;
  int64_t pixels = 0;
};

Flicker FlickerOf(const cv::Mat1f& before, const cv::Mat1f& after, const cv::Mat3b& picture_before,
                  const cv::Mat3b& picture_after, float noise) {
  Flicker flicker;
  for (int y = 0; y < before.rows; ++y) {
    for (int x = 0; x < before.cols; ++x) {
      if (!IsSoft(before(y, x)) && !IsSoft(after(y, x))) continue;
      int change = 0;
      for (int c = 0; c < 3; ++c)
        change = std::max(change, std::abs(picture_before(y, x)[c] - picture_after(y, x)[c]));
      if (static_cast<float>(change) > 2 * noise) continue;
      flicker.change += static_cast<double>(std::abs(before(y, x) - after(y, x)));
      ++flicker.pixels;
    }
  }
  return flicker;
}

Result<void> CheckShare(const char* name, float value) {
  if (value >= 0 && value <= 1) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("key option {} of {} is out of range; give 0 to 1", name, value)};
}

}  // namespace

Result<void> KeyOptions::Validate() const {
  if (!(low > 0 && low < high && high <= 200))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("key distances {} and {}: give two growing ones from above 0 to 200", low, high)};
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("despill", despill));
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("largest_hole", largest_hole));
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("least_part", least_part));
  for (const cv::Rect2d& box : drop)
    if (!(box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= 1 &&
          box.y + box.height <= 1))
      return Error{ErrorCode::kInvalidArgument,
                   "a garbage box must lie within the frame, in shares of 0 to 1"};
  for (int c = 0; c < 3; ++c)
    if (paper_low[c] < 0 || paper_low[c] > paper_high[c] || paper_high[c] > 255)
      return Error{ErrorCode::kInvalidArgument, "the paper's key wants two growing colours of 0 to 255"};
  return {};
}

Holes FindHoles(const cv::Mat1f& alpha) {
  cv::Mat1b outside(alpha < 0.5F);
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  cv::copyMakeBorder(outside, outside, 0, 1, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(0));
  const int count = cv::connectedComponentsWithStats(outside, labels, stats, centroids, 4);
  Holes holes;
  for (int label = 1; label < count; ++label) {
    const int* const stat = stats[label];
    if (stat[cv::CC_STAT_TOP] == 0 || stat[cv::CC_STAT_LEFT] == 0 ||
        stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH] == alpha.cols)
      continue;
    ++holes.places;
    holes.pixels += stat[cv::CC_STAT_AREA];
  }
  return holes;
}

KeyedSource::KeyedSource(std::unique_ptr<ClipPlayer> player, KeyOptions options)
    : player_(std::move(player)), options_(std::move(options)) {}

Result<std::unique_ptr<KeyedSource>> KeyedSource::Open(const std::string& path, const KeyOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(auto player, ClipPlayer::Open(path));
  std::unique_ptr<KeyedSource> source(new KeyedSource(std::move(player), options));
  if (options.method == KeyMethod::kBackdrop) {
    std::vector<cv::Mat3b> frames;
    for (const int number : Spread(source->player_->frames(), kModelFrames))
      frames.emplace_back(source->player_->frame(number));
    auto model = FitBackdrop(frames, options.drop);
    if (!model.ok()) return Error{model.error().code, fmt::format("{}: {}", model.error().message, path)};
    source->model_ = *std::move(model);
  }
  const Result<void> measured = source->MeasureQuality();
  if (!measured.ok())
    return Error{measured.error().code, fmt::format("{}: {}", measured.error().message, path)};
  return source;
}

Result<void> KeyedSource::MeasureQuality() {
  quality_.backdrop_noise = static_cast<double>(model_.noise[0]);
  quality_.border_share = static_cast<double>(model_.border_share);
  const std::vector<int> numbers = Spread(player_->frames(), kQualityFrames);
  int64_t soft = 0;
  int64_t person = 0;
  Holes holes;
  Flicker flicker;
  cv::Mat4f cut;
  for (const int number : numbers) {
    Cut(player_->frame(number), &cut);
    const cv::Mat1f alpha = AlphaOf(cut);
    soft += cv::countNonZero((alpha >= 0.05F) & (alpha <= 0.95F));
    person += cv::countNonZero(alpha > 0.5F);
    const Holes found = FindHoles(alpha);
    holes.places += found.places;
    holes.pixels += found.pixels;
    if (number + 1 >= player_->frames()) continue;
    Cut(player_->frame(number + 1), &cut);
    const Flicker change = FlickerOf(alpha, AlphaOf(cut), player_->frame(number), player_->frame(number + 1),
                                     std::max(1.5F, model_.noise[0]));
    flicker.change += change.change;
    flicker.pixels += change.pixels;
  }
  if (person < static_cast<int64_t>(numbers.size()) * static_cast<int64_t>(player_->size().area()) / 200)
    return Error{ErrorCode::kUnsupported,
                 "nobody was found before the backdrop; give footage of a person, or "
                 "change the key's distances"};
  quality_.soft_share = static_cast<double>(soft) / static_cast<double>(person);
  quality_.hole_share = static_cast<double>(holes.pixels) / static_cast<double>(person);
  quality_.holes = static_cast<double>(holes.places) / static_cast<double>(numbers.size());
  if (flicker.pixels > 0) quality_.flicker = flicker.change / static_cast<double>(flicker.pixels);
  return {};
}

Result<void> KeyedSource::Fetch(double time_s, cv::Mat* picture) {
  *picture = player_->At(time_s);
  return {};
}

void KeyedSource::Cut(const cv::Mat& picture, cv::Mat4f* cutout) const {
  if (options_.method == KeyMethod::kPaper) {
    KeyPictureAsPaper(options_, picture, cutout);
  } else {
    KeyPicture(model_, options_, picture, cutout);
  }
}

std::string KeyedSource::DescribeAsJson() const {
  const nlohmann::ordered_json json{
      {"kind", "keyed"},
      {"method", options_.method == KeyMethod::kPaper ? "paper" : "backdrop"},
      {"footage_frames", player_->frames()},
      {"soft_share", quality_.soft_share},
      {"flicker", quality_.flicker},
      {"holes", quality_.holes},
      {"hole_share", quality_.hole_share},
      {"backdrop_noise", quality_.backdrop_noise},
      {"border_share", quality_.border_share},
  };
  return json.dump();
}

}  // namespace peekproof::testbed
