// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// Every container, codec and kind of colour that the reader promises, from clips with known content.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::Clip;
using test::ReadClip;
using test::TemporaryFolder;

struct Format {
  std::string name;
  std::string ending;
  std::string encoder;
  std::string codec;      ///< As the reader is to call it.
  std::string container;  ///< The same.
  std::string pixel_format;
  int tolerance = 3;
};

class FormatTest : public testing::TestWithParam<Format> {};

TEST_P(FormatTest, GivesBackFramesTimesAndColours) {
  const Format& format = GetParam();
  if (!test::HasEncoder(format.encoder)) GTEST_SKIP() << "FFmpeg has no encoder " << format.encoder;
  const TemporaryFolder folder;
  const std::string path = folder / ("clip" + format.ending);
  const WriterOptions options{
      .codec = format.encoder, .crf = 8, .pixel_format = format.pixel_format, .bt709 = false};
  const std::vector<cv::Mat3b> pictures(5, test::PatchPicture({160, 96}));
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, pictures, options));
  const Clip clip = ReadClip(path);
  ASSERT_FALSE(clip.error) << clip.error->message;
  EXPECT_TRUE(clip.diagnostics.empty()) << clip.diagnostics.items()[0].message;
  EXPECT_EQ(clip.info.codec, format.codec);
  EXPECT_EQ(clip.info.container, format.container);
  EXPECT_EQ(clip.info.size, cv::Size(160, 96));
  EXPECT_FALSE(clip.info.has_audio);
  ASSERT_EQ(clip.pictures.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(clip.times[i], static_cast<double>(i) / 25, 0.002);
    EXPECT_LE(test::LargestPatchError(clip.pictures[i]), format.tolerance) << "frame " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Containers, FormatTest,
    testing::Values(Format{"mp4_h264", ".mp4", "libx264", "h264", "mov", "yuv420p"},
                    Format{"mov_mpeg4", ".mov", "mpeg4", "mpeg4", "mov", "yuv420p", 6},
                    Format{"mkv_hevc", ".mkv", "libx265", "hevc", "matroska", "yuv420p"},
                    Format{"mkv_hevc10", ".mkv", "libx265", "hevc", "matroska", "yuv420p10le"},
                    Format{"webm_vp8", ".webm", "libvpx", "vp8", "matroska", "yuv420p"},
                    Format{"webm_vp9", ".webm", "libvpx-vp9", "vp9", "matroska", "yuv420p"},
                    Format{"mkv_av1", ".mkv", "libaom-av1", "av1", "matroska", "yuv420p"},
                    Format{"mp4_av1", ".mp4", "libaom-av1", "av1", "mov", "yuv420p"},
                    Format{"mkv_ffv1", ".mkv", "ffv1", "ffv1", "matroska", "", 0},
                    Format{"mkv_h264rgb", ".mkv", "libx264rgb", "h264", "matroska", ""},
                    Format{"avi_mpeg4", ".avi", "mpeg4", "mpeg4", "avi", "yuv420p", 6},
                    Format{"ts_h264", ".ts", "libx264", "h264", "mpegts", "yuv420p"},
                    Format{"mpg_mpeg1", ".mpg", "mpeg1video", "mpeg1video", "mpeg", "yuv420p", 6},
                    Format{"y4m", ".y4m", "rawvideo", "rawvideo", "yuv4mpegpipe", "yuv420p"},
                    Format{"nut_nv12", ".nut", "rawvideo", "rawvideo", "nut", "nv12"},
                    Format{"ivf_vp9", ".ivf", "libvpx-vp9", "vp9", "ivf", "yuv420p"}),
    [](const auto& test_info) { return test_info.param.name; });

// Its encoder here takes 3 bits of red and green and 2 of blue: the corners of the colour cube.
TEST(GifTest, GivesBackTheColoursOfItsPalette) {
  const TemporaryFolder folder;
  std::vector<cv::Mat3b> pictures;
  for (int i = 0; i < 8; ++i) {
    const cv::Scalar colour((i & 1) != 0 ? 255 : 0, (i & 2) != 0 ? 255 : 0, (i & 4) != 0 ? 255 : 0);
    pictures.emplace_back(40, 50, cv::Vec3b(0, 0, 0));
    pictures.back()(cv::Rect(9, 11, 20, 20)).setTo(colour);
  }
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(folder / "clip.gif", pictures, {.codec = "gif", .frame_rate = 10}));
  const Clip clip = ReadClip(folder / "clip.gif");
  ASSERT_FALSE(clip.error) << clip.error->message;
  EXPECT_EQ(clip.info.container, "gif");
  ASSERT_EQ(clip.pictures.size(), 8U);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_LE(cv::norm(clip.pictures[i], pictures[i], cv::NORM_INF), 3) << i;
    EXPECT_NEAR(clip.times[i], static_cast<double>(i) / 10, 0.011);
  }
}

using Colour = std::tuple<bool, bool, std::string>;
class ColourTest : public testing::TestWithParam<Colour> {};

TEST_P(ColourTest, FollowsTheTags) {
  const auto& [bt709, full_range, pixel_format] = GetParam();
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const TemporaryFolder folder;
  const std::string path = folder / "clip.mp4";
  const WriterOptions options{
      .codec = "libx264", .crf = 4, .pixel_format = pixel_format, .bt709 = bt709, .full_range = full_range};
  ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, {test::PatchPicture({128, 64})}, options));
  const Clip clip = ReadClip(path);
  ASSERT_FALSE(clip.error) << clip.error->message;
  ASSERT_EQ(clip.pictures.size(), 1U);
  const std::string stored = clip.info.pixel_format;
  EXPECT_TRUE(stored == pixel_format || "yuvj" + pixel_format.substr(3) == stored) << stored;
  EXPECT_LE(test::LargestPatchError(clip.pictures[0]), 3);
}

