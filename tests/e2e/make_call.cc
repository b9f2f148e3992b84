// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Makes the calls that the audit tests share, by `peekproof demo`, and checks what the demo leaves behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>

#include "media/video_reader.h"
#include "media/video_writer.h"
#include "program.h"

namespace peekproof::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const fs::path kFolder = PEEKPROOF_CALL_FOLDER;

TEST(Demo, LeavesCallTruthAndReport) {
  fs::remove_all(kFolder);
  const Outcome outcome =
      RunPeekproof({"demo", "-o", kFolder.string(), "--size", "640x360", "--seconds", "6"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("recall"), HasSubstr("precision"), HasSubstr("report.html")));
  for (const char* name : {"call.mp4", "report/report.html", "report/result.json", "report/room.png"}) {
    EXPECT_GT(fs::file_size(kFolder / name), 0U) << name;
  }
  EXPECT_TRUE(fs::is_directory(kFolder / "truth"));
  const auto result = nlohmann::json::parse(ReadFile(kFolder / "report/result.json"), nullptr, false);
  ASSERT_FALSE(result.is_discarded());
  EXPECT_EQ(result.at("input").at("frames"), 150);
  EXPECT_EQ(result.at("input").at("width"), 640);
}

/// The same call twenty times over, for the test that interrupts an audit.
TEST(Demo, CallCanBeReadAndWrittenAgain) {
  const std::string path = (kFolder / "long_call.mp4").string();
  media::WriterOptions options;
  options.preset = "ultrafast";
  auto writer = media::VideoWriter::Create(path, {640, 360}, options);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (int i = 0; i < 20; ++i) {
    auto reader = media::VideoReader::Open((kFolder / "call.mp4").string(), {});
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    cv::Mat3b bgr;
    for (;;) {
      const auto more = (*reader)->Advance();
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) break;
      ASSERT_TRUE((*reader)->Convert(&bgr).ok());
      ASSERT_TRUE((*writer)->Write(bgr).ok());
    }
  }
  ASSERT_TRUE((*writer)->Finish().ok());
}

}  // namespace
}  // namespace peekproof::e2e
