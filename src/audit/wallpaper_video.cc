// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/wallpaper_video.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "audit/survey.h"
#include "base/check.h"
#include "engines/background.h"

namespace peekproof::audit {
namespace {

constexpr size_t kRecentPictures = 8;
constexpr int kRefineReach = 3;
const cv::Size kCoarseSize(32, 18);

// Mean absolute difference of samples, each cut off, in 8-bit levels.
double CutDifference(const cv::Mat3b& a, const cv::Mat3b& b) {
  constexpr int kMost = 40;
  int64_t sum = 0;
  for (int y = 0; y < a.rows; ++y) {
    const uchar* row_a = a.ptr<uchar>(y);
    const uchar* row_b = b.ptr<uchar>(y);
    int row_sum = 0;
    for (int i = 0; i < 3 * a.cols; ++i) row_sum += std::min(kMost, std::abs(row_a[i] - row_b[i]));
    sum += row_sum;
  }
  return static_cast<double>(sum) / (3.0 * static_cast<double>(a.total()));
}

cv::Mat3b Scaled(const cv::Mat3b& picture, cv::Size size) {
  cv::Mat3b scaled;
  cv::resize(picture, scaled, size, 0, 0, cv::INTER_AREA);
  return scaled;
}

}  // namespace

Result<bool> WallpaperVideo::IsVideo(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto reader, media::VideoReader::Open(path, {}));
  PEEKPROOF_RETURN_IF_ERROR(reader->Advance());
  return reader->Advance();
}

Result<std::unique_ptr<WallpaperVideo>> WallpaperVideo::Open(const std::string& path, cv::Size size) {
  std::unique_ptr<WallpaperVideo> video(new WallpaperVideo(path, size));
  PEEKPROOF_RETURN_IF_ERROR(video->ReadAll());
  return video;
}

Result<std::unique_ptr<WallpaperVideo>> WallpaperVideo::OpenLearned(std::unique_ptr<TemporaryFolder> folder,
                                                                    const std::string& path, cv::Size size,
                                                                    std::vector<cv::Mat1b> known) {
  std::unique_ptr<WallpaperVideo> video(new WallpaperVideo(path, size));
  video->folder_ = std::move(folder);
  PEEKPROOF_RETURN_IF_ERROR(video->ReadAll());
  PEEKPROOF_CHECK(static_cast<int>(known.size()) == video->pictures(), "one for each picture");
  video->known_ = std::move(known);
  return video;
}

Result<void> WallpaperVideo::ReadAll() {
  cv::Mat3f sum(size_, cv::Vec3f());
  PEEKPROOF_RETURN_IF_ERROR(Rewind());
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Step());
    if (!more) break;
    if (pictures() == kMostPictures) {
      return Error{
          ErrorCode::kUnsupported,
          fmt::format("{}: a video as wallpaper may have {} pictures at most; give one round of its loop",
                      path_, kMostPictures)};
    }
    PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, PictureAt(position_));
    cv::accumulate(picture, sum);
    thumbnails_.push_back(Scaled(picture, kThumbnailSize));
    coarse_.push_back(Scaled(picture, kCoarseSize));
  }
  if (pictures() < 2) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("{}: a video as wallpaper needs two pictures at least", path_)};
  }
  sum.convertTo(mean_, CV_8U, 1.0 / pictures());
  mean_thumbnail_ = Scaled(mean_, kThumbnailSize);
  return Rewind();
}

Result<void> WallpaperVideo::Rewind() {
  PEEKPROOF_ASSIGN_OR_RETURN(reader_, media::VideoReader::Open(path_, {}));
  position_ = -1;
  return {};
}

Result<bool> WallpaperVideo::Step() {
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader_->Advance());
  if (more) ++position_;
  return more;
}

