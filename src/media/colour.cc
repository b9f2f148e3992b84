// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/colour.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

bool IsBt601ByStandard(AVCodecID codec) {
  return codec == AV_CODEC_ID_VP8 || codec == AV_CODEC_ID_WEBP || codec == AV_CODEC_ID_MJPEG ||
         codec == AV_CODEC_ID_MPEG1VIDEO || codec == AV_CODEC_ID_THEORA;
}

AVColorSpace MatrixOf(const AVFrame& frame, AVCodecID codec) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (layout != nullptr && (layout->flags & AV_PIX_FMT_FLAG_RGB) != 0) return AVCOL_SPC_RGB;
  if (IsKnownMatrix(frame.colorspace) && frame.colorspace != AVCOL_SPC_RGB) return frame.colorspace;
  if (IsBt601ByStandard(codec)) return AVCOL_SPC_SMPTE170M;
  constexpr int kHighDefinitionRows = 720;
  return frame.height >= kHighDefinitionRows ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

bool IsFullRange(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  if (PlainFormat(format) != format) return true;
  if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) return frame.color_range == AVCOL_RANGE_JPEG;
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  // Grey and RGB pictures use all their codes.
  return layout != nullptr && (layout->nb_components < 3 || (layout->flags & AV_PIX_FMT_FLAG_RGB) != 0);
}

}  // namespace

bool IsKnownMatrix(AVColorSpace matrix) {
  switch (matrix) {
    case AVCOL_SPC_RGB:
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_FCC:
    case AVCOL_SPC_SMPTE240M:
    case AVCOL_SPC_BT2020_NCL:
      return true;
    default:
      return false;
  }
}

LumaWeights LumaWeightsOf(AVColorSpace matrix) {
  switch (matrix) {
    case AVCOL_SPC_BT709:
      return {.red = 0.2126, .blue = 0.0722};
    case AVCOL_SPC_FCC:
      return {.red = 0.30, .blue = 0.11};
    case AVCOL_SPC_SMPTE240M:
      return {.red = 0.212, .blue = 0.087};
    case AVCOL_SPC_BT2020_NCL:
      return {.red = 0.2627, .blue = 0.0593};
    default:
      return {.red = 0.299, .blue = 0.114};
  }
}

int SwsMatrixOf(AVColorSpace matrix) {
  switch (matrix) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
      return SWS_CS_BT2020;
    default:
      return SWS_CS_ITU601;
  }
}

ColourEncoding ColourEncodingOf(const AVFrame& frame, AVCodecID codec) {
  ColourEncoding encoding;
  encoding.matrix = MatrixOf(frame, codec);
  encoding.full_range = IsFullRange(frame);
  const AVChromaLocation location = frame.chroma_location;
  encoding.chroma_left = location != AVCHROMA_LOC_CENTER && location != AVCHROMA_LOC_TOP;
  encoding.chroma_top = location == AVCHROMA_LOC_TOPLEFT || location == AVCHROMA_LOC_TOP;
  return encoding;
}

AVPixelFormat PlainFormat(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    default:
      return format;
  }
}

}  // namespace peekproof::media
