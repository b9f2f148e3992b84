// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/codec_loop.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "media/bgr_to_frame.h"
#include "media/frame_converter.h"
#include "media/libav.h"
#include "media/realtime_encoder.h"
#include "media/video_encoder.h"
#include "media/video_writer.h"

namespace peekproof::media {
namespace {

const char* EncoderOf(CallCodec codec) {
  switch (codec) {
    case CallCodec::kH264:
      return "libx264";
    case CallCodec::kVp8:
      return "libvpx";
    case CallCodec::kVp9:
      return "libvpx-vp9";
    case CallCodec::kAv1:
      return "libaom-av1";
  }
  PEEKPROOF_CHECK(false, "no such codec");
}

Result<libav::CodecContext> OpenDecoderOf(const AVCodecContext& encoder) {
  const AVCodec* codec = avcodec_find_decoder(encoder.codec_id);
  if (codec == nullptr) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("this FFmpeg has no decoder of {}; choose another codec",
                             avcodec_get_name(encoder.codec_id))};
  }
  libav::CodecContext decoder(avcodec_alloc_context3(codec));
  PEEKPROOF_CHECK(decoder != nullptr, "out of memory");
  decoder->thread_count = 1;
  decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
  AVCodecParameters* parameters = avcodec_parameters_alloc();
  PEEKPROOF_CHECK(parameters != nullptr, "out of memory");
  const libav::LogCapture log;
  int code = avcodec_parameters_from_context(parameters, &encoder);
  if (code >= 0) code = avcodec_parameters_to_context(decoder.get(), parameters);
  avcodec_parameters_free(&parameters);
  if (code >= 0) code = avcodec_open2(decoder.get(), codec, nullptr);
  if (code < 0) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("decoding with {} cannot start: {}", codec->name, log.Explain(code))};
  }
  return decoder;
}

/// The quantiser in units of the codec, where the encoder tells it with the packet.
std::optional<double> QuantiserOf(const AVPacket& packet) {
  size_t size = 0;
  const uint8_t* data = av_packet_get_side_data(&packet, AV_PKT_DATA_QUALITY_STATS, &size);
  uint32_t quality = 0;
  if (data == nullptr || size < sizeof(quality)) return std::nullopt;
  std::memcpy(&quality, data, sizeof(quality));
  if (quality == 0) return std::nullopt;  // libaom writes 0 for "unknown".
  return static_cast<double>(quality) / FF_QP2LAMBDA;
}

}  // namespace

Result<void> CodecLoopOptions::Validate() const {
  constexpr int64_t kLeastBitRate = 10'000;
  constexpr int64_t kLargestBitRate = 1'000'000'000;
  if (size.width < 2 || size.height < 2 || size.width > 8192 || size.height > 8192) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a call of {} x {} pixels is out of range; give 2 to 8192 a side", size.width,
                             size.height)};
  }
  if (!(frame_rate >= 1 && frame_rate <= 240)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("frame rate of {} is out of range; give 1 to 240", frame_rate)};
  }
  if (bit_rate < kLeastBitRate || bit_rate > kLargestBitRate) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("bit rate of {} is out of range; give {} to {} bits per second", bit_rate,
                             kLeastBitRate, kLargestBitRate)};
  }
  return {};
}

WriterOptions WriterOptionsForCalls(const CodecLoopOptions& options) {
  WriterOptions writer;
  writer.codec = EncoderOf(options.codec);
  writer.frame_rate = options.frame_rate;
  writer.bit_rate = options.bit_rate;
  writer.bt709 = options.codec != CallCodec::kVp8;
  writer.realtime = true;
  return writer;
}

/// What begins anew with a key frame.
class CodecLoop::State {
 public:
  State(libav::CodecContext encoder, libav::CodecContext decoder, BgrToFrame converter)
      : encoder_(std::move(encoder)),
        decoder_(std::move(decoder)),
        to_frame_(std::move(converter)),
        to_bgr_(encoder_->codec_id) {}

  AVCodecContext* encoder() { return encoder_.get(); }
  void AskForKeyFrame() { key_frame_wanted_ = true; }

