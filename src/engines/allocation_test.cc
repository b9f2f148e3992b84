// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "allocation_counter.h"
#include "base/parallel.h"
#include "engines/testing.h"
#include "engines/testing_profiles.h"

namespace peekproof::engines {
namespace {

TEST(AllocationTest, TheCounterCounts) {
  const int64_t before = AllocationCount();
  const cv::Mat3b picture(64, 64);
  EXPECT_GT(AllocationCount(), before);
}

TEST(AllocationTest, NoEngineAllocatesOnceItHasSeenAFrame) {
  const ThreadLimit one(1);  // A scheduler of threads may allocate for itself.
  const cv::Size size(640, 360);
  const image::Frame frames[] = {{SmoothColors(size, 1), 0, 0}, {SmoothColors(size, 2), 1, 0}};
  const cv::Mat3b wallpaper = SmoothColors(size, 3);
  // Steps that come from OpenCV (bilateralFilter, findContours, GaussianBlur, blur; the guard: morphology,
  // parts): those allocate tables and row buffers for every call, but no pictures of the frame's size.
  const std::set<std::string> uses_opencv = {"backscrub", "guard", "obs", "lfbw"};
  const int64_t scratch = 3 * size.area() / 2;  // Half of a frame.
  for (const EngineInfo& info : ListEngines()) {
    auto engine = EngineFor(info.name);
    Composite composite;
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(engine->Process(frames[i % 2], wallpaper, &composite).ok());
    const int64_t calls = AllocationCount();
    const int64_t bytes = AllocatedBytes();
    constexpr int kFrames = 6;
    for (int i = 0; i < kFrames; ++i) {
      ASSERT_TRUE(engine->Process(frames[i % 2], wallpaper, &composite).ok());
    }
    if (uses_opencv.contains(info.name)) {
      EXPECT_LT((AllocatedBytes() - bytes) / kFrames, scratch) << info.name;
    } else {
      EXPECT_EQ(AllocationCount() - calls, 0) << info.name;
    }
  }
}

}  // namespace
}  // namespace peekproof::engines
