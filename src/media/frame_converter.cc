// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/frame_converter.h"

#include <algorithm>
#include <array>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

constexpr int kExactFlags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
constexpr int kShrinkingFlags = SWS_AREA | SWS_ACCURATE_RND;
constexpr int kEnlargingFlags = SWS_BILINEAR | SWS_ACCURATE_RND;

/// Columns that swscale's vector code may write behind the end of a row.
constexpr int kOverrun = 32;
/// Source pixels around a part that its edge pixels may depend on.
constexpr int kFilterReach = 8;
constexpr int kBlock = 16;

int RoundUp(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

struct Planes {
  std::array<const uint8_t*, 4> data{};
  std::array<int, 4> stride{};
};

/// The frame's planes from (x, y) on, which must be a multiple of the chroma subsampling.
Planes PlanesFrom(const AVFrame& frame, cv::Point from) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  std::array<int, 4> steps{};
  std::array<int, 4> components{};
  av_image_fill_max_pixsteps(steps.data(), components.data(), layout);
  Planes planes;
  for (size_t i = 0; i < 4; ++i) {
    planes.data[i] = frame.data[i];
    planes.stride[i] = frame.linesize[i];
    const bool palette = i > 0 && (layout->flags & AV_PIX_FMT_FLAG_PAL) != 0;
    if (frame.data[i] == nullptr || palette) continue;
    // The byte step covers a group of pixels where the plane's widest component is subsampled (packed YUYV).
    const bool chroma_step = components[i] == 1 || components[i] == 2;
    const bool chroma_rows = i == 1 || i == 2;
    const int column = from.x >> (chroma_step ? layout->log2_chroma_w : 0);
    const int row = from.y >> (chroma_rows ? layout->log2_chroma_h : 0);
    planes.data[i] +=
        static_cast<ptrdiff_t>(row) * frame.linesize[i] + static_cast<ptrdiff_t>(column) * steps[i];
  }
  return planes;
}

/// The part with everything around it that its pixels depend on, starting on a whole chroma sample.
cv::Rect WithReach(const AVFrame& frame, cv::Rect part) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const cv::Rect whole(0, 0, frame.width, frame.height);
  if ((layout->flags & AV_PIX_FMT_FLAG_BITSTREAM) != 0) return whole;
  const cv::Rect wide = cv::Rect(part.x - kFilterReach, part.y - kFilterReach, part.width + 2 * kFilterReach,
                                 part.height + 2 * kFilterReach) &
                        whole;
  // Whole blocks: of 4:1:1 chroma, of swscale's vectors, and so that it interpolates chroma by a factor of
  // just 2.
  const int x = wide.x / kBlock * kBlock;
  const int y = wide.y / kBlock * kBlock;
  const int right = std::min(RoundUp(wide.br().x, kBlock), frame.width);
  const int bottom = std::min(RoundUp(wide.br().y, kBlock), frame.height);
  return {x, y, right - x, bottom - y};
}

void SetChromaSite(SwsContext* scaler, AVPixelFormat from, const ColourEncoding& encoding) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(from);
  if ((layout->flags & AV_PIX_FMT_FLAG_RGB) != 0 || layout->nb_components < 3) return;
  if (layout->log2_chroma_w == 1) av_opt_set_int(scaler, "src_h_chr_pos", encoding.chroma_left ? 0 : 128, 0);
  if (layout->log2_chroma_h == 1) av_opt_set_int(scaler, "src_v_chr_pos", encoding.chroma_top ? 0 : 128, 0);
}

bool IsByteLayout(AVPixelFormat format) {
  return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUV422P || format == AV_PIX_FMT_YUV444P ||
         format == AV_PIX_FMT_NV12;
}

bool IsWordLayout(AVPixelFormat format) {
  return format == AV_PIX_FMT_YUV420P10 || format == AV_PIX_FMT_YUV422P10 || format == AV_PIX_FMT_YUV444P10;
}

}  // namespace

std::optional<YuvPicture> YuvPictureOf(const AVFrame& frame) {
  const AVPixelFormat format = PlainFormat(static_cast<AVPixelFormat>(frame.format));
  if (!IsByteLayout(format) && !IsWordLayout(format)) return std::nullopt;
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  const bool pairs = format == AV_PIX_FMT_NV12;
  return YuvPicture{.size = cv::Size(frame.width, frame.height),
                    .luma = frame.data[0],
                    .blue = frame.data[1],
                    .red = pairs ? frame.data[1] + 1 : frame.data[2],
                    .luma_stride = frame.linesize[0],
                    .chroma_stride = frame.linesize[1],
                    .chroma_step = pairs ? 2 : 1,
                    .depth = layout->comp[0].depth,
                    .half_width = layout->log2_chroma_w == 1,
                    .half_height = layout->log2_chroma_h == 1};
}

