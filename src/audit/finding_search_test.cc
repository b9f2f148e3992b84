// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/finding_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

namespace peekproof::audit {
namespace {

using ::testing::HasSubstr;

const cv::Size kRoomSize(640, 360);

/// A wall with large writing, all of it recovered.
image::Reconstruction RoomWithWriting(const std::string& text) {
  auto room = image::Reconstruction::Absent(kRoomSize);
  room.bgr.setTo(cv::Scalar(200, 205, 210));
  cv::putText(room.bgr, text, {150, 190}, cv::FONT_HERSHEY_SIMPLEX, 2, {30, 30, 30}, 5, cv::LINE_AA);
  room.evidence.setTo(7);
  room.confidence.setTo(0.5);
  room.first_seen_s.setTo(2);
  room.last_seen_s.setTo(9);
  return room;
}

void Lose(const cv::Mat1b& where, image::Reconstruction* room) {
  room->evidence.setTo(0, where);
  room->confidence.setTo(0, where);
}

/// Finds the same thing in every picture that is red in the middle of the box and around it, or in every one.
class FakeDetector : public models::Detector {
 public:
  FakeDetector(std::string label, cv::Rect2f box, bool always = false)
      : label_(std::move(label)), box_(box), always_(always) {}
  Result<std::vector<models::Detection>> Detect(const cv::Mat3b& bgr) override {
    if (bgr.size() != kRoomSize) return std::vector<models::Detection>();  // A part: looks only at the whole.
    for (const float part : {0.2F, 0.35F, 0.5F, 0.65F, 0.8F}) {
      const cv::Vec3b pixel =
          bgr(static_cast<int>(box_.y + part * box_.height), static_cast<int>(box_.x + part * box_.width));
      if (!always_ && pixel != cv::Vec3b(0, 0, 255)) return std::vector<models::Detection>();
    }
    return std::vector<models::Detection>{{label_, box_, 0.8}};
  }
  std::string description() const override { return "fake"; }

 private:
  std::string label_;
  cv::Rect2f box_;
  bool always_;
};

const cv::Rect kBox(100, 80, 60, 40);

/// A grey room with a red box in it.
image::Reconstruction RoomWithBox() {
  auto room = image::Reconstruction::Absent(kRoomSize);
  room.bgr.setTo(cv::Scalar(90, 120, 110));
  room.bgr(kBox).setTo(cv::Scalar(0, 0, 255));
  room.evidence.setTo(3);
  room.evidence(kBox).setTo(12);
  room.confidence.setTo(0.5);
  room.first_seen_s.setTo(1);
  room.last_seen_s.setTo(4);
  room.last_seen_s(kBox.y, kBox.x) = 6;
  return room;
}

std::vector<Finding> Search(std::unique_ptr<models::Detector> objects, const image::Reconstruction& room,
                            const cv::Mat1f& presence = {}) {
  FindingSearch search(nullptr, std::move(objects), nullptr);
  return search.Find(room, presence).value();
}

std::unique_ptr<models::Detector> Finds(const std::string& label, bool always = false) {
  return std::make_unique<FakeDetector>(label, cv::Rect2f(kBox), always);
}

TEST(FindingSearchTest, ReadsWritingAndSaysWhereAndWhen) {
  FindingSearch search(FindingKinds{.text = true});
  if (!search.notes().empty()) GTEST_SKIP() << search.notes().front();
  const auto found = search.Find(RoomWithWriting("ROADMAP"), {});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 1U);
  const Finding& text = found->front();
  EXPECT_EQ(text.kind, FindingKind::kText);
  EXPECT_EQ(text.label, "ROADMAP");
  EXPECT_NEAR(text.box.x, 150, 12);
  EXPECT_NEAR(text.box.y + text.box.height, 190, 12);
  EXPECT_EQ(text.evidence_share, 1);
  EXPECT_NEAR(text.pixel_confidence, 0.5, 1e-6);
  EXPECT_EQ(text.first_s, 2);
  EXPECT_EQ(text.last_s, 9);
  EXPECT_EQ(text.frames, 7);
}

TEST(FindingSearchTest, DoesNotReadWhatWasNotRecovered) {
  FindingSearch search(FindingKinds{.text = true});
  if (!search.notes().empty()) GTEST_SKIP() << search.notes().front();
  image::Reconstruction room = RoomWithWriting("ROADMAP");
  cv::Mat1b holes(kRoomSize, uchar{0});
  holes(cv::Rect(200, 100, 330, 120)) = 255;
  Lose(holes, &room);
  const auto found = search.Find(room, {});
  ASSERT_TRUE(found.ok());
  for (const Finding& one : found.value()) EXPECT_THAT(one.label, ::testing::Not(HasSubstr("MAP")));
  EXPECT_TRUE(search.Find(image::Reconstruction::Absent(kRoomSize), {}).value().empty());
}

TEST(FindingSearchTest, AFindNamesItsEvidence) {
  const std::vector<Finding> found = Search(Finds("chair"), RoomWithBox());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, FindingKind::kObject);
  EXPECT_EQ(found[0].label, "chair");
  EXPECT_EQ(found[0].box, kBox);
  EXPECT_EQ(found[0].confidence, 0.8);
  EXPECT_EQ(found[0].frames, 12);
  EXPECT_EQ(found[0].first_s, 1);
  EXPECT_EQ(found[0].last_s, 6);
  EXPECT_EQ(Search(Finds("laptop"), RoomWithBox()).at(0).kind, FindingKind::kScreen);
  EXPECT_EQ(Search(Finds("face"), RoomWithBox()).at(0).kind, FindingKind::kFace);
}

