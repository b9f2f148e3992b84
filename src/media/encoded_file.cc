// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/encoded_file.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "media/grey.h"
#include "media/video_encoder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {

EncodedFile::EncodedFile(AtomicFile file, std::string path, const WriterOptions& options)
    : file_(std::move(file)), path_(std::move(path)), options_(options) {}

Result<std::unique_ptr<PictureSink>> EncodedFile::Create(const std::string& path, cv::Size size,
                                                         const WriterOptions& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const AVOutputFormat* container, FindContainer(path));
  PEEKPROOF_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  WriterOptions complete = options;
  if (complete.codec.empty()) complete.codec = UsualEncoder(*container);
  std::unique_ptr<EncodedFile> sink(new EncodedFile(std::move(file), path, complete));
  PEEKPROOF_RETURN_IF_ERROR(sink->Start(container, size));
  return std::unique_ptr<PictureSink>(std::move(sink));
}

Error EncodedFile::Failed(ErrorCode code, const char* what, const std::string& why) const {
  return {code, fmt::format("{} with encoder {}: {}: {}", what, options_.codec, why, path_)};
}

Result<void> EncodedFile::Start(const AVOutputFormat* container, cv::Size size) {
  PEEKPROOF_ASSIGN_OR_RETURN(encoder_, OpenEncoder(*container, size, options_, path_));
  fixed_rate_ = HasFixedRate(*container, encoder_->codec_id);
  ticks_per_frame_ =
      std::max<int64_t>(1, av_rescale_q(1, av_inv_q(encoder_->framerate), encoder_->time_base));
  PEEKPROOF_RETURN_IF_ERROR(OpenAudio());
  PEEKPROOF_RETURN_IF_ERROR(OpenOutput(container));
  if (encoder_->pix_fmt == AV_PIX_FMT_GRAY8 || encoder_->pix_fmt == AV_PIX_FMT_GRAY16LE) {
    grey_ = libav::MakeFrame();
    grey_->format = encoder_->pix_fmt;
    grey_->width = size.width;
    grey_->height = size.height;
    grey_->color_range = AVCOL_RANGE_JPEG;
    PEEKPROOF_CHECK(av_frame_get_buffer(grey_.get(), 0) >= 0, "out of memory");
    return {};
  }
  const ColourTags colour = ColourOf(options_);
  const ColourEncoding encoding{.matrix = static_cast<AVColorSpace>(colour.matrix),
                                .full_range = colour.full_range};
  PEEKPROOF_ASSIGN_OR_RETURN(converter_, BgrToFrame::Create(size, encoder_->pix_fmt, encoding));
  return {};
}

Result<void> EncodedFile::OpenAudio() {
  if (!options_.audio) return {};
  PEEKPROOF_ASSIGN_OR_RETURN(audio_, AudioCopy::Open(*options_.audio));
  // By whole ticks of every clock: Matroska's is the coarsest.
  constexpr double kMillisecond = 0.001;
  const double unit_s = fixed_rate_ ? av_q2d(encoder_->time_base) : kMillisecond;
  shift_s_ = std::ceil(audio_->lead_s() / unit_s) * unit_s;
  shift_ticks_ = std::llround(shift_s_ / av_q2d(encoder_->time_base));
  return {};
}

Result<void> EncodedFile::OpenOutput(const AVOutputFormat* container) {
  AVFormatContext* context = nullptr;
  int code = avformat_alloc_output_context2(&context, container, nullptr, nullptr);
  PEEKPROOF_CHECK(code >= 0, "out of memory");
  output_.reset(context);
  context->flags |= AVFMT_FLAG_BITEXACT;
  AVStream* stream = avformat_new_stream(context, nullptr);
  PEEKPROOF_CHECK(stream != nullptr, "out of memory");
  if (audio_ != nullptr) {
    const Result<void> added = audio_->AddStreams(context);
    if (!added.ok()) return Error{added.error().code, fmt::format("{}: {}", added.error().message, path_)};
  }
  // Decoders of VP8 and VP9 look for alpha only where the container tells of it.
  if (HasAlpha(encoder_->pix_fmt)) av_dict_set(&stream->metadata, "alpha_mode", "1", 0);
  const libav::LogCapture log;
  code = avcodec_parameters_from_context(stream->codecpar, encoder_.get());
  stream->time_base = encoder_->time_base;
  stream->avg_frame_rate = encoder_->framerate;
  if (code >= 0) code = avio_open(&context->pb, ("file:" + file_.temporary_path()).c_str(), AVIO_FLAG_WRITE);
  if (code >= 0) code = avformat_write_header(context, nullptr);
  if (code < 0) {
    const char* remedy = audio_ == nullptr ? "" : "; write .mkv, or leave the sound out with --drop-audio";
    return Failed(ErrorCode::kUnsupported, "the file cannot be started", log.Explain(code) + remedy);
  }
  return {};
}