Result<void> FrameConverter::Prepare(const Job& job) {
  if (scaler_ != nullptr && job == job_) return {};
  if (sws_isSupportedInput(job.from) == 0) {
    const char* name = av_get_pix_fmt_name(job.from);
    return Error{ErrorCode::kUnsupported,
                 fmt::format("pixel format {} is not supported; convert the recording "
                             "to yuv420p",
                             name == nullptr ? "unknown" : name)};
  }
  libav::Scaler scaler(sws_alloc_context());
  PEEKPROOF_CHECK(scaler != nullptr, "out of memory");
  av_opt_set_int(scaler.get(), "srcw", job.from_size.width, 0);
  av_opt_set_int(scaler.get(), "srch", job.from_size.height, 0);
  av_opt_set_int(scaler.get(), "src_format", job.from, 0);
  av_opt_set_int(scaler.get(), "dstw", job.to_size.width, 0);
  av_opt_set_int(scaler.get(), "dsth", job.to_size.height, 0);
  av_opt_set_int(scaler.get(), "dst_format", job.to, 0);
  av_opt_set_int(scaler.get(), "sws_flags", job.flags, 0);
  av_opt_set_int(scaler.get(), "src_range", job.encoding.full_range ? 1 : 0, 0);
  SetChromaSite(scaler.get(), job.from, job.encoding);
  const libav::LogCapture log;
  const int code = sws_init_context(scaler.get(), nullptr, nullptr);
  if (code < 0) {
    return Error{ErrorCode::kInternal,
                 fmt::format("colour conversion failed to start: {}", log.Explain(code))};
  }
  // RGB to RGB has no matrix to set; that is the one case in which this fails.
  constexpr int kOne = 1 << 16;
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(SwsMatrixOf(job.encoding.matrix)),
                           job.encoding.full_range ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, kOne,
                           kOne);
  scaler_ = std::move(scaler);
  job_ = job;
  return {};
}

/// Scales `part` of the frame into `target`, which has its size and type, by way of a padded buffer where
/// swscale could write behind the end.
Result<void> FrameConverter::Scale(const AVFrame& frame, cv::Rect part, const Job& job, cv::Mat* target) {
  PEEKPROOF_RETURN_IF_ERROR(Prepare(job));
  const Planes from = PlanesFrom(frame, part.tl());
  const bool direct = target->cols % kOverrun == 0;
  if (!direct) padded_.create(target->rows, RoundUp(target->cols, kOverrun) + kOverrun, target->type());
  cv::Mat& into = direct ? *target : padded_;
  const std::array<uint8_t*, 4> planes = {into.data, nullptr, nullptr, nullptr};
  const std::array<int, 4> strides = {static_cast<int>(into.step), 0, 0, 0};
  const int rows = sws_scale(scaler_.get(), from.data.data(), from.stride.data(), 0, part.height,
                             planes.data(), strides.data());
  if (rows != target->rows) return Error{ErrorCode::kInternal, "colour conversion failed"};
  if (!direct) padded_.colRange(0, target->cols).copyTo(*target);
  return {};
}

Result<void> FrameConverter::Convert(const AVFrame& frame, cv::Rect part, cv::Mat3b* bgr) {
  const std::optional<YuvPicture> picture = YuvPictureOf(frame);
  if (!picture) return ConvertBySwscale(frame, part, bgr);
  YuvToBgr(*picture, part, ColourEncodingOf(frame, codec_), bgr);
  return {};
}

Result<void> FrameConverter::ConvertBySwscale(const AVFrame& frame, cv::Rect part, cv::Mat3b* bgr) {
  const cv::Rect wide = WithReach(frame, part);
  const Job job{.from = PlainFormat(static_cast<AVPixelFormat>(frame.format)),
                .to = AV_PIX_FMT_BGR24,
                .from_size = wide.size(),
                .to_size = wide.size(),
                .encoding = ColourEncodingOf(frame, codec_),
                .flags = kExactFlags};
  bgr->create(part.size());
  if (wide == part) return Scale(frame, wide, job, bgr);
  cv::Mat3b around(wide.size());
  PEEKPROOF_RETURN_IF_ERROR(Scale(frame, wide, job, &around));
  around(part - wide.tl()).copyTo(*bgr);
  return {};
}

Result<void> FrameConverter::ConvertScaled(const AVFrame& frame, cv::Rect part, cv::Size size,
                                           cv::Mat3b* bgr) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const int across = 1 << layout->log2_chroma_w;
  const int down = 1 << layout->log2_chroma_h;
  // For a picture this small, half a pixel's shift of the tile does not matter; a whole chroma sample does.
  cv::Rect aligned(part.x / across * across, part.y / down * down, part.width, part.height);
  if ((layout->flags & AV_PIX_FMT_FLAG_BITSTREAM) != 0) aligned = cv::Rect(0, 0, frame.width, frame.height);
  const bool shrinks = size.width <= aligned.width && size.height <= aligned.height;
  const Job job{.from = PlainFormat(static_cast<AVPixelFormat>(frame.format)),
                .to = AV_PIX_FMT_BGR24,
                .from_size = aligned.size(),
                .to_size = size,
                .encoding = ColourEncodingOf(frame, codec_),
                .flags = shrinks ? kShrinkingFlags : kEnlargingFlags};
  bgr->create(size);
  return Scale(frame, aligned, job, bgr);
}

Result<void> FrameConverter::ConvertWithAlpha(const AVFrame& frame, cv::Mat4b* bgra) {
  const cv::Rect whole(0, 0, frame.width, frame.height);
  const Job job{.from = PlainFormat(static_cast<AVPixelFormat>(frame.format)),
                .to = AV_PIX_FMT_BGRA,
                .from_size = whole.size(),
                .to_size = whole.size(),
                .encoding = ColourEncodingOf(frame, codec_),
                .flags = kExactFlags};
  bgra->create(whole.size());
  return Scale(frame, whole, job, bgra);
}

}  // namespace peekproof::media