Result<cv::Mat3b> WallpaperVideo::PictureAt(int index) {
  for (const auto& [known, picture] : recent_)
    if (known == index) return picture;
  if (index < position_) PEEKPROOF_RETURN_IF_ERROR(Rewind());
  while (position_ < index) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, Step());
    if (!more) return Error{ErrorCode::kCorruptData, fmt::format("{}: has become shorter", path_)};
  }
  cv::Mat3b decoded;
  PEEKPROOF_RETURN_IF_ERROR(reader_->Convert(&decoded));
  PEEKPROOF_ASSIGN_OR_RETURN(cv::Mat3b fitted, engines::FitWallpaper(decoded, size_, engines::Fit::kCover));
  if (recent_.size() == kRecentPictures) recent_.pop_front();
  recent_.emplace_back(index, fitted);
  return fitted;
}

Result<WallpaperVideo::Shown> WallpaperVideo::Behind(const cv::Mat3b& frame, int index) {
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, PictureAt(index));
  if (known_.empty()) return Shown{.picture = picture, .unknown = {}};
  Shown shown{.picture = picture.clone(), .unknown = {}};
  cv::bitwise_not(known_[static_cast<size_t>(index)], shown.unknown);
  cv::resize(shown.unknown, shown.unknown, frame.size(), 0, 0, cv::INTER_NEAREST);
  frame.copyTo(shown.picture, shown.unknown);
  return shown;
}

cv::Mat3b WallpaperVideo::ThumbnailBehind(const cv::Mat3b& thumbnail, int index) const {
  if (known_.empty()) return ThumbnailAt(index);
  cv::Mat3b behind = thumbnail.clone();
  ThumbnailAt(index).copyTo(behind, known_[static_cast<size_t>(index)]);
  return behind;
}

cv::Mat1b WallpaperVideo::MostlyKnown() const {
  if (known_.empty()) return {size_, uint8_t{255}};
  cv::Mat1f sum(kThumbnailSize, 0.0F);
  for (const cv::Mat1b& known : known_) cv::accumulate(known, sum);
  cv::Mat1b mostly;
  cv::compare(sum, 0.5 * 255 * pictures(), mostly, cv::CMP_GE);
  cv::resize(mostly, mostly, size_, 0, 0, cv::INTER_NEAREST);
  return mostly;
}

double WallpaperVideo::KnownShare() const {
  if (known_.empty()) return 1.0;
  double sum = 0;
  for (const cv::Mat1b& known : known_) sum += cv::mean(known)[0] / 255;
  return sum / pictures();
}

double WallpaperVideo::CostOf(const cv::Mat3b& coarse, int index) const {
  return CutDifference(coarse, coarse_[static_cast<size_t>(index)]);
}

int WallpaperVideo::Refined(const cv::Mat3b& thumbnail, int index) const {
  int best = index;
  double best_cost = CutDifference(thumbnail, ThumbnailAt(index));
  for (int step = -kRefineReach; step <= kRefineReach; ++step) {
    const int candidate = (index + step + pictures()) % pictures();
    const double cost = CutDifference(thumbnail, ThumbnailAt(candidate));
    if (cost >= best_cost) continue;
    best = candidate;
    best_cost = cost;
  }
  return best;
}

int WallpaperVideo::Locate(const cv::Mat3b& thumbnail) {
  constexpr int kAhead = 4;        // Pictures that may pass between two frames.
  constexpr double kBetter = 0.9;  // Share of its cost below which another place is believed.
  const cv::Mat3b coarse = Scaled(thumbnail, kCoarseSize);
  int next = last_;
  int anywhere = 0;
  std::vector<double> costs(thumbnails_.size());
  for (int i = 0; i < pictures(); ++i) {
    costs[static_cast<size_t>(i)] = CostOf(coarse, i);
    if (costs[static_cast<size_t>(i)] < costs[static_cast<size_t>(anywhere)]) anywhere = i;
  }
  for (int step = 0; step <= kAhead; ++step) {
    const int candidate = (last_ + step) % pictures();
    if (costs[static_cast<size_t>(candidate)] < costs[static_cast<size_t>(next)]) next = candidate;
  }
  const bool follows = costs[static_cast<size_t>(anywhere)] >= kBetter * costs[static_cast<size_t>(next)];
  last_ = Refined(Scaled(thumbnail, kThumbnailSize), follows ? next : anywhere);
  return last_;
}

}  // namespace peekproof::audit
