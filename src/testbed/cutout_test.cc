// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "media/picture.h"
#include "media/test_clips.h"
#include "media/video_writer.h"
#include "testbed/alpha_video_source.h"
#include "testbed/caller.h"
#include "testbed/camera.h"
#include "testbed/cutout_foreground.h"
#include "testbed/make_foreground.h"
#include "testbed/still_source.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

using media::test::TemporaryFolder;
using ::testing::HasSubstr;

const cv::Size kFootage(240, 180);
const cv::Size kCanvas(320, 180);

cv::Mat4f Drawn(int look = 0) {
  CallerPose pose;
  pose.y = -0.02F;
  cv::Mat4f drawn;
  RenderCaller(PresetLook(look), pose, kFootage, &drawn);
  return drawn;
}

/// A cut-out that never changes.
class FixedSource : public CutoutSource {
 public:
  explicit FixedSource(cv::Mat4f cutout) : cutout_(std::move(cutout)) {}
  cv::Size size() const override { return cutout_.size(); }
  Result<void> Fetch(double /*time_s*/, cv::Mat* picture) override {
    *picture = cutout_;
    return {};
  }
  void Cut(const cv::Mat& picture, cv::Mat4f* cutout) const override { *cutout = picture; }
  std::string DescribeAsJson() const override { return "{}"; }

 private:
  cv::Mat4f cutout_;
};

std::unique_ptr<CutoutForeground> ForegroundOf(MotionScript script, uint64_t seed = 1) {
  MotionOptions motion;
  motion.script = script;
  auto made = CutoutForeground::Create(std::make_unique<FixedSource>(Drawn()), {}, motion, seed);
  EXPECT_TRUE(made.ok()) << made.error().message;
  return made.ok() ? *std::move(made) : nullptr;
}

cv::Mat4f DrawnAt(CutoutForeground* foreground, double time_s) {
  cv::Mat picture;
  EXPECT_TRUE(foreground->Fetch(time_s, &picture).ok());
  cv::Mat4f drawn;
  foreground->Draw(picture, std::array{time_s}, kCanvas, &drawn);
  return drawn;
}

TEST(CutoutShape, FindsHeadAndNeck) {
  const CutoutShape shape = ShapeOf({AlphaOf(Drawn())});
  EXPECT_TRUE(shape.meets_bottom);
  EXPECT_NEAR(shape.head_x, kFootage.width / 2.0, 4);
  EXPECT_GT(shape.neck_y, 0.4 * kFootage.height);
  EXPECT_LT(shape.neck_y, 0.75 * kFootage.height);
  EXPECT_TRUE(ShapeOf({cv::Mat1f(kFootage, 0.0F)}).box.empty());
}

TEST(CutoutForeground, AtRestIsThePlacedFootage) {
  const auto foreground = ForegroundOf(MotionScript::kNone);
  const cv::Mat4f drawn = DrawnAt(foreground.get(), 3);
  const CutoutShape shape = ShapeOf({AlphaOf(Drawn())});
  const Placement placement = PlaceCutout(shape, {}, kFootage, kCanvas);
  // The slow twin: nearest pixel of the enlarged footage.
  cv::Mat4f large;
  cv::resize(Drawn(), large, {}, placement.scale, placement.scale, cv::INTER_LINEAR);
  double error = 0;
  int count = 0;
  for (int y = 0; y < kCanvas.height; ++y) {
    for (int x = 0; x < kCanvas.width; ++x) {
      const int from_x = cvRound(x - placement.offset.x);
      const int from_y = cvRound(y - placement.offset.y);
      if (!cv::Rect({0, 0}, large.size()).contains({from_x, from_y})) continue;
      error += static_cast<double>(std::abs(drawn(y, x)[3] - large(from_y, from_x)[3]));
      ++count;
    }
  }
  EXPECT_LT(error / count, 0.006);
  const cv::Rect box = cv::boundingRect(cv::Mat1b(AlphaOf(drawn) > 0.5F));
  EXPECT_NEAR(box.y, 0.11 * kCanvas.height, 3);
  EXPECT_EQ(box.y + box.height, kCanvas.height);
}

TEST(CutoutForeground, MovesWithoutJumps) {
  for (const MotionScript script : {MotionScript::kNatural, MotionScript::kInterview, MotionScript::kStandUp,
                                    MotionScript::kTiltHead, MotionScript::kTurnHead, MotionScript::kWalk}) {
    const cv::Size canvas(1280, 720);
    MotionOptions motion;
    motion.script = script;
    WarpState before = WarpAt(motion, 4, 0, canvas);
    for (int i = 1; i < 500; ++i) {
      const WarpState now = WarpAt(motion, 4, i / 25.0, canvas);
      ASSERT_LT(cv::norm(now.shift - before.shift), 70) << NameOfMotionScript(script) << " frame " << i;
      ASSERT_LT(std::abs(now.scale - before.scale), 0.05);
      ASSERT_LT(std::abs(now.roll - before.roll), 0.05);
      ASSERT_LT(std::abs(now.head_roll - before.head_roll), 0.12);
      ASSERT_LT(std::abs(now.head_turn - before.head_turn), 0.4);
      before = now;
    }
  }
}

