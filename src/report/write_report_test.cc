// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/write_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "media/picture.h"
#include "report/json_report.h"
#include "report/synthetic_result.h"

namespace peekproof::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WriteReportTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "peekproof-report-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static mode_t ModeOf(const fs::path& path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
  }
  static std::string ReadAll(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::vector<std::string> FilesIn(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    return names;
  }

  fs::path folder_;
};

TEST_F(WriteReportTest, WritesFourPrivateFilesIntoANewPrivateFolder) {
  const mode_t old_mask = ::umask(0);
  const fs::path folder = folder_ / "a" / "b";
  const auto files = WriteReport(SyntheticLeak({64, 36}), folder.string());
  ::umask(old_mask);
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_THAT(FilesIn(folder),
              testing::UnorderedElementsAre("report.html", "result.json", "room.png", "confidence.png"));
  EXPECT_EQ(ModeOf(folder), 0700);
  EXPECT_EQ(ModeOf(folder_ / "a"), 0700);
  for (const auto& path : {files->report_html, files->result_json, files->room_png, files->confidence_png}) {
    EXPECT_EQ(ModeOf(path), 0600) << path;
  }
  EXPECT_EQ(ReadAll(files->result_json), JsonReport(SyntheticLeak({64, 36})));
  EXPECT_THAT(ReadAll(files->report_html), HasSubstr("</html>"));
}

TEST_F(WriteReportTest, RoomPictureCarriesPresenceInItsAlpha) {
  const audit::AuditResult result = SyntheticLeak({64, 36});
  const auto files = WriteReport(result, folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  const auto alpha = media::ReadGreyPicture(files->room_png);
  ASSERT_TRUE(alpha.ok()) << alpha.error().message;
  EXPECT_EQ(cv::norm(*alpha, result.segments[0].room.Present(), cv::NORM_INF), 0);
  const auto confidence = media::ReadGreyPicture(files->confidence_png);
  ASSERT_TRUE(confidence.ok()) << confidence.error().message;
  cv::Mat1b expected;
  result.segments[0].room.confidence.convertTo(expected, CV_8U, 255);
  EXPECT_EQ(cv::norm(*confidence, expected, cv::NORM_INF), 0);
}

TEST_F(WriteReportTest, WithoutARoomPictureEverythingIsAbsent) {
  const auto files = WriteReport(SyntheticPlainRoom({64, 36}), folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  const auto alpha = media::ReadGreyPicture(files->room_png);
  ASSERT_TRUE(alpha.ok()) << alpha.error().message;
  EXPECT_EQ(alpha->size(), cv::Size(64, 36));
  EXPECT_EQ(cv::countNonZero(*alpha), 0);
}

TEST_F(WriteReportTest, ReplacesItsOwnFilesAndNoOther) {
  std::ofstream(folder_ / "notes.txt") << "mine";
  std::ofstream(folder_ / "report.html") << "old";
  const auto files = WriteReport(SyntheticPlainRoom({64, 36}), folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(ReadAll(folder_ / "notes.txt"), "mine");
  EXPECT_NE(ReadAll(folder_ / "report.html"), "old");
  EXPECT_EQ(ModeOf(folder_ / "report.html"), 0600) << "also where the old file was readable by all";
  EXPECT_EQ(FilesIn(folder_).size(), 5);
}

TEST_F(WriteReportTest, HasTheRestoredRoomBehindABlurAndTakesItAwayAgain) {
  auto files = WriteReport(SyntheticBlurredRoom({64, 36}), folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(ModeOf(files->unblurred_png), 0600);
  const auto picture = media::ReadPicture(files->unblurred_png);
  ASSERT_TRUE(picture.ok()) << picture.error().message;
  EXPECT_EQ((*picture)(5, 5), cv::Vec3b(80, 100, 120));

  files = WriteReport(SyntheticPlainRoom({64, 36}), folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(files->unblurred_png, "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "unblurred.png")) << "it would belong to another audit";
}

TEST_F(WriteReportTest, KeepsWhatANetworkMadeInAFileOfItsOwn) {
  audit::AuditResult result = SyntheticBlurredRoom({64, 36});
  auto files = WriteReport(result, folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(files->enhanced_png, "");
  result.segments[0].blur->enhanced = {
      "sharpener on OpenCV dnn", 2, cv::Mat3b(72, 128, cv::Vec3b(1, 2, 3)), {}};
  files = WriteReport(result, folder_.string());
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(media::ReadPicture(files->enhanced_png).value().size(), cv::Size(128, 72));
  EXPECT_EQ(media::ReadPicture(files->unblurred_png).value()(5, 5), cv::Vec3b(80, 100, 120)) << "untouched";
  ASSERT_TRUE(WriteReport(SyntheticPlainRoom({64, 36}), folder_.string()).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "enhanced.png"));
}

TEST_F(WriteReportTest, DoesNotWriteThroughALink) {
  std::ofstream(folder_ / "elsewhere") << "mine";
  fs::create_symlink(folder_ / "elsewhere", folder_ / "report.html");
  ASSERT_TRUE(WriteReport(SyntheticPlainRoom({64, 36}), folder_.string()).ok());
  EXPECT_EQ(ReadAll(folder_ / "elsewhere"), "mine");
  EXPECT_FALSE(fs::is_symlink(folder_ / "report.html"));
}

TEST_F(WriteReportTest, NamesAPlaceThatCannotBeWritten) {
  std::ofstream(folder_ / "file") << "x";
  const audit::AuditResult result = SyntheticPlainRoom({64, 36});
  for (const fs::path& folder : {folder_ / "file", folder_ / "file" / "below", fs::path("/proc/peekproof")}) {
    const auto files = WriteReport(result, folder.string());
    ASSERT_FALSE(files.ok()) << folder;
    EXPECT_FALSE(folder != "/proc/peekproof" && CheckReportDirectory(folder.string()).ok()) << folder;
    EXPECT_EQ(files.error().code, ErrorCode::kIo);
    EXPECT_THAT(files.error().message, HasSubstr("cannot"));
    EXPECT_THAT(files.error().message, HasSubstr("-o"));
    EXPECT_EQ(files.error().message.find('\n'), std::string::npos);
  }
  EXPECT_FALSE(WriteReport(result, "").ok());
  EXPECT_FALSE(CheckReportDirectory("").ok());
}

TEST_F(WriteReportTest, CheckMakesNothing) {
  const auto checked = CheckReportDirectory((folder_ / "a" / "b").string());
  EXPECT_TRUE(checked.ok()) << checked.error().message;
  EXPECT_TRUE(CheckReportDirectory(folder_.string() + "/").ok());
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(WriteReportTest, LeavesNoTemporaryFileWhereATargetIsAFolder) {
  fs::create_directory(folder_ / "room.png");
  const auto files = WriteReport(SyntheticPlainRoom({64, 36}), folder_.string());
  ASSERT_FALSE(files.ok());
  EXPECT_THAT(files.error().message, HasSubstr("room.png"));
  EXPECT_THAT(FilesIn(folder_), testing::ElementsAre("room.png"));
}

TEST_F(WriteReportTest, FolderWithoutPermissionIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  const auto files = WriteReport(SyntheticPlainRoom({64, 36}), folder_.string());
  ASSERT_FALSE(files.ok());
  EXPECT_THAT(files.error().message, HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace peekproof::report
