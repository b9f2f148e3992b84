// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/motion_script.h"

#include <gtest/gtest.h>

#include <set>

namespace peekproof::testbed {
namespace {

TEST(MotionScriptTest, EveryNameIsParsedBack) {
  std::set<MotionScript> scripts;
  for (const std::string& name : MotionScriptNames()) {
    const auto script = ParseMotionScript(name);
    ASSERT_TRUE(script.ok()) << name;
    EXPECT_EQ(NameOfMotionScript(*script), name);
    scripts.insert(*script);
  }
  EXPECT_EQ(scripts.size(), 9U);
}

TEST(MotionScriptTest, AnUnknownNameIsToldTheKnownOnes) {
  const auto script = ParseMotionScript("dance");
  ASSERT_FALSE(script.ok());
  EXPECT_NE(script.error().message.find("turn-head"), std::string::npos) << script.error().message;
}

}  // namespace
}  // namespace peekproof::testbed