INSTANTIATE_TEST_SUITE_P(MatrixRangeLayout, ColourTest,
                         testing::Combine(testing::Bool(), testing::Bool(),
                                          testing::Values("yuv420p", "yuv422p", "yuv444p", "yuv420p10le",
                                                          "yuv422p10le", "yuv444p10le")),
                         [](const auto& test_info) {
                           return std::string(std::get<0>(test_info.param) ? "bt709_" : "bt601_") +
                                  (std::get<1>(test_info.param) ? "full_" : "limited_") +
                                  std::get<2>(test_info.param);
                         });

// Y4M carries no matrix.
TEST(UntaggedColourTest, IsBt709From720RowsAndBt601Below) {
  const TemporaryFolder folder;
  for (const bool high : {false, true}) {
    const std::string path = folder / "clip.y4m";
    const WriterOptions options{.codec = "rawvideo", .pixel_format = "yuv444p", .bt709 = high};
    const cv::Size size = high ? cv::Size(64, 720) : cv::Size(64, 718);
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, {test::PatchPicture(size)}, options));
    const Clip clip = ReadClip(path);
    ASSERT_EQ(clip.pictures.size(), 1U);
    EXPECT_LE(test::LargestPatchError(clip.pictures[0]), 2) << size;
  }
}

TEST(LosslessTest, GivesBackEveryBit) {
  const TemporaryFolder folder;
  cv::Mat3b noise(90, 130);
  cv::RNG random(7);
  random.fill(noise, cv::RNG::UNIFORM, 0, 256);
  for (const std::string codec : {"ffv1", "libx264rgb"}) {
    if (!test::HasEncoder(codec)) continue;
    const std::string path = folder / (codec + ".mkv");
    ASSERT_NO_FATAL_FAILURE(test::WriteClip(path, {noise, noise}, {.codec = codec, .crf = 0}));
    const Clip clip = ReadClip(path);
    ASSERT_FALSE(clip.error) << clip.error->message;
    ASSERT_EQ(clip.pictures.size(), 2U);
    EXPECT_EQ(cv::norm(clip.pictures[1], noise, cv::NORM_INF), 0) << codec;
  }
}

TEST(OddSizeTest, EveryPixelArrives) {
  const TemporaryFolder folder;
  for (const cv::Size size : {cv::Size(161, 97), cv::Size(65, 33), cv::Size(63, 64)}) {
    const std::string path = folder / "clip.webm";
    if (!test::HasEncoder("libvpx-vp9")) GTEST_SKIP() << "FFmpeg has no encoder libvpx-vp9";
    ASSERT_NO_FATAL_FAILURE(
        test::WriteClip(path, {test::PatchPicture(size)}, {.codec = "libvpx-vp9", .crf = 2}));
    const Clip clip = ReadClip(path);
    ASSERT_FALSE(clip.error) << clip.error->message;
    EXPECT_EQ(clip.info.size, size);
    ASSERT_EQ(clip.pictures.size(), 1U);
    ASSERT_EQ(clip.pictures[0].size(), size);
    EXPECT_LE(test::LargestPatchError(clip.pictures[0]), 4) << size;
  }
}

TEST(PictureSequenceTest, IsReadInOrderFromItsFirstNumber) {
  const TemporaryFolder folder;
  for (int i = 0; i < 6; ++i) {
    const std::string name = folder / fmt::format("shot_{:04}.png", i + 37);
    ASSERT_TRUE(WritePng(name, test::NumberedPicture({40, 30}, i)).ok());
  }
  const Clip clip = ReadClip(folder / "shot_%04d.png", {.sequence_frame_rate = 10});
  ASSERT_FALSE(clip.error) << clip.error->message;
  EXPECT_TRUE(clip.diagnostics.empty());
  EXPECT_EQ(clip.info.frame_count_hint, 6);
  ASSERT_EQ(clip.pictures.size(), 6U);
  for (int i = 0; i < 6; ++i) {
    const auto k = static_cast<size_t>(i);
    EXPECT_EQ(cv::norm(clip.pictures[k], test::NumberedPicture({40, 30}, i), cv::NORM_INF), 0);
    EXPECT_NEAR(clip.times[k], i / 10.0, 1e-6);
  }
}

TEST(PictureSequenceTest, TellsOfAGap) {
  const TemporaryFolder folder;
  for (const int i : {1, 2, 3, 5, 6, 9}) {
    ASSERT_TRUE(WritePng(folder / fmt::format("{}.png", i), test::NumberedPicture({40, 30}, i)).ok());
  }
  const Clip clip = ReadClip(folder / "%d.png");
  ASSERT_FALSE(clip.error) << clip.error->message;
  EXPECT_EQ(clip.pictures.size(), 3U);
  ASSERT_EQ(clip.diagnostics.items().size(), 1U);
  EXPECT_EQ(clip.diagnostics.items()[0].message,
            "the numbering of the pictures has a gap after 3 pictures: the 3 behind it were not read");
}

TEST(PictureSequenceTest, AFileThatIsReallyCalledSoIsOpened) {
  const TemporaryFolder folder;
  const std::string path = folder / "50%d.y4m";
  ASSERT_NO_FATAL_FAILURE(test::WriteNumberedClip(path, {32, 32}, 3, {.codec = "rawvideo"}));
  EXPECT_EQ(ReadClip(path).pictures.size(), 3U);
}

}  // namespace
}  // namespace peekproof::media
