// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace peekproof::testbed {
namespace {

using testing::HasSubstr;

/// Eight pictures over and over that have nothing in common: blobs under fine noise.
class Pictures {
 public:
  explicit Pictures(cv::Size size) {
    cv::RNG random(11);
    for (int i = 0; i < 8; ++i) {
      cv::Mat3b blobs(size);
      random.fill(blobs, cv::RNG::NORMAL, 128, 80);
      cv::GaussianBlur(blobs, blobs, {}, 4);
      blobs.convertTo(blobs, CV_8U, 6, -128 * 5 - 20);
      cv::Mat3b noise(size);
      random.fill(noise, cv::RNG::NORMAL, 20, 5);
      blobs += noise;
      pictures_.push_back(blobs);
    }
  }
  const cv::Mat3b& operator[](int number) const { return pictures_[number % pictures_.size()]; }

 private:
  std::vector<cv::Mat3b> pictures_;
};

/// Mean square of the Laplacian: what is left of the finest detail.
double Detail(const cv::Mat3b& picture) {
  cv::Mat grey;
  cv::Mat laplacian;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::Laplacian(grey, laplacian, CV_32F);
  return cv::norm(laplacian, cv::NORM_L2SQR) / static_cast<double>(grey.total());
}

std::unique_ptr<Channel> Open(const ChannelOptions& options, cv::Size size, double frame_rate,
                              uint64_t seed = 1) {
  auto channel = Channel::Create(options, size, frame_rate, seed);
  EXPECT_TRUE(channel.ok()) << channel.error().message;
  return std::move(channel).value();
}

bool HasCodec(ChannelCodec codec) { return Channel::Create({.codec = codec}, {64, 64}, 25, 1).ok(); }

TEST(Channel, LosslessIsExact) {
  const Pictures pictures({60, 40});
  const auto channel = Open({.codec = ChannelCodec::kLossless}, {60, 40}, 25);
  Sent sent;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(channel->Send(pictures[i], i / 25.0, &sent).ok());
    EXPECT_TRUE(sent.shown());
    EXPECT_EQ(cv::norm(sent.picture, pictures[i], cv::NORM_L1), 0);
  }
}

TEST(Channel, LossesFreezeThePictureAndEndWithAKeyFrame) {
  if (!HasCodec(ChannelCodec::kVp8)) GTEST_SKIP() << "FFmpeg has no encoder libvpx";
  const Pictures pictures({128, 96});
  ChannelOptions options{.codec = ChannelCodec::kVp8};
  options.losses = {.per_minute = 60, .shortest_s = 0.1, .longest_s = 0.4};
  const auto channel = Open(options, {128, 96}, 25);
  Sent sent;
  cv::Mat3b last;
  int lost = 0;
  for (int i = 0; i < 250; ++i) {
    const bool after_loss = !sent.shown();
    ASSERT_TRUE(channel->Send(pictures[i], i / 25.0, &sent).ok());
    if (!sent.shown()) {
      ++lost;
      EXPECT_EQ(sent.absence, Absence::kLost);
      EXPECT_EQ(sent.bytes, 0);
      EXPECT_EQ(cv::norm(sent.picture, last, cv::NORM_L1), 0);
    } else {
      EXPECT_GT(sent.bytes, 0);
      EXPECT_EQ(sent.key_frame, after_loss || i == 0) << i;
    }
    last = sent.picture.clone();
  }
  EXPECT_GT(lost, 30);
  EXPECT_LT(lost, 100);
}

