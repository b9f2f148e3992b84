// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/diagnostics.h"
#include "base/ordered_pipeline.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/result.h"
#include "base/temporary_folder.h"

namespace peekproof {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{ErrorCode::kInvalidArgument, "odd"};
  return value / 2;
}

Result<int> Quarter(int value) {
  PEEKPROOF_ASSIGN_OR_RETURN(const int half, Half(value));
  return Half(half);
}

Result<void> MustBeEven(int value) {
  PEEKPROOF_RETURN_IF_ERROR(Half(value));
  return {};
}

TEST(ResultTest, PropagatesValuesAndErrors) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).error().message, "odd");
  EXPECT_TRUE(MustBeEven(2).ok());
  EXPECT_EQ(MustBeEven(3).error().code, ErrorCode::kInvalidArgument);
}

TEST(ResultDeathTest, ValueOfAFailureAborts) { EXPECT_DEATH((void)Half(1).value(), "odd"); }

TEST(DiagnosticsTest, CountsEqualMessagesAndKeepsTheEarliestTime) {
  Diagnostics first;
  first.Add(ErrorCode::kCorruptData, "damaged frame", 3.0);
  Diagnostics second;
  second.Add(ErrorCode::kCorruptData, "damaged frame", 1.0);
  second.Add(ErrorCode::kUnsupported, "fallback");
  first.Merge(second);
  ASSERT_EQ(first.items().size(), 2U);
  EXPECT_EQ(first.items()[0].count, 2);
  EXPECT_DOUBLE_EQ(first.items()[0].first_time_s, 1.0);
  EXPECT_LT(first.items()[1].first_time_s, 0.0);
}

TEST(RowRandomTest, DependsOnEveryPartOfTheKey) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 4; ++seed) {
    for (uint64_t frame = 0; frame < 4; ++frame) {
      for (uint64_t row = 0; row < 4; ++row) firsts.insert(RowRandom(seed, frame, row).Next());
    }
  }
  EXPECT_EQ(firsts.size(), 64U);
}

TEST(RowRandomTest, NormalHasUnitVariance) {
  RowRandom random(1, 2, 3);
  double sum = 0;
  double sum_squares = 0;
  constexpr int kSamples = 100000;
  for (int i = 0; i < kSamples; ++i) {
    const double value = random.Normal();
    sum += value;
    sum_squares += value * value;
  }
  EXPECT_NEAR(sum / kSamples, 0.0, 0.02);
  EXPECT_NEAR(sum_squares / kSamples, 1.0, 0.02);
}

TEST(TemporaryFolderTest, GoesWithItsOwner) {
  auto folder = TemporaryFolder::Make();
  ASSERT_TRUE(folder.ok());
  const std::filesystem::path path = (*folder)->path();
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
  std::ofstream(**folder / "file") << "something";
  EXPECT_TRUE(std::filesystem::exists(path / "file"));
  folder->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ParallelRowsTest, VisitsEveryRowOnce) {
  for (const int rows : {1, 31, 32, 33, 720}) {
    std::vector<int> visits(static_cast<size_t>(rows), 0);
    ParallelRows(rows, [&](int first, int end) {
      for (int row = first; row < end; ++row) ++visits[static_cast<size_t>(row)];
    });
    EXPECT_THAT(visits, testing::Each(1));
  }
}

TEST(OrderedPipelineTest, FinishesInReadingOrderOnAnyNumberOfSlots) {
  for (const int slots : {1, 2, 7}) {
    std::vector<int> item_in_slot(static_cast<size_t>(slots), -1);
    std::vector<int> finished;
    int next = 0;
    RunOrdered(slots,
               {.read =
                    [&](int slot) {
                      if (next >= 100) return false;
                      item_in_slot[static_cast<size_t>(slot)] = next++;
                      return true;
                    },
                .work = [&](int slot) { item_in_slot[static_cast<size_t>(slot)] *= 2; },
                .finish = [&](int slot) { finished.push_back(item_in_slot[static_cast<size_t>(slot)]); }});
    ASSERT_EQ(finished.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(finished[static_cast<size_t>(i)], 2 * i);
  }
}

}  // namespace
}  // namespace peekproof