TEST(FindingSearchTest, HalfOfABoxIsNoEvidence) {
  image::Reconstruction room = RoomWithBox();
  cv::Mat1b hole(kRoomSize, uchar{0});
  hole(cv::Rect(kBox.x + kBox.width / 2 + 4, kBox.y, kBox.width / 2 - 4, kBox.height)) = 255;
  Lose(hole, &room);
  EXPECT_TRUE(Search(Finds("chair"), room).empty()) << "0.57 of it is there";
  room = RoomWithBox();
  hole.setTo(0);
  hole(cv::Rect(kBox.x, kBox.y, 6, kBox.height)) = 255;
  Lose(hole, &room);
  const std::vector<Finding> found = Search(Finds("chair"), room);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].evidence_share, 0.9, 1e-9);
}

TEST(FindingSearchTest, PixelsThatAreMostlyWrongAreNoEvidence) {
  image::Reconstruction room = RoomWithBox();
  room.confidence.setTo(0.29);
  EXPECT_TRUE(Search(Finds("chair"), room).empty());
  room.confidence.setTo(0.31);
  EXPECT_EQ(Search(Finds("chair"), room).size(), 1U);
}

TEST(FindingSearchTest, WhatIsFoundWithoutThePixelsIsNoFind) {
  EXPECT_TRUE(Search(Finds("chair", true), RoomWithBox()).empty());
}

/// Finds something wherever a picture holds a dark pixel: at the outline of a hole, say.
class OutlineDetector : public models::Detector {
 public:
  Result<std::vector<models::Detection>> Detect(const cv::Mat3b& bgr) override {
    cv::Mat1b dark;
    cv::inRange(bgr, cv::Scalar::all(0), cv::Scalar::all(40), dark);
    if (bgr.size() != kRoomSize || cv::countNonZero(dark) == 0) return std::vector<models::Detection>();
    return std::vector<models::Detection>{{"chair", cv::Rect2f(kBox), 0.8}};
  }
  std::string description() const override { return "fake"; }
};

TEST(FindingSearchTest, ColoursAndOutlinesAloneAreNoFind) {
  image::Reconstruction room = RoomWithBox();
  room.bgr(kBox).setTo(cv::Scalar::all(10));
  EXPECT_TRUE(Search(std::make_unique<OutlineDetector>(), room).empty());
}

TEST(FindingSearchTest, TheCallerIsNoFind) {
  cv::Mat1f presence(36, 64, 0.0F);
  presence(cv::Rect(9, 7, 10, 7)) = 0.9F;
  EXPECT_TRUE(Search(Finds("person"), RoomWithBox(), presence).empty());
  EXPECT_TRUE(Search(Finds("face"), RoomWithBox(), presence).empty());
  EXPECT_TRUE(Search(Finds("tie"), RoomWithBox(), presence).empty()) << "he wears it";
  presence *= 0.3;
  EXPECT_TRUE(Search(Finds("person"), RoomWithBox(), presence).empty());
  EXPECT_EQ(Search(Finds("chair"), RoomWithBox(), presence).size(), 1U) << "he is often elsewhere";
  EXPECT_EQ(Search(Finds("person"), RoomWithBox(), cv::Mat1f(36, 64, 0.0F)).size(), 1U)
      << "another one in the room";
}

TEST(FindingKindsTest, ReadsItsWords) {
  EXPECT_TRUE(ParseFindingKinds("faces,text")->text);
  EXPECT_TRUE(ParseFindingKinds("faces,text")->faces);
  EXPECT_FALSE(ParseFindingKinds("faces,text")->objects);
  EXPECT_FALSE(ParseFindingKinds("none")->text);
  ASSERT_FALSE(ParseFindingKinds("text,cats").ok());
  EXPECT_THAT(ParseFindingKinds("text,cats").error().message, HasSubstr("'cats'"));
}

}  // namespace
}  // namespace peekproof::audit
