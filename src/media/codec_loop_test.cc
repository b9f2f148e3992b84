// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/codec_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using testing::HasSubstr;

constexpr double kFrameRate = 25;

/// A textured wall before which a textured square wanders, with the noise of a camera.
cv::Mat3b MovingPicture(cv::Size size, int number) {
  cv::RNG random(7);
  cv::Mat3b wall(size);
  random.fill(wall, cv::RNG::UNIFORM, 0, 256);
  cv::Mat3b patch(size.height / 2, size.height / 2);
  random.fill(patch, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(wall, wall, {}, 3);
  cv::GaussianBlur(patch, patch, {}, 2);
  const int x = (number * 5) % (size.width - patch.cols);
  patch.copyTo(wall(cv::Rect(x, size.height / 3, patch.cols, patch.rows)));
  cv::Mat3b noise(size);
  cv::RNG(number + 1).fill(noise, cv::RNG::NORMAL, 40, 12);
  cv::GaussianBlur(noise, noise, {}, 0.8);
  wall.convertTo(wall, CV_8U, 4, -440);
  wall += noise;
  return wall;
}

double PsnrOf(const cv::Mat3b& a, const cv::Mat3b& b) {
  const double squared = cv::norm(a, b, cv::NORM_L2SQR) / static_cast<double>(a.total() * 3);
  return 10 * std::log10(255 * 255 / squared);
}

struct Passed {
  double psnr = 0;      ///< Mean over the second half.
  double bit_rate = 0;  ///< Of all but the first second, in which the first key frame is paid off.
  int key_frames = 0;
  std::vector<LoopedFrame> frames;
};

Passed PassPictures(CodecLoop* loop, int count, int first = 0) {
  Passed passed;
  int64_t bytes = 0;
  for (int i = 0; i < count; ++i) {
    const cv::Mat3b picture = MovingPicture(loop->options().size, first + i);
    LoopedFrame looped;
    const Result<void> result = loop->Pass(picture, (first + i) / kFrameRate, &looped);
    EXPECT_TRUE(result.ok()) << result.error().message;
    if (!result.ok()) return passed;
    if (i >= kFrameRate) bytes += looped.bytes;
    if (2 * i >= count) passed.psnr += PsnrOf(picture, looped.bgr) / (count - count / 2);
    passed.key_frames += looped.key_frame ? 1 : 0;
    passed.frames.push_back(looped);
  }
  passed.bit_rate = static_cast<double>(bytes) * 8 * kFrameRate / std::max(1.0, count - kFrameRate);
  return passed;
}

struct CodecCase {
  CallCodec codec;
  const char* encoder;
  double least_psnr;
  double largest_psnr;
  double largest_quantiser;  ///< 0: not told.
};

class CodecLoopTest : public testing::TestWithParam<CodecCase> {
 protected:
  void SetUp() override {
    if (!test::HasEncoder(GetParam().encoder)) GTEST_SKIP() << "FFmpeg has no encoder " << GetParam().encoder;
  }
  static std::unique_ptr<CodecLoop> Open(int64_t bit_rate, cv::Size size = {256, 144}) {
    auto loop = CodecLoop::Create(
        {.codec = GetParam().codec, .size = size, .frame_rate = kFrameRate, .bit_rate = bit_rate});
    EXPECT_TRUE(loop.ok()) << loop.error().message;
    return std::move(loop).value();
  }
};

TEST_P(CodecLoopTest, KeepsRateAndQuality) {
  const int64_t bit_rate = 300'000;
  const Passed passed = PassPictures(Open(bit_rate).get(), 100);
  ASSERT_EQ(passed.frames.size(), 100U);
  EXPECT_NEAR(passed.bit_rate / static_cast<double>(bit_rate), 1.0, 0.25);
  EXPECT_GT(passed.psnr, GetParam().least_psnr);
  EXPECT_LT(passed.psnr, GetParam().largest_psnr);
  EXPECT_EQ(passed.key_frames, 1);
  EXPECT_TRUE(passed.frames[0].key_frame);
  for (const LoopedFrame& frame : passed.frames) {
    ASSERT_EQ(frame.quantiser.has_value(), GetParam().largest_quantiser > 0);
    if (!frame.quantiser) continue;
    EXPECT_GE(*frame.quantiser, 0);
    EXPECT_LE(*frame.quantiser, GetParam().largest_quantiser);
  }
}

TEST_P(CodecLoopTest, MoreBitsMakeABetterPicture) {
  const Passed poor = PassPictures(Open(100'000).get(), 40);
  const Passed good = PassPictures(Open(800'000).get(), 40);
  EXPECT_GT(good.psnr, poor.psnr + 2);
}

TEST_P(CodecLoopTest, GivesTheSameEveryTime) {
  const Passed first = PassPictures(Open(300'000).get(), 12);
  const Passed second = PassPictures(Open(300'000).get(), 12);
  for (size_t i = 0; i < first.frames.size(); ++i) {
    EXPECT_EQ(first.frames[i].bytes, second.frames[i].bytes);
    EXPECT_EQ(cv::norm(first.frames[i].bgr, second.frames[i].bgr, cv::NORM_L1), 0);
  }
}

TEST_P(CodecLoopTest, GivesWhatAWriterWouldHaveWritten) {
  const test::TemporaryFolder folder;
  const auto loop = Open(300'000);
  const Passed passed = PassPictures(loop.get(), 12);
  std::vector<cv::Mat3b> pictures;
  for (int i = 0; i < 12; ++i) pictures.push_back(MovingPicture(loop->options().size, i));
  ASSERT_NO_FATAL_FAILURE(
      test::WriteClip(folder / "call.mkv", pictures, WriterOptionsForCalls(loop->options())));
  const test::Clip clip = test::ReadClip(folder / "call.mkv");
  ASSERT_EQ(clip.pictures.size(), 12U);
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(cv::norm(clip.pictures[i], passed.frames[i].bgr, cv::NORM_L1), 0) << i;
    EXPECT_NEAR(clip.times[i], static_cast<double>(i) / kFrameRate, 1e-3);
  }
}

TEST_P(CodecLoopTest, TakesAnotherRateOnTheWay) {
  const auto loop = Open(600'000);
  const Passed before = PassPictures(loop.get(), 50);
  ASSERT_TRUE(loop->SetBitRate(150'000).ok());
  const Passed after = PassPictures(loop.get(), 75, 50);
  EXPECT_NEAR(after.bit_rate / 150'000, 1.0, 0.3);
  EXPECT_LT(after.psnr, before.psnr - 1);
  EXPECT_EQ(after.key_frames, GetParam().codec == CallCodec::kH264 ? 0 : 1);
}

TEST_P(CodecLoopTest, TakesAnotherSizeOnTheWay) {
  const auto loop = Open(400'000);
  PassPictures(loop.get(), 5);
  ASSERT_TRUE(loop->Restart({128, 72}, 400'000).ok());
  const Passed after = PassPictures(loop.get(), 30, 5);
  EXPECT_EQ(after.frames[0].bgr.size(), cv::Size(128, 72));
  EXPECT_TRUE(after.frames[0].key_frame);
  EXPECT_GT(after.psnr, 24);
}

TEST_P(CodecLoopTest, MakesAKeyFrameWhenAsked) {
  const auto loop = Open(400'000);
  PassPictures(loop.get(), 4);
  loop->AskForKeyFrame();
  const Passed after = PassPictures(loop.get(), 4, 4);
  EXPECT_TRUE(after.frames[0].key_frame);
  EXPECT_EQ(after.key_frames, 1);
}

INSTANTIATE_TEST_SUITE_P(Codecs, CodecLoopTest,
                         testing::Values(CodecCase{CallCodec::kH264, "libx264", 27.5, 33, 69},
                                         CodecCase{CallCodec::kVp8, "libvpx", 27.5, 33, 63},
                                         CodecCase{CallCodec::kVp9, "libvpx-vp9", 27.5, 33, 63},
                                         CodecCase{CallCodec::kAv1, "libaom-av1", 27.5, 33, 0}),
                         [](const auto& entry) {
                           std::string name = entry.param.encoder;
                           std::erase(name, '-');
                           return name;
                         });

TEST(CodecLoopErrors, SaysWhatIsOutOfRange) {
  const auto message = [](const CodecLoopOptions& options) {
    const auto loop = CodecLoop::Create(options);
    EXPECT_FALSE(loop.ok());
    return loop.ok() ? std::string() : loop.error().message;
  };
  EXPECT_THAT(message({.size = {0, 10}}), HasSubstr("0 x 10"));
  EXPECT_THAT(message({.frame_rate = std::nan("")}), HasSubstr("frame rate"));
  EXPECT_THAT(message({.bit_rate = 5}), HasSubstr("bit rate of 5"));
  if (!test::HasEncoder("libx264")) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  EXPECT_THAT(message({.size = {63, 48}}), HasSubstr("even"));
}

}  // namespace
}  // namespace peekproof::media
