// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbed/scene.h"
#include "testbed/small_scene.h"

namespace peekproof::testbed {
namespace {

TEST(SceneParameters, WhatIsToldCanBeSet) {
  SceneOptions options = SmallScene();
  options.seed = 18'446'744'073'709'551'615U;
  options.frame_rate = 29.97;
  options.motion.script = MotionScript::kTurnHead;
  options.raw = {{1.25, 2}, {7, 1}};
  options.room_changes = {{0.5, {0.125, 0.25, 0.5, 0.5}}};
  SceneOptions copy;
  for (const auto& [name, value] : ValuesOf(options)) {
    const auto set = SetOption(name, value, &copy);
    EXPECT_TRUE(set.ok()) << name << "=" << value << ": " << set.error().message;
  }
  EXPECT_EQ(ValuesOf(copy), ValuesOf(options));
  EXPECT_EQ(copy.seed, options.seed);
  EXPECT_EQ(copy.frame_rate, 29.97);
  EXPECT_EQ(copy.raw.at(0).start_s, 1.25);
  EXPECT_EQ(copy.room_changes.at(0).box, cv::Rect2d(0.125, 0.25, 0.5, 0.5));
  EXPECT_EQ(copy.raw.at(1).frames, 1);
  EXPECT_EQ(copy.foreground.look, 1);
}

TEST(SceneParameters, SayWhatTheyWant) {
  SceneOptions options;
  const auto message = [&](const char* name, const char* value) {
    const auto set = SetOption(name, value, &options);
    return set.ok() ? std::string("ok") : set.error().message;
  };
  EXPECT_THAT(message("size", "1280"), testing::HasSubstr("give WIDTHxHEIGHT"));
  EXPECT_THAT(message("raw", "3"), testing::HasSubstr("SECONDS:FRAMES,... or none"));
  EXPECT_THAT(message("raw", "3:2,"), testing::HasSubstr("SECONDS:FRAMES,... or none"));
  EXPECT_THAT(message("seed", "-1"), testing::HasSubstr("whole number from 0"));
  EXPECT_THAT(message("look", "x"), testing::HasSubstr("give a number or seeded"));
  EXPECT_THAT(message("motion", "dance"), testing::HasSubstr("stand-up"));
  EXPECT_THAT(message("noise", "99"), testing::HasSubstr("from 0 to 20"));
  EXPECT_THAT(message("colour", "red"), testing::HasSubstr("no parameter 'colour'; it has seed"));
  EXPECT_EQ(message("raw", "none"), "ok");
}

TEST(SceneOptions, RefusesNonsense) {
  EXPECT_TRUE(SceneOptions().Validate().ok());
  const auto refused = [](const auto& change) {
    SceneOptions options = SmallScene();
    change(&options);
    return !Scene::Create(options).ok();
  };
  EXPECT_FALSE(refused([](SceneOptions*) {}));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->size = {0, 720}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->size = {1280, 100000}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->frames = 0; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->frame_rate = 0; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->foreground.look = -1; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->motion.sway_m = 2; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->oracle.blobs = -1; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->raw = {{-1.0, 3}}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->room_changes = {{1, {0.5, 0, 0.6, 1}}}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->room_changes = {{1, {0, 0, 1, 0}}}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->room_changes = {{2, {0, 0, 1, 1}}, {1, {0, 0, 1, 1}}}; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->engine = "no such engine"; }));
  EXPECT_TRUE(refused([](SceneOptions* o) { o->foreground.render_height_px = 2; }));
}

}  // namespace
}  // namespace peekproof::testbed
