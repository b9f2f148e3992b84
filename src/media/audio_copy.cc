// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio_copy.h"

#include <algorithm>
#include <cmath>
#include <string_view>

extern "C" {
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
}

#include "media/timeline.h"

namespace peekproof::media {
namespace {

/// Larger timestamps are nonsense, and sums of smaller ones cannot overflow.
constexpr int64_t kLargestTimestamp = int64_t{1} << 53;

int64_t TicksOf(double seconds, const AVStream& stream) {
  const double ticks = seconds / av_q2d(stream.time_base);
  constexpr auto kLimit = static_cast<double>(kLargestTimestamp);
  return std::llround(std::clamp(ticks, -kLimit, kLimit));
}

double SecondsOf(int64_t ticks, const AVStream& stream) {
  return static_cast<double>(ticks) * av_q2d(stream.time_base);
}

/// Samples at the packet's start that a decoder drops.
int64_t PrimingOf(const AVPacket& packet, const AVStream& stream) {
  size_t size = 0;
  const uint8_t* data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  return data != nullptr && size >= 4 ? AV_RL32(data) : stream.codecpar->initial_padding;
}

/// A reader of Matroska takes the decoder's delay, which the header states, off each time. FFmpeg's writer
/// does not add it, so that every copy of Opus would be early by 6.5 ms more.
double DelayIn(const AVOutputFormat& container, const AVCodecParameters& parameters) {
  const std::string_view name = container.name;
  if (parameters.codec_id != AV_CODEC_ID_OPUS || (name != "matroska" && name != "webm")) return 0;
  constexpr double kOpusRate = 48000;
  return parameters.initial_padding / kOpusRate;
}

Error DoesNotHold(const AVOutputFormat& container, AVCodecID codec) {
  return {ErrorCode::kUnsupported,
          fmt::format("container {} does not hold the recording's sound ({}); write .mkv, or leave the sound "
                      "out with --drop-audio",
                      container.name, avcodec_get_name(codec))};
}

bool Holds(const AVOutputFormat& container, AVCodecID codec) {
  return container.audio_codec != AV_CODEC_ID_NONE && codec != AV_CODEC_ID_NONE &&
         avformat_query_codec(&container, codec, FF_COMPLIANCE_NORMAL) != 0;
}

}  // namespace

AudioCopy::AudioCopy(AudioRange range, std::unique_ptr<Demuxer> demuxer)
    : range_(std::move(range)), demuxer_(std::move(demuxer)) {}

Result<std::unique_ptr<AudioCopy>> AudioCopy::Open(const AudioRange& range) {
  // No picture is decoded: the reader of the picture has refused what is too large.
  const DemuxerOptions options{.max_pixels = INT32_MAX, .kind = StreamKind::kAudio};
  PEEKPROOF_ASSIGN_OR_RETURN(std::unique_ptr<Demuxer> demuxer,
                             Demuxer::Open({.name = range.path, .bytes = std::nullopt}, options));
  std::unique_ptr<AudioCopy> copy(new AudioCopy(range, std::move(demuxer)));
  const AVFormatContext& input = *copy->demuxer_->context();
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    const bool audio = input.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    copy->tracks_.push_back({.from = audio ? input.streams[i] : nullptr});
  }
  PEEKPROOF_RETURN_IF_ERROR(copy->GoToStart());
  return copy;
}

/// Reads up to the first packet that is to be copied.
Result<void> AudioCopy::GoToStart() {
  constexpr double kWorthAJump = 3.0;
  if (range_.start_s && demuxer_->CanSeek()) {
    const int64_t target = TicksOf(*range_.start_s - kWorthAJump, *demuxer_->stream());
    // Where that fails, everything before is read and left out.
    if (demuxer_->SecondsOf(target) > 0) demuxer_->SeekTo(target);
  }
  PEEKPROOF_ASSIGN_OR_RETURN(ahead_is_full_, ReadAhead());
  if (!ahead_is_full_) return {};
  lead_s_ = LeadOf(*ahead_);
  return {};
}

double AudioCopy::LeadOf(const AVPacket& packet) const {
  double lead_s = 0;
  for (const Track& track : tracks_) {
    if (track.from == nullptr || range_.start_s) continue;
    const AVStream& stream = *track.from;
    const bool first = stream.index == packet.stream_index;
    if (!first && stream.start_time == AV_NOPTS_VALUE) continue;
    const double begin_s = first ? ahead_s_ : SecondsOf(stream.start_time, stream) - range_.zero_s;
    const int64_t priming = first ? PrimingOf(packet, stream) : stream.codecpar->initial_padding;
    const int rate = std::max(stream.codecpar->sample_rate, 1);
    lead_s = std::max(lead_s, -(begin_s + static_cast<double>(priming) / rate));
  }
  constexpr double kHalfAMillisecond = 0.0005;
  return lead_s < kHalfAMillisecond ? 0 : lead_s;
}

