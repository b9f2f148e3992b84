// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/picture.h"

#include <opencv2/imgproc.hpp>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "media/bgr_to_frame.h"
#include "media/frame_converter.h"
#include "media/frame_source.h"

namespace peekproof::media {
namespace {

constexpr int64_t kMaxPixels = 8192 * 8192;

struct Still {
  libav::Frame frame = libav::MakeFrame();
  AVCodecID codec = AV_CODEC_ID_NONE;
};

Error AboutPicture(const Error& error, const std::string& path) {
  if (error.code != ErrorCode::kUnsupported && error.code != ErrorCode::kCorruptData) return error;
  return {error.code, fmt::format("not a picture that can be read ({}); give a PNG or a JPEG: {}",
                                  error.message.substr(0, error.message.rfind(": " + path)), path)};
}

Result<Still> ReadStill(const std::string& path) {
  const DemuxerOptions options{.max_pixels = kMaxPixels, .sequence_frame_rate = 25, .stop = {}};
  auto source = FrameSource::Open({.name = path, .bytes = std::nullopt}, options, 1);
  if (!source.ok()) return AboutPicture(source.error(), path);
  Still still;
  Diagnostics diagnostics;
  const Result<bool> more = (*source)->Next(still.frame.get(), &diagnostics);
  if (!more.ok()) return AboutPicture(more.error(), path);
  if (!*more || !diagnostics.empty() || IsDamaged(*still.frame)) {
    const std::string& failure = (*source)->last_failure();
    const std::string why = failure.empty() ? "incomplete" : failure;
    return Error{ErrorCode::kCorruptData,
                 fmt::format("the picture is damaged: {}; save or copy it again: {}", why, path)};
  }
  still.codec = (*source)->codec();
  return still;
}

/// Whether any pixel may be transparent.
bool MayBeTransparent(const AVFrame& frame) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  return (layout->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
}

bool IsGrey16(const AVFrame& frame) {
  return frame.format == AV_PIX_FMT_GRAY16BE || frame.format == AV_PIX_FMT_GRAY16LE;
}

/// 16 to 8 bits, rounded.
cv::Mat1b NarrowGrey(const AVFrame& frame) {
  const bool big_endian = frame.format == AV_PIX_FMT_GRAY16BE;
  cv::Mat1b grey(frame.height, frame.width);
  for (int y = 0; y < frame.height; ++y) {
    const uint8_t* from = frame.data[0] + static_cast<ptrdiff_t>(y) * frame.linesize[0];
    for (int x = 0; x < frame.width; ++x) {
      const int high = from[2 * x + (big_endian ? 0 : 1)];
      const int low = from[2 * x + (big_endian ? 1 : 0)];
      grey(y, x) = static_cast<uint8_t>(((high * 256 + low) * 255 + 32767) / 65535);
    }
  }
  return grey;
}

cv::Mat1b CopyGrey(const AVFrame& frame) {
  return cv::Mat1b(frame.height, frame.width, frame.data[0], static_cast<size_t>(frame.linesize[0])).clone();
}

libav::CodecContext MakeJpegEncoder(const AVCodec* codec, cv::Size size, int quality) {
  libav::CodecContext encoder(avcodec_alloc_context3(codec));
  PEEKPROOF_CHECK(encoder != nullptr, "out of memory");
  constexpr int kFullChromaFrom = 90;
  encoder->pix_fmt = quality >= kFullChromaFrom ? AV_PIX_FMT_YUVJ444P : AV_PIX_FMT_YUVJ420P;
  encoder->color_range = AVCOL_RANGE_JPEG;
  encoder->colorspace = AVCOL_SPC_SMPTE170M;
  encoder->width = size.width;
  encoder->height = size.height;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  // FFmpeg's scale runs from 1 (best) to 31.
  constexpr int kWorst = 31;
  constexpr int kBestPercent = 100;
  encoder->global_quality = FF_QP2LAMBDA * (1 + (kBestPercent - quality) * (kWorst - 1) / (kBestPercent - 1));
  encoder->qmin = 1;
  encoder->qmax = kWorst;
  encoder->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
  return encoder;
}

}  // namespace

Result<cv::Mat3b> ReadPicture(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Still still, ReadStill(path));
  cv::Mat3b bgr;
  FrameConverter converter(still.codec);
  PEEKPROOF_RETURN_IF_ERROR(
      converter.Convert(*still.frame, cv::Rect(0, 0, still.frame->width, still.frame->height), &bgr));
  return bgr;
}

Result<cv::Mat1b> ReadGreyPicture(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Still still, ReadStill(path));
  if (still.frame->format == AV_PIX_FMT_GRAY8) return CopyGrey(*still.frame);
  if (IsGrey16(*still.frame)) return NarrowGrey(*still.frame);
  FrameConverter converter(still.codec);
  cv::Mat4b bgra;
  PEEKPROOF_RETURN_IF_ERROR(converter.ConvertWithAlpha(*still.frame, &bgra));
  cv::Mat1b grey;
  if (MayBeTransparent(*still.frame)) {
    cv::extractChannel(bgra, grey, 3);
    // A palette may do without transparency.
    const bool palette = still.frame->format == AV_PIX_FMT_PAL8;
    if (!palette || cv::countNonZero(grey != 255) > 0) return grey;
  }
  cv::cvtColor(bgra, grey, cv::COLOR_BGRA2GRAY);
  return grey;
}

Result<bool> HasAlphaChannel(const std::string& path) {
  PEEKPROOF_ASSIGN_OR_RETURN(const Still still, ReadStill(path));
  return MayBeTransparent(*still.frame);
}

Result<std::vector<uint8_t>> EncodeJpeg(const cv::Mat3b& bgr, int quality) {
  if (bgr.empty() || quality < 1 || quality > 100) {
    return Error{ErrorCode::kInvalidArgument, "a JPEG needs a picture and a quality from 1 to 100"};
  }
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (codec == nullptr) return Error{ErrorCode::kUnsupported, "this FFmpeg has no JPEG encoder"};
  const libav::LogCapture log;
  const libav::CodecContext encoder = MakeJpegEncoder(codec, bgr.size(), quality);
  int code = avcodec_open2(encoder.get(), codec, nullptr);
  if (code < 0) return Error{ErrorCode::kInternal, "the JPEG encoder does not start: " + log.Explain(code)};
  const ColourEncoding encoding{.matrix = AVCOL_SPC_SMPTE170M, .full_range = true, .chroma_left = false};
  PEEKPROOF_ASSIGN_OR_RETURN(BgrToFrame converter,
                             BgrToFrame::Create(bgr.size(), encoder->pix_fmt, encoding));
  PEEKPROOF_ASSIGN_OR_RETURN(AVFrame * frame, converter.Convert(bgr));
  frame->pts = 0;
  frame->quality = encoder->global_quality;
  const libav::Packet packet = libav::MakePacket();
  code = avcodec_send_frame(encoder.get(), frame);
  if (code >= 0) code = avcodec_receive_packet(encoder.get(), packet.get());
  if (code < 0) return Error{ErrorCode::kInternal, "the JPEG encoder failed: " + log.Explain(code)};
  return std::vector<uint8_t>(packet->data, packet->data + packet->size);
}

}  // namespace peekproof::media
