// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/grey.h"

#include <algorithm>

#include "base/check.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

void CopyBytes(const uint8_t* from, int count, uint16_t* to) {
  for (int x = 0; x < count; ++x) to[x] = from[x];
}

void CopyWords(const uint8_t* from, int count, bool big_endian, uint16_t* to) {
  const int high = big_endian ? 0 : 1;
  for (int x = 0; x < count; ++x) {
    to[x] = static_cast<uint16_t>(from[2 * x + high] << 8 | from[2 * x + 1 - high]);
  }
}

}  // namespace

int GreyBitsOf(AVPixelFormat format) {
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  constexpr uint64_t kOther =
      AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_HWACCEL;
  if (layout == nullptr || layout->nb_components != 1 || (layout->flags & kOther) != 0) return 0;
  const AVComponentDescriptor& sample = layout->comp[0];
  return sample.depth >= 8 && sample.depth <= 16 && sample.shift == 0 ? sample.depth : 0;
}

void CopyGreySamples(const AVFrame& frame, cv::Rect part, cv::Mat1w* samples) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const int bits = GreyBitsOf(format);
  PEEKPROOF_CHECK(bits > 0, "not a grey frame: format {}", frame.format);
  const bool big_endian = (av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_BE) != 0;
  samples->create(part.size());
  for (int y = 0; y < part.height; ++y) {
    const uint8_t* row = frame.data[0] + static_cast<ptrdiff_t>(part.y + y) * frame.linesize[0];
    if (bits == 8) {
      CopyBytes(row + part.x, part.width, samples->ptr<uint16_t>(y));
    } else {
      CopyWords(row + 2 * static_cast<ptrdiff_t>(part.x), part.width, big_endian, samples->ptr<uint16_t>(y));
    }
  }
}

void FillGreyFrame(const cv::Mat& grey, AVFrame* frame) {
  const bool bytes = frame->format == AV_PIX_FMT_GRAY8;
  PEEKPROOF_CHECK(
      grey.type() == (bytes ? CV_8UC1 : CV_16UC1) && grey.size() == cv::Size(frame->width, frame->height),
      "a picture of type {} and {}x{} for another frame", grey.type(), grey.cols, grey.rows);
  for (int y = 0; y < grey.rows; ++y) {
    uint8_t* row = frame->data[0] + static_cast<ptrdiff_t>(y) * frame->linesize[0];
    if (bytes) {
      std::copy_n(grey.ptr<uint8_t>(y), grey.cols, row);
      continue;
    }
    const auto* from = grey.ptr<uint16_t>(y);
    for (int x = 0; x < grey.cols; ++x) {
      row[2 * x] = static_cast<uint8_t>(from[x] & 0xff);
      row[2 * x + 1] = static_cast<uint8_t>(from[x] >> 8);
    }
  }
}

}  // namespace peekproof::media
