// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/video_encoder.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "media/realtime_encoder.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

constexpr std::array<std::string_view, 11> kContainers = {
    "mp4", "mov", "matroska", "webm", "avi", "mpegts", "mpeg", "gif", "yuv4mpegpipe", "ivf", "nut"};

bool IsY4m(const AVOutputFormat& container) { return std::string_view(container.name) == "yuv4mpegpipe"; }

Error Failed(const std::string& codec, const std::string& why, const std::string& path) {
  return {ErrorCode::kUnsupported, fmt::format("encoding with {} cannot start: {}: {}", codec, why, path)};
}

std::string DefaultPixelFormat(const std::string& codec) {
  if (codec == "ffv1") return "bgr0";
  if (codec == "libx264rgb") return "bgr24";
  if (codec == "gif") return "bgr8";
  return "yuv420p";
}

/// libx264 and libx265 take only whole chroma samples. Asked for here: libx264 loses memory when it refuses.
bool TakesSize(const std::string& codec, cv::Size size, AVPixelFormat format) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  return !codec.starts_with("libx26") ||
         (size.width % (1 << layout->log2_chroma_w) == 0 && size.height % (1 << layout->log2_chroma_h) == 0);
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
  const ColourTags colour = ColourOf(options);
  encoder->colorspace = rgb ? AVCOL_SPC_RGB : static_cast<AVColorSpace>(colour.matrix);
  encoder->color_primaries = static_cast<AVColorPrimaries>(colour.primaries);
  encoder->color_trc = static_cast<AVColorTransferCharacteristic>(colour.transfer);
  const bool grey = av_pix_fmt_desc_get(encoder->pix_fmt)->nb_components == 1;
  encoder->color_range = rgb || grey || colour.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  encoder->chroma_sample_location = rgb ? AVCHROMA_LOC_UNSPECIFIED : AVCHROMA_LOC_LEFT;
}

/// The ticks that are asked for, else a unit that divides the frame interval and is fine enough for times of
/// their own. MPEG-4 knows no more than 65535 ticks a second.
void SetClock(const AVOutputFormat& container, const WriterOptions& options, AVCodecContext* encoder) {
  constexpr int kMaxTicksPerSecond = 60000;
  encoder->framerate = av_d2q(options.frame_rate, kMaxTicksPerSecond);
  if (options.realtime || HasFixedRate(container, encoder->codec_id)) {
    encoder->time_base = av_inv_q(encoder->framerate);
    return;
  }
  const int64_t most = encoder->codec_id == AV_CODEC_ID_MPEG4 ? kMaxTicksPerSecond : options.ticks_per_second;
  if (options.ticks_per_second > 0 && options.ticks_per_second <= most) {
    encoder->time_base = {1, static_cast<int>(options.ticks_per_second)};
    return;
  }
  const int fineness = std::max(1, kMaxTicksPerSecond / encoder->framerate.num);
  encoder->time_base = {1, encoder->framerate.num * fineness};
}

}  // namespace

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

bool HasFixedRate(const AVOutputFormat& container, AVCodecID codec) {
  constexpr std::array<std::string_view, 4> kFixedRate = {"avi", "yuv4mpegpipe", "ivf", "mpeg"};
  return std::find(kFixedRate.begin(), kFixedRate.end(), container.name) != kFixedRate.end() ||
         codec == AV_CODEC_ID_MPEG1VIDEO || codec == AV_CODEC_ID_MPEG2VIDEO;
}

std::string UsualEncoder(const AVOutputFormat& container) {
  constexpr std::array<std::array<std::string_view, 2>, 5> kOwn = {{{"webm", "libvpx-vp9"},
                                                                    {"ivf", "libvpx-vp9"},
                                                                    {"gif", "gif"},
                                                                    {"yuv4mpegpipe", "rawvideo"},
                                                                    {"mpeg", "mpeg1video"}}};
  for (const auto& [name, encoder] : kOwn) {
    if (name == container.name) return std::string(encoder);
  }
  return "libx264";
}

ColourTags ColourOf(const WriterOptions& options) {
  if (options.colour) return *options.colour;
  ColourTags colour = options.bt709 ? kBt709Colour : kBt601Colour;
  colour.full_range = options.full_range;
  return colour;
}

Result<libav::CodecContext> OpenEncoder(const AVOutputFormat& container, cv::Size size,
                                        const WriterOptions& options, const std::string& path) {
  // The Y4M muxer takes raw pictures by way of a codec of its own.
  const bool wrapped = IsY4m(container) && options.codec == "rawvideo";
  const AVCodec* codec = avcodec_find_encoder_by_name(wrapped ? "wrapped_avframe" : options.codec.c_str());
  if (codec == nullptr || codec->type != AVMEDIA_TYPE_VIDEO) {
    return Error{ErrorCode::kUnsupported,
                 fmt::format("this FFmpeg has no video encoder named \"{}\"; choose another", options.codec)};
  }
  if (avformat_query_codec(&container, codec->id, FF_COMPLIANCE_NORMAL) == 0) {
    return Failed(options.codec,
                  fmt::format("container {} does not hold {}", container.name, avcodec_get_name(codec->id)),
                  path);
  }
  libav::CodecContext encoder(avcodec_alloc_context3(codec));
  PEEKPROOF_CHECK(encoder != nullptr, "out of memory");
  PEEKPROOF_ASSIGN_OR_RETURN(encoder->pix_fmt, FindPixelFormat(codec, options));
  if (!TakesSize(options.codec, size, encoder->pix_fmt)) {
    return Failed(options.codec,
                  fmt::format("its sides must be even, not {}x{}; choose pixel format yuv444p, or .webm",
                              size.width, size.height),
                  path);
  }
  SetClock(container, options, encoder.get());
  encoder->width = size.width;
  encoder->height = size.height;
  encoder->sample_aspect_ratio = av_d2q(options.pixel_aspect, 1000);
  encoder->thread_count = options.threads;
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  if ((container.flags & AVFMT_GLOBALHEADER) != 0) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (options.key_frame_interval > 0) encoder->gop_size = options.key_frame_interval;
  SetColour(options, encoder.get());
  SetRate(options, encoder.get());
  SetSpeed(options, encoder.get());
  if (options.realtime) SetForCalls(options.bit_rate, encoder.get());
  const libav::LogCapture log;
  const int code = avcodec_open2(encoder.get(), codec, nullptr);
  if (code < 0) return Failed(options.codec, log.Explain(code), path);
  return encoder;
}

}  // namespace peekproof::media
