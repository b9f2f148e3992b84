// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/open_background.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/test_clips.h"

namespace peekproof::apply {
namespace {

using ::testing::HasSubstr;

const cv::Size kFrameSize(64, 36);

engines::EngineInfo Info(const std::string& engine) { return EngineInfoOf(engine).value(); }

cv::Mat3b Drawn(engines::Background* background, double time_s = 0) {
  const image::Frame camera{cv::Mat3b(kFrameSize, cv::Vec3b(9, 9, 9)), 0, time_s};
  const cv::Mat1b caller(kFrameSize, uint8_t{0});
  const auto drawn = background->Draw({camera, caller});
  EXPECT_TRUE(drawn.ok());
  return drawn.ok() ? (*drawn)->clone() : cv::Mat3b();
}

cv::Mat3b Drawn(const BackgroundOptions& options, const std::string& engine, double time_s = 0) {
  auto background = OpenBackground(options, Info(engine));
  EXPECT_TRUE(background.ok()) << background.error().message;
  return background.ok() ? Drawn(background->get(), time_s) : cv::Mat3b();
}

TEST(OpenBackgroundTest, TellsBlursFromFilesAndColours) {
  for (const char* blur : {"blur", "gaussian", "gaussian(sigma=1.5)", "bokeh(share=0.03)"}) {
    EXPECT_TRUE(IsBlur({.background = blur})) << blur;
  }
  for (const char* other : {"beach.jpg", "./blur", "/a/b", "#00ff00", "a/gaussian(sigma=1)"}) {
    EXPECT_FALSE(IsBlur({.background = other})) << other;
  }
}

TEST(OpenBackgroundTest, TellsWhatMoves) {
  for (const char* moving : {"blur", "gaussian(sigma=2)", "sea.webm", "earth.gif"})
    EXPECT_TRUE(MovesByItself({.background = moving})) << moving;
  for (const char* still : {"beach.jpg", "a/b.PNG", "#00ff00"})
    EXPECT_FALSE(MovesByItself({.background = still})) << still;
}

TEST(OpenBackgroundTest, PutsEnginesIntoTheirBlurMode) {
  EXPECT_EQ(EngineSpecFor("meet", "", {.background = "blur"}).value(), "meet(mode=blur)");
  EXPECT_EQ(EngineSpecFor("meet", "m.tflite", {.background = "a.png"}).value(), "meet(model=m.tflite)");
  EXPECT_FALSE(EngineSpecFor("no such", "", {.background = "blur"}).ok());
}

TEST(OpenBackgroundTest, NamesTheFilesThatItReads) {
  using Files = std::vector<std::string>;
  EXPECT_EQ(FilesOf({.background = "#00ff00"}), Files{});
  EXPECT_EQ(FilesOf({.background = "a.png"}), Files{"a.png"});
  EXPECT_EQ(FilesOf({.background = "blur", .keep_mask = "k.png", .depth = "d.mkv"}),
            (Files{"k.png", "d.mkv"}));
}

TEST(OpenBackgroundTest, ColoursAreRedGreenBlue) {
  EXPECT_EQ(Drawn({.background = "#102030"}, "meet")(5, 5), cv::Vec3b(0x30, 0x20, 0x10));
  for (const char* bad : {"#", "#12345", "#1234567", "#gggggg"}) {
    EXPECT_THAT(OpenBackground({.background = bad}, Info("meet")).error().message, HasSubstr("#rrggbb"))
        << bad;
  }
}

TEST(OpenBackgroundTest, FitsAPictureAsTheServiceDoesUnlessTold) {
  const media::test::TemporaryFolder folder;
  cv::Mat3b tall(72, 32, cv::Vec3b(0, 0, 0));
  tall.rowRange(0, 18) = cv::Vec3b(255, 255, 255);  // The top quarter.
  const std::string path = folder / "tall.png";
  ASSERT_TRUE(media::WritePng(path, tall).ok());
  EXPECT_EQ(Drawn({.background = path}, "meet")(0, 32)[0], 0) << "cropped to cover: the top is cut off";
  EXPECT_EQ(Drawn({.background = path}, "jitsi")(0, 32)[0], 255) << "stretched";
  EXPECT_EQ(Drawn({.background = path, .fit = engines::Fit::kStretch}, "meet")(0, 32)[0], 255);
}

TEST(OpenBackgroundTest, AVideoMovesWithTheTime) {
  const media::test::TemporaryFolder folder;
  const std::string path = folder / "clip.mkv";
  media::WriterOptions writer;
  writer.codec = "ffv1";
  writer.crf = 0;
  media::test::WriteNumberedClip(path, kFrameSize, 10, writer);
  auto background = OpenBackground({.background = path}, Info("meet"));
  ASSERT_TRUE(background.ok()) << background.error().message;
  EXPECT_EQ(media::test::NumberOf(Drawn(background->get(), 0.0)), 0);
  EXPECT_EQ(media::test::NumberOf(Drawn(background->get(), 0.2)), 5);
  EXPECT_EQ(media::test::NumberOf(Drawn(background->get(), 0.44)), 1) << "it starts again";
}

TEST(OpenBackgroundTest, SaysWhatToWriteWhereAnEngineHasNoBlur) {
  EXPECT_THAT(OpenBackground({.background = "blur"}, Info("mediapipe")).error().message,
              HasSubstr("gaussian(sigma=12)"));
  EXPECT_TRUE(OpenBackground({.background = "blur"}, Info("jitsi")).ok());
  EXPECT_FALSE(OpenBackground({.background = "no such blur"}, Info("jitsi")).ok());
  EXPECT_FALSE(OpenBackground({.background = ""}, Info("jitsi")).ok());
}

TEST(OpenEngineTest, ABlurSetsTheModeOfEnginesThatHaveOne) {
  // The error of a missing model comes after the spec was understood.
  const std::string none = "no/such.tflite";
  EXPECT_EQ(OpenEngine("jitsi", none, {.background = "blur"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(OpenEngine("jitsi(mode=image)", none, {.background = "blur"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(OpenEngine("mediapipe", none, {.background = "gaussian"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(OpenEngine("jitsi(mode=other)", none, {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(OpenEngine("nobody", "", {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace peekproof::apply
