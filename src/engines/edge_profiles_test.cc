// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// jitsi2, lfbw, obs-lite, teams and zoom: what each leaves of a caller who has gone, how far its edge
// reaches, and what it shows where it has no mask.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engines/profile.h"
#include "engines/testing.h"
#include "engines/testing_profiles.h"

namespace peekproof::engines {
namespace {

const cv::Vec3b kWall(200, 100, 50);
const char* const kSpecs[] = {
    "jitsi2", "jitsi2(tier=medium)", "jitsi2(tier=low,stride=1)", "lfbw", "obs-lite(lag=0)", "teams", "zoom"};

/// Says the same of every picture, and remembers the last one and how many there were.
class FixedSegmenter : public models::Segmenter {
 public:
  struct Seen {
    cv::Mat3b picture;
    int count = 0;
  };
  FixedSegmenter(const cv::Mat1f& mask, Seen* seen) : mask_(mask), seen_(seen) {}
  cv::Size input_size() const override { return mask_.size(); }
  Result<void> Segment(const cv::Mat3b& bgr, image::AlphaMask* caller) override {
    if (seen_ != nullptr) {
      seen_->picture = bgr.clone();
      ++seen_->count;
    }
    mask_.copyTo(caller->values);
    return {};
  }
  std::string description() const override { return "fixed"; }