  Result<void> Pass(const cv::Mat3b& bgr, double time_s, LoopedFrame* looped) {
    PEEKPROOF_ASSIGN_OR_RETURN(AVFrame * frame, to_frame_.Convert(bgr));
    frame->pts = std::max<int64_t>(last_tick_ + 1, std::llround(time_s / av_q2d(encoder_->time_base)));
    frame->pict_type = key_frame_wanted_ ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    last_tick_ = frame->pts;
    key_frame_wanted_ = false;
    const libav::LogCapture log;
    int code = avcodec_send_frame(encoder_.get(), frame);
    if (code >= 0) code = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (code < 0) return Failed("encoding", encoder_->codec->name, log, code);
    looped->bytes = packet_->size;
    looped->key_frame = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
    looped->quantiser = QuantiserOf(*packet_);
    code = avcodec_send_packet(decoder_.get(), packet_.get());
    if (code >= 0) code = avcodec_receive_frame(decoder_.get(), decoded_.get());
    av_packet_unref(packet_.get());
    if (code < 0) return Failed("decoding", decoder_->codec->name, log, code);
    return to_bgr_.Convert(*decoded_, {0, 0, decoded_->width, decoded_->height}, &looped->bgr);
  }

 private:
  static Error Failed(const char* what, const char* codec, const libav::LogCapture& log, int code) {
    const std::string why = code == AVERROR(EAGAIN) ? "a frame was held back" : log.Explain(code);
    return {ErrorCode::kInternal, fmt::format("{} with {} failed: {}", what, codec, why)};
  }

  libav::CodecContext encoder_;
  libav::CodecContext decoder_;
  BgrToFrame to_frame_;
  FrameConverter to_bgr_;
  libav::Packet packet_ = libav::MakePacket();
  libav::Frame decoded_ = libav::MakeFrame();
  int64_t last_tick_ = -1;
  bool key_frame_wanted_ = false;
};

CodecLoop::CodecLoop(const CodecLoopOptions& options) : options_(options) {}
CodecLoop::~CodecLoop() = default;

Result<std::unique_ptr<CodecLoop>> CodecLoop::Create(const CodecLoopOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  std::unique_ptr<CodecLoop> loop(new CodecLoop(options));
  PEEKPROOF_RETURN_IF_ERROR(loop->Open());
  return loop;
}

Result<void> CodecLoop::Open() {
  // Matroska holds every codec; nothing is written.
  const std::string name = "call.mkv";
  PEEKPROOF_ASSIGN_OR_RETURN(const AVOutputFormat* container, FindContainer(name));
  const WriterOptions writer = WriterOptionsForCalls(options_);
  PEEKPROOF_ASSIGN_OR_RETURN(libav::CodecContext encoder,
                             OpenEncoder(*container, options_.size, writer, name));
  PEEKPROOF_ASSIGN_OR_RETURN(libav::CodecContext decoder, OpenDecoderOf(*encoder));
  const ColourTags colour = ColourOf(writer);
  PEEKPROOF_ASSIGN_OR_RETURN(BgrToFrame converter,
                             BgrToFrame::Create(options_.size, encoder->pix_fmt,
                                                {.matrix = static_cast<AVColorSpace>(colour.matrix),
                                                 .full_range = colour.full_range}));
  state_ = std::make_unique<State>(std::move(encoder), std::move(decoder), std::move(converter));
  return {};
}

Result<void> CodecLoop::Pass(const cv::Mat3b& bgr, double time_s, LoopedFrame* looped) {
  return state_->Pass(bgr, time_s, looped);
}

void CodecLoop::AskForKeyFrame() { state_->AskForKeyFrame(); }

Result<void> CodecLoop::SetBitRate(int64_t bit_rate) {
  if (bit_rate == options_.bit_rate) return {};
  CodecLoopOptions changed = options_;
  changed.bit_rate = bit_rate;
  PEEKPROOF_RETURN_IF_ERROR(changed.Validate());
  options_ = changed;
  if (ChangeRate(bit_rate, state_->encoder())) return {};
  return Open();
}

Result<void> CodecLoop::Restart(cv::Size size, int64_t bit_rate) {
  CodecLoopOptions changed = options_;
  changed.size = size;
  changed.bit_rate = bit_rate;
  PEEKPROOF_RETURN_IF_ERROR(changed.Validate());
  options_ = changed;
  return Open();
}

}  // namespace peekproof::media
