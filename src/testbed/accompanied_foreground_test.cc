// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/accompanied_foreground.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "testbed/make_foreground.h"
#include "testbed/procedural_foreground.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

constexpr uint64_t kSeed = 4;
const cv::Size kCanvas(160, 90);

/// Somebody of footage: as large as the canvas, at the left, and with something to tell.
class Cardboard : public Foreground {
 public:
  Result<void> Fetch(double /*time_s*/, cv::Mat* picture) override {
    *picture = cv::Mat1b(1, 1, uint8_t{7});
    return {};
  }
  void Draw(const cv::Mat& /*picture*/, std::span<const double> /*moments_s*/, cv::Size canvas,
            cv::Mat4f* premultiplied) const override {
    *premultiplied = cv::Mat4f(canvas, cv::Vec4f());
    (*premultiplied)(cv::Rect(0, 0, canvas.width / 4, canvas.height)) = cv::Vec4f(0.25F, 0.5F, 0.75F, 1);
  }
  Diagnostics diagnostics() const override {
    Diagnostics told;
    told.Add(ErrorCode::kUnsupported, "cut short", 1);
    return told;
  }
  std::string DescribeAsJson() const override { return R"({"kind": "cardboard"})"; }
};

AccompaniedForeground DrawnWith(SecondPersonMotion motion, const MotionOptions& script = {}) {
  return {std::make_unique<ProceduralForeground>(PresetLook(0), script, kSeed, 90),
          {PersonLook(3), motion},
          kSeed,
          90};
}

cv::Mat4f Draw(const Foreground& foreground, double time_s, cv::Size canvas = kCanvas) {
  cv::Mat4f drawn;
  foreground.Draw({}, std::array{time_s}, canvas, &drawn);
  return drawn;
}

TEST(AccompaniedForeground, TheSecondPersonIsBehindTheCaller) {
  const ProceduralForeground alone(PresetLook(0), {}, kSeed, 90);
  const AccompaniedForeground both = DrawnWith(SecondPersonMotion::kBeside);
  for (const double time_s : {0.0, 3.7, 8.1}) {
    const cv::Mat4f one = Draw(alone, time_s);
    const cv::Mat4f two = Draw(both, time_s);
    double more = 0;
    for (int y = 0; y < kCanvas.height; ++y)
      for (int x = 0; x < kCanvas.width; ++x) {
        ASSERT_GE(two(y, x)[3], one(y, x)[3]);
        ASSERT_LE(two(y, x)[3], 1.0F);
        if (one(y, x)[3] == 1.0F) {
          ASSERT_EQ(two(y, x), one(y, x)) << "the caller is in front";
        }
        more += static_cast<double>(two(y, x)[3] - one(y, x)[3]);
      }
    EXPECT_GT(more, 0.04 * kCanvas.area()) << "is seen at " << time_s;
    EXPECT_LT(more, 0.30 * kCanvas.area()) << "is smaller than the caller at " << time_s;
  }
}

TEST(AccompaniedForeground, ThePassingPersonComesAndGoes) {
  MotionOptions still;
  still.script = MotionScript::kNone;
  const ProceduralForeground alone(PresetLook(0), still, kSeed, 90);
  const AccompaniedForeground both = DrawnWith(SecondPersonMotion::kPassing, still);
  const cv::Mat4f empty = Draw(alone, 0);
  EXPECT_TRUE(SameBytes(Draw(both, 0.0), empty)) << "not yet there";
  EXPECT_FALSE(SameBytes(Draw(both, 6.5), empty)) << "stands there";
  EXPECT_TRUE(SameBytes(Draw(both, 13.5), empty)) << "has left";
}

TEST(AccompaniedForeground, AnOpenShutterSeesTheMeanOfItsMoments) {
  const AccompaniedForeground both = DrawnWith(SecondPersonMotion::kPassing);
  const std::array<double, 2> moments{5.0, 5.4};
  cv::Mat4f blurred;
  both.Draw({}, moments, kCanvas, &blurred);
  cv::Mat4f mean;
  cv::addWeighted(Draw(both, moments[0]), 0.5, Draw(both, moments[1]), 0.5, 0, mean);
  EXPECT_LT(cv::norm(blurred, mean, cv::NORM_INF), 1e-5);
}

TEST(AccompaniedForeground, IsDrawnBehindFootageToo) {
  AccompaniedForeground both(std::make_unique<Cardboard>(), {PersonLook(3), SecondPersonMotion::kBeside},
                             kSeed, 90);
  const cv::Size canvas(320, 180);  // Footage is as large as the canvas, drawn people are smaller.
  const cv::Mat4f drawn = Draw(both, 1.0, canvas);
  ASSERT_EQ(drawn.size(), canvas);
  EXPECT_EQ(drawn(90, 20), cv::Vec4f(0.25F, 0.5F, 0.75F, 1));
  const cv::Mat4f beside = drawn(cv::Rect(80, 0, 240, 180));
  EXPECT_GT(cv::mean(beside)[3], 0.03);
  cv::Mat picture;
  ASSERT_TRUE(both.Fetch(0, &picture).ok());
  EXPECT_EQ(picture.at<uint8_t>(0, 0), 7);
  EXPECT_EQ(both.diagnostics().items().size(), 1U);
}

TEST(AccompaniedForeground, TellsWhoIsThere) {
  const AccompaniedForeground both(std::make_unique<Cardboard>(),
                                   {PresetLook(4), SecondPersonMotion::kPassing}, kSeed, 90);
  const auto json = nlohmann::json::parse(both.DescribeAsJson());
  EXPECT_EQ(json["kind"], "cardboard");
  EXPECT_EQ(json["second_person"]["motion"], "passing");
  EXPECT_EQ(json["second_person"]["hair_style"], "long");
}

TEST(AccompaniedForeground, IsMadeWhereAsked) {
  ForegroundOptions options;
  options.second = SecondPersonMotion::kBeside;
  const auto made = MakeForeground(options, {}, kSeed);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(nlohmann::json::parse((*made)->DescribeAsJson()).contains("second_person"));
}

}  // namespace
}  // namespace peekproof::testbed
