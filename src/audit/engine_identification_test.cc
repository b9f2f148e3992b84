// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/engine_identification.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "audit/frame_samples.h"

namespace peekproof::audit {
namespace {

EngineCues CuesWhere(const std::string& best, int blocks) {
  EngineCues cues;
  cues.blocks = blocks;
  for (size_t i = 0; i < kCandidateEngines.size(); ++i)
    cues.fits[i] = {.explained = kCandidateEngines[i] == best ? 0.8 : 0.7, .beyond = 0.1, .unseen = 0.1};
  return cues;
}

TEST(EngineInputsTest, ExplainingIsMeasuredAgainstTheBest) {
  const auto inputs = EngineInputs(CuesWhere("meet", 100));
  EXPECT_DOUBLE_EQ(inputs[0], 0);
  EXPECT_NEAR(inputs[3], 0.125, 1e-9);
  EXPECT_DOUBLE_EQ(inputs[1], 0.1);
}

TEST(GuessEngineTest, ProbabilitiesSumToOneAndComeMostLikelyFirst) {
  const auto guesses = GuessEngine(CuesWhere("jitsi", 100));
  ASSERT_EQ(guesses.size(), kCandidateEngines.size());
  double sum = 0;
  for (const EngineGuess& guess : guesses) sum += guess.probability;
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_TRUE(std::is_sorted(guesses.begin(), guesses.end(),
                             [](const auto& a, const auto& b) { return a.probability > b.probability; }));
}

TEST(GuessEngineTest, SaysNothingOfTooFewEdges) {
  EXPECT_TRUE(GuessEngine(CuesWhere("meet", kLeastBlocks - 1)).empty());
}

TEST(GuessEngineTest, MeetShowsNothingWhereOthersMixes) {
  EngineCues cues = CuesWhere("mediapipe", 100);
  const auto mixed = GuessEngine(cues);
  cues = CuesWhere("meet", 100);
  for (EngineFit& fit : cues.fits) fit.unseen = 0.6;
  const auto cut = GuessEngine(cues);
  EXPECT_EQ(cut.front().engine, "meet");
  EXPECT_NE(mixed.front().engine, "meet");
}

TEST(FrameSamplesTest, StaysSmallAndSpreadsEvenly) {
  for (const int count : {1, 5, 12, 13, 100, 301}) {
    FrameSamples samples;
    for (int i = 0; i < count; ++i)
      samples.Offer(cv::Mat3b(
          1, 1, cv::Vec3b(cv::saturate_cast<uint8_t>(i % 256), cv::saturate_cast<uint8_t>(i / 256), 0)));
    const auto& frames = samples.frames();
    ASSERT_LE(frames.size(), FrameSamples::kMost);
    ASSERT_GE(frames.size(), std::min<size_t>(static_cast<size_t>(count), FrameSamples::kMost / 2));
    const auto number = [&](size_t i) { return frames[i](0, 0)[0] + 256 * frames[i](0, 0)[1]; };
    EXPECT_EQ(number(0), 0);
    for (size_t i = 2; i < frames.size(); ++i)
      EXPECT_EQ(number(i) - number(i - 1), number(1) - number(0)) << count;
  }
}

}  // namespace
}  // namespace peekproof::audit