 private:
  cv::Mat1f mask_;
  Seen* seen_;
};

std::unique_ptr<Engine> EngineOn(const std::string& spec, const cv::Mat1f& mask,
                                 FixedSegmenter::Seen* seen = nullptr) {
  const SegmenterMaker maker =
      [&](const std::string& /*model*/) -> Result<std::unique_ptr<models::Segmenter>> {
    return std::unique_ptr<models::Segmenter>(std::make_unique<FixedSegmenter>(mask, seen));
  };
  return EngineOf(MakeProfile(spec, maker).value());
}

cv::Mat3b Wallpaper(cv::Size size) { return {size, kWall}; }

/// Alpha in the middle of one plain frame after the other; 255 is surely the caller, 0 surely not. The 8-bit
/// mask may be half a step off; the steepest coverage, jitsi2's low tier, makes that 0.0074 of alpha.
void ExpectEdgeAlphas(const std::string& spec, const std::vector<int>& values,
                      const std::vector<float>& expected) {
  auto engine = EngineFor(spec);
  Composite composite;
  ASSERT_EQ(values.size(), expected.size());
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_TRUE(engine->Process(Grey(values[i]), Wallpaper(kFrame), &composite).ok());
    EXPECT_NEAR(composite.alpha.values(90, 160), expected[i], 0.0075F) << spec << ", frame " << i;
  }
}

TEST(EdgeProfilesTest, LeakTailsAsDerivedFromTheConstants) {
  ExpectEdgeAlphas("lfbw", {255, 0, 0, 0, 0, 0}, {1, 0.5F, 0.25F, 0.125F, 0.0625F, 0.031F});
  // The first frame has no mask yet, the last surely caller's mask shows once more.
  ExpectEdgeAlphas("obs-lite", {255, 255, 0, 0, 0, 0, 0}, {0, 1, 1, 0.48F, 0.11F, 0.01F, 0});
  for (const char* spec : {"jitsi2", "jitsi2(tier=medium)"}) {
    ExpectEdgeAlphas(spec, {255, 0, 0, 0, 0, 0}, {1, 1, 0.86F, 0.33F, 0.03F, 0});
  }
  ExpectEdgeAlphas("jitsi2(tier=low,stride=1)", {255, 0, 0, 0, 0, 0, 0, 0, 0},
                   {1, 1, 1, 0.9F, 0.56F, 0.273F, 0.099F, 0.02F, 0});
  ExpectEdgeAlphas("jitsi2(tier=low)", {255, 255, 0, 0, 0, 0, 0, 0, 0, 0},
                   {1, 1, 1, 1, 1, 1, 0.9F, 0.9F, 0.56F, 0.56F});
  ExpectEdgeAlphas("teams", {255, 0, 0}, {1, 0, 0});
}

TEST(EdgeProfilesTest, ArrivalsAreAsSlow) {
  ExpectEdgeAlphas("jitsi2", {0, 255, 255, 255}, {0, 0, 0.39F, 0.9F});
  ExpectEdgeAlphas("lfbw", {0, 255, 255}, {0, 0.5F, 0.75F});
}

/// Alpha of the middle row, on a plain frame, of a mask that is 1 from the middle column on.
std::vector<float> HaloAlphas(const std::string& spec) {
  cv::Mat1f mask(36, 64, 0.0F);
  mask.colRange(32, 64) = 1.0F;
  auto engine = EngineOn(spec, mask);
  Composite composite;
  EXPECT_TRUE(engine->Process(Grey(100), Wallpaper(kFrame), &composite).ok());
  const float* row = composite.alpha.values.ptr<float>(90);
  return {row, row + kFrame.width};
}

/// How many pixels outside that edge still show the camera.
int HaloWidth(const std::string& spec) {
  const std::vector<float> alphas = HaloAlphas(spec);
  int width = 0;
  while (width < 160 && alphas[159 - width] > 0.0F) ++width;
  return width;
}

TEST(EdgeProfilesTest, HalosOnAPlainFrame) {
  // One tap in four, (0.25 - 0.1) / 0.4 through smoothstep, out to r = 6 mask pixels of 5.
  const std::vector<float> low = HaloAlphas("jitsi2(tier=low)");
  EXPECT_NEAR(low[150], 0.32F, 0.01F);
  EXPECT_NEAR(low[134], 0.32F, 0.01F);
  EXPECT_NEAR(HaloWidth("jitsi2(tier=low)"), 31, 2);
  // 0.25 stays below 0.28: what is left is the ramp between two mask pixels.
  EXPECT_LE(HaloWidth("jitsi2"), 3);
  EXPECT_NEAR(HaloWidth("lfbw"), 6, 1);
  const std::vector<float> lfbw = HaloAlphas("lfbw");
  for (int x = 150; x < 170; ++x) EXPECT_LE(lfbw[x], lfbw[x + 1]) << "a ramp";
  EXPECT_GT(HaloWidth("teams(feather=8)"), HaloWidth("teams(feather=0)") + 10);
  EXPECT_LT(HaloWidth("zoom"), HaloWidth("zoom(sharpen=0)"));
}

TEST(EdgeProfilesTest, TeamsFeatherNeverTakesFromTheCaller) {
  const std::vector<float> plain = HaloAlphas("teams(feather=0)");
  const std::vector<float> feathered = HaloAlphas("teams(feather=6)");
  for (size_t x = 0; x < plain.size(); ++x) EXPECT_GE(feathered[x], plain[x]) << x;
}

TEST(EdgeProfilesTest, SureMasksShowOneOfTheTwoBitByBit) {
  const image::Frame frame{RandomColors(kFrame, 5), 0, 0};
  const cv::Mat3b wallpaper = RandomColors(kFrame, 6);
  for (const char* spec : kSpecs) {
    Composite composite;
    ASSERT_TRUE(EngineOn(spec, cv::Mat1f(36, 64, 1.0F))->Process(frame, wallpaper, &composite).ok());
    EXPECT_EQ(cv::norm(composite.bgr, frame.bgr, cv::NORM_INF), 0) << spec;
    ASSERT_TRUE(EngineOn(spec, cv::Mat1f(36, 64, 0.0F))->Process(frame, wallpaper, &composite).ok());
    EXPECT_EQ(cv::norm(composite.bgr, wallpaper, cv::NORM_INF), 0) << spec;
  }
}

TEST(EdgeProfilesTest, MattesRememberNothing) {
  const cv::Mat3b frame = SmoothColors(kFrame, 3);
  for (const char* spec : kSpecs) {
    Composite composite;
    ASSERT_TRUE(EngineFor(spec)->Process({frame, 0, 0}, Wallpaper(kFrame), &composite).ok());
    auto matter = MatterFor(spec);
    image::AlphaMask alpha;
    image::AlphaMask mask;
    ASSERT_TRUE(matter->Estimate(RandomColors(kFrame, 4), &alpha, &mask).ok());
    ASSERT_TRUE(matter->Estimate(frame, &alpha, &mask).ok());
    EXPECT_EQ(cv::norm(alpha.values, composite.alpha.values, cv::NORM_INF), 0) << spec;
    EXPECT_GT(cv::countNonZero((alpha.values > 0.1F) & (alpha.values < 0.9F)), 100) << spec;
  }
}

TEST(EdgeProfilesTest, EnginesForgetOnReset) {
  for (const char* spec : kSpecs) {
    auto engine = EngineFor(spec);
    Composite composite;
    ASSERT_TRUE(engine->Process(Grey(255), Wallpaper(kFrame), &composite).ok());
    engine->Reset();
    ASSERT_TRUE(engine->Process(Grey(0), Wallpaper(kFrame), &composite).ok());
    EXPECT_EQ(cv::countNonZero(composite.alpha.values), 0) << spec;
  }
}

TEST(EdgeProfilesTest, Jitsi2IsOpenAtTheStartAndAfterThirtyFailures) {
  auto engine = EngineFor("jitsi2(load_frames=1,fail_from=2,fail_frames=40)");
  EXPECT_EQ(EngineFor("jitsi2(tier=low)")->traits().mask_stride, 2);
  EXPECT_EQ(EngineFor("jitsi2(tier=low,stride=3)")->traits().mask_stride, 3);
  Composite composite;
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(engine->Process(Grey(0), Wallpaper(kFrame), &composite).ok());
    // Frame 1 brings the only mask, frames 2 to 30 keep it, with the thirtieth failure the camera shows for
    // good.
    const bool raw = i == 0 || i >= 31;
    EXPECT_EQ(composite.shown, raw ? Shown::kRaw : Shown::kComposed) << i;
    EXPECT_EQ(composite.bgr(90, 160), raw ? cv::Vec3b(0, 0, 0) : kWall) << i;
  }
}

