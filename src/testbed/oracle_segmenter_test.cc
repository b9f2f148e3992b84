// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/oracle_segmenter.h"

#include <gtest/gtest.h>

#include <memory>
#include <opencv2/imgproc.hpp>

namespace peekproof::testbed {
namespace {

OracleOptions Perfect() {
  OracleOptions options;
  options.lag_frames = 0;
  options.dilate_px = 0;
  options.blur_px = 0;
  options.blobs = 0;
  return options;
}

/// A disc at 512 x 288, shifted by `shift` pixels.
image::AlphaMask Disc(int shift) {
  image::AlphaMask caller{cv::Mat1f(288, 512, 0.0F)};
  cv::circle(caller.values, {200 + shift, 150}, 60, cv::Scalar(1), cv::FILLED);
  return caller;
}

cv::Mat1f Ask(OracleSegmenter* oracle) {
  image::AlphaMask answer;
  const Result<void> result = oracle->Segment(cv::Mat3b(oracle->input_size()), &answer);
  EXPECT_TRUE(result.ok());
  return answer.values.clone();
}

TEST(OracleSegmenter, WithoutErrorsIsTheScaledTruth) {
  auto feed = std::make_shared<OracleFeed>();
  OracleSegmenter oracle(Perfect(), 1, feed);
  const image::AlphaMask truth = Disc(0);
  feed->Show(truth, 0);
  cv::Mat1f expected;
  cv::resize(truth.values, expected, oracle.input_size(), 0, 0, cv::INTER_AREA);
  EXPECT_EQ(cv::norm(Ask(&oracle), expected, cv::NORM_INF), 0);
}

TEST(OracleSegmenter, Lags) {
  auto feed = std::make_shared<OracleFeed>();
  OracleOptions options = Perfect();
  OracleSegmenter prompt(options, 1, feed);
  options.lag_frames = 2;
  OracleSegmenter late(options, 1, feed);
  feed->Show(Disc(0), 0);
  const cv::Mat1f first = Ask(&prompt);
  feed->Show(Disc(20), 1);
  feed->Show(Disc(40), 2);
  EXPECT_EQ(cv::norm(Ask(&late), first, cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(Ask(&prompt), first, cv::NORM_INF), 0.5);
}

TEST(OracleSegmenter, ErrsOnTheLeakySideBySeed) {
  auto feed = std::make_shared<OracleFeed>();
  OracleOptions options;
  options.blur_px = 0;
  OracleSegmenter oracle(options, 1, feed), same(options, 1, feed), other(options, 2, feed);
  OracleSegmenter perfect(Perfect(), 1, feed);
  feed->Show(Disc(0), 0);
  const cv::Mat1f answer = Ask(&oracle);
  EXPECT_EQ(cv::norm(answer, Ask(&same), cv::NORM_INF), 0);
  EXPECT_GT(cv::norm(answer, Ask(&other), cv::NORM_INF), 0);
  const cv::Mat1f truth = Ask(&perfect);
  EXPECT_EQ(cv::countNonZero(cv::Mat1b(answer < truth)), 0) << "grows, never shrinks";
  EXPECT_GT(cv::sum(answer)[0], 1.05 * cv::sum(truth)[0]);
  for (const float value : answer) EXPECT_TRUE(value >= 0 && value <= 1);
}

TEST(OracleSegmenter, RefusesOtherSizesAndEarlyQuestions) {
  auto feed = std::make_shared<OracleFeed>();
  OracleSegmenter oracle(Perfect(), 1, feed);
  image::AlphaMask answer;
  EXPECT_FALSE(oracle.Segment(cv::Mat3b(oracle.input_size()), &answer).ok());
  feed->Show(Disc(0), 0);
  EXPECT_FALSE(oracle.Segment(cv::Mat3b(10, 10), &answer).ok());
}

TEST(OracleOptions, RefusesNonsense) {
  EXPECT_TRUE(OracleOptions().Validate().ok());
  OracleOptions options;
  options.lag_frames = 31;
  EXPECT_FALSE(options.Validate().ok());
  options = {};
  options.blob_strength = 1.5F;
  EXPECT_FALSE(options.Validate().ok());
}

}  // namespace
}  // namespace peekproof::testbed
