// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "base/parallel.h"
#include "base/random.h"
#include "testbed/caller_distance.h"
#include "testbed/caller_march.h"
#include "testbed/testing.h"

namespace peekproof::testbed {
namespace {

CallerPose WavingPose() {
  CallerPose pose;
  pose.x = 0.04F;
  pose.body_yaw = 0.2F;
  pose.body_roll = 0.06F;
  pose.head_yaw = -0.35F;
  pose.mouth = 0.7F;
  pose.arm_raise = {0, 1};
  pose.wave = {0, 0.2F};
  return pose;
}

double AlphaSum(const cv::Mat4f& picture) {
  double sum = 0;
  for (const cv::Vec4f& pixel : picture) sum += pixel[3];
  return sum;
}

/// Random points in the box that holds the figure.
struct RandomPoints {
  std::vector<float> x, y, z;
  explicit RandomPoints(int count) {
    RowRandom random(7, 0, 0);
    for (int i = 0; i < count; ++i) {
      x.push_back(static_cast<float>(random.Uniform(-0.4, 0.4)));
      y.push_back(static_cast<float>(random.Uniform(-0.45, 0.3)));
      z.push_back(static_cast<float>(random.Uniform(-1.1, -0.5)));
    }
  }
};

TEST(CallerDistances, EqualsItsScalarTwin) {
  const RandomPoints points(64 * kLanes);
  const int count = static_cast<int>(points.x.size());
  std::vector<float> distances(count);
  for (int look = 0; look < kPresetLooks; ++look) {
    const CallerRig rig = MakeRig(PresetLook(look), WavingPose());
    CallerDistances(rig, kAllParts, {points.x.data(), points.y.data(), points.z.data(), count},
                    distances.data());
    for (int i = 0; i < count; ++i) {
      const float twin = CallerDistanceAt(rig, kAllParts, {points.x[i], points.y[i], points.z[i]});
      ASSERT_FLOAT_EQ(distances[i], twin) << "look " << look << " point " << i;
    }
  }
}

TEST(CallerDistances, MaterialsHaveTheSameDistances) {
  const RandomPoints points(16 * kLanes);
  const int count = static_cast<int>(points.x.size());
  std::vector<float> distances(count), with_material(count), materials(count);
  const CallerRig rig = MakeRig(PresetLook(0), WavingPose());
  const PointArrays arrays{points.x.data(), points.y.data(), points.z.data(), count};
  CallerDistances(rig, kAllParts, arrays, distances.data());
  CallerMaterials(rig, kAllParts, arrays, with_material.data(), materials.data());
  EXPECT_EQ(distances, with_material);
  for (const float material : materials) {
    EXPECT_EQ(material, std::round(material));
    EXPECT_TRUE(material >= 0 && material <= static_cast<float>(Material::kHeld)) << material;
  }
}

/// Alpha of one ray with all parts, small steps and no cones: the twin of TraceTile.
float SlowAlpha(const CallerRig& rig, const Pinhole& camera, int x, int y) {
  const float dx = camera.DirectionX(static_cast<float>(x) + 0.5F);
  const float dy = camera.DirectionY(static_cast<float>(y) + 0.5F);
  float best = 1e6F;
  for (float t = rig.pose.distance - 0.42F; t < rig.pose.distance + 0.42F;) {
    const float d = CallerDistanceAt(rig, kAllParts, {dx * t, dy * t, -t});
    best = std::min(best, d * camera.focal_px / t);
    if (best < 0.3F) return 1.0F;
    t += std::max(0.35F * d, 0.0002F);
  }
  return std::max(0.0F, 0.8F - best);
}

/// Pixels, of every fourth, whose alpha is not that of patient marching.
int PixelsUnlikePatientMarching(CallerLook look, const CallerPose& pose) {
  const cv::Size size(112, 63);
  const Pinhole camera = Pinhole::ForSize(size.width, size.height);
  look.strands = 0;
  const CallerRig rig = MakeRig(look, pose);
  const cv::Mat4f picture = Render(look, pose, size);
  int different = 0;
  for (int y = 0; y < size.height; y += 2)
    for (int x = 0; x < size.width; x += 2)
      if (!(std::abs(picture(y, x)[3] - SlowAlpha(rig, camera, x, y)) <= 0.25F)) ++different;
  return different;
}

TEST(RenderCaller, SilhouetteEqualsPatientMarching) {
  for (int look = 0; look < kPresetLooks; ++look)
    EXPECT_LE(PixelsUnlikePatientMarching(PresetLook(look), WavingPose()), 5) << "of 1792, look " << look;
}

/// Bounding spheres have to hold whatever the arms reach, and the trunk whoever stands.
TEST(RenderCaller, NothingIsCutOffInWidePoses) {
  CallerPose level, upright, standing;
  level.arm_raise = level.stretch = upright.arm_raise = upright.stretch = {1, 1};
  level.wave = {-1, -1};
  upright.wave = {1, 1};
  level.distance = upright.distance = 1.2F;
  standing.y = 0.4F;
  standing.distance = 1.0F;
  standing.arm_raise = {-1, -1};
  CallerPose half_hanging = standing;
  half_hanging.arm_raise = {-0.5F, -0.5F};
  CallerPose holding;
  holding.arm_raise = {1, 1};
  holding.distance = 1.0F;
  CallerLook papers = PresetLook(0);
  papers.held = {HeldObject::kPaper, HeldObject::kMug};
  CallerLook phones = PresetLook(1);
  phones.held = {HeldObject::kPhone, HeldObject::kPhone};
  for (const CallerLook& look : {papers, phones, PresetLook(5)})
    for (const CallerPose& pose : {level, upright, standing, half_hanging, holding})
      EXPECT_LE(PixelsUnlikePatientMarching(look, pose), 8) << "of 1792";
}

TEST(RenderCaller, DoesNotDependOnThreads) {
  const cv::Size size(160, 90);
  cv::Mat4f one, four;
  {
    const ThreadLimit limit(1);
    one = Render(PresetLook(2), WavingPose(), size);
  }
  {
    const ThreadLimit limit(4);
    four = Render(PresetLook(2), WavingPose(), size);
  }
  EXPECT_TRUE(SameBytes(one, four));
}

TEST(RenderCaller, ColoursArePremultipliedAndFinite) {
  for (const cv::Size size : {cv::Size(160, 90), cv::Size(97, 61), cv::Size(1, 1), cv::Size(33, 200)}) {
    const cv::Mat4f picture = Render(PresetLook(1), WavingPose(), size);
    ASSERT_EQ(picture.size(), size);
    for (const cv::Vec4f& pixel : picture) {
      ASSERT_TRUE(pixel[3] >= 0.0F && pixel[3] <= 1.0F) << pixel;
      for (int c = 0; c < 3; ++c) ASSERT_TRUE(pixel[c] >= 0.0F && pixel[c] <= 2.0F * pixel[3]) << pixel;
    }
  }
}

TEST(RenderCaller, SitsInTheFrameLikeOnACall) {
  const cv::Size size(160, 90);
  for (int look = 0; look < kPresetLooks; ++look) {
    const cv::Mat4f picture = Render(PresetLook(look), CallerPose(), size);
    int bottom = 0;
    for (int x = 0; x < size.width; ++x) bottom += picture(size.height - 1, x)[3] > 0.5F ? 1 : 0;
    EXPECT_GT(bottom, size.width / 3) << "shoulders reach the bottom edge";
    int top = 0;
    while (top < size.height && picture(top, size.width / 2)[3] < 0.5F) ++top;
    EXPECT_THAT(top, testing::AllOf(testing::Ge(1), testing::Le(15))) << "head near the top edge";
    EXPECT_EQ(picture(size.height / 2, 2)[3], 0.0F);
    EXPECT_EQ(picture(size.height / 2, size.width - 3)[3], 0.0F);
  }
}

TEST(RenderCaller, RaisedArmsShowOnTheirSide) {
  const cv::Size size(160, 90);
  CallerPose left, right;
  left.arm_raise = {1, 0};
  right.arm_raise = {0, 1};
  const cv::Mat4f at_left = Render(PresetLook(0), left, size);
  const cv::Mat4f at_right = Render(PresetLook(0), right, size);
  const cv::Rect left_half(0, 0, 50, 90), right_half(110, 0, 50, 90);
  EXPECT_GT(AlphaSum(at_left(left_half)), AlphaSum(at_right(left_half)) + 100);
  EXPECT_GT(AlphaSum(at_right(right_half)), AlphaSum(at_left(right_half)) + 100);
}

TEST(VariedLook, IsSeededAndVaries) {
  EXPECT_EQ(VariedLook(5).cloth, VariedLook(5).cloth);
  int styles = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) styles |= 1 << static_cast<int>(VariedLook(seed).hair_style);
  EXPECT_EQ(styles, 7) << "all hair styles occur";
  EXPECT_NE(VariedLook(1).skin, VariedLook(2).skin);
}

}  // namespace
}  // namespace peekproof::testbed
