// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
// What the command line answers before any recording is opened, and the errors around that.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "command.h"

namespace peekproof::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Answer {
  ExitCode code;
  std::string out;
  std::string err;
};

Answer Peekproof(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "peekproof");
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = RunCommandLine(static_cast<int>(arguments.size()), arguments.data(), {out, err});
  return {code, out.str(), err.str()};
}

TEST(CommandLine, HelpGoesToStandardOutput) {
  for (const auto& arguments :
       {std::vector<const char*>{"--help"}, {"help"}, {"audit", "--help"}, {"help", "audit"}}) {
    const Answer answer = Peekproof(arguments);
    EXPECT_EQ(answer.code, kComplete);
    EXPECT_THAT(answer.out, HasSubstr("audit"));
    EXPECT_EQ(answer.err, "");
  }
}

TEST(CommandLine, HelpOfAuditExplainsScoresAndShowsDefaults) {
  const std::string help = Peekproof({"audit", "-h"}).out;
  EXPECT_THAT(help, HasSubstr("10 % a poster"));
  EXPECT_THAT(help, HasSubstr("SPEC=auto"));
  EXPECT_THAT(help, HasSubstr("Exit codes"));
  for (const char* option :
       {"--output", "--engine", "--wallpaper", "--crop", "--start", "--end", "--threads", "--model",
        "--caller-model", "--json", "--quiet", "--every-frame", "--show-caller"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
}

TEST(CommandLine, StudyNeedsToBeToldWhat) {
  EXPECT_EQ(Peekproof({"study"}).code, kUsage);
  EXPECT_THAT(Peekproof({"study", "run", "--help"}).out, HasSubstr("--row"));
  EXPECT_THAT(Peekproof({"study", "report", "--help"}).out, HasSubstr("--baseline"));
  const Answer missing = Peekproof({"study", "run", "no-such-study.toml"});
  EXPECT_EQ(missing.code, kFailed);
  EXPECT_THAT(missing.err, HasSubstr("no-such-study.toml"));
  const Answer none = Peekproof({"study", "report", "no-such-folder"});
  EXPECT_EQ(none.code, kFailed);
  EXPECT_THAT(none.err, HasSubstr("run one first"));
}

TEST(CommandLine, VersionNamesTheLibraries) {
  const Answer answer = Peekproof({"--version"});
  EXPECT_EQ(answer.code, kComplete);
  EXPECT_THAT(answer.out, StartsWith("peekproof "));
  EXPECT_THAT(answer.out, HasSubstr("OpenCV "));
  EXPECT_THAT(answer.out, HasSubstr("FFmpeg "));
}

TEST(CommandLine, UsageErrorsAreOneLineAndExitWithTwo) {
  const std::vector<std::vector<const char*>> wrong = {{"audit"},
                                                       {"fly"},
                                                       {"audit", "a.mp4", "--flag"},
                                                       {"audit", "a.mp4", "--crop", "big"},
                                                       {"audit", "a.mp4", "--start", "1:99"},
                                                       {"audit", "a.mp4", "--threads", "many"},
                                                       {"audit", "a.mp4", "b.mp4"},
                                                       {"demo", "--seconds", "0"},
                                                       {"demo", "--size", "0x0"},
                                                       {"list", "colours"},
                                                       {"help", "fly"},
                                                       {"audit", "demo", "--bad\nline"}};
  for (const auto& arguments : wrong) {
    const Answer answer = Peekproof(arguments);
    EXPECT_EQ(answer.code, kUsage) << arguments[0];
    EXPECT_EQ(answer.out, "");
    EXPECT_THAT(answer.err, StartsWith("peekproof: error: "));
    EXPECT_EQ(answer.err.find('\n'), answer.err.size() - 1) << answer.err;
  }
}

TEST(CommandLine, WithoutACommandItShowsUsage) {
  const Answer answer = Peekproof({});
  EXPECT_EQ(answer.code, kUsage);
  EXPECT_THAT(answer.err, HasSubstr("peekproof demo"));
}

TEST(CommandLine, MissingRecordingFailsWithItsName) {
  const Answer answer = Peekproof({"audit", "no-such-call.mp4", "--json"});
  EXPECT_EQ(answer.code, kFailed);
  EXPECT_EQ(answer.out, "");
  EXPECT_THAT(answer.err, HasSubstr("no-such-call.mp4"));
}

TEST(CommandLine, UnwritableReportIsNoticedBeforeTheAudit) {
  const Answer answer = Peekproof({"audit", "no-such-call.mp4", "-o", "/dev/null/report"});
  EXPECT_EQ(answer.code, kFailed);
  EXPECT_THAT(answer.err, HasSubstr("/dev/null/report"));
}

TEST(CommandLine, ListNamesEnginesAndAttacks) {
  const Answer engines = Peekproof({"list", "engines"});
  EXPECT_EQ(engines.code, kComplete);
  EXPECT_THAT(engines.out, HasSubstr("meet"));
  const std::string attacks = Peekproof({"list", "attacks"}).out;
  for (const char* name :
       {"unmix\n", "seeing-through\n", "background-buster\n", "spying-through\n", "zoomg\n", "union\n"})
    EXPECT_THAT(attacks, HasSubstr(name));
  EXPECT_THAT(attacks, HasSubstr("noise_frame=0"));
}

TEST(CommandLine, ModelsNeedASubcommandAndKnownNames) {
  EXPECT_EQ(Peekproof({"models"}).code, kUsage);
  EXPECT_EQ(Peekproof({"models", "verify", "no-such-model"}).code, kUsage);
  EXPECT_EQ(Peekproof({"models", "fetch", "landscape", "--mirror", "ftp://x"}).code, kUsage);
  const Answer list = Peekproof({"models", "list"});
  EXPECT_EQ(list.code, kComplete);
  EXPECT_THAT(list.out, HasSubstr("landscape\n"));
  EXPECT_EQ(list.out, Peekproof({"list", "models"}).out);
}

TEST(CommandLine, ClosedOutputIsAFailure) {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  const char* arguments[] = {"peekproof", "--version"};
  EXPECT_EQ(RunCommandLine(2, arguments, {out, err}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("standard output"));
}

}  // namespace
}  // namespace peekproof::cli