TEST(CutoutForeground, NoCutEdgeFloatsInThePicture) {
  for (const MotionScript script : {MotionScript::kNatural, MotionScript::kInterview, MotionScript::kStandUp,
                                    MotionScript::kTiltHead, MotionScript::kTurnHead}) {
    const auto foreground = ForegroundOf(script, 9);
    for (double time_s = 0; time_s < 20; time_s += 0.8) {
      const cv::Mat1f alpha = AlphaOf(DrawnAt(foreground.get(), time_s));
      EXPECT_GT(cv::countNonZero(alpha.row(kCanvas.height - 1) > 0.5F), kCanvas.width / 5)
          << NameOfMotionScript(script) << " at " << time_s;
    }
  }
}

TEST(CutoutForeground, WalksOutOfThePicture) {
  const auto foreground = ForegroundOf(MotionScript::kWalk);
  double least = 1e9;
  double most = 0;
  for (double time_s = 0; time_s < 14; time_s += 0.25) {
    const double area = cv::sum(AlphaOf(DrawnAt(foreground.get(), time_s)))[0];
    least = std::min(least, area);
    most = std::max(most, area);
  }
  EXPECT_EQ(least, 0);
  EXPECT_GT(most, 0.2 * kCanvas.area());
}

TEST(CutoutForeground, TurningMovesTheFaceAndNotTheShoulders) {
  const CutoutShape shape = ShapeOf({AlphaOf(Drawn())});
  const Placement placement = PlaceCutout(shape, {}, kFootage, kCanvas);
  WarpState turned;
  turned.head_turn = 0.8;
  const Warp rest(shape, placement, {}, kCanvas);
  const Warp warp(shape, placement, turned, kCanvas);
  const auto shift = [&](float x, float y) {
    return warp.FootageFromCanvas(x, y).x - rest.FootageFromCanvas(x, y).x;
  };
  const auto x = static_cast<float>(placement.scale * shape.head_x + placement.offset.x);
  EXPECT_LT(shift(x, 50), -1.5F);
  EXPECT_EQ(shift(x, 175), 0);
}

TEST(CutoutForeground, IsAFunctionOfSeedAndTime) {
  const auto foreground = ForegroundOf(MotionScript::kNatural, 2);
  const cv::Mat4f once = DrawnAt(foreground.get(), 5).clone();
  DrawnAt(foreground.get(), 7);
  const cv::Mat4f again = DrawnAt(foreground.get(), 5);
  EXPECT_EQ(std::memcmp(once.data, again.data, once.total() * once.elemSize()), 0);
  const cv::Mat4f other = DrawnAt(ForegroundOf(MotionScript::kNatural, 3).get(), 5);
  EXPECT_GT(cv::norm(once, other, cv::NORM_L1), 100);
}

TEST(CutoutForeground, AnOpenShutterIsTheMeanOfItsMoments) {
  const auto foreground = ForegroundOf(MotionScript::kNatural);
  cv::Mat picture;
  ASSERT_TRUE(foreground->Fetch(2, &picture).ok());
  cv::Mat4f both;
  foreground->Draw(picture, std::array{2.0, 2.4}, kCanvas, &both);
  const cv::Mat4f mean(0.5 * DrawnAt(foreground.get(), 2.0) + 0.5 * DrawnAt(foreground.get(), 2.4));
  EXPECT_LT(cv::norm(both, mean, cv::NORM_INF), 1e-5);
}

TEST(CutoutForeground, ShrinksWithoutAliasing) {
  // Stripes of one pixel, drawn at a fifth of their size: grey, whatever the scale's fraction.
  cv::Mat4f stripes(400, 400, cv::Vec4f(0, 0, 0, 1));
  for (int x = 0; x < stripes.cols; x += 2) stripes.col(x).setTo(cv::Scalar(1, 1, 1, 1));
  const CutoutShape shape = ShapeOf({AlphaOf(stripes)});
  for (const double scale : {0.49, 0.34, 0.26, 0.2}) {
    const cv::Size canvas(cvRound(400 * scale), cvRound(400 * scale));
    cv::Mat4f drawn;
    DrawWarped(stripes, Warp(shape, {scale, {0, 0}}, {}, canvas), scale, canvas, &drawn);
    const cv::Mat4f inner = drawn(cv::Rect(2, 2, canvas.width - 4, canvas.height - 4));
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(inner, mean, deviation);
    EXPECT_NEAR(mean[0], 0.5, 0.02) << scale;
    EXPECT_LT(deviation[0], 0.2) << scale;
  }
}

