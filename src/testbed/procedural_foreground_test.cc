// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/procedural_foreground.h"

#include <gtest/gtest.h>

#include <array>

#include <algorithm>
#include <cstring>
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

TEST(ProceduralForeground, TheSecondPersonIsBehindTheCaller) {
  const ProceduralForeground alone(PresetLook(0), {}, kSeed, 90);
  const ProceduralForeground both(PresetLook(0), {}, kSeed, 90,
                                  SecondPerson{PersonLook(3), SecondPersonMotion::kBeside});
  for (const double time_s : {0.0, 3.7, 8.1}) {
    const cv::Mat4f one = Draw(alone, time_s);
    const cv::Mat4f two = Draw(both, time_s);
    double more = 0;
    for (int y = 0; y < kSmallCanvas.height; ++y)
      for (int x = 0; x < kSmallCanvas.width; ++x) {
        ASSERT_GE(two(y, x)[3], one(y, x)[3]);
        ASSERT_LE(two(y, x)[3], 1.0F);
        if (one(y, x)[3] == 1.0F) {
          ASSERT_EQ(two(y, x), one(y, x)) << "the caller is in front";
        }
        more += static_cast<double>(two(y, x)[3] - one(y, x)[3]);
      }
    EXPECT_GT(more, 0.04 * kSmallCanvas.area()) << "is seen at " << time_s;
    EXPECT_LT(more, 0.30 * kSmallCanvas.area()) << "is smaller than the caller at " << time_s;
  }
}

TEST(ProceduralForeground, ThePassingPersonComesAndGoes) {
  MotionOptions still;
  still.script = MotionScript::kNone;
  const ProceduralForeground alone(PresetLook(0), still, kSeed, 90);
  const ProceduralForeground both(PresetLook(0), still, kSeed, 90,
                                  SecondPerson{PersonLook(3), SecondPersonMotion::kPassing});
  const cv::Mat4f empty = Draw(alone, 0);
  EXPECT_TRUE(SameBytes(Draw(both, 0.0), empty)) << "not yet there";
  EXPECT_FALSE(SameBytes(Draw(both, 6.5), empty)) << "stands there";
  EXPECT_TRUE(SameBytes(Draw(both, 13.5), empty)) << "has left";
}

TEST(ProceduralForeground, TellsWhatWasDrawn) {
  const auto json =
      nlohmann::json::parse(ProceduralForeground(PresetLook(8), {}, kSeed, 90,
                                                 SecondPerson{PresetLook(4), SecondPersonMotion::kPassing})
                                .DescribeAsJson());
  EXPECT_EQ(json["kind"], "procedural");
  EXPECT_EQ(json["hair_style"], "beanie");
  EXPECT_EQ(json["held"][1], "mug");
  EXPECT_EQ(json["second_person"]["motion"], "passing");
  EXPECT_EQ(json["second_person"]["hair_style"], "long");
}

}  // namespace
}  // namespace peekproof::testbed
