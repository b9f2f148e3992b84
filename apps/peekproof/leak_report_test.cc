// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "leak_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

NamedTruth Call(const std::string& name, const std::string& engine, const std::string& room, double share) {
  testbed::SceneTruth truth;
  truth.options = {{"seed", name}, {"frames", "2"}, {"room", room}, {"engine", engine}};
  truth.frames = 2;
  truth.uncovered_px = 1000;
  testbed::FrameLeak frame;
  frame.room_px = 500;
  frame.weighted_px = 500 * share / 2;
  truth.leaks = {frame, frame};
  truth.growth = {{}, {static_cast<int64_t>(100 * share), static_cast<int64_t>(1000 * share), 500 * share}};
  return {name, truth};
}

std::vector<NamedTruth> Set() {
  return {Call("a", "meet", "/x/one, two.jpg", 0.2), Call("b", "zoom", "/x/one, two.jpg", 0.4),
          Call("c", "meet", "/y/three.jpg", 0.6)};
}

TEST(LeakReportTest, ListsWhatVaries) {
  EXPECT_EQ(LeakCsv(Set()),
            "scene,room,engine,frames,raw_frames,lost_frames,environment_px,full,partial,weighted\n"
            "a,\"one, two.jpg\",meet,2,0,0,1000,0.020000,0.200000,0.100000\n"
            "b,\"one, two.jpg\",zoom,2,0,0,1000,0.040000,0.400000,0.200000\n"
            "c,three.jpg,meet,2,0,0,1000,0.060000,0.600000,0.300000\n");
}

TEST(LeakReportTest, GroupsByTheEngineWhereItVaries) {
  EXPECT_EQ(GroupingOf(Set()), "engine");
  std::vector<NamedTruth> same = Set();
  same.erase(same.begin() + 1);
  EXPECT_EQ(GroupingOf(same), "room");
  EXPECT_EQ(GroupingOf({}), "engine");
}

TEST(LeakReportTest, TellsMediansAndMeans) {
  const std::string table = LeakTable(Set(), "engine");
  // meet: weighted .1 and .3 of the call; .05 to .3 of a frame.
  EXPECT_THAT(table, testing::ContainsRegex("meet +2 .*20 % +20 %"));
  EXPECT_THAT(table, testing::ContainsRegex("zoom +1 .*20 % +20 % +20 % +20 %"));
  EXPECT_THAT(LeakTable(Set(), "room"), HasSubstr("three.jpg"));
}

TEST(LeakReportTest, TellsHowTheLeakGrows) {
  testbed::SceneTruth truth = Call("a", "meet", "r", 0.2).second;
  truth.growth = {{0, 0, 10}, {0, 0, 20}, {0, 0, 100}, {0, 0, 300}};
  EXPECT_THAT(GrowthLine(truth),
              HasSubstr("1.0 % after 10 %  1.0 % after 25 %  2.0 % after 50 %  30 % after 100 %"));
  truth.growth.clear();
  EXPECT_EQ(GrowthLine(truth), "");
}

TEST(LeakReportTest, ACallWithoutRoomLeaksNothing) {
  NamedTruth call = Call("a", "meet", "r", 0.2);
  call.second.uncovered_px = 0;
  call.second.leaks[0].room_px = 0;
  EXPECT_THAT(LeakTable({call}, "engine"), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace peekproof::cli
