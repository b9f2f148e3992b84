// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/frame_source.h"

#include <string_view>

#include <algorithm>
#include <cstring>

namespace peekproof::media {
namespace {

Error TooLarge(int width, int height, int64_t max_pixels) {
  return {ErrorCode::kUnsupported,
          fmt::format("the picture size {}x{} is over the limit of {} pixels; scale the recording down",
                      width, height, max_pixels)};
}

/// The decoder to use. FFmpeg's own for VP8 and VP9 leave alpha out, libvpx's do not.
const AVCodec* DecoderFor(const AVStream& stream) {
  const AVDictionaryEntry* const alpha = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
  if (alpha != nullptr && std::string_view(alpha->value) == "1") {
    const bool is_vp8 = stream.codecpar->codec_id == AV_CODEC_ID_VP8;
    const AVCodec* const libvpx = avcodec_find_decoder_by_name(is_vp8 ? "libvpx" : "libvpx-vp9");
    if (libvpx != nullptr && libvpx->id == stream.codecpar->codec_id) return libvpx;
  }
  return avcodec_find_decoder(stream.codecpar->codec_id);
}

Result<libav::CodecContext> OpenDecoder(const AVStream& stream, int64_t max_pixels, int threads) {
  const AVCodecParameters& parameters = *stream.codecpar;
  const AVCodec* codec = DecoderFor(stream);
  if (codec == nullptr) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("this FFmpeg has no decoder for {}; convert the recording to H.264",
                             avcodec_get_name(parameters.codec_id))};
  }
  libav::CodecContext decoder(avcodec_alloc_context3(codec));
  PEEKPROOF_CHECK(decoder != nullptr, "out of memory");
  const libav::LogCapture log;
  int code = avcodec_parameters_to_context(decoder.get(), &parameters);
  decoder->pkt_timebase = stream.time_base;
  decoder->max_pixels = max_pixels;
  decoder->thread_count = threads;
  decoder->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
  if (code >= 0) code = avcodec_open2(decoder.get(), codec, nullptr);
  if (code < 0) {
    return Error{ErrorCode::kCorruptData,
                 fmt::format("the {} stream cannot be decoded: {}; record or copy the file again",
                             avcodec_get_name(parameters.codec_id), log.Explain(code))};
  }
  return decoder;
}

}  // namespace

bool IsDamaged(const AVFrame& frame) {
  return (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
}

FrameSource::FrameSource(std::unique_ptr<Demuxer> demuxer, libav::CodecContext decoder, int64_t max_pixels)
    : demuxer_(std::move(demuxer)), decoder_(std::move(decoder)), max_pixels_(max_pixels) {}

Result<std::unique_ptr<FrameSource>> FrameSource::Open(const VideoInput& input, const DemuxerOptions& options,
                                                       int threads) {
  PEEKPROOF_ASSIGN_OR_RETURN(std::unique_ptr<Demuxer> demuxer, Demuxer::Open(input, options));
  Result<libav::CodecContext> decoder = OpenDecoder(*demuxer->stream(), options.max_pixels, threads);
  if (!decoder.ok()) {
    return Error{decoder.error().code, fmt::format("{}: {}", decoder.error().message, input.name)};
  }
  return std::unique_ptr<FrameSource>(
      new FrameSource(std::move(demuxer), std::move(decoder).value(), options.max_pixels));
}

Result<bool> FrameSource::Next(AVFrame* frame, Diagnostics* diagnostics) {
  while (true) {
    const libav::LogCapture log;
    const int code = avcodec_receive_frame(decoder_.get(), frame);
    if (code >= 0) {
      PEEKPROOF_RETURN_IF_ERROR(CheckSize(*frame));
      return true;
    }
    if (code == AVERROR_EOF) return false;
    if (code == AVERROR(ENOMEM)) return Error{ErrorCode::kInternal, "out of memory while decoding"};
    if (code == AVERROR(EAGAIN)) {
      PEEKPROOF_RETURN_IF_ERROR(Feed(diagnostics));
    } else {
      NoteFailure(log, code, diagnostics);
    }
  }
}

/// Sends one packet, or the end, to the decoder.
Result<void> FrameSource::Feed(Diagnostics* diagnostics) {
  PEEKPROOF_CHECK(!draining_, "a drained decoder asks for more");
  PEEKPROOF_ASSIGN_OR_RETURN(const bool more, demuxer_->Next(packet_.get(), diagnostics));
  const libav::LogCapture log;
  if (!more) {
    draining_ = true;
    const int code = avcodec_send_packet(decoder_.get(), nullptr);
    // Frame threads report an earlier packet's failure here; the draining goes on.
    if (code < 0 && code != AVERROR_EOF) NoteFailure(log, code, diagnostics);
    return {};
  }
  const int64_t timestamp = packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts;
  packet_time_s_ = timestamp == AV_NOPTS_VALUE ? -1 : std::max(0.0, demuxer_->SecondsOf(timestamp));
  const int code = avcodec_send_packet(decoder_.get(), packet_.get());
  av_packet_unref(packet_.get());
  if (code == AVERROR(ENOMEM)) return Error{ErrorCode::kInternal, "out of memory while decoding"};
  if (code < 0) NoteFailure(log, code, diagnostics);
  return {};
}

void FrameSource::NoteFailure(const libav::LogCapture& log, int code, Diagnostics* diagnostics) {
  last_failure_ = log.Explain(code);
  diagnostics->Add(ErrorCode::kCorruptData, "damaged pictures were skipped", packet_time_s_);
}

Result<void> FrameSource::CheckSize(const AVFrame& frame) const {
  if (static_cast<int64_t>(frame.width) * frame.height > max_pixels_) {
    return TooLarge(frame.width, frame.height, max_pixels_);
  }
  return {};
}

bool FrameSource::SeekTo(int64_t timestamp) {
  if (!demuxer_->CanSeek() || !demuxer_->SeekTo(timestamp)) return false;
  avcodec_flush_buffers(decoder_.get());
  draining_ = false;
  return true;
}

std::optional<std::array<int32_t, 9>> FrameSource::display_matrix() const {
  const AVStream* stream = demuxer_->stream();
  std::array<int32_t, 9> matrix{};
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* data = av_packet_side_data_get(
      stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (data == nullptr || data->size < sizeof(matrix)) return std::nullopt;
  std::memcpy(matrix.data(), data->data, sizeof(matrix));
#else
  size_t size = 0;
  const uint8_t* data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < sizeof(matrix)) return std::nullopt;
  std::memcpy(matrix.data(), data, sizeof(matrix));
#endif
  return matrix;
}

}  // namespace peekproof::media
