// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "media/demuxer.h"
#include "media/libav.h"
#include "media/video_writer.h"

namespace peekproof::media {

/// Takes the sound streams of a recording over into a file that is written: packets as they are, on the
/// written video's clock. Opens the recording for itself, so that the order of packets in it does not matter.
class AudioCopy {
 public:
  /// Errors  the demuxer's; kUnsupported (no sound).
  static Result<std::unique_ptr<AudioCopy>> Open(const AudioRange& range);

  /// How long before the video's time 0 there is something to hear; 0 if not before.
  double lead_s() const { return lead_s_; }
  /// Adds a stream for each of the recording's. Errors  kUnsupported (the container does not hold one).
  Result<void> AddStreams(AVFormatContext* output);
  /// Writes the packets that begin up to a time of the video, moved on by shift_s; FFmpeg's error code.
  Result<int> WriteUntil(double until_s, double shift_s, AVFormatContext* output);

  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  struct Track {
    const AVStream* from = nullptr;
    AVStream* to = nullptr;
    int64_t jump = 0;    ///< What joined recordings are moved by.
    int64_t next = 0;    ///< Where the next packet is due, on the recording's clock.
    double delay_s = 0;  ///< What the container's own clock takes off again.
    bool begun = false;
    int64_t rescaling = AV_NOPTS_VALUE;  ///< av_rescale_delta's memory.
    int64_t last_written = INT64_MIN;
  };

  AudioCopy(AudioRange range, std::unique_ptr<Demuxer> demuxer);
  Result<void> GoToStart();
  Result<bool> ReadAhead();
  int64_t Place(const AVPacket& packet, Track* track) const;
  double LeadOf(const AVPacket& packet) const;
  int WriteAhead(double shift_s, AVFormatContext* output);

  const AudioRange range_;
  std::unique_ptr<Demuxer> demuxer_;
  Diagnostics diagnostics_;
  std::vector<Track> tracks_;  ///< One per stream of the recording; without `from` where it is no sound.
  libav::Packet ahead_ = libav::MakePacket();
  int64_t ahead_ticks_ = 0;  ///< When it begins, on its stream's clock.
  double ahead_s_ = 0;       ///< The same in seconds of the written video.
  bool ahead_is_full_ = false;
  double lead_s_ = 0;
};

}  // namespace peekproof::media
