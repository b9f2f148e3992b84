// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// The published attacks behind the one interface, and what they are made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "attacks/attack_group.h"
#include "attacks/background_buster.h"
#include "attacks/knn_motion.h"
#include "attacks/make_attack.h"
#include "attacks/spying_through.h"
#include "attacks/synthetic_scene.h"
#include "base/parallel.h"
#include "image/ciede2000.h"

namespace peekproof::attacks {
namespace {

using ::testing::HasSubstr;

class PublishedAttacks : public testing::Test {
 protected:
  static constexpr int kFrames = 40;

  PublishedAttacks() : scene_(Options()) {
    for (int t = 0; t < kFrames; ++t) moments_.push_back(scene_.At(t));
  }
  static SyntheticSceneOptions Options() {
    SyntheticSceneOptions options;
    options.size = {96, 54};
    options.frames = kFrames;
    return options;
  }
  AttackSetting Setting() const { return {Wallpaper::Of(scene_.wallpaper()), {}}; }

  std::vector<AttackOutcome> Recover(const std::vector<std::string>& specs) const {
    auto group = AttackGroup::Make(specs, Setting());
    EXPECT_TRUE(group.ok());
    for (int survey = 0; survey < (*group)->surveys(); ++survey)
      for (const auto& moment : moments_) (*group)->Survey(survey, moment.evidence.frame);
    AttackGroup::Rules rules = (*group)->MakeRules();
    std::vector<AttackGroup::Candidates> candidates;
    for (const auto& moment : moments_) {
      FrameEvidence evidence = moment.evidence;
      rules.Find(&evidence, &candidates);
      (*group)->Add(&evidence, candidates);
    }
    return (*group)->Finish();
  }

