// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/bgr_to_frame.h"

#include <array>
#include <opencv2/imgproc.hpp>

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

constexpr int kFlags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
/// Columns and rows that swscale's vector code may read behind the end of the picture.
constexpr int kOverread = 32;

bool IsRgb(AVPixelFormat format) { return (av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_RGB) != 0; }

Result<libav::Scaler> MakeScaler(cv::Size size, AVPixelFormat format, const ColourEncoding& encoding) {
  if (sws_isSupportedOutput(format) == 0) {
    return Error{ErrorCode::kUnsupported, fmt::format("pixel format {} cannot be written; choose yuv420p",
                                                      av_get_pix_fmt_name(format))};
  }
  libav::Scaler scaler(sws_alloc_context());
  PEEKPROOF_CHECK(scaler != nullptr, "out of memory");
  av_opt_set_int(scaler.get(), "srcw", size.width, 0);
  av_opt_set_int(scaler.get(), "srch", size.height, 0);
  av_opt_set_int(scaler.get(), "src_format", HasAlpha(format) ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR24, 0);
  av_opt_set_int(scaler.get(), "dstw", size.width, 0);
  av_opt_set_int(scaler.get(), "dsth", size.height, 0);
  av_opt_set_int(scaler.get(), "dst_format", format, 0);
  av_opt_set_int(scaler.get(), "sws_flags", kFlags, 0);
  av_opt_set(scaler.get(), "sws_dither", "none", 0);  // Flat areas stay flat.
  av_opt_set_int(scaler.get(), "dst_range", encoding.full_range ? 1 : 0, 0);
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  if (!IsRgb(format) && layout->log2_chroma_w == 1) {
    av_opt_set_int(scaler.get(), "dst_h_chr_pos", encoding.chroma_left ? 0 : 128, 0);
  }
  if (!IsRgb(format) && layout->log2_chroma_h == 1) {
    av_opt_set_int(scaler.get(), "dst_v_chr_pos", encoding.chroma_top ? 0 : 128, 0);
  }
  const libav::LogCapture log;
  const int code = sws_init_context(scaler.get(), nullptr, nullptr);
  if (code < 0) {
    return Error{ErrorCode::kInternal,
                 fmt::format("colour conversion failed to start: {}", log.Explain(code))};
  }
  // RGB to RGB has no matrix to set; that is the one case in which this fails.
  constexpr int kOne = 1 << 16;
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(SWS_CS_DEFAULT), 1,
                           sws_getCoefficients(SwsMatrixOf(encoding.matrix)), encoding.full_range ? 1 : 0, 0,
                           kOne, kOne);
  return scaler;
}

}  // namespace

bool HasAlpha(AVPixelFormat format) {
  const AVPixFmtDescriptor* const layout = av_pix_fmt_desc_get(format);
  return layout != nullptr && (layout->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
}

BgrToFrame::BgrToFrame(cv::Size size, bool has_alpha, libav::Scaler scaler, libav::Frame frame)
    : size_(size),
      scaler_(std::move(scaler)),
      frame_(std::move(frame)),
      padded_(size.height + 1, size.width + kOverread, has_alpha ? CV_8UC4 : CV_8UC3) {}

Result<BgrToFrame> BgrToFrame::Create(cv::Size size, AVPixelFormat format, const ColourEncoding& encoding) {
  PEEKPROOF_ASSIGN_OR_RETURN(libav::Scaler scaler, MakeScaler(size, PlainFormat(format), encoding));
  libav::Frame frame = libav::MakeFrame();
  frame->format = format;
  frame->width = size.width;
  frame->height = size.height;
  const bool rgb = IsRgb(format);
  frame->colorspace = rgb ? AVCOL_SPC_RGB : encoding.matrix;
  frame->color_range = rgb || encoding.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  const int code = av_frame_get_buffer(frame.get(), 0);
  if (code < 0) {
    return Error{ErrorCode::kInternal, fmt::format("no memory for a frame of {}x{}: {}", size.width,
                                                   size.height, libav::ErrorText(code))};
  }
  return BgrToFrame(size, HasAlpha(format), std::move(scaler), std::move(frame));
}

Result<AVFrame*> BgrToFrame::Convert(const cv::Mat& picture) {
  PEEKPROOF_CHECK(picture.size() == size_, "a picture of {}x{} for frames of {}x{}", picture.cols,
                  picture.rows, size_.width, size_.height);
  // An encoder may still hold the previous picture.
  const int code = av_frame_make_writable(frame_.get());
  if (code < 0) return Error{ErrorCode::kInternal, "no memory for a frame: " + libav::ErrorText(code)};
  cv::Mat padded_part = padded_(cv::Rect({}, size_));
  if (picture.type() == padded_.type()) {
    picture.copyTo(padded_part);
  } else {
    PEEKPROOF_CHECK(has_alpha() && picture.type() == CV_8UC3, "a picture of type {}", picture.type());
    cv::cvtColor(picture, padded_part, cv::COLOR_BGR2BGRA);
  }
  const std::array<const uint8_t*, 4> planes = {padded_.data, nullptr, nullptr, nullptr};
  const std::array<int, 4> strides = {static_cast<int>(padded_.step), 0, 0, 0};
  const int rows = sws_scale(scaler_.get(), planes.data(), strides.data(), 0, size_.height,
                             static_cast<uint8_t* const*>(frame_->data), frame_->linesize);
  if (rows != size_.height) return Error{ErrorCode::kInternal, "colour conversion failed"};
  return frame_.get();
}

}  // namespace peekproof::media
