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
#include "testbed/option_texts.h"

namespace peekproof::testbed {
namespace {

constexpr int kModelFrames = 12;
constexpr int kQualityFrames = 6;
constexpr double kLeastPerson = 0.005;  // Share of the frame.

cv::Mat1f AlphaOf(const cv::Mat4f& cutout) {
  cv::Mat1f alpha;
  cv::extractChannel(cutout, alpha, 3);
  return alpha;
}

/// Numbers of frames spread evenly over a clip.
std::vector<int> EvenlySpread(int frames, int count) {
  std::vector<int> numbers;
  for (int i = 0; i < std::min(frames, count); ++i)
    numbers.push_back(static_cast<int>(static_cast<int64_t>(frames) * i / std::min(frames, count)));
  return numbers;
}

Result<void> CheckBoxes(const char* name, const std::vector<cv::Rect2d>& boxes) {
  for (const cv::Rect2d& box : boxes)
    if (!(box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= 1 &&
          box.y + box.height <= 1))
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("a {} box must lie within the frame, in shares of 0 to 1", name)};
  return {};
}

}  // namespace

Result<void> KeyOptions::Validate() const {
  if (!(low > 0 && low < high && high <= 200))
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("key distances {} and {}: give two growing ones from above 0 to 200", low, high)};
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("key", "despill", despill));
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("key", "largest_hole", largest_hole));
  PEEKPROOF_RETURN_IF_ERROR(CheckShare("key", "least_part", least_part));
  PEEKPROOF_RETURN_IF_ERROR(CheckBoxes("drop", drop));
  PEEKPROOF_RETURN_IF_ERROR(CheckBoxes("keep", keep));
  if (!(softness >= 0 && softness <= 0.25F))
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("key option softness of {} is out of range; give 0 to 0.25", softness)};
  for (int c = 0; c < 3; ++c)
    if (paper_low[c] < 0 || paper_low[c] > paper_high[c] || paper_high[c] > 255)
      return Error{ErrorCode::kInvalidArgument, "the paper's key wants two growing colours of 0 to 255"};
  return {};
}

KeyedSource::KeyedSource(std::unique_ptr<ClipPlayer> player, KeyOptions options)
    : player_(std::move(player)), options_(std::move(options)) {}

Result<std::unique_ptr<KeyedSource>> KeyedSource::Open(const std::string& path, const KeyOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  PEEKPROOF_ASSIGN_OR_RETURN(auto player, ClipPlayer::Open(path));
  std::unique_ptr<KeyedSource> source(new KeyedSource(std::move(player), options));
  if (options.method == KeyMethod::kBackdrop) {
    std::vector<cv::Mat3b> frames;
    for (const int number : EvenlySpread(source->player_->frames(), kModelFrames))
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
  KeyQualityMeter meter(model_.linear);
  const float steady = 2 * std::max(1.5F, model_.noise[0]);
  cv::Mat4f cut;
  for (const int number : EvenlySpread(player_->frames(), kQualityFrames)) {
    Cut(player_->frame(number), &cut);
    meter.AddFrame(cut);
    if (number + 1 >= player_->frames()) continue;
    const cv::Mat1f alpha = AlphaOf(cut);
    Cut(player_->frame(number + 1), &cut);
    meter.AddPair(alpha, AlphaOf(cut), player_->frame(number), player_->frame(number + 1), steady);
  }
  if (meter.person_share() < kLeastPerson)
    return Error{ErrorCode::kUnsupported,
                 fmt::format("nobody was found before the backdrop: {:.2f} % of the picture differs from it; "
                             "give footage of a person, or change the key's distances",
                             100 * meter.person_share())};
  quality_ = meter.quality();
  quality_.backdrop_noise = static_cast<double>(model_.noise[0]);
  quality_.backdrop_pattern = static_cast<double>(model_.pattern);
  quality_.border_share = static_cast<double>(model_.border_share);
  return {};
}

Result<KeyQuality> MeasureKeyQuality(const std::string& path, const KeyOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto source, KeyedSource::Open(path, options));
  return source->quality();
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

Diagnostics KeyedSource::diagnostics() const {
  Diagnostics diagnostics = player_->diagnostics();
  const std::string doubts = DoubtsOf(quality_);
  if (!doubts.empty()) diagnostics.Add(ErrorCode::kUnsupported, doubts);
  return diagnostics;
}

std::string KeyedSource::DescribeAsJson() const {
  const nlohmann::ordered_json spill =
      quality_.spill ? nlohmann::ordered_json(*quality_.spill) : nlohmann::ordered_json();
  const nlohmann::ordered_json json{
      {"kind", "keyed"},
      {"method", options_.method == KeyMethod::kPaper ? "paper" : "backdrop"},
      {"footage_frames", player_->frames()},
      {"soft_share", quality_.soft_share},
      {"flicker", quality_.flicker},
      {"holes", quality_.holes},
      {"hole_share", quality_.hole_share},
      {"spill", spill},
      {"backdrop_noise", quality_.backdrop_noise},
      {"backdrop_pattern", quality_.backdrop_pattern},
      {"border_share", quality_.border_share},
  };
  return json.dump();
}

}  // namespace peekproof::testbed
