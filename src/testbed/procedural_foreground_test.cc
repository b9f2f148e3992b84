// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/procedural_foreground.h"

#include <gtest/gtest.h>

#include <array>

#include <nlohmann/json.hpp>

#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

constexpr uint64_t kSeed = 4;
const cv::Size kSmallCanvas(160, 90);

cv::Mat4f Draw(const ProceduralForeground& foreground, double time_s) {
  cv::Mat4f drawn;
  foreground.Draw({}, std::array{time_s}, kSmallCanvas, &drawn);
  return drawn;
}

TEST(ProceduralForeground, AloneIsTheCallerAlone) {
  const ProceduralForeground foreground(PresetLook(1), {}, kSeed, 90);
  cv::Mat4f caller;
  RenderCaller(PresetLook(1), PoseAt({}, kSeed, 2.0), kSmallCanvas, &caller);
  EXPECT_TRUE(SameBytes(Draw(foreground, 2.0), caller));
}

TEST(ProceduralForeground, TellsWhatWasDrawn) {
  const auto json =
      nlohmann::json::parse(ProceduralForeground(PresetLook(8), {}, kSeed, 90).DescribeAsJson());
  EXPECT_EQ(json["kind"], "procedural");
  EXPECT_EQ(json["hair_style"], "beanie");
  EXPECT_EQ(json["held"][1], "mug");
}

}  // namespace
}  // namespace peekproof::testbed
