// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/random.h"
#include "engines/engine.h"
#include "engines/guard_engine.h"
#include "engines/profile.h"
#include "engines/testing.h"
#include "models/segmenter.h"

namespace peekproof::engines {

/// What a scripted network answers, whatever it is shown.
struct NetworkScript {
  cv::Mat1f mask = cv::Mat1f(144, 256, 0.0F);  ///< The answer.
  bool fails = false;
};

/// A segmenter for tests that says what the script says.
class ScriptedSegmenter : public models::Segmenter {
 public:
  explicit ScriptedSegmenter(std::shared_ptr<NetworkScript> script) : script_(std::move(script)) {}
  cv::Size input_size() const override { return {256, 144}; }
  Result<void> Segment(const cv::Mat3b& /*bgr*/, image::AlphaMask* caller) override {
    if (script_->fails) return Error{ErrorCode::kInternal, "the network broke"};
    script_->mask.copyTo(caller->values);
    return {};
  }
  std::string description() const override { return "script"; }

 private:
  std::shared_ptr<NetworkScript> script_;
};

/// A guard, a room, a caller of known matte before it, and a network that errs as the test wants.
class GuardWorld {
 public:
  static constexpr int kWidth = 640;
  static constexpr int kHeight = 360;

  explicit GuardWorld(const std::string& spec, uint64_t room_seed = 1) : room_(RoomOf(room_seed)) {
    const auto maker = [this](const std::string&) -> Result<std::unique_ptr<models::Segmenter>> {
      return std::unique_ptr<models::Segmenter>(std::make_unique<ScriptedSegmenter>(script_));
    };
    engine_ = MakeEngine(spec, maker).value();
    wallpaper_ = cv::Mat3b(kHeight, kWidth, cv::Vec3b(30, 160, 90));
  }

  /// Learns the empty room from `frames` of it.
  void SetUp(int frames = 20) {
    for (int i = 0; i < frames; ++i) {
      script_->mask = cv::Mat1f::zeros(144, 256);
      image::Frame frame;
      frame.bgr = Noisy(room_, 1000 + i);
      ok_ = engine_->LearnRoom(frame).ok();
    }
  }

  /// Shows the guard one more frame: a caller at `x` before room().
  /// In      wide_px: by how much the network's mask is too wide (too narrow where negative).
  const Composite& Show(int x, float wide_px = 0) {
    matte_ = MatteAt(static_cast<float>(x), 0);
    script_->mask = Small(MatteAt(static_cast<float>(x), wide_px));
    return ShowPicture(Lay(matte_, x));
  }

  /// Any picture; the network says what the script says.
  const Composite& ShowPicture(const cv::Mat3b& picture) {
    image::Frame frame{Noisy(picture, next_), next_, time_s_};
    ++next_;
    time_s_ += 0.04;
    const auto done = engine_->Process(frame, wallpaper_, &shown_);
    ok_ = done.ok();
    return shown_;
  }

  /// Pixels farther than two from anything of the caller that show any of the camera.
  int LeakPx() const {
    cv::Mat1b near;
    cv::dilate(matte_ > 0, near, cv::Mat(5, 5, CV_8U, cv::Scalar(1)));
    return cv::countNonZero((shown_.alpha.values > 0.5F / 255) & (near == 0));
  }
  /// Share of the caller that is not shown.
  double LostShare() const {
    cv::Mat1f lost;
    cv::subtract(matte_, shown_.alpha.values, lost);
    cv::threshold(lost, lost, 0, 0, cv::THRESH_TOZERO);
    return cv::sum(lost)[0] / cv::sum(matte_)[0];
  }
  bool ShowsWallpaperAlone() const {
    return shown_.shown == Shown::kBackground && cv::countNonZero(shown_.alpha.values) == 0 &&
           cv::norm(shown_.bgr, wallpaper_, cv::NORM_INF) == 0;
  }

  /// The caller's exact matte, widened by `wide_px`: head and shoulders.
  static cv::Mat1f MatteAt(float x, float wide_px) {
    cv::Mat1f matte(kHeight, kWidth);
    const auto inside = [](float dx, float dy, float rx, float ry) {
      return (1 - std::hypot(dx / rx, dy / ry)) * std::min(rx, ry);
    };
    for (int v = 0; v < kHeight; ++v) {
      for (int u = 0; u < kWidth; ++u) {
        const float dx = static_cast<float>(u) - x;
        const auto y = static_cast<float>(v);
        const float depth = std::max(
            {inside(dx, y - 130, 52, 68), inside(dx, y - 210, 26, 60), inside(dx, y - 380, 130, 180)});
        matte(v, u) = std::clamp(0.5F + depth + wide_px, 0.0F, 1.0F);
      }
    }
    return matte;
  }

