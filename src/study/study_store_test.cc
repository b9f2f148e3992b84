// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>

#include "study/test_study.h"

namespace peekproof::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSettings = R"({"engine":"own"})";

class Store : public testing::Test {
 protected:
  StudyStore Opened() const {
    auto store = StudyStore::Open(folder_ / "study", kSettings);
    EXPECT_TRUE(store.ok()) << store.error().message;
    return *std::move(store);
  }
  std::vector<StudyRow> Rows() const {
    auto data = Opened().Read();
    EXPECT_TRUE(data.ok()) << data.error().message;
    return data->rows;
  }

  const TestFolder folder_{"store"};
  const StudyScene scene_{"a", "set/a", "meet", 7, {{"engine", "meet"}, {"room", "\"q\""}}};
};

TEST_F(Store, GivesBackWhatWasSaved) {
  StudyStore store = Opened();
  const auto run = store.AddRun(DescribeRun(3));
  ASSERT_TRUE(run.ok());
  std::vector<NewRow> rows{{RowOf("", "unmix", 0.25), cv::Mat4b(4, 4, cv::Vec4b(1, 2, 3, 255))},
                           {RowOf("", kWallpaper, 0.5), {}}};
  rows[0].row.scores.values[0] = std::nan("");
  rows[0].row.scores.curve[1].precision_10 = std::nan("");
  ASSERT_TRUE(store.Save(*run, scene_, &rows).ok());

  const auto data = Opened().Read();
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->settings, kSettings);
  ASSERT_EQ(data->runs.size(), 1U);
  EXPECT_EQ(data->runs[0].threads, 3);
  EXPECT_FALSE(data->runs[0].version.empty());
  EXPECT_THAT(data->runs[0].started, testing::MatchesRegex("20..-..-..T..:..:..Z"));
  ASSERT_EQ(data->scenes.size(), 1U);
  EXPECT_EQ(data->scenes[0].options, scene_.options);
  EXPECT_EQ(data->scenes[0].seed, 7U);
  ASSERT_EQ(data->rows.size(), 2U);
  const StudyRow& row = data->rows[0];
  EXPECT_EQ(row.key, (RowKey{"unmix", "selfie"}));
  EXPECT_EQ(row.scene, "a");
  EXPECT_TRUE(row.done());
  EXPECT_EQ(row.ms_per_frame(), 25);
  EXPECT_TRUE(std::isnan(row.scores.values[0]));
  EXPECT_EQ(row.scores.values[1], 0.25);
  EXPECT_EQ(row.scores.curve[1].recall_10, 0.125);
  EXPECT_TRUE(std::isnan(row.scores.curve[1].precision_10));
  EXPECT_EQ(row.scores.calibration[9].painted_px, 100);
  EXPECT_TRUE(std::isnan(data->rows[1].ms_per_frame())) << "a reference takes no time";
  EXPECT_TRUE(std::filesystem::exists(StudyStore::PicturePath(folder_ / "study", row.id)));
}

TEST_F(Store, ReplacesARowUnderItsId) {
  StudyStore store = Opened();
  std::vector<NewRow> first{{RowOf("", "unmix", 0.25), {}}, {RowOf("", "zoomg", 0.5), {}}};
  first[0].row.error = "it broke";
  first[0].row.scores = {};
  ASSERT_TRUE(store.Save(*store.AddRun(DescribeRun(1)), scene_, &first).ok());
  EXPECT_FALSE(Rows()[0].done());
  EXPECT_EQ(Rows()[0].error, "it broke");
  EXPECT_THAT(*store.DoneRows("a"), ElementsAre(RowKey{"zoomg", "selfie"}));

  std::vector<NewRow> again{{RowOf("", "unmix", 0.75), {}}};
  ASSERT_TRUE(store.Save(*store.AddRun(DescribeRun(1)), scene_, &again).ok());
  EXPECT_EQ(again[0].row.id, first[0].row.id);
  const std::vector<StudyRow> rows = Rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].done());
  EXPECT_EQ(rows[0].run, 2);
  EXPECT_EQ(rows[0].scores.values[1], 0.75);
  EXPECT_EQ(rows[1].scores.values[1], 0.5) << "the other row stays";
}

TEST_F(Store, KeepsAllRowsOfASceneOrNone) {
  StudyStore store = Opened();
  std::filesystem::remove_all(folder_ / "study/pictures");
  std::vector<NewRow> rows{{RowOf("", "unmix", 0.25), {}},
                           {RowOf("", "zoomg", 0.5), cv::Mat4b(4, 4, cv::Vec4b(1, 2, 3, 255))}};
  EXPECT_FALSE(store.Save(*store.AddRun(DescribeRun(1)), scene_, &rows).ok()) << "no folder for the picture";
  EXPECT_TRUE(Rows().empty());
}

TEST_F(Store, DoesNotMixStudies) {
  StudyStore store = Opened();
  std::vector<NewRow> rows{{RowOf("", "unmix", 0.25), {}}};
  ASSERT_TRUE(store.Save(*store.AddRun(DescribeRun(1)), scene_, &rows).ok());
  const auto other = StudyStore::Open(folder_ / "study", R"({"engine":"meet"})");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(other.error().message, HasSubstr("other attack options"));
  StudyScene changed = scene_;
  changed.options[0].second = "jitsi";
  EXPECT_FALSE(store.CheckScene(changed).ok());
  EXPECT_TRUE(store.CheckScene(scene_).ok());
}

TEST_F(Store, IsForTheUserOnly) {
  Opened();
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "study/study.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat((folder_ / "study").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST_F(Store, TellsWhatIsNoStudy) {
  const auto missing = StudyStore::OpenExisting(folder_ / "none");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  std::ofstream(folder_ / "study.sqlite") << "this is no database, but long enough to be looked at as one";
  const auto broken = StudyStore::OpenExisting(folder_.path());
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace peekproof::study
