// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "models/text_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "base/random.h"

namespace peekproof::models {
namespace {

using ::testing::HasSubstr;

cv::Mat3b Sign() {
  cv::Mat3b picture(200, 480, cv::Vec3b(235, 240, 240));
  cv::putText(picture, "Room 42 is open", {30, 60}, cv::FONT_HERSHEY_SIMPLEX, 1.2, {20, 20, 20}, 2,
              cv::LINE_AA);
  cv::putText(picture, "CALL FRANCE", {60, 160}, cv::FONT_HERSHEY_SIMPLEX, 1.2, {20, 20, 90}, 2, cv::LINE_AA);
  return picture;
}

std::string AllOf(const std::vector<ReadText>& lines) {
  std::string all;
  for (const ReadText& line : lines) all += line.text + "|";
  return all;
}

std::unique_ptr<TextReader> Reader() {
  auto reader = MakeTextReader();
  EXPECT_TRUE(reader.ok()) << reader.error().message;
  return reader.ok() ? *std::move(reader) : nullptr;
}

TEST(TextReaderTest, ReadsPlainTextWithItsPlace) {
  const auto reader = Reader();
  ASSERT_NE(reader, nullptr);
  const auto lines = reader->Read(Sign(), {});
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  EXPECT_EQ(AllOf(*lines), "Room 42 is open|CALL FRANCE|");
  EXPECT_NEAR((*lines)[0].box.x, 30, 6);
  EXPECT_NEAR((*lines)[0].box.y + (*lines)[0].box.height, 68, 6) << "the p hangs down";
  EXPECT_GT((*lines)[0].confidence, 0.7);
  EXPECT_THAT(reader->description(), HasSubstr("Tesseract 5"));
}

int Threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<int>(std::distance(begin(tasks), end(tasks)));
}

TEST(TextReaderTest, KeepsToOneThread) {
  const auto reader = Reader();
  ASSERT_NE(reader, nullptr);
  const int opencv_threads = cv::getNumThreads();
  cv::setNumThreads(1);
  const int before = Threads();
  ASSERT_TRUE(reader->Read(Sign(), {}).ok());
  EXPECT_EQ(Threads(), before);
  cv::setNumThreads(opencv_threads);
}

TEST(TextReaderTest, DoesNotReadWhatIsAbsent) {
  const auto reader = Reader();
  ASSERT_NE(reader, nullptr);
  cv::Mat1b present(Sign().size(), uint8_t{255});
  present.rowRange(100, 200).setTo(0);
  const auto lines = reader->Read(Sign(), present);
  ASSERT_TRUE(lines.ok());
  EXPECT_EQ(AllOf(*lines), "Room 42 is open|");
  present.setTo(0);
  EXPECT_TRUE(reader->Read(Sign(), present)->empty());
}

TEST(TextReaderTest, FindsNextToNothingInNoise) {
  cv::Mat3b noise(160, 240);
  for (int y = 0; y < noise.rows; ++y) {
    RowRandom random(3, 0, static_cast<uint64_t>(y));
    for (int x = 0; x < noise.cols; ++x) noise(y, x) = cv::Vec3b::all(static_cast<uint8_t>(random.Next()));
  }
  const auto reader = Reader();
  ASSERT_NE(reader, nullptr);
  EXPECT_LT(AllOf(*reader->Read(noise, {})).size(), 25U) << "of 38400 pixels";
}

TEST(TextReaderTest, SaysWhatIsWrong) {
  EXPECT_THAT(MakeTextReader({.language = "tlh"}).error().message, HasSubstr("tesseract-ocr-tlh"));
  EXPECT_FALSE(MakeTextReader({.enlarge = 99}).ok());
  EXPECT_FALSE(MakeTextReader({.least_confidence = 2}).ok());
  const auto reader = Reader();
  ASSERT_NE(reader, nullptr);
  EXPECT_FALSE(reader->Read({}, {}).ok());
  EXPECT_FALSE(reader->Read(Sign(), cv::Mat1b(3, 3, uint8_t{255})).ok());
}

}  // namespace
}  // namespace peekproof::models