  /// The caller (striped, skin above) over the room.
  cv::Mat3b Lay(const cv::Mat1f& matte, int x) const {
    cv::Mat3b picture(kHeight, kWidth);
    for (int v = 0; v < kHeight; ++v) {
      for (int u = 0; u < kWidth; ++u) {
        const int stripe = ((u - x + 1000) / 9 + v / 9) % 2 * 14;
        const cv::Vec3b caller = v < 200 ? cv::Vec3b(120, 150, static_cast<uint8_t>(215 + stripe))
                                         : cv::Vec3b(static_cast<uint8_t>(150 + stripe), 60, 50);
        for (int c = 0; c < 3; ++c) {
          picture(v, u)[c] =
              cv::saturate_cast<uint8_t>(matte(v, u) * static_cast<float>(caller[c]) +
                                         (1 - matte(v, u)) * static_cast<float>(room_(v, u)[c]));
        }
      }
    }
    return picture;
  }

  static cv::Mat1f Small(const cv::Mat1f& matte) {
    cv::Mat1f small;
    cv::resize(matte, small, {256, 144}, 0, 0, cv::INTER_AREA);
    return small;
  }

  /// A wall with shelves and pictures in seeded colours, greenish and grey: unlike the caller.
  static cv::Mat3b RoomOf(uint64_t seed) {
    RowRandom random(seed, 7, 0);
    cv::Mat3b room(kHeight, kWidth, cv::Vec3b(150, 160, 150));
    for (int i = 0; i < 60; ++i) {
      const auto pick = [&](int below) {
        return static_cast<int>(random.Next() % static_cast<uint64_t>(below));
      };
      const cv::Rect box(pick(kWidth - 20), pick(kHeight - 20), 10 + pick(60), 10 + pick(60));
      cv::rectangle(room, box, cv::Scalar(60 + pick(120), 90 + pick(120), 40 + pick(100)), cv::FILLED);
    }
    return room;
  }

  /// The picture with a sensor's noise (deviation 1.8 steps), the same for the same frame number: one field
  /// of normal values, read from another place for each frame.
  static cv::Mat3b Noisy(const cv::Mat3b& picture, int64_t frame) {
    static const cv::Mat3f field = NoiseField(1024);
    cv::Mat3b noisy(picture.size());
    for (int y = 0; y < picture.rows; ++y) {
      RowRandom random(99, static_cast<uint64_t>(frame), static_cast<uint64_t>(y));
      const cv::Vec3f* noise = field[static_cast<int>(random.Next() % 1024)];
      for (int x = 0; x < picture.cols; ++x) {
        for (int c = 0; c < 3; ++c)
          noisy(y, x)[c] =
              cv::saturate_cast<uint8_t>(static_cast<float>(picture(y, x)[c]) + noise[x % 1024][c]);
      }
    }
    return noisy;
  }
  static cv::Mat3f NoiseField(int side) {
    cv::Mat3f field(side, side);
    for (int y = 0; y < side; ++y) {
      RowRandom random(98, 0, static_cast<uint64_t>(y));
      for (int x = 0; x < side; ++x)
        for (int c = 0; c < 3; ++c) field(y, x)[c] = static_cast<float>(1.8 * random.Normal());
    }
    return field;
  }

  cv::Mat3b& room() { return room_; }
  cv::Mat3b& wallpaper() { return wallpaper_; }
  NetworkScript& script() { return *script_; }
  Engine& engine() { return *engine_; }
  GuardPhase phase() const { return dynamic_cast<const GuardEngine&>(*engine_).phase(); }
  const RoomPlate& plate() const { return dynamic_cast<const GuardEngine&>(*engine_).plate(); }
  const Composite& shown() const { return shown_; }
  const cv::Mat1f& matte() const { return matte_; }
  bool ok() const { return ok_; }
  void Skip(double seconds) { time_s_ += seconds; }

 private:
  std::shared_ptr<NetworkScript> script_ = std::make_shared<NetworkScript>();
  std::unique_ptr<Engine> engine_;
  cv::Mat3b room_;
  cv::Mat3b wallpaper_;
  cv::Mat1f matte_;
  Composite shown_;
  int64_t next_ = 0;
  double time_s_ = 0;
  bool ok_ = true;
};

}  // namespace peekproof::engines
