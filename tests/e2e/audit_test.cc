// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Audits of the call that make_call left in PEEKPROOF_CALL_FOLDER.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "program.h"

namespace peekproof::e2e {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string& Call() {
  static const std::string call = std::string(PEEKPROOF_CALL_FOLDER) + "/call.mp4";
  return call;
}

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

nlohmann::json Parse(const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << text;
  return json;
}

/// What must not differ between two audits of one recording.
nlohmann::json WithoutTime(nlohmann::json json) {
  json.erase("elapsed_s");
  return json;
}

TEST(Audit, LeavesFourFilesThatOnlyTheUserCanRead) {
  const TemporaryFolder folder;
  const std::string report = folder / "report";
  const Outcome outcome = RunPeekproof({"audit", Call(), "-o", report});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("call.mp4"), HasSubstr("recovered"), HasSubstr("report.html")));
  EXPECT_EQ(ModeOf(report), 0700U);
  for (const char* name : {"report.html", "result.json", "room.png", "confidence.png"}) {
    const std::string file = report + "/" + name;
    EXPECT_EQ(ModeOf(file), 0600U) << name;
    EXPECT_THAT(ReadFile(file), Not(IsEmpty())) << name;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(report), {}), 4);
}

TEST(Audit, WritesAPageThatLoadsNothing) {
  const TemporaryFolder folder;
  ASSERT_EQ(RunPeekproof({"audit", Call(), "-o", folder / "report"}).exit_code, kComplete);
  const std::string page = ReadFile(folder / "report/report.html");
  EXPECT_THAT(page, HasSubstr("</html>"));
  EXPECT_THAT(page, HasSubstr("data:image/"));
  EXPECT_THAT(page,
              AllOf(Not(HasSubstr("<script")), Not(HasSubstr("src=\"http")), Not(HasSubstr("url(http"))));
  EXPECT_THAT(page, Not(HasSubstr(folder.path().string()))) << "a page must not tell of folders";
}

TEST(Audit, FindsTheLeakOfTheDemoCall) {
  const TemporaryFolder folder;
  const Outcome outcome = RunPeekproof({"audit", Call(), "--json", "--engine", "meet"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  const nlohmann::json result = Parse(outcome.out);
  EXPECT_THAT(result.at("verdict").at("kind").get<std::string>(), AnyOf("leaks", "room_shown"));
  EXPECT_TRUE(result.at("complete").get<bool>());
  EXPECT_FALSE(result.at("caller_shown").get<bool>());
  EXPECT_GT(result.at("shares").at("recovered").get<double>(), 0.005);
  EXPECT_LT(result.at("shares").at("recovered").get<double>(), 0.6);
  EXPECT_LE(result.at("shares").at("confident"), result.at("shares").at("recovered"));
}

TEST(Audit, JsonAloneWritesNoFile) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const Outcome outcome = RunPeekproof({"audit", Call(), "--json"});
  std::filesystem::current_path(before);
  EXPECT_EQ(outcome.exit_code, kComplete) << outcome.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Audit, SaysTheSameWithAnyNumberOfThreads) {
  std::vector<nlohmann::json> results;
  for (const char* threads : {"1", "2", "5"}) {
    nlohmann::json result =
        WithoutTime(Parse(RunPeekproof({"audit", Call(), "--json", "--threads", threads}).out));
    result.erase("options");  // names the number of threads
    results.push_back(result);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

TEST(Audit, ReplacesItsOwnFilesAndNoOther) {
  const TemporaryFolder folder;
  const std::string report = folder / "report";
  ASSERT_EQ(RunPeekproof({"audit", Call(), "-o", report, "--end", "2"}).exit_code, kComplete);
  const nlohmann::json first = Parse(ReadFile(report + "/result.json"));
  WriteFile(report + "/mine.txt", "keep");
  ASSERT_EQ(RunPeekproof({"audit", Call(), "-o", report}).exit_code, kComplete);
  const nlohmann::json second = Parse(ReadFile(report + "/result.json"));
  EXPECT_LT(first.at("input").at("frames"), second.at("input").at("frames"));
  EXPECT_EQ(ReadFile(report + "/mine.txt"), "keep");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(report), {}), 5);
}

TEST(Audit, KeepsToTheTileAndTheTimesThatWereAsked) {
  const Outcome outcome =
      RunPeekproof({"audit", Call(), "--json", "--crop", "480x270+80+40", "--start", "1", "--end", "0:03"});
  ASSERT_EQ(outcome.exit_code, kComplete) << outcome.err;
  const nlohmann::json input = Parse(outcome.out).at("input");
  EXPECT_EQ(input.at("width"), 480);
  EXPECT_EQ(input.at("height"), 270);
  EXPECT_EQ(input.at("frames"), 50);
}

TEST(Audit, LooksForWhatWasAsked) {
  const auto limits = [&](const char* find) {
    const nlohmann::json result = Parse(RunPeekproof({"audit", Call(), "--json", "--find", find}).out);
    EXPECT_EQ(result.at("options").at("find"), find);
    std::string text;
    for (const auto& limit : result.at("limits")) text.append(limit.get<std::string>()).append("\n");
    return text;
  };
  EXPECT_THAT(limits("none"), Not(HasSubstr("were not looked for")));
  EXPECT_THAT(limits("text"), Not(HasSubstr("Faces")));
  const Outcome wrong = RunPeekproof({"audit", Call(), "--find", "text,cats"});
  EXPECT_EQ(wrong.exit_code, kUsage);
  EXPECT_THAT(wrong.err, HasSubstr("'cats'"));
}

TEST(Audit, QuietSaysNothing) {
  const TemporaryFolder folder;
  const Outcome outcome = RunPeekproof({"audit", Call(), "-o", folder / "report", "--quiet", "--end", "2"});
  EXPECT_EQ(outcome.exit_code, kComplete);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST(Audit, InterruptedLeavesAPartialReport) {
  const TemporaryFolder folder;
  const std::string report = folder / "report";
  RunOptions options;
  options.interrupt_after_cpu_s = 0.6;
  const std::string call = std::string(PEEKPROOF_CALL_FOLDER) + "/long_call.mp4";
  const Outcome outcome = RunPeekproof({"audit", call, "-o", report, "--threads", "1"}, options);
  EXPECT_EQ(outcome.exit_code, kPartial) << outcome.err;
  const nlohmann::json result = Parse(ReadFile(report + "/result.json"));
  EXPECT_FALSE(result.at("complete").get<bool>());
  EXPECT_TRUE(result.at("interrupted").get<bool>());
  EXPECT_TRUE(std::filesystem::exists(report + "/report.html"));
}

}  // namespace
}  // namespace peekproof::e2e