Result<int64_t> EncodedFile::TickAt(double time_s) const {
  if (fixed_rate_) {
    return Failed(ErrorCode::kUnsupported, "times of their own cannot be written", "its frame rate is fixed");
  }
  const double tick = time_s / av_q2d(encoder_->time_base);
  if (!(tick >= 0 && tick < 1e15)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("a frame cannot be at {} s", time_s)};
  }
  return std::llround(tick);
}

Result<AVFrame*> EncodedFile::FrameOf(const cv::Mat& picture) {
  const int type = converter_ ? CV_8UC3 : encoder_->pix_fmt == AV_PIX_FMT_GRAY8 ? CV_8UC1 : CV_16UC1;
  const bool brings_alpha = converter_ && converter_->has_alpha() && picture.type() == CV_8UC4;
  if (picture.type() != type && !brings_alpha) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a picture of {} channels and {} bytes a pixel does not go with pixel format {}",
                             picture.channels(), picture.elemSize(), av_get_pix_fmt_name(encoder_->pix_fmt))};
  }
  if (converter_) return converter_->Convert(picture);
  // The encoder may still hold the previous picture.
  const int code = av_frame_make_writable(grey_.get());
  if (code < 0) return Error{ErrorCode::kInternal, "no memory for a frame: " + libav::ErrorText(code)};
  FillGreyFrame(picture, grey_.get());
  return grey_.get();
}

Result<void> EncodedFile::Write(const cv::Mat& picture, std::optional<double> time_s) {
  PEEKPROOF_CHECK(!finished_, "a frame behind Finish");
  int64_t tick = av_rescale_q(count_, av_inv_q(encoder_->framerate), encoder_->time_base);
  if (time_s) {
    PEEKPROOF_ASSIGN_OR_RETURN(tick, TickAt(*time_s));
    // Times that grow by less than a tick still make different frames.
    if (*time_s > last_time_s_) tick = std::max(tick, last_tick_ + 1);
    last_time_s_ = *time_s;
  }
  if (tick <= last_tick_) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("frame {} is not later than the one before; times must grow", count_)};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(AVFrame * frame, FrameOf(picture));
  frame->pts = tick;
  frame->quality = encoder_->global_quality;
  PEEKPROOF_RETURN_IF_ERROR(Encode(frame));
  last_tick_ = tick;
  ++count_;
  return CopyAudio(static_cast<double>(tick) * av_q2d(encoder_->time_base));
}

/// Encodes a frame, or drains the encoder, and writes what it gives.
Result<void> EncodedFile::Encode(AVFrame* frame) {
  const libav::LogCapture log;
  int code = avcodec_send_frame(encoder_.get(), frame);
  while (code >= 0) {
    code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) break;
    if (packet_->duration == 0) packet_->duration = ticks_per_frame_;
    packet_->stream_index = 0;
    packet_->pts += shift_ticks_;
    packet_->dts += shift_ticks_;
    av_packet_rescale_ts(packet_.get(), encoder_->time_base, output_->streams[0]->time_base);
    code = av_interleaved_write_frame(output_.get(), packet_.get());
  }
  const bool writing = output_->pb->error < 0;
  return Failed(writing ? ErrorCode::kIo : ErrorCode::kInternal,
                writing ? "writing failed" : "encoding failed", log.Explain(code));
}

Result<void> EncodedFile::CopyAudio(double until_s) {
  if (audio_ == nullptr) return {};
  const libav::LogCapture log;
  PEEKPROOF_ASSIGN_OR_RETURN(const int code, audio_->WriteUntil(until_s, shift_s_, output_.get()));
  if (code < 0) return Failed(ErrorCode::kIo, "writing the sound failed", log.Explain(code));
  return {};
}

Result<void> EncodedFile::Finish(SoundEnd sound_end) {
  PEEKPROOF_CHECK(!finished_, "Finish twice");
  finished_ = true;
  PEEKPROOF_RETURN_IF_ERROR(Encode(nullptr));
  if (sound_end == SoundEnd::kItsOwn) {
    PEEKPROOF_RETURN_IF_ERROR(CopyAudio(std::numeric_limits<double>::infinity()));
  }
  if (audio_ != nullptr) diagnostics_.Merge(audio_->diagnostics());
  const libav::LogCapture log;
  int code = av_write_trailer(output_.get());
  const int closed = avio_closep(&output_->pb);
  if (code >= 0) code = closed;
  if (code < 0) return Failed(ErrorCode::kIo, "the file cannot be completed", log.Explain(code));
  return file_.Commit();
}

}  // namespace peekproof::media