TEST(CutoutForeground, RefusesWhatFootageCannotDo) {
  MotionOptions motion;
  motion.script = MotionScript::kWaveHand;
  const auto made = CutoutForeground::Create(std::make_unique<FixedSource>(Drawn()), {}, motion, 1);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message, HasSubstr("no arm to raise for wave-hand"));
  motion.script = MotionScript::kNone;
  const auto nobody = CutoutForeground::Create(
      std::make_unique<FixedSource>(cv::Mat4f(kFootage, cv::Vec4f())), {}, motion, 1);
  ASSERT_FALSE(nobody.ok());
  EXPECT_THAT(nobody.error().message, HasSubstr("nobody is in the footage"));
}

/// What a camera stores of a cut-out before a background: sRGB.
cv::Mat3b Before(const cv::Mat4f& person, const cv::Vec3f& behind) {
  cv::Mat3f mixed(person.size());
  for (int y = 0; y < person.rows; ++y)
    for (int x = 0; x < person.cols; ++x)
      for (int c = 0; c < 3; ++c) mixed(y, x)[c] = person(y, x)[c] + (1 - person(y, x)[3]) * behind[c];
  return SrgbFromLinear(mixed);
}

cv::Mat1b EightBits(const cv::Mat1f& alpha) {
  cv::Mat1b bits;
  alpha.convertTo(bits, CV_8U, 255);
  return bits;
}

TEST(StillSource, LeavesTheOldBackgroundBehind) {
  const TemporaryFolder folder;
  ASSERT_TRUE(media::WritePng(folder / "p_rgb.png", Before(Drawn(), {0.05F, 0.9F, 0.1F})).ok());
  ASSERT_TRUE(media::WritePng(folder / "p_alpha.png", EightBits(AlphaOf(Drawn()))).ok());
  const auto still = StillSource::Open(folder / "p_rgb.png", "");
  ASSERT_TRUE(still.ok()) << still.error().message;
  cv::Mat picture;
  cv::Mat4f cut;
  ASSERT_TRUE((*still)->Fetch(0, &picture).ok());
  (*still)->Cut(picture, &cut);
  const cv::Vec3f red(0.02F, 0.02F, 0.6F);
  const cv::Mat3b truth = Before(Drawn(), red);
  const cv::Mat1b edge((AlphaOf(Drawn()) > 0.05F) & (AlphaOf(Drawn()) < 0.95F));
  const auto green_error = [&](const cv::Mat4f& person) {
    cv::Mat1b a;
    cv::Mat1b b;
    cv::extractChannel(Before(person, red), a, 1);
    cv::extractChannel(truth, b, 1);
    return cv::norm(a, b, cv::NORM_L1, edge) / cv::countNonZero(edge);
  };
  cv::Mat4f naive = cut.clone();
  const cv::Mat3f mixed = LinearFromSrgb(Before(Drawn(), {0.05F, 0.9F, 0.1F}));
  for (int y = 0; y < naive.rows; ++y)
    for (int x = 0; x < naive.cols; ++x)
      for (int c = 0; c < 3; ++c) naive(y, x)[c] = mixed(y, x)[c] * naive(y, x)[3];
  EXPECT_LT(green_error(cut), 0.5 * green_error(naive));
}

TEST(StillSource, SaysWhatItWants) {
  const TemporaryFolder folder;
  ASSERT_TRUE(media::WritePng(folder / "p.png", Before(Drawn(), {0.3F, 0.3F, 0.3F})).ok());
  ASSERT_TRUE(media::WritePng(folder / "small.png", cv::Mat1b(10, 10, uint8_t{255})).ok());
  ASSERT_TRUE(media::WritePng(folder / "white.png", cv::Mat1b(kFootage, uint8_t{255})).ok());
  const auto message = [&](const std::string& matte) {
    const auto still = StillSource::Open(folder / "p.png", matte);
    return still.ok() ? std::string("ok") : still.error().message;
  };
  EXPECT_THAT(message(folder / "small.png"), HasSubstr("10 x 10 pixels, the picture 240 x 180"));
  EXPECT_THAT(message(folder / "white.png"), HasSubstr("opaque everywhere"));
  EXPECT_THAT(message(folder / "none.png"), HasSubstr("none.png"));
  EXPECT_THAT(message(""), HasSubstr("matte"));
}

