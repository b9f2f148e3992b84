// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/live_unmix.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "attacks/synthetic_scene.h"
#include "attacks/unmix_scenes.h"

namespace peekproof::attacks {
namespace {

TEST(LiveUnmixTest, NeedsOnePassForNearlyTheSame) {
  SyntheticSceneOptions options;
  options.seed = 2;
  const SyntheticScene scene(options);
  LiveUnmix live(options.size, engines::BlendModel{});
  EXPECT_EQ(cv::countNonZero(live.Finish().Present()), 0) << "nothing before the first frame";
  for (int t = 0; t < options.frames; ++t) {
    live.Add(scene.At(t).evidence);
    if (t != 10) continue;
    EXPECT_EQ(live.Finish().size(), options.size) << "may be asked at any time";
  }
  const Outcome two_passes = RunScene(scene, Frames(options.frames));
  const Score later = ScoreOf(two_passes.unmixed, scene.room(), two_passes.leaked);
  const Score now = ScoreOf(live.Finish(), scene.room(), two_passes.leaked);
  fmt::print("recall {:.3f}, live {:.3f}; precision {:.3f}, live {:.3f}\n", later.recall, now.recall,
             later.precision, now.precision);
  EXPECT_GT(now.recall, 0.6 * later.recall);
  EXPECT_GT(now.precision, 0.6 * later.precision);
}

}  // namespace
}  // namespace peekproof::attacks