TEST(Channel, SizeFallsWithTheBandwidthAndRecovers) {
  if (!HasCodec(ChannelCodec::kH264)) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const cv::Size size{640, 360};
  const double rate = 15;
  const Pictures pictures(size);
  ChannelOptions options;
  options.bit_rate = 3'000'000;
  options.bandwidth = {{2, 70'000}, {16, 6'000'000}};
  options.adapt_resolution = true;
  const auto channel = Open(options, size, rate);
  Sent sent;
  double full = 0;
  double smallest = 0;
  int changes = 0;
  double scale = 1;
  for (int i = 0; i < 36 * rate; ++i) {
    ASSERT_TRUE(channel->Send(pictures[i], i / rate, &sent).ok());
    ASSERT_EQ(sent.picture.size(), size);
    changes += sent.scale != scale ? 1 : 0;
    scale = sent.scale;
    if (i == 29) full = Detail(sent.picture);
    if (i == 15 * rate) smallest = Detail(sent.picture);
    if (i == 29) {
      EXPECT_EQ(scale, 1);
    }
    if (i == 15 * rate) {
      EXPECT_LE(scale, 0.75);
    }
  }
  EXPECT_EQ(scale, 1);
  EXPECT_GE(changes, 2);
  EXPECT_LE(changes, 4);
  EXPECT_LT(smallest, 0.3 * full);
  EXPECT_GT(Detail(sent.picture), 0.8 * full);
  EXPECT_LT(Detail(sent.picture), 1.05 * Detail(pictures[static_cast<int>(36 * rate) - 1]));
}

TEST(Channel, TheDropperKeepsToWhatTheNetworkCarries) {
  if (!HasCodec(ChannelCodec::kVp8)) GTEST_SKIP() << "FFmpeg has no encoder libvpx";
  const cv::Size size{320, 240};
  const Pictures pictures(size);
  ChannelOptions options{.codec = ChannelCodec::kVp8};
  // Noise at the coarsest quantiser still takes more than this.
  options.bit_rate = 20'000;
  const auto bits_of = [&](bool drops, int* dropped) {
    options.drop_frames = drops;
    const auto channel = Open(options, size, 25);
    Sent sent;
    double bits = 0;
    for (int i = 0; i < 500; ++i) {
      EXPECT_TRUE(channel->Send(pictures[i], i / 25.0, &sent).ok());
      bits += static_cast<double>(sent.bytes) * 8;
      *dropped += sent.absence == Absence::kRate ? 1 : 0;
    }
    return bits;
  };
  int without = 0;
  int dropped = 0;
  const double carried = 20 * 20'000;
  EXPECT_GT(bits_of(false, &without), 1.5 * carried);
  EXPECT_EQ(without, 0);
  // At the end the bucket may hold half a second and the frame that made it overflow.
  const double bits = bits_of(true, &dropped);
  EXPECT_GT(bits, 0.9 * carried);
  EXPECT_LT(bits, 1.25 * carried);
  EXPECT_GT(dropped, 100);
}

TEST(Channel, DropsWhileTheEncoderHasNotFollowedADip) {
  if (!HasCodec(ChannelCodec::kH264)) GTEST_SKIP() << "FFmpeg has no encoder libx264";
  const cv::Size size{320, 240};
  const Pictures pictures(size);
  ChannelOptions options;
  options.bit_rate = 1'000'000;
  options.bandwidth = {{4, 250'000}};
  options.drop_frames = true;
  options.reaction_s = 2;
  const auto channel = Open(options, size, 25);
  Sent sent;
  int before = 0;
  int lagging = 0;
  int behind = 0;
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(channel->Send(pictures[i], i / 25.0, &sent).ok());
    const int dropped = sent.shown() ? 0 : 1;
    (i < 100 ? before : i < 150 ? lagging : behind) += dropped;
    EXPECT_EQ(sent.bandwidth, i < 100 ? 1'000'000 : 250'000);
    EXPECT_EQ(sent.bit_rate, i < 150 ? 1'000'000 : 250'000);
  }
  EXPECT_EQ(before, 0);
  EXPECT_GE(lagging, 15);
  EXPECT_LE(behind, 40);
}

TEST(Channel, TheSeedSettlesEverything) {
  if (!HasCodec(ChannelCodec::kVp9)) GTEST_SKIP() << "FFmpeg has no encoder libvpx-vp9";
  const Pictures pictures({128, 96});
  ChannelOptions options{.codec = ChannelCodec::kVp9};
  options.bit_rate = 200'000;
  options.drop_frames = true;
  options.losses.per_minute = 20;
  options.dips = {.per_minute = 10, .shortest_s = 0.5, .longest_s = 2};
  const auto run = [&](uint64_t seed) {
    const auto channel = Open(options, {128, 96}, 25, seed);
    std::vector<int64_t> bytes;
    Sent sent;
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(channel->Send(pictures[i], i / 25.0, &sent).ok());
      bytes.push_back(sent.bytes);
    }
    return bytes;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(ChannelOptions, SaysWhatIsOutOfRange) {
  const auto message = [](const auto& change) {
    ChannelOptions options;
    change(&options);
    const Result<void> valid = options.Validate();
    EXPECT_FALSE(valid.ok());
    return valid.ok() ? std::string() : valid.error().message;
  };
  EXPECT_TRUE(ChannelOptions{}.Validate().ok());
  EXPECT_THAT(message([](ChannelOptions* o) { o->bit_rate = 0; }), HasSubstr("bit rate of 0"));
  EXPECT_THAT(message([](ChannelOptions* o) {
                o->bandwidth = {{1, 100'000}, {1, 100'000}};
              }),
              HasSubstr("step at 1 s"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->bandwidth = {{-1, 100'000}}; }), HasSubstr("step at -1 s"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->bandwidth = {{1, 1}}; }), HasSubstr("bit rate of 1"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->dips.per_minute = 10; }), HasSubstr("no time between"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->losses.per_minute = std::nan(""); }), HasSubstr("nan"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->losses.shortest_s = 2; }), HasSubstr("growing times"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->dips.least_share = 0; }), HasSubstr("shares"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->bucket_s = 0; }), HasSubstr("bucket"));
  EXPECT_THAT(message([](ChannelOptions* o) { o->reaction_s = -1; }), HasSubstr("reaction"));
  EXPECT_THAT(message([](ChannelOptions* o) {
                o->codec = ChannelCodec::kLossless;
                o->drop_frames = true;
              }),
              HasSubstr("lossless"));
}

TEST(ChannelCodec, HasAName) {
  for (const char* name : {"lossless", "h264", "vp8", "vp9", "av1"}) {
    const Result<ChannelCodec> codec = ParseChannelCodec(name);
    ASSERT_TRUE(codec.ok());
    EXPECT_EQ(ChannelCodecName(*codec), name);
  }
  const Result<ChannelCodec> unknown = ParseChannelCodec("h263");
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().message, HasSubstr("\"h263\"; choose one of: lossless, h264, vp8, vp9, av1"));
}

}  // namespace
}  // namespace peekproof::testbed
