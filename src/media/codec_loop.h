// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "base/result.h"

namespace peekproof::media {

struct WriterOptions;

/// The lossy codecs of calls.
enum class CallCodec { kH264, kVp8, kVp9, kAv1 };

struct CodecLoopOptions {
  CallCodec codec = CallCodec::kH264;
  cv::Size size{1280, 720};      ///< H.264: even sides.
  double frame_rate = 25;        ///< Frames per second at which frames come, but for dropped ones.
  int64_t bit_rate = 1'500'000;  ///< Bits per second, at least 10000.

  Result<void> Validate() const;
};

/// A picture behind encoder and decoder.
struct LoopedFrame {
  cv::Mat3b bgr;      ///< As decoded: the loop's size, BGR 8-bit sRGB.
  int64_t bytes = 0;  ///< Of the coded frame.
  bool key_frame = false;
  /// Quantiser, on the encoder's own scale: H.264 0 to 51, and by x264's emergency means on to 69; VP8 and
  /// VP9 0 to 63; AV1: not told.
  std::optional<double> quantiser;
};

/// The options by which a VideoWriter encodes what a CodecLoop of these options does: one thread, no frame
/// held back (see SetForCalls in realtime_encoder.h), BT.709, or BT.601 for VP8, whose streams state none.
WriterOptions WriterOptionsForCalls(const CodecLoopOptions& options);

/// Encodes a frame as a call does and decodes it again at once: one in, one out. One thread, so that the same
/// frames give the same bytes on any machine with the same libraries. Not thread-safe.
class CodecLoop {
 public:
  /// Errors  kInvalidArgument (options); kUnsupported (this FFmpeg lacks the encoder or a decoder; a size
  /// that
  ///         the encoder does not take).
  static Result<std::unique_ptr<CodecLoop>> Create(const CodecLoopOptions& options);
  ~CodecLoop();

  /// Passes the next picture, of the loop's size, shown at time_s. Times grow; they are rounded to frames, by
  /// which rate control sees gaps.
  /// Out     looped: its picture may share memory with the one of the call before only where the caller did.
  /// Errors  kInternal (the codec fails or holds a frame back).
  Result<void> Pass(const cv::Mat3b& bgr, double time_s, LoopedFrame* looped);
  /// Codes the next frame without reference to earlier ones.
  void AskForKeyFrame();
  /// Another rate from the next frame on. H.264 goes on; the other encoders begin anew, with a key frame
  /// (Differs: WebRTC's go on as well; FFmpeg does not hand them a new rate).
  Result<void> SetBitRate(int64_t bit_rate);
  /// Another size, and rate, from the next frame on: a new encoder and a key frame.
  Result<void> Restart(cv::Size size, int64_t bit_rate);

  const CodecLoopOptions& options() const { return options_; }

 private:
  class State;
  explicit CodecLoop(const CodecLoopOptions& options);
  Result<void> Open();

  CodecLoopOptions options_;
  std::unique_ptr<State> state_;
};

}  // namespace peekproof::media
