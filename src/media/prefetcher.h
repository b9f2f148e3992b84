// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>

#include "base/diagnostics.h"
#include "base/result.h"
#include "image/frame.h"
#include "media/video_reader.h"

namespace peekproof::media {

struct PrefetchOptions {
  int queue_length = 4;     ///< Frames decoded ahead, 1 to 64.
  cv::Size thumbnail_size;  ///< Empty: no thumbnails.
  /// Whether a frame (index, time in seconds, its thumbnail) is converted at full size; empty: every one.
  /// Called in the prefetcher's thread, frame by frame.
  std::function<bool(int64_t, double, const cv::Mat3b&)> wants_full;

  Result<void> Validate() const;
};

/// A frame from the prefetcher. Its pictures may be kept as long as wished: a buffer is used again only when
/// nobody else holds it. Dropping them soon saves memory.
struct DecodedFrame {
  image::Frame frame;   ///< bgr empty unless has_full.
  cv::Mat3b thumbnail;  ///< Empty unless asked for.
  bool has_full = false;
};

/// Decodes and converts in a thread of its own, beside whoever takes the frames. One consumer.
///
/// Memory: queue_length frames, the one in the making, and those that the consumer holds.
class FramePrefetcher {
 public:
  /// Takes the reader over, at its present place. Errors  kInvalidArgument (options).
  static Result<std::unique_ptr<FramePrefetcher>> Start(std::unique_ptr<VideoReader> reader,
                                                        const PrefetchOptions& options);
  /// Ends the thread, after the frame that it is at.
  ~FramePrefetcher();
  FramePrefetcher(const FramePrefetcher&) = delete;
  FramePrefetcher& operator=(const FramePrefetcher&) = delete;

  /// The next frame in order, waiting for it if need be; none at the end. Errors  the reader's, once, after
  /// the frames before it; from then on none.
  Result<std::optional<DecodedFrame>> Next();
  const VideoInfo& info() const;
  /// The reader's; to be asked only after Next gave none or an error, or after Stop.
  const Diagnostics& diagnostics() const;
  /// Ends the thread early; Next gives none from then on.
  void Stop();

 private:
  class State;
  explicit FramePrefetcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace peekproof::media
