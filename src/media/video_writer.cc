// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "media/atomic_file.h"
#include "media/bgr_to_frame.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

struct OutputDeleter {
  void operator()(AVFormatContext* context) const {
    avio_closep(&context->pb);
    avformat_free_context(context);
  }
};
using OutputContext = std::unique_ptr<AVFormatContext, OutputDeleter>;

constexpr std::array<std::string_view, 11> kContainers = {
    "mp4", "mov", "matroska", "webm", "avi", "mpegts", "mpeg", "gif", "yuv4mpegpipe", "ivf", "nut"};

Result<const AVOutputFormat*> FindContainer(const std::string& path) {
  const AVOutputFormat* format = av_guess_format(nullptr, path.c_str(), nullptr);
  const bool known = format != nullptr &&
                     std::find(kContainers.begin(), kContainers.end(), format->name) != kContainers.end();
  if (!known) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the ending names no container that is written; use .mp4, .mkv or .webm: {}", path)};
  }
  return format;
}

bool IsY4m(const AVOutputFormat* container) { return std::string_view(container->name) == "yuv4mpegpipe"; }

std::string DefaultPixelFormat(const std::string& codec) {
  if (codec == "ffv1") return "bgr0";
  if (codec == "libx264rgb") return "bgr24";
  if (codec == "gif") return "bgr8";
  return "yuv420p";
}

const AVPixelFormat* SupportedFormats(const AVCodec* codec) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
  const void* formats = nullptr;
  avcodec_get_supported_config(nullptr, codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &formats, nullptr);
  return static_cast<const AVPixelFormat*>(formats);
#else
  return codec->pix_fmts;
#endif
}

Result<AVPixelFormat> FindPixelFormat(const AVCodec* codec, const WriterOptions& options) {
  const std::string name =
      options.pixel_format.empty() ? DefaultPixelFormat(options.codec) : options.pixel_format;
  const AVPixelFormat wanted = av_get_pix_fmt(name.c_str());
  const AVPixelFormat* supported = SupportedFormats(codec);
  if (wanted != AV_PIX_FMT_NONE && supported == nullptr) return wanted;
  std::string choices;
  for (; wanted != AV_PIX_FMT_NONE && *supported != AV_PIX_FMT_NONE; ++supported) {
    if (*supported == wanted) return wanted;
    choices += fmt::format("{}{}", choices.empty() ? "" : ", ", av_get_pix_fmt_name(*supported));
  }
  return Error{ErrorCode::kUnsupported,
               fmt::format("encoder {} does not take pixel format \"{}\"; choose one of: {}", options.codec,
                           name, choices.empty() ? "yuv420p" : choices)};
}

/// Sets an encoder's own option where it has it.
void SetIfThere(AVCodecContext* encoder, const char* name, const std::string& value) {
  av_opt_set(encoder->priv_data, name, value.c_str(), 0);
}

bool HasOwnOption(const AVCodecContext* encoder, const char* name) {
  return encoder->priv_data != nullptr && av_opt_find(encoder->priv_data, name, nullptr, 0, 0) != nullptr;
}

void SetRate(const WriterOptions& options, AVCodecContext* encoder) {
  if (options.bit_rate > 0) {
    encoder->bit_rate = options.bit_rate;
  } else if (HasOwnOption(encoder, "crf")) {
    encoder->bit_rate = 0;
    SetIfThere(encoder, "crf", std::to_string(options.crf));
  } else {
    // The quantiser scale of MPEG-1, MPEG-4 and JPEG runs from 1 (best) to 31, crf from 0 to 51.
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = FF_QP2LAMBDA * (1 + options.crf * 30 / 51);
  }
}

