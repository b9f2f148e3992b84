// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "media/prefetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "media/test_clips.h"

namespace peekproof::media {
namespace {

using test::TemporaryFolder;

std::unique_ptr<FramePrefetcher> StartOn(const std::string& path, const PrefetchOptions& options,
                                         const ReaderOptions& reader_options = {}) {
  auto reader = VideoReader::Open(path, reader_options);
  PEEKPROOF_CHECK(reader.ok(), "{}", reader.error().message);
  return FramePrefetcher::Start(std::move(reader).value(), options).value();
}

class PrefetcherTest : public testing::Test {
 protected:
  void SetUp() override {
    test::WriteNumberedClip(folder_ / "clip.y4m", {64, 48}, 20,
                            {.codec = "rawvideo", .pixel_format = "yuv444p"});
  }
  std::string clip() const { return folder_ / "clip.y4m"; }
  TemporaryFolder folder_;
};

TEST_F(PrefetcherTest, GivesWhatTheReaderGives) {
  const test::Clip wanted = test::ReadClip(clip());
  for (const int length : {1, 4, 64}) {
    const auto prefetcher = StartOn(clip(), {.queue_length = length, .thumbnail_size = {16, 12}});
    EXPECT_EQ(prefetcher->info().size, cv::Size(64, 48));
    for (size_t i = 0; i < 20; ++i) {
      const auto next = prefetcher->Next();
      ASSERT_TRUE(next.ok());
      ASSERT_TRUE(next->has_value());
      const DecodedFrame& decoded = **next;
      EXPECT_TRUE(decoded.has_full);
      EXPECT_EQ(decoded.frame.index, static_cast<int64_t>(i));
      EXPECT_EQ(decoded.frame.time_s, wanted.times[i]);
      EXPECT_EQ(cv::norm(decoded.frame.bgr, wanted.pictures[i], cv::NORM_INF), 0);
      EXPECT_EQ(decoded.thumbnail.size(), cv::Size(16, 12));
      EXPECT_EQ(test::NumberOf(decoded.thumbnail), static_cast<int>(i));
    }
    EXPECT_FALSE(prefetcher->Next()->has_value());
    EXPECT_FALSE(prefetcher->Next()->has_value());
    EXPECT_TRUE(prefetcher->diagnostics().empty());
  }
}

TEST_F(PrefetcherTest, ConvertsOnlyWhatIsWanted) {
  const auto prefetcher =
      StartOn(clip(), {.thumbnail_size = {8, 8},
                       .wants_full = [](int64_t index, double, const cv::Mat3b&) { return index % 5 == 2; }});
  for (int i = 0; i < 20; ++i) {
    const auto next = prefetcher->Next();
    const DecodedFrame& decoded = **next;
    EXPECT_EQ(decoded.has_full, i % 5 == 2);
    EXPECT_EQ(decoded.frame.bgr.empty(), !decoded.has_full);
    EXPECT_EQ(test::NumberOf(decoded.thumbnail), i);
  }
}

TEST_F(PrefetcherTest, KeptFramesStayAsTheyAre) {
  const auto prefetcher = StartOn(clip(), {.queue_length = 2});
  std::vector<DecodedFrame> kept;
  for (int i = 0; i < 20; ++i) kept.push_back(**prefetcher->Next());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(test::NumberOf(kept[static_cast<size_t>(i)].frame.bgr), i);
}

TEST_F(PrefetcherTest, DroppedBuffersAreUsedAgain) {
  const auto prefetcher = StartOn(clip(), {.queue_length = 2});
  std::set<const void*> buffers;
  for (int i = 0; i < 20; ++i) {
    const DecodedFrame decoded = **prefetcher->Next();
    buffers.insert(decoded.frame.bgr.data);
  }
  // The queue, one in the making and one with us.
  EXPECT_LE(buffers.size(), 5U);
}

TEST_F(PrefetcherTest, StopsAtAnyTime) {
  for (int frames = 0; frames < 20; frames += 3) {
    const auto prefetcher = StartOn(clip(), {.queue_length = 2});
    for (int i = 0; i < frames; ++i) EXPECT_TRUE(prefetcher->Next()->has_value());
    if (frames % 2 == 0) {
      prefetcher->Stop();
      EXPECT_FALSE(prefetcher->Next()->has_value());
    }
  }
}

TEST_F(PrefetcherTest, PassesErrorsOnBehindTheFramesBefore) {
  std::stop_source stop;
  const auto prefetcher = StartOn(clip(),
                                  {.queue_length = 3,
                                   .wants_full =
                                       [&](int64_t index, double, const cv::Mat3b&) {
                                         if (index == 7) stop.request_stop();
                                         return true;
                                       }},
                                  {.threads = 1, .stop = stop.get_token()});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(prefetcher->Next()->has_value());
  const auto next = prefetcher->Next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().code, ErrorCode::kInterrupted);
  EXPECT_FALSE(prefetcher->Next()->has_value());
}

TEST_F(PrefetcherTest, APredicateThatThrowsIsAnError) {
  const auto prefetcher = StartOn(clip(), {.wants_full = [](int64_t, double, const cv::Mat3b&) -> bool {
                                    throw std::runtime_error("oops");
                                  }});
  const auto next = prefetcher->Next();
  ASSERT_FALSE(next.ok());
  EXPECT_THAT(next.error().message, testing::HasSubstr("oops"));
}

TEST_F(PrefetcherTest, KeepsDiagnostics) {
  const std::vector<uint8_t> bytes = test::ReadBytes(clip());
  test::WriteBytes(folder_ / "cut.y4m", std::span(bytes).first(bytes.size() - 100));
  const auto prefetcher = StartOn(folder_ / "cut.y4m", {});
  while (prefetcher->Next()->has_value()) {
  }
  ASSERT_EQ(prefetcher->diagnostics().items().size(), 1U);
  EXPECT_THAT(prefetcher->diagnostics().items()[0].message, testing::HasSubstr("truncated"));
}

TEST_F(PrefetcherTest, ChecksItsOptions) {
  EXPECT_FALSE(PrefetchOptions{.queue_length = 0}.Validate().ok());
  EXPECT_FALSE(PrefetchOptions{.queue_length = 65}.Validate().ok());
  EXPECT_FALSE((PrefetchOptions{.thumbnail_size = {-1, 3}}.Validate().ok()));
}

}  // namespace
}  // namespace peekproof::media
