// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "base/result.h"
#include "image/mask.h"
#include "media/video_reader.h"
#include "media/video_writer.h"

namespace peekproof::testbed {

/// What is known of each pixel of one frame of a call. All of the frame's size, all in [0, 1] and exact:
/// whole numbers of 1/65535.
struct TruthFrame {
  double time_s = 0;
  image::AlphaMask caller;        ///< Share of the pixel that is the caller.
  image::AlphaMask engine_alpha;  ///< Weight of the camera's pixel in what was shown; 1 in raw frames.
  image::AlphaMask leak_alpha;    ///< engine_alpha clear of the caller and of the edge band, else 0.
};

/// Rounds a matte to what truth files hold.
void QuantiseMatte(image::AlphaMask* matte);
/// The matte that 16-bit samples stand for.
void MatteFromSamples(const cv::Mat1w& samples, cv::Mat1f* matte);

/// Writes truth/caller.mkv, engine_alpha.mkv and leak_alpha.mkv, 16-bit grey FFV1, and for a background that
/// moves truth/wallpaper.mkv, RGB FFV1: frame by frame those of the call, at the same times. Not thread-safe;
/// the files are encoded side by side.
class TruthVideoWriter {
 public:
  /// Errors  media::VideoWriter's.
  static Result<std::unique_ptr<TruthVideoWriter>> Create(const std::string& directory, cv::Size size,
                                                          double frame_rate, bool with_wallpaper);

  /// frame: quantised. wallpaper: as it was drawn; looked at only by a writer with wallpaper.
  Result<void> Write(const TruthFrame& frame, const cv::Mat3b& wallpaper);
  Result<void> Finish();

 private:
  TruthVideoWriter() = default;

  std::unique_ptr<media::VideoWriter> mattes_[3];
  cv::Mat1w samples_[3];
  std::unique_ptr<media::VideoWriter> wallpaper_;  ///< Null without.
};

/// Reads back the mattes that a TruthVideoWriter wrote. Not thread-safe.
class TruthVideoReader {
 public:
  /// directory: the scene's folder. Errors  kNotFound (the scene was made without them: says how to make
  /// them), media::VideoReader's.
  static Result<std::unique_ptr<TruthVideoReader>> Open(const std::string& directory);

  /// The next frame; false at the end. Errors  kCorruptData (files of different lengths), the reader's.
  Result<bool> Next(TruthFrame* frame);

 private:
  TruthVideoReader() = default;

  std::unique_ptr<media::VideoReader> mattes_[3];
  cv::Mat1w samples_;
};

}  // namespace peekproof::testbed
