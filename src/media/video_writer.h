// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "media/colour_tags.h"

namespace peekproof::media {

class PictureSink;
struct ReaderOptions;
struct VideoInfo;

/// The sound of a recording that goes into a written video: every sound stream, packet by packet as it is.
/// All times are on the recording's own clock.
struct AudioRange {
  std::string path;
  double zero_s = 0;  ///< Where time 0 of the written video lies.
  /// Packets that begin earlier are left out; none: also what precedes the video is taken.
  std::optional<double> start_s;
  std::optional<double> end_s;  ///< Packets that begin here or later are left out.
};

/// The sound that goes with the frames that a reader with these options hands out, when they are written at
/// time_s() - info.first_time_s.
AudioRange AudioOf(const std::string& path, const VideoInfo& info, const ReaderOptions& options);

struct WriterOptions {
  /// FFmpeg encoder name; "ffv1" or "libx264rgb" with crf 0 is lossless. Empty: the container's usual one
  /// (libx264; webm and ivf: libvpx-vp9; gif, y4m and mpg: their own).
  std::string codec = "libx264";
  double frame_rate = 25;
  int64_t bit_rate = 0;  ///< Bits per second; 0: constant quality by `crf`.
  int crf = 23;          ///< Constant rate factor where bit_rate is 0; mapped to a quantiser without one.
  int key_frame_interval =
      0;  ///< At most so many frames from key frame to key frame; 0: the encoder's choice.
  std::string preset = "veryfast";  ///< Of libx264 and libx265.
  std::string pixel_format;  ///< FFmpeg's name; empty: RGB for ffv1, libx264rgb and gif, otherwise yuv420p.
  int64_t ticks_per_second = 0;  ///< Times are rounded to these (mkv and webm: to ms); 0: by the frame rate.
  double pixel_aspect = 1;       ///< Width of a pixel over its height.
  bool bt709 = true;             ///< Matrix, primaries and transfer tags: BT.709, else BT.601.
  bool full_range = false;
  std::optional<ColourTags> colour;  ///< In place of the two above.
  /// As a call encodes (see SetForCalls): no frame is held back, a constant rate, which bit_rate must give,
  /// and times rounded to frames of the frame rate.
  bool realtime = false;
  std::optional<AudioRange> audio;  ///< None: a video without sound.
  int threads = 1;                  ///< 1 gives the same bytes on every machine.

  Result<void> Validate() const;
};

/// Options for a video with the clock, the colours and the pixel shape of one that was read, in the
/// container's usual codec. RGB becomes BT.709 of limited range.
WriterOptions OptionsLike(const VideoInfo& info);
/// Options for a lossless grey video in mkv or nut, of 8 or 16 bits: mattes, depth.
WriterOptions LosslessGrey(int bits);

/// Encodes frames into a file whose container follows from its name: mp4, mov, mkv, webm, avi, ts, mpg, gif,
/// y4m, ivf or nut. Colour tags are written, chroma sits on the left. The file is readable by the user only
/// and appears when Finish completes. Not thread-safe.
///
/// A pattern such as "out_%04d.png" gives numbered PNG files from 0 on instead: lossless, without time, sound
/// or codec options. They appear one by one, and go again if Finish does not complete them.
///
/// Sound is interleaved up to the time of the frame that was written last. Where it begins before the video,
/// everything moves on so that it is heard; the distance of picture and sound stays. (avi and mpg place sound
/// by whole packets and frames.)
class VideoWriter {
 public:
  /// Errors  kInvalidArgument (options, size); kUnsupported (no such encoder here, or one that refuses the
  /// pixel format, the size or the container; a container that does not hold the sound, or a recording
  /// without any); kIo; those of opening the recording for its sound.
  static Result<std::unique_ptr<VideoWriter>> Create(const std::string& path, cv::Size size,
                                                     const WriterOptions& options);
  /// Discards what Finish has not completed.
  ~VideoWriter();

  /// Appends a picture of the size given to Create, at time number / frame_rate: BGR 8-bit sRGB (CV_8UC3);
  /// where the pixel format is gray, CV_8UC1; where it is gray16le, CV_16UC1; where it
  /// has alpha (yuva420p, bgra), also CV_8UC4 of straight alpha. As numbered pictures any of
  /// these and BGRA, all of one kind. Errors  kIo, kInternal, kInvalidArgument (another kind; not behind the
  /// frame before).
  Result<void> Write(const cv::Mat& picture);
  /// Appends a frame at an explicit time in seconds (variable frame rate); times must grow.
  /// Errors  besides Write's: kUnsupported (MPEG-1, MPEG-2, avi, mpg, ivf and y4m have a fixed rate).
  Result<void> WriteAt(const cv::Mat& picture, double time_s);
  /// Flushes the encoder, adds the sound up to its range's end and completes the file.
  Result<void> Finish();
  /// The same for a video that ends before it was meant to: the sound ends with the last frame.
  Result<void> FinishEarly();
  /// Whether WriteAt is refused (MPEG-1, MPEG-2, avi, mpg, ivf and y4m).
  bool has_fixed_rate() const;
  /// What was lost of the sound.
  const Diagnostics& diagnostics() const;

 private:
  explicit VideoWriter(std::unique_ptr<PictureSink> sink);
  std::unique_ptr<PictureSink> sink_;
};

}  // namespace peekproof::media
