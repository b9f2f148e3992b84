// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/keyed_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "base/random.h"
#include "media/video_writer.h"
#include "testbed/caller.h"
#include "testbed/camera.h"
#include "testbed/key_matte.h"
#include "testbed/room.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const cv::Size kFootageSize(320, 240);

/// A blue wall with a hot spot and dark corners.
cv::Mat3f Backdrop() {
  cv::Mat3b wall(kFootageSize);
  for (int y = 0; y < kFootageSize.height; ++y) {
    for (int x = 0; x < kFootageSize.width; ++x) {
      const double dx = (x - 120.0) / kFootageSize.width;
      const double dy = (y - 80.0) / kFootageSize.height;
      const double light = 0.75 + 0.35 * std::exp(-6 * (dx * dx + dy * dy)) - 0.25 * (dx * dx + dy * dy);
      wall(y, x) = {cv::saturate_cast<uint8_t>(190 * light), cv::saturate_cast<uint8_t>(95 * light),
                    cv::saturate_cast<uint8_t>(50 * light)};
    }
  }
  return LinearFromSrgb(wall);
}

cv::Mat3f Over(const cv::Mat4f& person, const cv::Mat3f& behind) {
  cv::Mat3f picture(behind.size());
  for (int y = 0; y < behind.rows; ++y)
    for (int x = 0; x < behind.cols; ++x)
      for (int c = 0; c < 3; ++c)
        picture(y, x)[c] = person(y, x)[c] + (1 - person(y, x)[3]) * behind(y, x)[c];
  return picture;
}

cv::Mat4f Person(int i, int look = 0) {
  CallerPose pose;
  pose.x = 0.02F * static_cast<float>(i % 5);
  pose.y = -0.02F;
  pose.head_yaw = 0.05F * static_cast<float>(i);
  cv::Mat4f drawn;
  RenderCaller(PresetLook(look), pose, kFootageSize, &drawn);
  return drawn;
}

void AddNoise(uint64_t seed, cv::Mat3b* bgr) {
  for (int y = 0; y < bgr->rows; ++y) {
    RowRandom random(seed, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < bgr->cols; ++x)
      for (int c = 0; c < 3; ++c)
        (*bgr)(y, x)[c] = cv::saturate_cast<uint8_t>((*bgr)(y, x)[c] + 1.5 * random.Normal());
  }
}

class KeyedSourceFiles : public testing::Test {
 protected:
  static constexpr int kFrames = 6;

  KeyedSourceFiles() {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    path_ = (fs::temp_directory_path() / fmt::format("peekproof_key_{}_{}.mkv", info->name(), ::getpid()))
                .string();
  }
  ~KeyedSourceFiles() override {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }

  /// A clip of what `frame` gives.
  template <typename Frame>
  void Write(Frame&& frame, bool lossless = true) const {
    media::WriterOptions options;
    options.codec = lossless ? "ffv1" : "libx264";
    options.crf = 20;
    auto writer = media::VideoWriter::Create(path_, kFootageSize, options);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    for (int i = 0; i < kFrames; ++i) ASSERT_TRUE((*writer)->Write(frame(i)).ok());
    ASSERT_TRUE((*writer)->Finish().ok());
  }
  void WriteBlueScreen(bool lossless = true) const {
    Write(
        [](int i) {
          cv::Mat3b bgr = SrgbFromLinear(Over(Person(i), Backdrop()));
          AddNoise(static_cast<uint64_t>(i), &bgr);
          return bgr;
        },
        lossless);
  }
  std::unique_ptr<KeyedSource> OpenSource(const KeyOptions& options = {}) const {
    auto source = KeyedSource::Open(path_, options);
    EXPECT_TRUE(source.ok()) << source.error().message;
    return source.ok() ? *std::move(source) : nullptr;
  }
  static cv::Mat4f CutAt(KeyedSource* source, double time_s) {
    cv::Mat picture;
    EXPECT_TRUE(source->Fetch(time_s, &picture).ok());
    cv::Mat4f cut;
    source->Cut(picture, &cut);
    return cut;
  }

  std::string path_;
};

double MeanError(const cv::Mat1f& a, const cv::Mat1f& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total());
}

