// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "media/picture.h"
#include "study/study_store.h"
#include "study/test_study.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// A study of one scene whose names are hostile, with its pictures.
class StudyHtmlTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "pictures");
    fs::create_directories(folder_ / "set/a/truth");
    ASSERT_TRUE(
        media::WritePng(folder_ / "set/a/truth/room.png", cv::Mat3b(9, 16, cv::Vec3b(9, 99, 199))).ok());
    ASSERT_TRUE(media::WritePng(StudyStore::PicturePath(folder_.path(), 1),
                                cv::Mat4b(9, 16, cv::Vec4b(9, 99, 199, 255)))
                    .ok());
    data_.settings = R"({"engine":"own","other_room":"/home/ann/room.jpg"})";
    data_.scenes = {{"<b>scene</b>", "set/a", "meet", 1, {}}};
    data_.runs.push_back(DescribeRun(2));
    data_.rows = {RowOf("<b>scene</b>", "unmix", 0.25), RowOf("<b>scene</b>", "zoomg", 0.5),
                  RowOf("<b>scene</b>", "union", 0.5)};
    for (size_t i = 0; i < data_.rows.size(); ++i) data_.rows[i].id = static_cast<int64_t>(i) + 1;
    data_.rows[2].error = "there is no such file: /home/ann/<i>call.mp4";
    data_.rows[2].scores = {};
  }
  std::string Html() const {
    const auto html = StudyHtml(data_, *Summarise(data_, ""), folder_.path());
    EXPECT_TRUE(html.ok()) << html.error().message;
    return *html;
  }

  const TestFolder folder_{"study_html"};
  StudyData data_;
};

TEST_F(StudyHtmlTest, TellsNumbersAndShowsPictures) {
  const std::string html = Html();
  EXPECT_THAT(html, HasSubstr("<td>unmix</td><td>1</td><td>25.0<small>25.0 to 25.0</small>"));
  EXPECT_THAT(html, HasSubstr("× 2.00"));
  EXPECT_THAT(html, HasSubstr("stated 95 %"));
  EXPECT_THAT(html, HasSubstr("alt=\"true room\""));
  EXPECT_THAT(html, HasSubstr("unmix: recall 25 %"));
  EXPECT_THAT(html, HasSubstr("src=\"data:image/jpeg;base64,"));
  EXPECT_THAT(html, Not(HasSubstr("zoomg: recall"))) << "it has no picture";
}

TEST_F(StudyHtmlTest, EscapesTextsAndKeepsFoldersToItself) {
  const std::string html = Html();
  EXPECT_THAT(html, Not(HasSubstr("<b>scene")));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;scene"));
  EXPECT_THAT(html, HasSubstr("call.mp4"));
  EXPECT_THAT(html, Not(HasSubstr("/home/ann")));
  EXPECT_THAT(html, Not(HasSubstr(folder_.path())));
}

TEST_F(StudyHtmlTest, LoadsNothingFromElsewhere) {
  const std::string html = Html();
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  for (const char* const word : {"<script", "src=\"http", "href=\"http", "url("})
    EXPECT_THAT(html, Not(HasSubstr(word)));
}

TEST_F(StudyHtmlTest, DoesWithoutPictures) {
  fs::remove_all(folder_.path());
  const std::string html = Html();
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("Precision against recall"));
}

}  // namespace
}  // namespace peekproof::study