cv::Mat4b Straight(const cv::Mat4f& person) {
  cv::Mat4b bgra(person.size());
  for (int y = 0; y < person.rows; ++y) {
    for (int x = 0; x < person.cols; ++x) {
      const cv::Vec4f& p = person(y, x);
      cv::Mat3f colour(1, 1, p[3] > 0 ? cv::Vec3f(p[0], p[1], p[2]) * (1 / p[3]) : cv::Vec3f());
      const cv::Vec3b bgr = SrgbFromLinear(colour)(0, 0);
      bgra(y, x) = {bgr[0], bgr[1], bgr[2], cv::saturate_cast<uint8_t>(255 * p[3])};
    }
  }
  return bgra;
}

TEST(StillSource, TakesItsOwnAlphaButNeverGuesses) {
  const TemporaryFolder folder;
  ASSERT_TRUE(media::WritePng(folder / "cut.png", Straight(Drawn())).ok());
  const auto cut = StillSource::Open(folder / "cut.png", "");
  ASSERT_TRUE(cut.ok()) << cut.error().message;
  // A picture of black and white would make a fine matte, if anybody had said that it is one.
  cv::Mat3b contrast(kFootage, cv::Vec3b(0, 0, 0));
  contrast.colRange(0, kFootage.width / 2).setTo(cv::Scalar::all(255));
  ASSERT_TRUE(media::WritePng(folder / "photo.png", contrast).ok());
  const auto photo = StillSource::Open(folder / "photo.png", "");
  ASSERT_FALSE(photo.ok());
  EXPECT_THAT(photo.error().message, HasSubstr("the picture has no matte"));
  // Alpha that is soft nearly everywhere is alpha.
  cv::Mat4b soft = Straight(Drawn());
  for (int y = 0; y < soft.rows; ++y)
    for (int x = 0; x < soft.cols; ++x) soft(y, x)[3] = static_cast<uint8_t>(20 + soft(y, x)[3] * 200 / 255);
  ASSERT_TRUE(media::WritePng(folder / "soft.png", soft).ok());
  EXPECT_TRUE(StillSource::Open(folder / "soft.png", "").ok());
}

struct AlphaFormat {
  const char* file;
  const char* codec;
  const char* pixel_format;
  double error;  ///< Of alpha, mean.
};

class AlphaVideos : public testing::TestWithParam<AlphaFormat> {};

TEST_P(AlphaVideos, KeepTheirAlpha) {
  const AlphaFormat& format = GetParam();
  if (format.codec[0] != '\0' && !media::test::HasEncoder(format.codec))
    GTEST_SKIP() << "this FFmpeg has no " << format.codec;
  const TemporaryFolder folder;
  media::WriterOptions options;
  options.codec = format.codec;
  options.pixel_format = format.pixel_format;
  options.crf = 20;
  auto writer = media::VideoWriter::Create(folder / format.file, kFootage, options);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (int look = 0; look < 3; ++look) {
    const auto written = (*writer)->Write(Straight(Drawn(look)));
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  ASSERT_TRUE((*writer)->Finish().ok());
  const auto source = AlphaVideoSource::Open(folder / format.file);
  ASSERT_TRUE(source.ok()) << source.error().message;
  for (int look = 0; look < 3; ++look) {
    cv::Mat picture;
    cv::Mat4f cut;
    ASSERT_TRUE((*source)->Fetch(look / 25.0, &picture).ok());
    (*source)->Cut(picture, &cut);
    EXPECT_LT(cv::norm(AlphaOf(cut), AlphaOf(Drawn(look)), cv::NORM_L1) / kFootage.area(), format.error);
    EXPECT_LT(cv::norm(cut, Drawn(look), cv::NORM_L1) / kFootage.area() / 4, 0.03);
  }
  ForegroundOptions person;
  person.source = folder / format.file;
  EXPECT_TRUE(MakeForeground(person, {}, 1).ok());
}

INSTANTIATE_TEST_SUITE_P(Formats, AlphaVideos,
                         testing::Values(AlphaFormat{"a.webm", "libvpx-vp9", "yuva420p", 0.01},
                                         AlphaFormat{"a.mov", "prores_ks", "yuva444p10le", 0.004},
                                         AlphaFormat{"q.mov", "qtrle", "argb", 0.003},
                                         AlphaFormat{"f.mkv", "ffv1", "bgra", 0.003},
                                         AlphaFormat{"p_%04d.png", "", "", 0.003}),
                         [](const auto& param) { return fmt::format("F{}", param.index); });

TEST(AlphaVideoSource, MissesAlpha) {
  const TemporaryFolder folder;
  media::test::WriteNumberedClip(folder / "plain.mp4", kFootage, 3, {});
  const auto source = AlphaVideoSource::Open(folder / "plain.mp4");
  ASSERT_FALSE(source.ok());
  EXPECT_THAT(source.error().message, HasSubstr("no alpha (pixel format yuv420p)"));
}

}  // namespace
}  // namespace peekproof::testbed