TEST_F(KeyedSourceFiles, FindsTheMatteBeforeAnUnevenWall) {
  WriteBlueScreen();
  const auto source = OpenSource();
  ASSERT_NE(source, nullptr);
  for (int i = 0; i < kFrames; ++i) {
    const double error = MeanError(AlphaOf(CutAt(source.get(), i / 25.0)), AlphaOf(Person(i)));
    EXPECT_LT(error, 0.005) << "frame " << i;
    EXPECT_GT(error, 1e-4) << "suspiciously good";
  }
  EXPECT_NEAR(source->quality().backdrop_noise, 1.2, 0.8);
  EXPECT_GT(source->quality().border_share, 0.95);
  EXPECT_GT(source->quality().soft_share, 0.005);
  EXPECT_LT(source->quality().soft_share, 0.08);
  EXPECT_LT(source->quality().hole_share, 1e-3);
}

TEST_F(KeyedSourceFiles, WorksBehindACodec) {
  WriteBlueScreen(false);
  const auto source = OpenSource();
  ASSERT_NE(source, nullptr);
  EXPECT_LT(MeanError(AlphaOf(CutAt(source.get(), 0.08)), AlphaOf(Person(2))), 0.012);
}

TEST_F(KeyedSourceFiles, LeavesNoBackdropInTheEdge) {
  WriteBlueScreen();
  const auto source = OpenSource();
  ASSERT_NE(source, nullptr);
  const cv::Mat3f white(kFootageSize, cv::Vec3f(0.9F, 0.9F, 0.9F));
  const cv::Mat3b truth = SrgbFromLinear(Over(Person(2), white));
  const cv::Mat3b mine = SrgbFromLinear(Over(CutAt(source.get(), 0.08), white));
  const cv::Mat1b edge((AlphaOf(Person(2)) > 0.02F) & (AlphaOf(Person(2)) < 0.98F));
  double error = 0;
  for (int c = 0; c < 3; ++c) {
    cv::Mat1b a;
    cv::Mat1b b;
    cv::extractChannel(truth, a, c);
    cv::extractChannel(mine, b, c);
    error += cv::norm(a, b, cv::NORM_L1, edge) / cv::countNonZero(edge) / 3;
  }
  EXPECT_LT(error, 12) << "8-bit steps over the soft edge, between white and dark clothes";
  EXPECT_GT(error, 1) << "suspiciously good";
  KeyQualityMeter mine_meter(Backdrop());
  mine_meter.AddFrame(CutAt(source.get(), 0.08));
  KeyQualityMeter true_meter(Backdrop());
  true_meter.AddFrame(Person(2));
  EXPECT_NEAR(mine_meter.quality().spill.value(), true_meter.quality().spill.value(), 0.1)
      << "of blue clothes, which have the hue themselves";
  EXPECT_THAT(source->DescribeAsJson(), HasSubstr("\"spill\":"));
}

TEST_F(KeyedSourceFiles, FillsHolesButNotTheWorld) {
  Write([](int i) {
    cv::Mat3f picture = Over(Person(i), Backdrop());
    const cv::Mat3f wall = Backdrop();
    const cv::Rect patch(150, 200, 10, 8);  // A badge of the wall's colour on the chest.
    wall(patch).copyTo(picture(patch));
    return SrgbFromLinear(picture);
  });
  KeyOptions options;
  EXPECT_EQ(AlphaOf(CutAt(OpenSource(options).get(), 0))(204, 155), 1);
  options.largest_hole = 0;
  const auto source = OpenSource(options);
  EXPECT_LT(AlphaOf(CutAt(source.get(), 0))(204, 155), 0.1F);
  EXPECT_GT(source->quality().holes, 0.9);
}

TEST_F(KeyedSourceFiles, GarbageBoxesAreBackdrop) {
  Write([](int i) {
    cv::Mat3f picture = Over(Person(i), Backdrop());
    cv::rectangle(picture, cv::Rect(0, 100, 30, 140), cv::Scalar(0.1, 0.6, 0.6), cv::FILLED);
    return SrgbFromLinear(picture);
  });
  KeyOptions options;
  options.least_part = 0;
  EXPECT_EQ(AlphaOf(CutAt(OpenSource(options).get(), 0))(150, 12), 1);
  options.drop = {{0, 0.4, 0.12, 0.6}};
  EXPECT_EQ(AlphaOf(CutAt(OpenSource(options).get(), 0))(150, 12), 0);
}

