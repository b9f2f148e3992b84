// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What several tests of this layer share.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <opencv2/core.hpp>
#include <string>

#include "base/random.h"
#include "testbed/caller.h"
#include "testbed/camera.h"

namespace peekproof::testbed {

/// Whether two pictures are equal, bit by bit.
inline bool SameBytes(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() &&
         std::memcmp(a.data, b.data, a.total() * a.elemSize()) == 0;
}

inline cv::Mat1f AlphaOf(const cv::Mat4f& picture) {
  cv::Mat1f alpha;
  cv::extractChannel(picture, alpha, 3);
  return alpha;
}

inline cv::Mat4f Render(const CallerLook& look, const CallerPose& pose = {}, cv::Size size = {320, 180}) {
  cv::Mat4f picture;
  RenderCaller(look, pose, size, &picture);
  return picture;
}

/// All that a pose is made of.
using PoseArray = std::array<float, 17>;
inline PoseArray AsArray(const CallerPose& p) {
  return {p.x,          p.y,          p.distance,  p.body_yaw, p.body_pitch,   p.body_roll,    p.head_yaw,
          p.head_pitch, p.head_roll,  p.mouth,     p.blink,    p.arm_raise[0], p.arm_raise[1], p.wave[0],
          p.wave[1],    p.stretch[0], p.stretch[1]};
}

/// A camera without noise or drift.
inline CameraOptions Still() {
  CameraOptions options;
  options.noise_sigma = 0;
  options.exposure_drift = 0;
  return options;
}

inline cv::Mat3f RandomRoom(cv::Size size) {
  cv::Mat3f room(size);
  RowRandom random(1, 0, 0);
  for (cv::Vec3f& pixel : room)
    for (int c = 0; c < 3; ++c) pixel[c] = static_cast<float>(random.Uniform());
  return room;
}

inline cv::Mat4f RandomCaller(cv::Size size, uint64_t seed = 2) {
  cv::Mat4f caller(size);
  RowRandom random(seed, 0, 0);
  for (cv::Vec4f& pixel : caller) {
    pixel[3] = static_cast<float>(std::clamp(random.Uniform(-1.0, 2.0), 0.0, 1.0));
    for (int c = 0; c < 3; ++c) pixel[c] = pixel[3] * static_cast<float>(random.Uniform());
  }
  return caller;
}

/// The bytes of each file below a folder, by its name in it.
inline std::map<std::string, std::string> AllFiles(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const std::filesystem::directory_entry& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[std::filesystem::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(file),
                                                                       {}};
  }
  return files;
}

}  // namespace peekproof::testbed
