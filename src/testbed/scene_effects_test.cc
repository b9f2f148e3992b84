// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What camera, light and company do to a scene.

#include <gtest/gtest.h>

#include "testbed/scene.h"
#include "testbed/small_scene.h"
#include "testbed/studio.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

cv::Mat1f FirstMatte(const SceneOptions& options) {
  const auto scene = Scene::Create(options);
  PEEKPROOF_CHECK(scene.ok(), "{}", scene.error().message);
  SceneFrame frame;
  PEEKPROOF_CHECK((*scene)->Next(&frame).ok(), "no frame");
  return frame.caller.values.clone();
}

TEST(SceneEffects, CameraAndCompanyAreThoseOfTheOptions) {
  SceneOptions options = SmallScene();
  const cv::Mat1f plain = FirstMatte(options);
  const auto area = [](const cv::Mat1f& matte) { return cv::sum(matte)[0]; };
  options.camera.compose_scale = 2;
  const cv::Mat1f finer = FirstMatte(options);
  EXPECT_NEAR(area(finer), area(plain), 0.02 * area(plain));
  EXPECT_FALSE(SameBytes(finer, plain));
  options.foreground.second = SecondPersonMotion::kBeside;
  EXPECT_GT(area(FirstMatte(options)), 1.1 * area(plain));
}

TEST(SceneEffects, MotionBlursWhileTheShutterIsOpen) {
  SceneOptions options = SmallScene();
  options.motion.script = MotionScript::kWaveArm;
  const auto soft = [](const cv::Mat1f& matte) {
    return cv::countNonZero((matte > 0.02F) & (matte < 0.98F));
  };
  const auto at = [&](int64_t index) {
    const auto scene = Scene::Create(options);
    SceneFrame frame;
    PEEKPROOF_CHECK((*scene)->Fetch(index, &frame).ok(), "no frame");
    (*scene)->Shoot(&frame);
    return frame.caller.values.clone();
  };
  int plain = 0;
  int blurred = 0;
  for (int64_t index = 0; index < 24; index += 4) plain += soft(at(index));
  options.camera.shutter_share = 0.8F;
  options.camera.shutter_samples = 8;
  for (int64_t index = 0; index < 24; index += 4) blurred += soft(at(index));
  EXPECT_GT(blurred, plain + plain / 10);
}

TEST(SceneEffects, ThingsInTheRoomCanChange) {
  SceneOptions options = SmallScene();
  options.camera.noise_sigma = 0;
  options.camera.exposure_drift = 0;
  const auto studio = Studio::Create(options);
  options.room_changes = {{0.5, {0, 0, 0.25, 0.5}}};
  const auto changing = Studio::Create(options);
  ASSERT_TRUE(studio.ok() && changing.ok());
  const auto shot = [](const Studio& one, int64_t frame) {
    image::Frame empty;
    one.ShootEmpty(frame, &empty);
    return empty.bgr;
  };
  EXPECT_TRUE(SameBytes(shot(*changing, -10), shot(*studio, -10)));
  EXPECT_TRUE(SameBytes(shot(*changing, 3), shot(*studio, 3)));
  const cv::Mat3b before = shot(*studio, 5);
  const cv::Mat3b after = shot(*changing, 5);
  const cv::Size size = options.size;
  const cv::Rect box(0, 0, size.width / 4, size.height / 2);
  EXPECT_FALSE(SameBytes(after(box).clone(), before(box).clone()));
  EXPECT_EQ(after(9, 9), before(size.height - 10, size.width - 10));
  constexpr int kLens = 5;  // It blurs a little across the box's edge.
  const cv::Rect beside(size.width / 4 + kLens, 0, size.width / 2, size.height);
  EXPECT_TRUE(SameBytes(after(beside).clone(), before(beside).clone()));
}

TEST(SceneEffects, TheLightOnThePersonCanBeTheRooms) {
  SceneOptions options = SmallScene();
  options.camera.noise_sigma = 0;
  const auto first = [&] {
    const auto scene = Scene::Create(options);
    SceneFrame frame;
    PEEKPROOF_CHECK((*scene)->Next(&frame).ok(), "no frame");
    return frame;
  };
  const SceneFrame plain = first();
  options.light.follow = 1;
  const SceneFrame lit = first();
  EXPECT_TRUE(SameBytes(lit.caller.values, plain.caller.values)) << "light does not change who is where";
  cv::Mat person;
  cv::compare(plain.caller.values, 0.999, person, cv::CMP_GT);
  EXPECT_GT(cv::norm(lit.camera.bgr, plain.camera.bgr, cv::NORM_L1, person) / cv::countNonZero(person), 3.0);
  cv::Mat room;
  cv::compare(plain.caller.values, 0, room, cv::CMP_EQ);
  EXPECT_EQ(cv::norm(lit.camera.bgr, plain.camera.bgr, cv::NORM_INF, room), 0);
}

}  // namespace
}  // namespace peekproof::testbed