/// When a packet begins, on its stream's clock: times grow, and what falls far back goes on from before.
int64_t AudioCopy::Place(const AVPacket& packet, Track* track) const {
  const int64_t stated = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  const bool usable = stated >= -kLargestTimestamp && stated <= kLargestTimestamp;
  const int64_t duration = std::clamp<int64_t>(packet.duration, 0, kLargestTimestamp);
  int64_t ticks = usable ? stated + track->jump : track->next;
  const double fall_s = track->begun ? SecondsOf(track->next - ticks, *track->from) : 0;
  if (fall_s > kJumpBackSeconds) {
    track->jump = std::min(track->jump + track->next - ticks, kLargestTimestamp);
    ticks = track->next;
  }
  track->next = std::min(ticks + duration, kLargestTimestamp);
  track->begun = true;
  return ticks;
}

/// The next packet of the range into ahead_; false at its end.
Result<bool> AudioCopy::ReadAhead() {
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, demuxer_->Next(ahead_.get(), &diagnostics_));
    if (!more) return false;
    const auto index = static_cast<size_t>(ahead_->stream_index);
    if (index >= tracks_.size() || tracks_[index].from == nullptr) {
      diagnostics_.Add(ErrorCode::kUnsupported, "a sound stream that begins in the midst was left out");
      av_packet_unref(ahead_.get());
      continue;
    }
    const AVStream& stream = *tracks_[index].from;
    ahead_ticks_ = Place(*ahead_, &tracks_[index]);
    const double own_s = SecondsOf(ahead_ticks_, stream);
    ahead_s_ = own_s - range_.zero_s;
    const bool before = range_.start_s && own_s < *range_.start_s - kTimeTolerance;
    const bool behind = range_.end_s && own_s >= *range_.end_s - kTimeTolerance;
    if (!before && !behind) return true;
    av_packet_unref(ahead_.get());
    // Streams lie interleaved, up to some seconds apart.
    constexpr double kInterleaving = 10.0;
    if (behind && own_s > *range_.end_s + kInterleaving) return false;
  }
}

Result<void> AudioCopy::AddStreams(AVFormatContext* output) {
  for (Track& track : tracks_) {
    if (track.from == nullptr) continue;
    const AVCodecParameters& parameters = *track.from->codecpar;
    if (!Holds(*output->oformat, parameters.codec_id)) {
      return DoesNotHold(*output->oformat, parameters.codec_id);
    }
    track.to = avformat_new_stream(output, nullptr);
    const bool copied = track.to != nullptr && avcodec_parameters_copy(track.to->codecpar, &parameters) >= 0;
    PEEKPROOF_CHECK(copied, "out of memory");
    track.to->codecpar->codec_tag = 0;  // The container's own.
    track.to->time_base =
        parameters.sample_rate > 0 ? AVRational{1, parameters.sample_rate} : track.from->time_base;
    track.delay_s = DelayIn(*output->oformat, parameters);
    track.to->disposition = track.from->disposition;
    for (const char* key : {"language", "title"}) {
      const AVDictionaryEntry* entry = av_dict_get(track.from->metadata, key, nullptr, 0);
      if (entry != nullptr) av_dict_set(&track.to->metadata, key, entry->value, 0);
    }
  }
  return {};
}

int AudioCopy::WriteAhead(double shift_s, AVFormatContext* output) {
  Track& track = tracks_[static_cast<size_t>(ahead_->stream_index)];
  const AVRational from = track.from->time_base;
  const AVRational to = track.to->time_base;
  const int64_t ticks = ahead_ticks_ + TicksOf(shift_s + track.delay_s - range_.zero_s, *track.from);
  const int rate = track.from->codecpar->sample_rate;
  const int64_t samples = rate > 0 ? av_rescale_q(ahead_->duration, from, {1, rate}) : 0;
  // Clocks coarser than a sample (Matroska's) would otherwise shake the times.
  const bool fine = rate > 0 && samples > 0 && samples <= INT32_MAX;
  int64_t written =
      fine ? av_rescale_delta(from, ticks, {1, rate}, static_cast<int>(samples), &track.rescaling, to)
           : av_rescale_q(ticks, from, to);
  if (track.last_written != INT64_MIN) written = std::max(written, track.last_written + 1);
  track.last_written = written;
  ahead_->pts = written;
  ahead_->dts = written;
  ahead_->duration = av_rescale_q(ahead_->duration, from, to);
  ahead_->stream_index = track.to->index;
  ahead_->pos = -1;
  return av_interleaved_write_frame(output, ahead_.get());
}

Result<int> AudioCopy::WriteUntil(double until_s, double shift_s, AVFormatContext* output) {
  while (ahead_is_full_ && ahead_s_ <= until_s) {
    const int code = WriteAhead(shift_s, output);
    ahead_is_full_ = false;
    if (code < 0) return code;
    PEEKPROOF_ASSIGN_OR_RETURN(ahead_is_full_, ReadAhead());
  }
  return 0;
}

}  // namespace peekproof::media
