// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// Help, versions, lists, and command lines that make no sense.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "program.h"

namespace peekproof::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Help, GoesToStandardOutputAndSucceeds) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"help"},
                                                {"advise", "--help"},
                                                {"apply", "--help"},
                                                {"audit", "--help"},
                                                {"compare", "--help"},
                                                {"help", "audit"},
                                                {"demo", "--help"},
                                                {"scene", "--help"},
                                                {"score", "--help"}}) {
    const Outcome outcome = RunPeekproof(words);
    EXPECT_EQ(outcome.exit_code, 0) << words[0];
    EXPECT_THAT(outcome.out, Not(IsEmpty())) << words[0];
    EXPECT_THAT(outcome.err, IsEmpty()) << words[0];
  }
}

TEST(Help, OfAuditNamesItsOptionsAndExitCodes) {
  EXPECT_THAT(
      RunPeekproof({"help", "audit"}).out,
      AllOf(HasSubstr("--engine"), HasSubstr("--wallpaper"), HasSubstr("--crop"), HasSubstr("--start"),
            HasSubstr("--threads"), HasSubstr("--show-caller"), HasSubstr("3 partial")));
}

TEST(Version, NamesTheProgram) {
  const Outcome outcome = RunPeekproof({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, StartsWith("peekproof "));
}

TEST(List, NamesEnginesWithTheirSources) {
  const Outcome outcome = RunPeekproof({"list", "engines"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("meet"), HasSubstr("jitsi"), HasSubstr("source:")));
}

TEST(List, SaysWhichEnginesAreApproximations) {
  const std::string list = RunPeekproof({"list", "engines"}).out;
  const auto entry_of = [&](const std::string& name) {
    const std::string text = "\n" + list;
    const size_t begin = text.find("\n" + name + "\n") + 1;
    return text.substr(begin, text.find("wallpaper:", begin) - begin);
  };
  for (const char* name : {"meet", "teams", "zoom", "camaleon"}) {
    EXPECT_THAT(entry_of(name), HasSubstr("    approximation; source: ")) << name;
  }
  for (const char* name : {"jitsi", "obs", "twilio"}) {
    EXPECT_THAT(entry_of(name), Not(HasSubstr("approximation"))) << name;
  }
}

TEST(List, NamesBlursWithTheirParametersAndSources) {
  const Outcome outcome = RunPeekproof({"list", "blurs"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("gaussian\n"), HasSubstr("sigma="), HasSubstr("source: ")));
}

TEST(List, NamesTheDefaultModel) {
  const Outcome outcome = RunPeekproof({"list", "models"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("landscape"));
}

TEST(Usage, WithoutACommandShowsHelpOnStandardError) {
  const Outcome outcome = RunPeekproof({});
  EXPECT_EQ(outcome.exit_code, kUsage);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("audit"));
}

class BadCommandLine : public ::testing::TestWithParam<std::vector<std::string>> {};

TEST_P(BadCommandLine, GivesOneLineAndExitCodeTwo) {
  const TemporaryFolder folder;
  std::vector<std::string> words = GetParam();
  if (!words.empty() && words[0] == "audit") words.insert(words.end(), {"-o", folder / "report"});
  const Outcome outcome = RunPeekproof(words);
  EXPECT_EQ(outcome.exit_code, kUsage) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, StartsWith("peekproof: error: "));
  EXPECT_EQ(CountLines(outcome.err), 1) << outcome.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "report"));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCommandLine,
    ::testing::Values(
        std::vector<std::string>{"no-such-command"}, std::vector<std::string>{"audit"},
        std::vector<std::string>{"audit", "a.mp4", "--no-such-option"},
        std::vector<std::string>{"audit", "a.mp4", "b.mp4"},
        std::vector<std::string>{"audit", "a.mp4", "--crop", "640x360"},
        std::vector<std::string>{"audit", "a.mp4", "--start", "soon"},
        std::vector<std::string>{"audit", "a.mp4", "--start", "5", "--end", "4"},
        std::vector<std::string>{"audit", "a.mp4", "--threads", "-1"},
        std::vector<std::string>{"audit", "a.mp4", "--threads", "many"}, std::vector<std::string>{"advise"},
        std::vector<std::string>{"advise", "a.mp4", "--frames", "few"},
        std::vector<std::string>{"advise", "a.mp4", "--plate", "b.png"},
        std::vector<std::string>{"apply", "a.mp4"}, std::vector<std::string>{"apply", "-o", "b.mp4"},
        std::vector<std::string>{"apply", "a.mp4", "-o", "b.mp4", "--crf", "99"},
        std::vector<std::string>{"apply", "a.mp4", "-o", "b.mp4", "--fit", "tight"},
        std::vector<std::string>{"apply", "a.mp4", "-o", "b.mp4", "--end", "0"},
        std::vector<std::string>{"compare"}, std::vector<std::string>{"compare", "a.mp4", "--at", "soon"},
        std::vector<std::string>{"compare", "a.mp4", "--warm-up", "1000"},
        std::vector<std::string>{"demo", "--size", "big"}, std::vector<std::string>{"demo", "--seconds", "0"},
        std::vector<std::string>{"list", "everything"}, std::vector<std::string>{"help", "nothing"}));

}  // namespace
}  // namespace peekproof::e2e
