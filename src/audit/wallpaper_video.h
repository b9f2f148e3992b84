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
#include "base/temporary_folder.h"
#include "media/video_reader.h"

namespace peekproof::audit {

/// A video that a service loops behind the caller, given as a file or learned from the recording: which of
/// its pictures a recorded frame shows, and that picture.
///
/// Services start the loop when they like and drop pictures where they are late, so each frame is matched by
/// itself: at thumbnail size, by a difference that is cut off, so that a caller before the picture counts
/// little.
///
/// Memory  110 KB (147 KB of a learned one) for each picture of the video, and nine pictures of the frame's
/// size. Threads One at a time.
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

  /// The same of a video that was learned from the recording, of its frames' size, which is known in parts.
  /// In  folder: goes away with this. known: for each picture 255 where it is known, at kThumbnailSize.
  static Result<std::unique_ptr<WallpaperVideo>> OpenLearned(std::unique_ptr<TemporaryFolder> folder,
                                                             const std::string& path, cv::Size size,
                                                             std::vector<cv::Mat1b> known);

  int pictures() const { return static_cast<int>(thumbnails_.size()); }
  /// Mean of all pictures: what stilled frames show behind the caller.
  const cv::Mat3b& mean() const { return mean_; }
  const cv::Mat3b& mean_thumbnail() const { return mean_thumbnail_; }

  /// What the recording makes of it; the survey learns it.
  WallpaperNoise& noise() { return noise_; }

  /// The picture that a frame shows. Where several look alike, the one that follows the last frame's.
  /// In      thumbnail: of the frame, of any size.
  int Locate(const cv::Mat3b& thumbnail);
  /// What is behind the caller of a frame.
  struct Shown {
    cv::Mat3b picture;  ///< BGR; where it is not known what the frame itself shows, which so tells nothing.
    cv::Mat1b unknown;  ///< 255 where it is not known; empty where all is.
  };
  /// In  frame: of the size given, showing picture `index`. Errors  PictureAt's.
  Result<Shown> Behind(const cv::Mat3b& frame, int index);
  /// The same at kThumbnailSize.
  cv::Mat3b ThumbnailBehind(const cv::Mat3b& thumbnail, int index) const;
  /// At the frames' size, 255 where at least half of the pictures are known.
  cv::Mat1b MostlyKnown() const;
  /// Of all pictures, the share that is known, in [0, 1].
  double KnownShare() const;

  /// Picture `index` at the frame's size. Costs one decoding for each picture that is passed since the last
  /// call; going back by more than eight pictures costs decoding from the start. Errors  the reader's.
  Result<cv::Mat3b> PictureAt(int index);

 private:
  WallpaperVideo(std::string path, cv::Size size) : path_(std::move(path)), size_(size) {}
  Result<void> ReadAll();
  Result<void> Rewind();
  Result<bool> Step();
  const cv::Mat3b& ThumbnailAt(int index) const { return thumbnails_[static_cast<size_t>(index)]; }
  double CostOf(const cv::Mat3b& coarse, int index) const;
  int Refined(const cv::Mat3b& thumbnail, int index) const;

  std::unique_ptr<TemporaryFolder> folder_;  ///< Of a video that was learned.
  std::string path_;
  cv::Size size_;
  std::vector<cv::Mat3b> thumbnails_;
  std::vector<cv::Mat3b> coarse_;  ///< The same, smaller.
  std::vector<cv::Mat1b> known_;   ///< Empty where all is known.
  cv::Mat3b mean_;
  cv::Mat3b mean_thumbnail_;
  WallpaperNoise noise_;
  int last_ = 0;  ///< What the last frame showed.
  std::unique_ptr<media::VideoReader> reader_;
  int position_ = -1;  ///< Picture that the reader is at.
  std::deque<std::pair<int, cv::Mat3b>> recent_;
};

}  // namespace peekproof::audit
