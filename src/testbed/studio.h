// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "base/result.h"
#include "image/frame.h"
#include "image/mask.h"
#include "testbed/foreground.h"
#include "testbed/room.h"
#include "testbed/room_light.h"
#include "testbed/scene_options.h"

namespace peekproof::testbed {

/// The caller, the room and the camera of a scene, without any engine.
class Studio {
 public:
  /// `options` must be valid. Errors  those of opening the person and the room.
  static Result<Studio> Create(const SceneOptions& options);

  /// Takes the footage that frame number `frame` needs. One call at a time, in order of frames.
  Result<void> Fetch(int64_t frame, cv::Mat* footage);
  /// Takes a fetched frame, thread-safe and in any order: what the camera sees and the caller's exact matte.
  void Shoot(int64_t frame, const cv::Mat& footage, cv::Mat3b* bgr, image::AlphaMask* caller) const;

  /// Takes a set-up shot: the room with nobody there, with the camera's noise. Thread-safe.
  /// In      frame: below 0, counted back from the call's first frame.
  void ShootEmpty(int64_t frame, image::Frame* empty) const;

  /// The room as the camera shows it with nobody there, without noise.
  const cv::Mat3b& true_room() const { return true_room_; }
  const std::vector<RoomText>& texts() const { return texts_; }
  const Foreground& foreground() const { return *foreground_; }

 private:
  Studio(SceneOptions options, std::unique_ptr<Foreground> foreground, const Room& room);
  Result<void> FitLight();
  const cv::Mat3f& RoomAt(double time_s) const;
  cv::Mat4f DrawPerson(const cv::Mat& footage, double time_s) const;

  SceneOptions options_;
  std::unique_ptr<Foreground> foreground_;
  cv::Mat3f room_linear_;           ///< At the size that is composed at.
  std::vector<cv::Mat3f> changed_;  ///< After each of SceneOptions::room_changes.
  LightGains light_;
  cv::Mat3b true_room_;
  std::vector<RoomText> texts_;
};

}  // namespace peekproof::testbed