void SetSpeed(const WriterOptions& options, AVCodecContext* encoder) {
  const std::string_view codec = options.codec;
  if (codec.starts_with("libx26")) SetIfThere(encoder, "preset", options.preset);
  if (codec.starts_with("libvpx")) SetIfThere(encoder, "cpu-used", "5");
  if (codec == "libaom-av1") SetIfThere(encoder, "cpu-used", "8");
  if (codec == "libsvtav1") SetIfThere(encoder, "preset", "10");
  // x265 writes to standard error by itself and has threads of its own.
  const std::string own_threads = options.threads == 1 ? ":pools=none:frame-threads=1" : "";
  if (codec == "libx265") SetIfThere(encoder, "x265-params", "log-level=none" + own_threads);
}

void SetColour(const WriterOptions& options, AVCodecContext* encoder) {
  const bool rgb = (av_pix_fmt_desc_get(encoder->pix_fmt)->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  encoder->colorspace = rgb ? AVCOL_SPC_RGB : options.bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  encoder->color_primaries = options.bt709 ? AVCOL_PRI_BT709 : AVCOL_PRI_SMPTE170M;
  encoder->color_trc = options.bt709 ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
  encoder->color_range = rgb || options.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  encoder->chroma_sample_location = rgb ? AVCHROMA_LOC_UNSPECIFIED : AVCHROMA_LOC_LEFT;
}

}  // namespace

