// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/demuxer.h"
#include "media/orientation.h"

namespace peekproof::media {

/// Decodes the video stream of a recording into frames in presentation order, with their own timestamps.
class FrameSource {
 public:
  /// threads: decoder threads, at least 1.
  static Result<std::unique_ptr<FrameSource>> Open(const VideoInput& input, const DemuxerOptions& options,
                                                   int threads);

  /// The next frame; false at the end. Packets that do not decode are skipped and told in `diagnostics`.
  /// Errors  kInterrupted; kUnsupported (too large); kInternal.
  Result<bool> Next(AVFrame* frame, Diagnostics* diagnostics);
  /// Goes to a key frame at or before the timestamp; false if that cannot be done.
  bool SeekTo(int64_t timestamp);

  const Demuxer& demuxer() const { return *demuxer_; }
  AVCodecID codec() const { return decoder_->codec_id; }
  std::string codec_name() const { return avcodec_get_name(decoder_->codec_id); }
  /// What FFmpeg said of the latest packet that did not decode.
  const std::string& last_failure() const { return last_failure_; }
  /// The stream's own display matrix.
  std::optional<std::array<int32_t, 9>> display_matrix() const;

 private:
  FrameSource(std::unique_ptr<Demuxer> demuxer, libav::CodecContext decoder, int64_t max_pixels);
  Result<void> Feed(Diagnostics* diagnostics);
  Result<void> CheckSize(const AVFrame& frame) const;
  void NoteFailure(const libav::LogCapture& log, int code, Diagnostics* diagnostics);

  std::unique_ptr<Demuxer> demuxer_;
  libav::CodecContext decoder_;
  libav::Packet packet_ = libav::MakePacket();
  const int64_t max_pixels_;
  double packet_time_s_ = -1;
  bool draining_ = false;
  std::string last_failure_;
};

/// Whether the decoder says that it had to guess part of the picture.
bool IsDamaged(const AVFrame& frame);

}  // namespace peekproof::media