TEST_F(KeyedSourceFiles, BoxesToKeepArePerson) {
  WriteBlueScreen();
  KeyOptions options;
  options.keep = {{0.0, 0.0, 0.1, 0.1}};
  options.drop = {{0.0, 0.0, 0.2, 0.2}};
  const cv::Mat4f cut = CutAt(OpenSource(options).get(), 0);
  const cv::Mat3f wall = Backdrop();
  EXPECT_EQ(cut(12, 16)[3], 1) << "keep wins";
  EXPECT_NEAR(cut(12, 16)[0], wall(12, 16)[0], 0.05) << "as it is, no hue taken out";
  EXPECT_EQ(cut(12, 48)[3], 0);
}

TEST_F(KeyedSourceFiles, SeesThroughHairAsDeepAsSoftnessSays) {
  // A veil: half of the wall shines through a strip along the head's side, much wider than the narrow band.
  const cv::Rect veil(60, 60, 16, 100);
  Write([&](int) {
    cv::Mat3f picture = Backdrop();
    picture(cv::Rect(76, 60, 160, 180)).setTo(cv::Scalar(0.04, 0.05, 0.06));
    for (int y = veil.y; y < veil.br().y; ++y)
      for (int x = veil.x; x < veil.br().x; ++x)
        picture(y, x) = 0.5F * picture(y, x) + 0.5F * cv::Vec3f(0.04F, 0.05F, 0.06F);
    return SrgbFromLinear(picture);
  });
  KeyOptions options;
  options.softness = 0.2F;
  const cv::Mat4f through = CutAt(OpenSource(options).get(), 0);
  EXPECT_NEAR(through(110, 68)[3], 0.5 / 0.88, 0.08) << "the share above which all is person is 0.88";
  EXPECT_EQ(through(110, 160)[3], 1);
  options.softness = 0;
  EXPECT_EQ(CutAt(OpenSource(options).get(), 0)(110, 68)[3], 1);
}

TEST_F(KeyedSourceFiles, KeepsClothesOfTheBackdropsHue) {
  Write([](int) {
    cv::Mat3f picture = Backdrop();
    picture(cv::Rect(80, 40, 160, 200)).setTo(cv::Scalar(0.35, 0.2, 0.12));
    return SrgbFromLinear(picture);
  });
  const cv::Mat4f cut = CutAt(OpenSource().get(), 0);
  EXPECT_EQ(cut(120, 90)[3], 1) << "near the outline";
  EXPECT_NEAR(cut(120, 90)[0], 0.35, 0.02);
  EXPECT_EQ(cut(120, 160)[3], 1);
}

TEST_F(KeyedSourceFiles, RefusesAPatternButNotGrain) {
  const auto write = [&](bool moving) {
    Write([&](int i) {
      cv::Mat3b bgr = SrgbFromLinear(Over(Person(i), Backdrop()));
      for (int n = 0; n < 3; ++n) AddNoise(static_cast<uint64_t>(n + 1 + (moving ? 10 * i : 0)), &bgr);
      for (int n = 0; n < 9; ++n) AddNoise(static_cast<uint64_t>(n + 4 + (moving ? 10 * i : 0)), &bgr);
      return bgr;
    });
  };
  write(true);
  const auto grain = KeyedSource::Open(path_, {});
  ASSERT_TRUE(grain.ok()) << grain.error().message;
  EXPECT_LT((*grain)->quality().backdrop_pattern, 2);
  EXPECT_GT((*grain)->quality().backdrop_noise, 3);
  write(false);
  const auto pattern = KeyedSource::Open(path_, {});
  ASSERT_FALSE(pattern.ok());
  EXPECT_THAT(pattern.error().message, HasSubstr("stand still"));
}

TEST_F(KeyedSourceFiles, MeasuresTheQualityOfAFile) {
  const auto quality_of = [&](int look) {
    Write([&](int i) {  // Somebody who keeps still.
      cv::Mat3b bgr = SrgbFromLinear(Over(Person(0, look), Backdrop()));
      AddNoise(static_cast<uint64_t>(i), &bgr);
      return bgr;
    });
    const auto quality = MeasureKeyQuality(path_, {});
    EXPECT_TRUE(quality.ok()) << quality.error().message;
    return quality.ok() ? *quality : KeyQuality();
  };
  const KeyQuality quality = quality_of(1);
  EXPECT_LT(quality.flicker, 0.05);
  EXPECT_GT(quality.flicker, 0) << "there is noise";
  EXPECT_EQ(quality.holes, 0);
  EXPECT_GE(quality.backdrop_noise, quality.backdrop_pattern);
  EXPECT_GT(quality_of(0).flicker, quality.flicker) << "blue clothes before a blue wall are hard to key";
  EXPECT_FALSE(MeasureKeyQuality(path_ + ".missing", {}).ok());
}

