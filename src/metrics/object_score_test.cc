// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/object_score.h"

#include <gtest/gtest.h>

namespace peekproof::metrics {
namespace {

TEST(MatchObjectsTest, WantsLabelAndPlace) {
  const std::vector<ObjectBox> truth{{"clock", {10, 10, 20, 20}, 0.9}, {"book", {50, 10, 10, 30}, 0.8}};
  EXPECT_EQ(MatchObjects(truth, truth).recall, 1);
  EXPECT_EQ(MatchObjects(truth, truth).precision, 1);
  // Intersection over union: 15 x 20 of 500 is 0.6; the book lies where the clock is.
  const ObjectScore score = MatchObjects(
      {{"clock", {15, 10, 20, 20}, 0.5}, {"book", {10, 10, 20, 20}, 0.9}, {"cup", {0, 0, 5, 5}, 0.9}}, truth);
  EXPECT_EQ(score.matched, 1);
  EXPECT_DOUBLE_EQ(score.recall, 0.5);
  EXPECT_DOUBLE_EQ(score.precision, 1.0 / 3);
}

TEST(MatchObjectsTest, EachObjectIsFoundOnce) {
  const std::vector<ObjectBox> truth{{"book", {0, 0, 10, 10}, 1}};
  const ObjectScore score =
      MatchObjects({{"book", {0, 0, 10, 10}, 0.4}, {"book", {0, 0, 10, 9}, 0.9}}, truth);
  EXPECT_EQ(score.matched, 1);
  EXPECT_DOUBLE_EQ(score.precision, 0.5);
}

TEST(MatchObjectsTest, NothingIsNothing) {
  EXPECT_EQ(MatchObjects({}, {}).recall, 0);
  EXPECT_EQ(MatchObjects({{"a", {0, 0, 1, 1}, 1}}, {}).precision, 0);
}

}  // namespace
}  // namespace peekproof::metrics