Result<void> WriterOptions::Validate() const {
  const auto invalid = [](const char* message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (!(frame_rate >= 0.1 && frame_rate <= 1000))
    return invalid("the frame rate must lie between 0.1 and 1000");
  if (bit_rate < 0) return invalid("the bit rate must be 0 (constant quality) or more");
  if (crf < 0 || crf > 63) return invalid("the constant rate factor must lie between 0 and 63");
  if (key_frame_interval < 0) return invalid("the key frame interval must be 0 or more frames");
  if (threads < 0) return invalid("the number of threads must be 0 (as many as cores) or more");
  return {};
}

class VideoWriter::State {
 public:
  State(AtomicFile file, std::string path, const WriterOptions& options)
      : file_(std::move(file)), path_(std::move(path)), options_(options) {}

  Result<void> Start(const AVOutputFormat* container, cv::Size size);
  Result<void> WriteFrame(const cv::Mat3b& bgr, int64_t tick);
  Result<void> Finish();

  /// Time of the next frame at the nominal rate, in ticks.
  int64_t next_tick() const { return count_ * ticks_per_frame_; }
  Result<int64_t> TickAt(double time_s) const;

 private:
  void ChooseTimeBase(const AVOutputFormat* container);
  Result<void> OpenEncoder(const AVOutputFormat* container, cv::Size size);
  Result<void> OpenOutput(const AVOutputFormat* container);
  Result<void> Encode(AVFrame* frame);
  Error Failed(ErrorCode code, const char* what, const std::string& why) const;

  AtomicFile file_;
  const std::string path_;
  const WriterOptions options_;
  libav::CodecContext encoder_;
  OutputContext output_;
  std::optional<BgrToFrame> converter_;
  libav::Packet packet_ = libav::MakePacket();
  AVRational time_base_{1, 1};
  AVRational frame_rate_{1, 1};
  int64_t ticks_per_frame_ = 1;
  int64_t count_ = 0;
  int64_t last_tick_ = -1;
  bool fixed_rate_ = false;
  bool finished_ = false;
};

Error VideoWriter::State::Failed(ErrorCode code, const char* what, const std::string& why) const {
  return {code, fmt::format("{} with encoder {}: {}: {}", what, options_.codec, why, path_)};
}

Result<void> VideoWriter::State::Start(const AVOutputFormat* container, cv::Size size) {
  PEEKPROOF_RETURN_IF_ERROR(OpenEncoder(container, size));
  PEEKPROOF_RETURN_IF_ERROR(OpenOutput(container));
  const ColourEncoding encoding{.matrix = options_.bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M,
                                .full_range = options_.full_range};
  PEEKPROOF_ASSIGN_OR_RETURN(converter_, BgrToFrame::Create(size, encoder_->pix_fmt, encoding));
  return {};
}

/// A unit that divides the frame interval and is fine enough for times of their own. MPEG-1, MPEG-2 and Y4M
/// know frame numbers only, MPEG-4 no more than 65535 ticks a second.
void VideoWriter::State::ChooseTimeBase(const AVOutputFormat* container) {
  constexpr int kMaxTicksPerSecond = 60000;
  frame_rate_ = av_d2q(options_.frame_rate, kMaxTicksPerSecond);
  constexpr std::array<std::string_view, 4> kFixedRate = {"avi", "yuv4mpegpipe", "ivf", "mpeg"};
  fixed_rate_ = std::find(kFixedRate.begin(), kFixedRate.end(), container->name) != kFixedRate.end() ||
                encoder_->codec_id == AV_CODEC_ID_MPEG1VIDEO || encoder_->codec_id == AV_CODEC_ID_MPEG2VIDEO;
  if (fixed_rate_) {
    time_base_ = av_inv_q(frame_rate_);
    ticks_per_frame_ = 1;
    return;
  }
  const int fineness = std::max(1, kMaxTicksPerSecond / frame_rate_.num);
  time_base_ = {1, frame_rate_.num * fineness};
  ticks_per_frame_ = static_cast<int64_t>(frame_rate_.den) * fineness;
}

Result<void> VideoWriter::State::OpenEncoder(const AVOutputFormat* container, cv::Size size) {
  // The Y4M muxer takes raw pictures by way of a codec of its own.
  const bool wrapped = IsY4m(container) && options_.codec == "rawvideo";
  const AVCodec* codec = avcodec_find_encoder_by_name(wrapped ? "wrapped_avframe" : options_.codec.c_str());
  if (codec == nullptr || codec->type != AVMEDIA_TYPE_VIDEO) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("this FFmpeg has no video encoder named \"{}\"; choose another", options_.codec)};
  }
  if (avformat_query_codec(container, codec->id, FF_COMPLIANCE_NORMAL) == 0) {
    return Failed(ErrorCode::kUnsupported, "the file cannot be made",
                  fmt::format("container {} does not hold {}", container->name, avcodec_get_name(codec->id)));
  }
  encoder_.reset(avcodec_alloc_context3(codec));
  PEEKPROOF_CHECK(encoder_ != nullptr, "out of memory");
  PEEKPROOF_ASSIGN_OR_RETURN(encoder_->pix_fmt, FindPixelFormat(codec, options_));
  ChooseTimeBase(container);
  encoder_->width = size.width;
  encoder_->height = size.height;
  encoder_->time_base = time_base_;
  encoder_->framerate = frame_rate_;
  encoder_->sample_aspect_ratio = {1, 1};
  encoder_->thread_count = options_.threads;
  encoder_->flags |= AV_CODEC_FLAG_BITEXACT;
  if ((container->flags & AVFMT_GLOBALHEADER) != 0) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (options_.key_frame_interval > 0) encoder_->gop_size = options_.key_frame_interval;
  SetColour(options_, encoder_.get());
  SetRate(options_, encoder_.get());
  SetSpeed(options_, encoder_.get());
  const libav::LogCapture log;
  const int code = avcodec_open2(encoder_.get(), codec, nullptr);
  if (code < 0) return Failed(ErrorCode::kUnsupported, "encoding cannot start", log.Explain(code));
  return {};
}

Result<void> VideoWriter::State::OpenOutput(const AVOutputFormat* container) {
  AVFormatContext* context = nullptr;
  int code = avformat_alloc_output_context2(&context, container, nullptr, nullptr);
  PEEKPROOF_CHECK(code >= 0, "out of memory");
  output_.reset(context);
  context->flags |= AVFMT_FLAG_BITEXACT;
  AVStream* stream = avformat_new_stream(context, nullptr);
  PEEKPROOF_CHECK(stream != nullptr, "out of memory");
  const libav::LogCapture log;
  code = avcodec_parameters_from_context(stream->codecpar, encoder_.get());
  stream->time_base = time_base_;
  stream->avg_frame_rate = frame_rate_;
  if (code >= 0) code = avio_open(&context->pb, ("file:" + file_.temporary_path()).c_str(), AVIO_FLAG_WRITE);
  if (code >= 0) code = avformat_write_header(context, nullptr);
  if (code < 0) return Failed(ErrorCode::kUnsupported, "the file cannot be started", log.Explain(code));
  return {};
}

