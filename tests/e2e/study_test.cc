// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// `peekproof study`: a set is made, attacked, reported, gone on with, and one row made again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "program.h"

namespace peekproof::e2e {
namespace {

using ::testing::HasSubstr;

class Study : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteFile(folder_ / "set.toml", R"(
[scene]
size = "192x108"
frames = 30
oracle = true
look = 1
[vary]
engine = ["jitsi", "mediapipe"]
)");
    Write("unmix");
  }
  void Write(const std::string& attack) const {
    WriteFile(folder_ / "study.toml",
              "[set]\nmatrix = \"set.toml\"\n[attacks]\nlist = [\"seeing-through\", \"" + attack + "\"]\n");
  }
  Outcome Run(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"study", "run", folder_ / "study.toml", "-o", folder_ / "out"};
    words.insert(words.end(), more.begin(), more.end());
    return RunPeekproof(words);
  }

  const TemporaryFolder folder_;
};

TEST_F(Study, RunsGoesOnAndReports) {
  const Outcome first = Run();
  ASSERT_EQ(first.exit_code, kComplete) << first.err;
  EXPECT_THAT(first.out, HasSubstr("10 rows made, 0 there before, 0 failed, of 2 scenes"));
  EXPECT_THAT(Run().out, HasSubstr("0 rows made, 10 there before"));
  Write("zoomg");
  EXPECT_THAT(Run().out, HasSubstr("2 rows made, 8 there before")) << "another attack";

  const Outcome row = Run({"--row", "2"});
  EXPECT_EQ(row.exit_code, kComplete) << row.err;
  EXPECT_THAT(row.out, HasSubstr("row 2: 0000_jitsi, unmix"));
  EXPECT_THAT(row.out, HasSubstr("recall at dE 10"));

  const Outcome report = RunPeekproof({"study", "report", folder_ / "out", "--csv", folder_ / "rows.csv"});
  ASSERT_EQ(report.exit_code, kComplete) << report.err;
  EXPECT_THAT(report.out, HasSubstr("Beside seeing-through"));
  const std::string html = ReadFile(folder_ / "out/report.html");
  EXPECT_THAT(html, HasSubstr("oracle-unblended"));
  EXPECT_THAT(html, HasSubstr("data:image/jpeg;base64,"));
  const std::string csv = ReadFile(folder_ / "rows.csv");
  EXPECT_EQ(CountLines(csv), 13);
}

TEST_F(Study, SaysWhatIsWrong) {
  WriteFile(folder_ / "study.toml", "[sets]\n");
  const Outcome unknown = Run();
  EXPECT_EQ(unknown.exit_code, kUsage);
  EXPECT_THAT(unknown.err, HasSubstr("line 1 of the study file: 'sets' is not a section"));
  EXPECT_THAT(unknown.err, HasSubstr("study.toml"));
  const Outcome none = RunPeekproof({"study", "report", folder_ / "out"});
  EXPECT_EQ(none.exit_code, kFailed);
  Write("nope");
  EXPECT_EQ(Run().exit_code, kUsage);
}

TEST_F(Study, IsPartialWhereASceneFails) {
  ASSERT_EQ(Run().exit_code, kComplete);
  WriteFile(folder_ / "out/set/0000_jitsi/call.mp4", "no video");
  Write("zoomg");
  const Outcome partial = Run();
  EXPECT_EQ(partial.exit_code, kPartial);
  EXPECT_THAT(partial.out, HasSubstr("1 row made, 8 there before, 1 failed"));
  EXPECT_THAT(partial.err, HasSubstr("0000_jitsi, zoomg, selfie"));
}

}  // namespace
}  // namespace peekproof::e2e
