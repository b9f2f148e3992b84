// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "progress_line.h"

#include <gtest/gtest.h>

#include <sstream>

namespace peekproof::cli {
namespace {

constexpr const char* kErase = "\r\x1b[K";

class ProgressLineTest : public testing::Test {
 protected:
  /// What has been written since the last call.
  std::string Written() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  double now_ = 100;
  std::ostringstream out_;
  ProgressLine line_{&out_, [this] { return now_; }, 60};
};

TEST_F(ProgressLineTest, ShowsStageShareRateAndTimeLeft) {
  line_.Report("Looking for leaks", 0, 3000);
  EXPECT_EQ(Written(), std::string(kErase) + "Looking for leaks    0 %");
  now_ += 2;
  line_.Report("Looking for leaks", 300, 3000);
  EXPECT_EQ(Written(), std::string(kErase) + "Looking for leaks   10 %  150 frames/s  0:18 left");
}

TEST_F(ProgressLineTest, DrawsAtMostTenTimesASecond) {
  int drawn = 0;
  for (int i = 0; i <= 1000; ++i) {
    now_ = 100 + i * 0.001;
    line_.Report("stage", i, 1000);
    drawn += Written().empty() ? 0 : 1;
  }
  EXPECT_GE(drawn, 9);
  EXPECT_LE(drawn, 11);
}

TEST_F(ProgressLineTest, NewStageIsDrawnAtOnceAndTimedAnew) {
  line_.Report("one", 10, 10);
  now_ += 5;
  line_.Report("one", 10, 10);
  Written();
  line_.Report("two", 0, 10);
  EXPECT_EQ(Written(), std::string(kErase) + "two    0 %");
  now_ += 1;
  line_.Report("two", 5, 10);
  EXPECT_EQ(Written(), std::string(kErase) + "two   50 %  5.0 frames/s  0:01 left");
}

TEST_F(ProgressLineTest, UnknownTotalShowsCountAndRate) {
  line_.Report("reading", 0, 0);
  now_ += 2;
  line_.Report("reading", 50, 0);
  EXPECT_EQ(Written(), std::string(kErase) + "reading" + kErase + "reading  50  25 frames/s");
}

TEST_F(ProgressLineTest, MoreThanTheTotalIsNotMoreThanAll) {
  line_.Report("reading", 0, 10);
  now_ += 2;
  Written();
  line_.Report("reading", 12, 10);
  EXPECT_EQ(Written(), std::string(kErase) + "reading   99 %  6.0 frames/s");
}

TEST_F(ProgressLineTest, CountsBytesInMegabytes) {
  ProgressLine line(
      &out_, [this] { return now_; }, 60, ProgressUnit::kBytes);
  line.Report("selfie", 0, 10'000'000);
  now_ += 2;
  Written();
  line.Report("selfie", 5'000'000, 10'000'000);
  EXPECT_EQ(Written(), std::string(kErase) + "selfie   50 %  2.5 MB/s  0:02 left");
}

TEST_F(ProgressLineTest, CutsLongLinesAndErasesAtTheEnd) {
  line_.Report(std::string(80, 'x'), 0, 10);
  EXPECT_EQ(Written(), kErase + std::string(59, 'x'));
  line_.Clear();
  EXPECT_EQ(Written(), kErase);
  line_.Clear();
  EXPECT_EQ(Written(), "") << "nothing is left to erase";
}

}  // namespace
}  // namespace peekproof::cli