TEST(EdgeProfilesTest, ObsLiteIsClosedWithoutAMask) {
  auto engine = EngineFor("obs-lite(fail_from=2,fail_frames=1)");
  Composite composite;
  const std::vector<Shown> expected = {Shown::kBackground, Shown::kComposed, Shown::kComposed,
                                       Shown::kBackground, Shown::kComposed};
  for (size_t i = 0; i < expected.size(); ++i) {
    // Different frames, so that the motion gate stays open.
    const int value = i % 2 == 0 ? 255 : 235;
    ASSERT_TRUE(engine->Process(Grey(value), Wallpaper(kFrame), &composite).ok());
    EXPECT_EQ(composite.shown, expected[i]) << i;
  }
}

TEST(EdgeProfilesTest, ObsLiteRunsItsNetworkOnMotionOnly) {
  FixedSegmenter::Seen seen;
  auto engine = EngineOn("obs-lite", cv::Mat1f(36, 64, 1.0F), &seen);
  Composite composite;
  // A change of 2 / 255 has a mean square of 6e-5, one of 3 / 255 of 1.4e-4; changes add up.
  const std::vector<std::pair<int, int>> steps = {{100, 1}, {100, 1}, {102, 1}, {103, 2}, {101, 2}, {100, 3}};
  for (const auto& [value, count] : steps) {
    ASSERT_TRUE(engine->Process(Grey(value), Wallpaper(kFrame), &composite).ok());
    EXPECT_EQ(seen.count, count) << value;
  }
  engine->Reset();
  ASSERT_TRUE(engine->Process(Grey(100), Wallpaper(kFrame), &composite).ok());
  EXPECT_EQ(seen.count, 4);
}

TEST(EdgeProfilesTest, ObsLiteLetterboxesOtherShapes) {
  FixedSegmenter::Seen seen;
  // The caller is the right half of a 64 x 36 picture that holds a 4:3 frame in its columns 8 to 55.
  cv::Mat1f mask(36, 64, 0.0F);
  mask.colRange(32, 56) = 1.0F;
  auto engine = EngineOn("obs-lite(lag=0)", mask, &seen);
  const cv::Size size(240, 180);
  Composite composite;
  ASSERT_TRUE(
      engine->Process({cv::Mat3b(size, cv::Vec3b(90, 90, 90)), 0, 0}, Wallpaper(size), &composite).ok());
  for (int x = 0; x < 64; ++x) {
    const int expected = x >= 8 && x < 56 ? 90 : 0;
    EXPECT_EQ(seen.picture(18, x), cv::Vec3b::all(static_cast<uint8_t>(expected))) << x;
  }
  EXPECT_EQ(composite.alpha.values(90, 10), 0.0F);
  EXPECT_EQ(composite.alpha.values(90, 235), 1.0F);
}

TEST(EdgeProfilesTest, LfbwsCurveDarkensAndBrightens) {
  ExpectEdgeAlphas("lfbw(sigmoid=on)", {255, 0, 0}, {0.99F, 0.5F, 0.08F});
}

TEST(EdgeProfilesTest, ApproximationsSaySo) {
  for (const EngineInfo& info : ListEngines()) {
    if (info.name != "teams" && info.name != "zoom") continue;
    EXPECT_TRUE(info.approximation);
    EXPECT_EQ(info.description.find("Approximation"), 0U) << info.name;
  }
}

// Golden: at the network's own size nothing is scaled by OpenCV, so the bytes are the same everywhere.
TEST(EdgeProfilesTest, BytesAreTheSameEverywhere) {
  const cv::Size size(64, 36);
  const std::vector<std::pair<std::string, uint64_t>> golden = {{"jitsi2(tier=low)", 1423987607260551823U},
                                                                {"obs-lite(lag=0)", 10989060375404653168U},
                                                                {"teams", 10055797776549234936U},
                                                                {"zoom", 14331482836621999412U}};
  for (const auto& [spec, sum] : golden) {
    auto engine = EngineFor(spec);
    Composite composite;
    for (uint64_t i = 0; i < 2; ++i) {
      ASSERT_TRUE(
          engine->Process({RandomColors(size, 21 + i), 0, 0}, RandomColors(size, 12), &composite).ok());
    }
    EXPECT_EQ(Checksum(composite.bgr), sum) << spec;
  }
}

}  // namespace
}  // namespace peekproof::engines
