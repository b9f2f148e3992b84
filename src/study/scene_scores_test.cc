// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/scene_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include "media/picture.h"
#include "testbed/scene.h"

namespace peekproof::study {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// A small call that needs no network, made once.
class SceneScores : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::temp_directory_path() / fmt::format("peekproof_scores_{}", ::getpid());
    testbed::SceneOptions options;
    options.size = {192, 108};
    options.frames = 30;
    options.foreground.look = 1;
    options.engine = "mediapipe";
    options.use_oracle = true;
    options.oracle.blobs = 8;
    options.raw = {{0.4, 1}};
    options.channel.bit_rate = 400'000;
    ASSERT_TRUE(testbed::GenerateScene(options, folder_.string(), nullptr, {}).ok());
  }
  static void TearDownTestSuite() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  void SetUp() override {
    auto truth = testbed::ReadSceneTruth(folder_.string());
    ASSERT_TRUE(truth.ok()) << truth.error().message;
    truth_ = *std::move(truth);
    other_ = testbed::MakeRoom(77, truth_.size).bgr;
  }
  double Score(const image::Reconstruction& room, const std::string& metric) const {
    const auto values = ScoreScene(room, truth_, {other_, nullptr, nullptr});
    EXPECT_TRUE(values.ok());
    for (size_t i = 0; i < ListMetrics().size(); ++i)
      if (metric == ListMetrics()[i].name) return (*values)[i];
    ADD_FAILURE() << "no metric " << metric;
    return -1;
  }
  image::Reconstruction Painted(const cv::Mat3b& colours) const {
    auto painted = image::Reconstruction::Absent(colours.size());
    colours.copyTo(painted.bgr);
    painted.evidence.setTo(1, truth_.leak_alpha > 0);
    painted.confidence.setTo(1, truth_.leak_alpha > 0);
    return painted;
  }

  static fs::path folder_;
  testbed::SceneTruth truth_;
  cv::Mat3b other_;
};

fs::path SceneScores::folder_;

TEST_F(SceneScores, TheTruthIsPerfectNothingIsZeroTheWallpaperIsTheFloor) {
  const image::Reconstruction perfect = Painted(truth_.room);
  for (const char* metric : {"recall_4", "recall_10", "precision_4", "precision_10", "coverage"})
    EXPECT_EQ(Score(perfect, metric), 1) << metric;
  EXPECT_EQ(Score(perfect, "false_wallpaper"), 0);
  EXPECT_EQ(Score(perfect, "brier"), 0);
  const auto nothing = image::Reconstruction::Absent(truth_.size);
  for (const char* metric : {"recall_10", "precision_10", "coverage", "legacy", "above_chance"})
    EXPECT_EQ(Score(nothing, metric), 0) << metric;
  const image::Reconstruction wallpaper = WallpaperAlone(truth_);
  EXPECT_EQ(Score(wallpaper, "legacy"), Score(wallpaper, "legacy_floor"));
  EXPECT_EQ(Score(wallpaper, "above_chance"), 0);
}

TEST_F(SceneScores, CeilingsAreInOrder) {
  const auto ceilings = CeilingsOf(truth_, folder_.string(), nullptr, {});
  ASSERT_TRUE(ceilings.ok()) << ceilings.error().message;
  ASSERT_EQ(ceilings->size(), 4U);
  const double coded = Score((*ceilings)[0].second, "weighted_recall_10");
  const double lossless = Score((*ceilings)[1].second, "weighted_recall_10");
  const double copied = Score((*ceilings)[2].second, "weighted_recall_10");
  EXPECT_GT(lossless, 0.9) << "the camera's noise is all that is left";
  EXPECT_LT(lossless, 1.0);
  EXPECT_GT(lossless, coded);
  EXPECT_GT(coded, copied);
  EXPECT_GT(Score((*ceilings)[3].second, "legacy"), 0.5) << "copies are what the legacy score asks for";
}

TEST_F(SceneScores, ReconstructionsComeBackFromFiles) {
  const auto unblended = ReadReconstruction((folder_ / "truth" / "ceiling_unblended.png").string());
  ASSERT_TRUE(unblended.ok()) << unblended.error().message;
  EXPECT_GT(cv::countNonZero(unblended->Present()), 100);
  EXPECT_LT(cv::countNonZero(unblended->Present()), truth_.size.area());
  const auto opaque = ReadReconstruction((folder_ / "truth" / "room.png").string());
  ASSERT_TRUE(opaque.ok());
  EXPECT_EQ(cv::countNonZero(opaque->Present()), truth_.size.area());
  const auto missing = ReadReconstruction(folder_.string());
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("holds no room.png"));
  auto small = image::Reconstruction::Absent({10, 10});
  const auto scored = ScoreScene(small, truth_, {other_, nullptr, nullptr});
  ASSERT_FALSE(scored.ok());
  EXPECT_THAT(scored.error().message, HasSubstr("10 x 10 pixels, the scene 192 x 108"));
}

TEST_F(SceneScores, KnownTextsAreReadInTheTrueRoom) {
  const auto reader = models::MakeTextReader();
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  const cv::Size size(1280, 720);
  const testbed::Room room = testbed::MakeRoom(3, size);
  testbed::SceneTruth truth;
  truth.size = size;
  truth.room = room.bgr;
  truth.wallpaper = cv::Mat3b(size, cv::Vec3b(90, 90, 90));
  truth.texts = room.texts;
  truth.leak_alpha = cv::Mat1f(size, 1.0F);
  truth.uncovered = cv::Mat1b(size, uint8_t{255});
  const ScoreInputs inputs{testbed::MakeRoom(4, size).bgr, reader->get(), nullptr};
  const auto value = [&](const image::Reconstruction& painted, const char* metric) {
    const auto values = ScoreScene(painted, truth, inputs);
    EXPECT_TRUE(values.ok());
    for (size_t i = 0; i < ListMetrics().size(); ++i)
      if (std::string(metric) == ListMetrics()[i].name) return (*values)[i];
    return -1.0;
  };
  EXPECT_GT(value(TrueRoom(truth), "characters_read"), 0.25);
  EXPECT_EQ(value(WallpaperAlone(truth), "texts_read"), 0);
  EXPECT_EQ(value(image::Reconstruction::Absent(size), "characters_read"), 0);
  EXPECT_TRUE(std::isnan(value(TrueRoom(truth), "objects_found"))) << "no detector, no score";
  truth.texts.clear();
  EXPECT_TRUE(std::isnan(value(TrueRoom(truth), "texts_read"))) << "nothing to read, no score";
}

}  // namespace
}  // namespace peekproof::study
