// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/contact_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/picture.h"
#include "media/test_clips.h"
#include "models/segmenter.h"

namespace peekproof::apply {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ContactSheetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto segmenter = models::MakeSegmenter("landscape");
    if (!segmenter.ok()) GTEST_SKIP() << segmenter.error().message;
    options_.input = folder_ / "wall.png";
    ASSERT_TRUE(media::WritePng(options_.input, cv::Mat3b(90, 160, cv::Vec3b(150, 160, 170))).ok());
    options_.background.background = "#ff0000";
    options_.tile_width = 160;
    options_.engines = {"mediapipe", "meet"};
  }

  media::test::TemporaryFolder folder_;
  CompareOptions options_;
};

TEST_F(ContactSheetTest, HasTheCameraAndOneTilePerEngine) {
  const auto sheet = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(sheet->engines, 2);
  EXPECT_TRUE(sheet->notes.empty());
  EXPECT_EQ(sheet->picture.size(), cv::Size(3 * 168 + 8, 28 + 98 + 8));
  EXPECT_EQ(sheet->picture(70, 90), cv::Vec3b(150, 160, 170));
  // Nobody is there, so both engines show the background. The second one's mask is a frame late, but it has
  // one.
  for (const int x : {258, 426}) EXPECT_GT(sheet->picture(70, x)[2], 240) << x;
}

TEST_F(ContactSheetTest, ShowsTheAlphaBesideThePicture) {
  options_.alpha = true;
  options_.columns = 1;
  const auto sheet = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(sheet->picture.size(), cv::Size(2 * 168 + 8, 3 * 126 + 8));
  EXPECT_LT(sheet->picture(126 + 70, 168 + 90)[0], 20) << "the alpha is dark where nobody is";
}

TEST_F(ContactSheetTest, AnEngineThatCannotRunLeavesANote) {
  options_.engines = {"mediapipe", "meet(model=no/such.tflite)"};
  const auto sheet = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(sheet->engines, 1);
  EXPECT_THAT(sheet->notes, ElementsAre(HasSubstr("no/such.tflite")));
}

TEST_F(ContactSheetTest, TheirOwnBlurLeavesOutEnginesWithoutOneUnlessNamed) {
  options_.background.background = "blur";
  const auto named = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_THAT(named->notes, ElementsAre(HasSubstr("mediapipe: the engine has no blur of its own")));
  options_.engines.clear();
  const auto all = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(all.ok()) << all.error().message;
  for (const std::string& note : all->notes) EXPECT_THAT(note, Not(HasSubstr("no blur of its own")));
}

TEST_F(ContactSheetTest, TakesTheFrameOfAVideo) {
  options_.input = folder_ / "clip.mkv";
  media::WriterOptions writer;
  writer.codec = "ffv1";
  writer.crf = 0;
  media::test::WriteNumberedClip(options_.input, {160, 90}, 10, writer);
  options_.at_s = 0.2;
  options_.warm_up_frames = 2;
  const auto sheet = CompareEngines(options_, nullptr, {});
  ASSERT_TRUE(sheet.ok()) << sheet.error().message;
  EXPECT_EQ(media::test::NumberOf(sheet->picture(cv::Rect(8, 28, 160, 90))), 5);
}

TEST_F(ContactSheetTest, BadOptionsAreNamed) {
  options_.engines = {"nobody"};
  EXPECT_THAT(CompareEngines(options_, nullptr, {}).error().message, HasSubstr("known engines are"));
  options_.engines = {"mediapipe", "meet(wrap=7)"};
  EXPECT_THAT(CompareEngines(options_, nullptr, {}).error().message, HasSubstr("wrap must be"));
  options_.engines = {"meet"};
  options_.at_s = 1.5;
  EXPECT_THAT(CompareEngines(options_, nullptr, {}).error().message, HasSubstr("behind the end"));
  options_.at_s = 0;
  options_.background.background = "#12";
  EXPECT_THAT(CompareEngines(options_, nullptr, {}).error().message, HasSubstr("#rrggbb"));
  options_.background.background = "#00ff00";
  options_.tile_width = 5;
  EXPECT_THAT(CompareEngines(options_, nullptr, {}).error().message, HasSubstr("120 to 4096"));
  options_.tile_width = 160;
  options_.input = "no/such.png";
  EXPECT_EQ(CompareEngines(options_, nullptr, {}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace peekproof::apply