Result<int64_t> VideoWriter::State::TickAt(double time_s) const {
  if (fixed_rate_) {
    return Failed(ErrorCode::kUnsupported, "times of their own cannot be written", "its frame rate is fixed");
  }
  const double tick = time_s / av_q2d(time_base_);
  if (!(tick >= 0 && tick < 1e15)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("a frame cannot be at {} s", time_s)};
  }
  return std::llround(tick);
}

Result<void> VideoWriter::State::WriteFrame(const cv::Mat3b& bgr, int64_t tick) {
  PEEKPROOF_CHECK(!finished_, "a frame behind Finish");
  if (tick <= last_tick_) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("frame {} is not later than the one before; times must grow", count_)};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(AVFrame * frame, converter_->Convert(bgr));
  frame->pts = tick;
  frame->quality = encoder_->global_quality;
  PEEKPROOF_RETURN_IF_ERROR(Encode(frame));
  last_tick_ = tick;
  ++count_;
  return {};
}

/// Encodes a frame, or drains the encoder, and writes what it gives.
Result<void> VideoWriter::State::Encode(AVFrame* frame) {
  const libav::LogCapture log;
  int code = avcodec_send_frame(encoder_.get(), frame);
  while (code >= 0) {
    code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) break;
    if (packet_->duration == 0) packet_->duration = ticks_per_frame_;
    packet_->stream_index = 0;
    av_packet_rescale_ts(packet_.get(), time_base_, output_->streams[0]->time_base);
    code = av_interleaved_write_frame(output_.get(), packet_.get());
  }
  const bool writing = output_->pb->error < 0;
  return Failed(writing ? ErrorCode::kIo : ErrorCode::kInternal,
                writing ? "writing failed" : "encoding failed", log.Explain(code));
}

Result<void> VideoWriter::State::Finish() {
  PEEKPROOF_CHECK(!finished_, "Finish twice");
  finished_ = true;
  PEEKPROOF_RETURN_IF_ERROR(Encode(nullptr));
  const libav::LogCapture log;
  int code = av_write_trailer(output_.get());
  const int closed = avio_closep(&output_->pb);
  if (code >= 0) code = closed;
  if (code < 0) return Failed(ErrorCode::kIo, "the file cannot be completed", log.Explain(code));
  return file_.Commit();
}

VideoWriter::VideoWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
VideoWriter::~VideoWriter() = default;

Result<std::unique_ptr<VideoWriter>> VideoWriter::Create(const std::string& path, cv::Size size,
                                                         const WriterOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  constexpr int kMaxSide = 16384;
  if (size.width < 1 || size.height < 1 || size.width > kMaxSide || size.height > kMaxSide) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a video of {}x{} cannot be written; sides are 1 to {} pixels", size.width,
                             size.height, kMaxSide)};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(const AVOutputFormat* container, FindContainer(path));
  PEEKPROOF_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  auto state = std::make_unique<State>(std::move(file), path, options);
  PEEKPROOF_RETURN_IF_ERROR(state->Start(container, size));
  return std::unique_ptr<VideoWriter>(new VideoWriter(std::move(state)));
}

Result<void> VideoWriter::Write(const cv::Mat3b& bgr) { return state_->WriteFrame(bgr, state_->next_tick()); }

Result<void> VideoWriter::WriteAt(const cv::Mat3b& bgr, double time_s) {
  PEEKPROOF_ASSIGN_OR_RETURN(const int64_t tick, state_->TickAt(time_s));
  return state_->WriteFrame(bgr, tick);
}

Result<void> VideoWriter::Finish() { return state_->Finish(); }

}  // namespace peekproof::media