TEST_F(KeyedSourceFiles, RefusesWhatIsNoBackdrop) {
  const cv::Mat3b room = MakeRoom(3, kFootageSize).bgr;
  Write([&](int) { return room; });
  const auto source = KeyedSource::Open(path_, {});
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(source.error().message, HasSubstr("no flat backdrop"));
  EXPECT_THAT(source.error().message, HasSubstr(path_));
}

TEST_F(KeyedSourceFiles, RefusesAnEmptyStage) {
  Write([](int i) {
    cv::Mat3b bgr = SrgbFromLinear(Backdrop());
    AddNoise(static_cast<uint64_t>(i), &bgr);
    return bgr;
  });
  const auto source = KeyedSource::Open(path_, {});
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(source.error().message, HasSubstr("nobody was found"));
}

TEST_F(KeyedSourceFiles, ThePapersKeyTakesItsOwnGreen) {
  // YCrCb (158, 30, 45) in BGR.
  const cv::Mat3b ycrcb(kFootageSize, cv::Vec3b(158, 30, 45));
  cv::Mat3b green;
  cv::cvtColor(ycrcb, green, cv::COLOR_YCrCb2BGR);
  Write([&](int i) { return SrgbFromLinear(Over(Person(i), LinearFromSrgb(green))); });
  KeyOptions options;
  options.method = KeyMethod::kPaper;
  const auto source = OpenSource(options);
  ASSERT_NE(source, nullptr);
  const cv::Mat1f alpha = AlphaOf(CutAt(source.get(), 0));
  EXPECT_LT(MeanError(alpha, AlphaOf(Person(0))), 0.03);
  EXPECT_GT(cv::sum(alpha)[0], cv::sum(AlphaOf(Person(0)))[0]) << "whatever mixes counts as person";
}

TEST_F(KeyedSourceFiles, PlaysForthAndBack) {
  Write([](int i) { return cv::Mat3b(kFootageSize, cv::Vec3b::all(static_cast<uint8_t>(40 * i))); });
  const auto player = ClipPlayer::Open(path_);
  ASSERT_TRUE(player.ok()) << player.error().message;
  EXPECT_EQ((*player)->frames(), kFrames);
  std::vector<int> seen;
  for (int i = 0; i < 14; ++i) seen.push_back((*player)->At(i / 25.0).at<cv::Vec3b>(0, 0)[0] / 40);
  EXPECT_THAT(seen, testing::ElementsAre(0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3));
  EXPECT_TRUE((*player)->diagnostics().empty());
  const auto cut = ClipPlayer::Open(path_, ClipContent::kColour, int64_t{3} * kFootageSize.area() * 4);
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ((*cut)->frames(), 4);
  EXPECT_FALSE((*cut)->diagnostics().empty());
}

TEST_F(KeyedSourceFiles, TheOrderOfPicturesDoesNotMatter) {
  WriteBlueScreen();
  const auto source = OpenSource();
  ASSERT_NE(source, nullptr);
  const cv::Mat4f first = CutAt(source.get(), 0).clone();
  CutAt(source.get(), 0.2);
  const cv::Mat4f again = CutAt(source.get(), 0);
  EXPECT_EQ(std::memcmp(first.data, again.data, first.total() * first.elemSize()), 0);
  const ThreadLimit one(1);
  const cv::Mat4f alone = CutAt(source.get(), 0);
  EXPECT_EQ(std::memcmp(first.data, alone.data, first.total() * first.elemSize()), 0);
}

TEST(KeyOptionsTest, RefusesNonsense) {
  EXPECT_TRUE(KeyOptions().Validate().ok());
  KeyOptions options;
  options.high = 2;
  EXPECT_FALSE(options.Validate().ok());
  options = {};
  options.despill = 1.5F;
  EXPECT_FALSE(options.Validate().ok());
  options = {};
  options.drop = {{0.5, 0.5, 0.6, 0.1}};
  EXPECT_FALSE(options.Validate().ok());
  options = {};
  options.keep = {{-0.1, 0, 0.5, 0.1}};
  EXPECT_THAT(options.Validate().error().message, HasSubstr("keep box"));
  options = {};
  options.softness = 0.5F;
  EXPECT_THAT(options.Validate().error().message, HasSubstr("softness"));
  options = {};
  options.paper_low = {200, 0, 0};
  EXPECT_FALSE(options.Validate().ok());
}

}  // namespace
}  // namespace peekproof::testbed
