// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "media/byte_source.h"
#include "media/libav.h"

namespace peekproof::media {

/// Where a recording comes from: a path (or sequence pattern), or bytes that outlive the reader.
struct VideoInput {
  std::string name;  ///< Path; what messages call the bytes otherwise.
  std::optional<std::span<const uint8_t>> bytes;
};

enum class StreamKind {
  kVideo,  ///< The first video stream.
  kAudio,  ///< Every sound stream.
};

struct DemuxerOptions {
  int64_t max_pixels = 0;
  double sequence_frame_rate = 25;
  StreamKind kind = StreamKind::kVideo;
  std::stop_token stop;
};

/// Takes the packets of the first video stream, or of the sound, out of a container.
///
/// Safe against hostile files: FFmpeg reads through our own InputStream, may open nothing else (only a
/// picture sequence opens files, regular ones next to its pattern), and only self-contained formats are let
/// in, so no playlist can name another file or host.
class Demuxer {
 public:
  static Result<std::unique_ptr<Demuxer>> Open(const VideoInput& input, const DemuxerOptions& options);
  ~Demuxer();
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  /// The next packet of the chosen kind; false at the end. Damage is skipped and told in `diagnostics`.
  /// Errors  kInterrupted.
  Result<bool> Next(AVPacket* packet, Diagnostics* diagnostics);
  /// Goes to the key frame at or before a timestamp of the stream; false if the format cannot.
  bool SeekTo(int64_t timestamp);
  /// Whether SeekTo is worth trying: the format has an index or timestamps that survive a jump.
  bool CanSeek() const;

  /// The first one of the chosen kind.
  AVStream* stream() const { return stream_; }
  const AVFormatContext* context() const { return context_.get(); }
  bool has_audio() const { return has_audio_; }
  int video_streams() const { return video_streams_; }
  int64_t sequence_count() const { return sequence_count_; }
  /// Seconds of a timestamp of stream(), from the stream's stated start.
  double SecondsOf(int64_t timestamp) const;

 private:
  Demuxer(std::string name, DemuxerOptions options);
  Result<void> OpenSequence();
  Result<void> OpenContainer(const VideoInput& input);
  Result<const AVInputFormat*> Probe();
  Result<void> FindStreams();
  Result<void> ChooseStream();
  bool IsWanted(const AVPacket& packet) const;
  Error OpeningFailed(int code, const libav::LogCapture& log, const std::string& format) const;
  Error TooLarge(int width, int height) const;
  Result<void> CheckSizes() const;
  Result<bool> Read(Diagnostics* diagnostics);
  void NoteLog(const libav::LogCapture& log);
  bool SkipDamage(int code, Diagnostics* diagnostics);
  void NoteProgress(const AVPacket& packet);
  void NoteEnd(Diagnostics* diagnostics);
  void NoteTruncation(Diagnostics* diagnostics);
  double StatedDuration() const;
  bool NameMatches(const char* names) const;

  static int Interrupted(void* self);
  static int OpenPicture(AVFormatContext* context, AVIOContext** stream, const char* url, int flags,
                         AVDictionary** options);

  std::string name_;
  DemuxerOptions options_;
  std::unique_ptr<InputStream> input_;  ///< Null for a picture sequence. Outlives context_.
  libav::InputContext context_;
  AVStream* stream_ = nullptr;
  bool has_audio_ = false;
  int video_streams_ = 0;
  int64_t sequence_count_ = 0;
  int64_t packets_ = 0;
  int64_t behind_the_gap_ = 0;
  int failures_in_a_row_ = 0;
  double read_until_s_ = 0;  ///< End of the latest packet, from the stated start.
  int64_t last_byte_ = 0;    ///< End of the latest packet in the file, 0 where unknown.
  bool cut_off_ = false;     ///< The format itself shows that the file is truncated.
  bool truncation_told_ = false;
  bool ended_ = false;
  libav::Packet ahead_ = libav::MakePacket();
  bool ahead_is_full_ = false;
};

}  // namespace peekproof::media
