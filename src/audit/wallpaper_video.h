// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "audit/wallpaper_noise.h"
#include "base/result.h"
#include "media/video_reader.h"

namespace peekproof::audit {

/// A video that a service loops behind the caller, given as a file: which of its pictures a recorded frame
/// shows, and that picture.
///
/// Services start the loop when they like and drop pictures where they are late, so each frame is matched by
/// itself: at thumbnail size, by a difference that is cut off, so that a caller before the picture counts
/// little.
///
/// Memory  110 KB for each picture of the video, and nine pictures of the frame's size.
/// Threads One at a time.
class WallpaperVideo {
 public:
  /// The most pictures that a video may have: 40 s at 30 a second.
  static constexpr int kMostPictures = 1200;

  /// Whether a file that media::ReadPicture can read has more pictures than one. Errors  VideoReader::Open's.
  static Result<bool> IsVideo(const std::string& path);

  /// Reads the video once. In  size: of the recording's frames; pictures are fitted to it as services do
  /// (kCover). Errors  VideoReader::Open's; kUnsupported where it has more than kMostPictures pictures, or
  /// only one.
  static Result<std::unique_ptr<WallpaperVideo>> Open(const std::string& path, cv::Size size);

  int pictures() const { return static_cast<int>(thumbnails_.size()); }
  /// Mean of all pictures: what stilled frames show behind the caller.
  const cv::Mat3b& mean() const { return mean_; }
  const cv::Mat3b& mean_thumbnail() const { return mean_thumbnail_; }

  /// What the recording makes of it; the survey learns it.
  WallpaperNoise& noise() { return noise_; }

  /// The picture that a frame shows. Where several look alike, the one that follows the last frame's.
  /// In      thumbnail: of the frame, of any size.
  int Locate(const cv::Mat3b& thumbnail);
  /// Picture `index` at kThumbnailSize.
  const cv::Mat3b& ThumbnailAt(int index) const { return thumbnails_[static_cast<size_t>(index)]; }
  /// Picture `index` at the frame's size. Costs one decoding for each picture that is passed since the last
  /// call; going back by more than eight pictures costs decoding from the start. Errors  the reader's.
  Result<cv::Mat3b> PictureAt(int index);

 private:
  WallpaperVideo(std::string path, cv::Size size) : path_(std::move(path)), size_(size) {}
  Result<void> ReadAll();
  Result<void> Rewind();
  Result<bool> Step();
  double CostOf(const cv::Mat3b& coarse, int index) const;
  int Refined(const cv::Mat3b& thumbnail, int index) const;

  std::string path_;
  cv::Size size_;
  std::vector<cv::Mat3b> thumbnails_;
  std::vector<cv::Mat3b> coarse_;  ///< The same, smaller.
  cv::Mat3b mean_;
  cv::Mat3b mean_thumbnail_;
  WallpaperNoise noise_;
  int last_ = 0;  ///< What the last frame showed.
  std::unique_ptr<media::VideoReader> reader_;
  int position_ = -1;  ///< Picture that the reader is at.
  std::deque<std::pair<int, cv::Mat3b>> recent_;
};

}  // namespace peekproof::audit