  SyntheticScene scene_;
  std::vector<SyntheticScene::Moment> moments_;
};

TEST_F(PublishedAttacks, AllRunTogetherAsTheyDoAlone) {
  std::vector<std::string> specs;
  for (const AttackInfo& info : ListAttacks()) specs.push_back(info.name);
  ASSERT_EQ(specs.size(), 6U);
  const std::vector<AttackOutcome> together = Recover(specs);
  for (size_t i = 0; i < specs.size(); ++i) {
    const AttackOutcome alone = Recover({specs[i]}).front();
    EXPECT_EQ(together[i].spec, specs[i]);
    EXPECT_EQ(cv::norm(together[i].room.evidence, alone.room.evidence, cv::NORM_INF), 0) << specs[i];
    const cv::Mat1b present = alone.room.Present();
    EXPECT_GT(cv::countNonZero(present), 0) << specs[i];
    EXPECT_EQ(cv::norm(together[i].room.bgr, alone.room.bgr, cv::NORM_INF, present), 0) << specs[i];
    EXPECT_GT(together[i].seconds, 0);
  }
}

TEST_F(PublishedAttacks, BackgroundBusterIsItsSlowTwin) {
  const auto attack = MakeAttack("background-buster", Setting());
  ASSERT_TRUE(attack.ok());
  for (int survey = 0; survey < 2; ++survey)
    for (const auto& moment : moments_) (*attack)->Survey(survey, moment.evidence.frame);
  const auto rule = (*attack)->MakeRule();
  const cv::Mat3b& wallpaper = scene_.wallpaper();
  int64_t found = 0;
  for (int t = 0; t < kFrames; t += 7) {
    FrameEvidence evidence = moments_[static_cast<size_t>(t)].evidence;
    rule->Find(&evidence);
    cv::Mat3b difference;
    cv::absdiff(evidence.frame.bgr, wallpaper, difference);
    cv::Mat1b near;
    cv::inRange(difference, cv::Scalar::all(0), cv::Scalar::all(20), near);
    cv::dilate(near, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {19, 19}));
    for (int y = 0; y < wallpaper.rows; ++y) {
      for (int x = 0; x < wallpaper.cols; ++x) {
        int same = 0;
        for (const auto& moment : moments_)
          same += moment.evidence.frame.bgr(y, x) == evidence.frame.bgr(y, x) ? 1 : 0;
        const bool caller = evidence.caller.values(y, x) > 0.5F && same >= 0.05 * kFrames;
        ASSERT_EQ(evidence.leak.values(y, x) != 0, near(y, x) == 0 && !caller) << t << " " << x << " " << y;
      }
    }
    found += evidence.leak_px;
  }
  EXPECT_GT(found, 0);
}

TEST_F(PublishedAttacks, TheUnionHoldsTheCandidatesOfAll) {
  const std::vector<AttackOutcome> rooms =
      Recover({"seeing-through", "background-buster", "zoomg",
               "union(attacks=seeing-through+background-buster)", "union(attacks=background-buster+zoomg)"});
  const cv::Mat1b either(rooms[0].room.Present() | rooms[1].room.Present());
  EXPECT_EQ(cv::norm(rooms[3].room.Present(), either, cv::NORM_INF), 0);
  // zoomg's picture only fills what the frames left free.
  const image::Reconstruction& filled = rooms[4].room;
  EXPECT_EQ(
      cv::norm(filled.Present(), cv::Mat1b(rooms[1].room.Present() | rooms[2].room.Present()), cv::NORM_INF),
      0);
  EXPECT_EQ(cv::norm(filled.bgr, rooms[1].room.bgr, cv::NORM_INF, rooms[1].room.Present()), 0);
}

TEST_F(PublishedAttacks, SpyingThroughDoesNotDependOnThreads) {
  image::Reconstruction one;
  {
    const ThreadLimit limit(1);
    one = Recover({"spying-through"}).front().room;
  }
  const image::Reconstruction many = Recover({"spying-through"}).front().room;
  EXPECT_EQ(cv::norm(one.bgr, many.bgr, cv::NORM_INF), 0.0);
  EXPECT_EQ(cv::norm(one.evidence, many.evidence, cv::NORM_INF), 0.0);
}

TEST(SpyingThroughTest, KeepsWhatMovesAndNotWhatRests) {
  // A salient part that rests but for a patch of green, which comes late.
  const cv::Size size(120, 90);
  const SpyingThrough attack({.denoise = false}, size);
  const auto rule = attack.MakeRule();
  const auto gatherer = attack.MakeGatherer();
  const cv::Rect person(30, 20, 60, 70);
  const cv::Rect patch(45, 30, 12, 12);
  FrameEvidence evidence;
  for (int t = 0; t < 40; ++t) {
    evidence.frame.bgr = cv::Mat3b(size, cv::Vec3b(200, 160, 40));
    evidence.frame.bgr(person).setTo(cv::Scalar(60, 60, 60));
    if (t >= 36) evidence.frame.bgr(patch).setTo(cv::Scalar(20, 180, 20));
    evidence.frame.time_s = t;
    evidence.caller.values = cv::Mat1f(size, 0.0F);
    evidence.caller.values(person).setTo(1);
    rule->Find(&evidence);
    gatherer->Add(evidence);
  }
  const image::Reconstruction room = gatherer->Finish();
  EXPECT_EQ(room.bgr(36, 51), cv::Vec3b(20, 180, 20));
  EXPECT_EQ(room.first_seen_s(36, 51), 36);
  cv::Mat1b outside(size, uint8_t{255});
  outside(person).setTo(0);
  EXPECT_EQ(cv::countNonZero(room.Present() & outside), 0) << "cut away with the wallpaper";
}

TEST(KnnMotionTest, SettlesAfterTwoFramesThatWereNearOthers) {
  KnnMotion motion({1, 1});
  cv::Mat1b moving;
  std::vector<int> answers;
  const cv::Mat3b grey(1, 1, cv::Vec3b(120, 120, 120));
  for (int t = 0; t < 6; ++t) {
    motion.Apply(grey, &moving);
    answers.push_back(moving(0, 0) != 0);
  }
  // Frames 2 and 3 are the first that see two of their kind; from 4 on there are two such.
  EXPECT_EQ(answers, (std::vector<int>{1, 1, 1, 1, 0, 0}));
  motion.Apply(cv::Mat3b(1, 1, cv::Vec3b(120, 120, 136)), &moving);
  EXPECT_NE(moving(0, 0), 0) << "256 apart";
  motion.Apply(cv::Mat3b(1, 1, cv::Vec3b(120, 120, 135)), &moving);
  EXPECT_EQ(moving(0, 0), 0) << "225 apart";
  for (int t = 0; t < 21; ++t) motion.Apply(cv::Mat3b(1, 1, cv::Vec3b(0, 255, 0)), &moving);
  motion.Apply(grey, &moving);
  EXPECT_NE(moving(0, 0), 0) << "forgotten after 21 frames";
}

TEST(MakeAttackTest, NamesWhatItDoesNotKnow) {
  EXPECT_TRUE(CheckAttack("seeing-through(service=zoom,variant=artifact)").ok());
  EXPECT_TRUE(CheckAttack("zoomg(comparison=cosine,threshold=0.8)").ok());
  EXPECT_TRUE(CheckAttack("zoomg(comparison=sum,threshold=90)").ok());
  const auto message = [](const std::string& spec) {
    const auto checked = CheckAttack(spec);
    return checked.ok() ? std::string() : checked.error().message;
  };
  EXPECT_THAT(message("vader"), HasSubstr("known attacks are unmix, seeing-through"));
  EXPECT_THAT(message("zoomg(param=5)"), HasSubstr("threshold"));
  EXPECT_THAT(message("zoomg(comparison=cosine,threshold=2)"), HasSubstr("threshold"));
  EXPECT_THAT(message("zoomg(threshold=much)"), HasSubstr("threshold"));
  EXPECT_THAT(message("union(attacks=zoomg+vader)"), HasSubstr("no attack 'vader'"));
  EXPECT_THAT(message("union(attacks=union)"), HasSubstr("cannot hold"));
}

}  // namespace
}  // namespace peekproof::attacks
