// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/yuv_to_bgr.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "media/frame_converter.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

namespace peekproof::media {
namespace {

/// A frame of noise, smooth or not, in any planar or packed layout. Its samples keep to their depth.
libav::Frame NoiseFrame(cv::Size size, AVPixelFormat format, uint64_t seed) {
  libav::Frame frame = libav::MakeFrame();
  frame->format = format;
  frame->width = size.width;
  frame->height = size.height;
  PEEKPROOF_CHECK(av_frame_get_buffer(frame.get(), 0) >= 0, "no memory");
  const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
  const int depth = layout->comp[0].depth;
  cv::RNG random(seed);
  for (int plane = 0; plane < 4 && frame->data[plane] != nullptr; ++plane) {
    if (plane == 1 && (layout->flags & AV_PIX_FMT_FLAG_PAL) != 0) {
      for (int i = 0; i < AVPALETTE_SIZE; ++i)
        frame->data[plane][i] = static_cast<uint8_t>(random.next() >> 11);
      continue;
    }
    const bool chroma = plane == 1 || plane == 2;
    const int rows = chroma ? AV_CEIL_RSHIFT(size.height, layout->log2_chroma_h) : size.height;
    for (int i = 0; i < rows * frame->linesize[plane]; ++i) {
      frame->data[plane][i] = static_cast<uint8_t>(random.next() >> 11);
    }
    if (depth <= 8) continue;
    auto* words = reinterpret_cast<uint16_t*>(frame->data[plane]);
    for (int i = 0; i < rows * frame->linesize[plane] / 2; ++i) {
      words[i] = static_cast<uint16_t>(words[i] & ((1 << depth) - 1));
    }
  }
  return frame;
}

/// One sample of a plane, outside the picture the nearest.
double SampleAt(const YuvPicture& picture, const uint8_t* plane, ptrdiff_t stride, int step, cv::Size size,
                int x, int y) {
  x = std::clamp(x, 0, size.width - 1);
  y = std::clamp(y, 0, size.height - 1);
  const uint8_t* row = plane + y * stride;
  return picture.depth > 8 ? reinterpret_cast<const uint16_t*>(row)[x] : row[x * step];
}

/// Chroma at a luma position, interpolated linearly between the four samples around it.
double ChromaAt(const YuvPicture& picture, const uint8_t* plane, const ColourEncoding& encoding, int x,
                int y) {
  const cv::Size size((picture.size.width + (picture.half_width ? 1 : 0)) >> (picture.half_width ? 1 : 0),
                      (picture.size.height + (picture.half_height ? 1 : 0)) >> (picture.half_height ? 1 : 0));
  const double u = !picture.half_width ? x : encoding.chroma_left ? x / 2.0 : (x - 0.5) / 2.0;
  const double v = !picture.half_height ? y : encoding.chroma_top ? y / 2.0 : (y - 0.5) / 2.0;
  const int left = static_cast<int>(std::floor(u));
  const int top = static_cast<int>(std::floor(v));
  double sum = 0;
  for (const int dy : {0, 1}) {
    for (const int dx : {0, 1}) {
      const double weight = (dx == 1 ? u - left : 1 - (u - left)) * (dy == 1 ? v - top : 1 - (v - top));
      sum += weight *
             SampleAt(picture, plane, picture.chroma_stride, picture.chroma_step, size, left + dx, top + dy);
    }
  }
  return sum;
}

/// The slow twin: H.273 in floating point, one pixel at a time.
cv::Mat3b SlowYuvToBgr(const YuvPicture& picture, const ColourEncoding& encoding) {
  const LumaWeights weights = LumaWeightsOf(encoding.matrix);
  const double unit = 1 << (picture.depth - 8);
  const double all = (1 << picture.depth) - 1;
  cv::Mat3b bgr(picture.size);
  for (int y = 0; y < picture.size.height; ++y) {
    for (int x = 0; x < picture.size.width; ++x) {
      const double code = SampleAt(picture, picture.luma, picture.luma_stride, 1, picture.size, x, y);
      const double middle = 128 * unit;
      const double blue_code = ChromaAt(picture, picture.blue, encoding, x, y) - middle;
      const double red_code = ChromaAt(picture, picture.red, encoding, x, y) - middle;
      const double luma = encoding.full_range ? code / all : (code - 16 * unit) / (219 * unit);
      const double pb = encoding.full_range ? blue_code / all : blue_code / (224 * unit);
      const double pr = encoding.full_range ? red_code / all : red_code / (224 * unit);
      const double red = luma + 2 * (1 - weights.red) * pr;
      const double blue = luma + 2 * (1 - weights.blue) * pb;
      const double green =
          (luma - weights.red * red - weights.blue * blue) / (1 - weights.red - weights.blue);
      bgr(y, x) = cv::Vec3b(cv::saturate_cast<uint8_t>(255 * blue), cv::saturate_cast<uint8_t>(255 * green),
                            cv::saturate_cast<uint8_t>(255 * red));
    }
  }
  return bgr;
}

constexpr std::array kLayouts = {AV_PIX_FMT_YUV420P,  AV_PIX_FMT_NV12,      AV_PIX_FMT_YUV422P,
                                 AV_PIX_FMT_YUV444P,  AV_PIX_FMT_YUV420P10, AV_PIX_FMT_YUV422P10,
                                 AV_PIX_FMT_YUV444P10};
constexpr std::array kMatrices = {AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT2020_NCL,
                                  AVCOL_SPC_SMPTE240M, AVCOL_SPC_FCC};

class LayoutTest : public testing::TestWithParam<AVPixelFormat> {};

TEST_P(LayoutTest, AgreesWithItsSlowTwin) {
  for (const cv::Size size :
       {cv::Size(1, 1), cv::Size(2, 2), cv::Size(3, 5), cv::Size(67, 31), cv::Size(128, 34)}) {
    const libav::Frame frame = NoiseFrame(size, GetParam(), 5);
    const YuvPicture picture = YuvPictureOf(*frame).value();
    for (const AVColorSpace matrix : kMatrices) {
      for (int bits = 0; bits < 8; ++bits) {
        const ColourEncoding encoding{.matrix = matrix,
                                      .full_range = (bits & 1) != 0,
                                      .chroma_left = (bits & 2) != 0,
                                      .chroma_top = (bits & 4) != 0};
        cv::Mat3b fast;
        YuvToBgr(picture, cv::Rect({}, size), encoding, &fast);
        EXPECT_LE(cv::norm(fast, SlowYuvToBgr(picture, encoding), cv::NORM_INF), 1)
            << size << " matrix " << matrix << " bits " << bits;
      }
    }
  }
}

TEST_P(LayoutTest, ATileGivesThePixelsOfTheWhole) {
  const cv::Size size(61, 43);
  const libav::Frame frame = NoiseFrame(size, GetParam(), 6);
  const YuvPicture picture = YuvPictureOf(*frame).value();
  for (const bool left : {false, true}) {
    const ColourEncoding encoding{.chroma_left = left};
    cv::Mat3b whole;
    YuvToBgr(picture, cv::Rect({}, size), encoding, &whole);
    cv::RNG random(8);
    for (int i = 0; i < 200; ++i) {
      const int x = random.uniform(0, size.width);
      const int y = random.uniform(0, size.height);
      const cv::Rect tile(x, y, random.uniform(1, size.width - x + 1),
                          random.uniform(1, size.height - y + 1));
      cv::Mat3b part;
      YuvToBgr(picture, tile, encoding, &part);
      ASSERT_EQ(cv::norm(part, whole(tile), cv::NORM_INF), 0) << tile;
    }
  }
}

/// Chroma that does not change from sample to sample, where the two interpolations cannot differ; no luma so
/// bright that swscale's own sums overflow (blue over twice white turns black there).
TEST_P(LayoutTest, AgreesWithSwscale) {
  const cv::Size size(64, 48);
  libav::Frame frame = NoiseFrame(size, GetParam(), 7);
  const YuvPicture picture = YuvPictureOf(*frame).value();
  for (int i = 0; i < size.height * frame->linesize[0]; ++i) {
    const bool high_byte = picture.depth > 8 && i % 2 != 0;
    frame->data[0][i] = static_cast<uint8_t>(high_byte ? frame->data[0][i] % 3 : frame->data[0][i] % 190);
  }
  for (int code = 0; code < 256; code += 15) {
    const int rows = picture.half_height ? size.height / 2 : size.height;
    for (int i = 0; i < rows * frame->linesize[1]; ++i) {
      const bool high_byte = i % 2 != 0;
      const int word = code << (picture.depth - 8);
      const int value = picture.depth == 8 ? code : high_byte ? word >> 8 : word & 255;
      frame->data[1][i] = static_cast<uint8_t>(value);
      if (frame->data[2] != nullptr) frame->data[2][i] = static_cast<uint8_t>(value);
    }
    for (const AVColorSpace matrix : kMatrices) {
      for (const AVColorRange range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG}) {
        frame->colorspace = matrix;
        frame->color_range = range;
        FrameConverter converter(AV_CODEC_ID_H264);
        cv::Mat3b fast;
        cv::Mat3b slow;
        ASSERT_TRUE(converter.Convert(*frame, cv::Rect({}, size), &fast).ok());
        ASSERT_TRUE(converter.ConvertBySwscale(*frame, cv::Rect({}, size), &slow).ok());
        EXPECT_LE(cv::norm(fast, slow, cv::NORM_INF), 3) << "code " << code << " matrix " << matrix;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, LayoutTest, testing::ValuesIn(kLayouts), [](const auto& test_info) {
  return std::string(av_get_pix_fmt_name(test_info.param));
});

class AnyLayoutTest : public testing::TestWithParam<AVPixelFormat> {};

TEST_P(AnyLayoutTest, APartGivesThePixelsOfTheWhole) {
  for (const cv::Size size : {cv::Size(76, 56), cv::Size(160, 64)}) {
    const libav::Frame frame = NoiseFrame(size, GetParam(), 9);
    FrameConverter converter(AV_CODEC_ID_RAWVIDEO);
    cv::Mat3b whole;
    ASSERT_TRUE(converter.Convert(*frame, cv::Rect({}, size), &whole).ok());
    for (const cv::Rect part : {cv::Rect(0, 0, 1, 1), cv::Rect(75, 55, 1, 1), cv::Rect(33, 17, 20, 30),
                                cv::Rect(1, 0, 75, 53), cv::Rect(12, 40, 63, 13)}) {
      cv::Mat3b bgr;
      ASSERT_TRUE(converter.Convert(*frame, part, &bgr).ok());
      EXPECT_EQ(cv::norm(bgr, whole(part), cv::NORM_INF), 0) << part << " of " << size;
    }
  }
}

TEST_P(AnyLayoutTest, TakesEverySize) {
  for (const cv::Size size :
       {cv::Size(1, 1), cv::Size(2, 1), cv::Size(1, 3), cv::Size(7, 5), cv::Size(75, 53)}) {
    const libav::Frame frame = NoiseFrame(size, GetParam(), 9);
    FrameConverter converter(AV_CODEC_ID_RAWVIDEO);
    cv::Mat3b bgr;
    const Result<void> converted = converter.Convert(*frame, cv::Rect({}, size), &bgr);
    ASSERT_TRUE(converted.ok()) << size << converted.error().message;
    EXPECT_EQ(bgr.size(), size);
    for (const cv::Size small : {cv::Size(1, 1), cv::Size(7, 5), cv::Size(33, 80)}) {
      cv::Mat3b scaled;
      const Result<void> done = converter.ConvertScaled(*frame, cv::Rect({}, size), small, &scaled);
      ASSERT_TRUE(done.ok()) << size << " to " << small << done.error().message;
      EXPECT_EQ(scaled.size(), small);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, AnyLayoutTest,
    testing::Values(AV_PIX_FMT_YUYV422, AV_PIX_FMT_UYVY422, AV_PIX_FMT_YUV411P, AV_PIX_FMT_YUV440P,
                    AV_PIX_FMT_YUV410P, AV_PIX_FMT_YUV420P12, AV_PIX_FMT_YUV444P12, AV_PIX_FMT_P010,
                    AV_PIX_FMT_NV21, AV_PIX_FMT_YUVA420P, AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY10,
                    AV_PIX_FMT_GBRP, AV_PIX_FMT_GBRP10, AV_PIX_FMT_RGB24, AV_PIX_FMT_BGRA, AV_PIX_FMT_BGR0,
                    AV_PIX_FMT_RGB555, AV_PIX_FMT_PAL8, AV_PIX_FMT_MONOBLACK, AV_PIX_FMT_YUV420P),
    [](const auto& test_info) { return std::string(av_get_pix_fmt_name(test_info.param)); });

TEST(ColourEncodingTest, FollowsTagsThenStandardThenSize) {
  libav::Frame frame = NoiseFrame({16, 16}, AV_PIX_FMT_YUV420P, 1);
  frame->height = 719;
  EXPECT_EQ(ColourEncodingOf(*frame, AV_CODEC_ID_H264).matrix, AVCOL_SPC_SMPTE170M);
  frame->height = 720;
  EXPECT_EQ(ColourEncodingOf(*frame, AV_CODEC_ID_H264).matrix, AVCOL_SPC_BT709);
  EXPECT_EQ(ColourEncodingOf(*frame, AV_CODEC_ID_VP8).matrix, AVCOL_SPC_SMPTE170M);
  frame->colorspace = AVCOL_SPC_BT2020_NCL;
  EXPECT_EQ(ColourEncodingOf(*frame, AV_CODEC_ID_VP8).matrix, AVCOL_SPC_BT2020_NCL);
  frame->colorspace = AVCOL_SPC_YCGCO;
  EXPECT_EQ(ColourEncodingOf(*frame, AV_CODEC_ID_H264).matrix, AVCOL_SPC_BT709);
  EXPECT_FALSE(ColourEncodingOf(*frame, AV_CODEC_ID_H264).full_range);
  frame->color_range = AVCOL_RANGE_JPEG;
  EXPECT_TRUE(ColourEncodingOf(*frame, AV_CODEC_ID_H264).full_range);
  EXPECT_TRUE(ColourEncodingOf(*frame, AV_CODEC_ID_H264).chroma_left);
  frame->chroma_location = AVCHROMA_LOC_CENTER;
  EXPECT_FALSE(ColourEncodingOf(*frame, AV_CODEC_ID_H264).chroma_left);
}

}  // namespace
}  // namespace peekproof::media
