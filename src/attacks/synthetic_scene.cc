// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/synthetic_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/random.h"

namespace peekproof::attacks {
namespace {

constexpr double kFrameSeconds = 0.04;

/// Smooth random picture of any kind: white noise on a coarse grid, enlarged. Values about -1 to 1.
cv::Mat1f SmoothNoise(cv::Size size, cv::Size grid, uint64_t seed, uint64_t index) {
  cv::Mat1f coarse(grid);
  for (int y = 0; y < grid.height; ++y) {
    RowRandom random(seed, index, static_cast<uint64_t>(y));
    for (int x = 0; x < grid.width; ++x) coarse(y, x) = static_cast<float>(random.Uniform(-1.5, 1.5));
  }
  cv::Mat1f fine;
  cv::resize(coarse, fine, size, 0, 0, cv::INTER_CUBIC);
  return fine;
}

/// Like SmoothNoise, drifting over time: a blend of the fields of two key times.
cv::Mat1f DriftingNoise(cv::Size size, cv::Size grid, uint64_t seed, double time) {
  const auto key = static_cast<uint64_t>(std::floor(time));
  const double share = time - std::floor(time);
  const double angle = 0.5 * CV_PI * share;
  return cv::Mat1f(std::cos(angle) * SmoothNoise(size, grid, seed, key) +
                   std::sin(angle) * SmoothNoise(size, grid, seed, key + 1));
}

cv::Vec3b RandomColour(RowRandom* random, double low, double high) {
  cv::Vec3b colour;
  for (int c = 0; c < 3; ++c) colour[c] = cv::saturate_cast<uchar>(random->Uniform(low, high));
  return colour;
}

/// Gradients, then rectangles (furniture, pictures, letters).
cv::Mat3b Picture(cv::Size size, uint64_t seed, int rectangles, double low, double high) {
  RowRandom random(seed, 1000, 0);
  const cv::Vec3b from = RandomColour(&random, low, high);
  const cv::Vec3b to = RandomColour(&random, low, high);
  cv::Mat3b picture(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double share = (static_cast<double>(x) / size.width + static_cast<double>(y) / size.height) / 2;
      for (int c = 0; c < 3; ++c) {
        picture(y, x)[c] = cv::saturate_cast<uchar>(from[c] * (1 - share) + to[c] * share);
      }
    }
  }
  for (int i = 0; i < rectangles; ++i) {
    const int width = static_cast<int>(size.width * random.Uniform(0.04, 0.25));
    const int height = static_cast<int>(size.height * random.Uniform(0.04, 0.3));
    const cv::Rect box(static_cast<int>(random.Uniform(0, size.width)),
                       static_cast<int>(random.Uniform(0, size.height)), width, height);
    picture(box & cv::Rect({0, 0}, size)) = RandomColour(&random, low, high);
  }
  return picture;
}

/// Signed distance, in pixels, into a head and a body (positive inside), moved by `shift`.
cv::Mat1f CallerDepth(cv::Size size, cv::Point2d shift) {
  const auto into = [](double x, double y, double cx, double cy, double rx, double ry) {
    const double dx = (x - cx) / rx;
    const double dy = (y - cy) / ry;
    return (1.0 - std::sqrt(dx * dx + dy * dy)) * std::min(rx, ry);
  };
  const double w = size.width;
  const double h = size.height;
  cv::Mat1f depth(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double head = into(x, y, 0.5 * w + shift.x, 0.36 * h + shift.y, 0.085 * w, 0.2 * h);
      const double body = into(x, y, 0.5 * w + 0.8 * shift.x, 1.02 * h + shift.y, 0.25 * w, 0.48 * h);
      depth(y, x) = static_cast<float>(std::max(head, body));
    }
  }
  return depth;
}

/// Ramp from 0 to 1 over 2 * soft around depth 0, smooth.
cv::Mat1f Matte(const cv::Mat1f& depth, double soft) {
  cv::Mat1f matte(depth.size());
  for (int y = 0; y < depth.rows; ++y) {
    for (int x = 0; x < depth.cols; ++x) {
      const double t = std::clamp(0.5 + depth(y, x) / (2 * soft), 0.0, 1.0);
      matte(y, x) = static_cast<float>(t * t * (3 - 2 * t));
    }
  }
  return matte;
}

void AddNoise(double sigma, uint64_t seed, uint64_t frame, cv::Mat3f* picture) {
  for (int y = 0; y < picture->rows; ++y) {
    RowRandom random(seed, frame, static_cast<uint64_t>(y));
    for (int x = 0; x < picture->cols; ++x) {
      for (int c = 0; c < 3; ++c) (*picture)(y, x)[c] += static_cast<float>(sigma * random.Normal());
    }
  }
}

/// What 4:2:0 leaves of a picture: full luma, chroma averaged over 2 x 2 and enlarged again.
void HalveChroma(cv::Mat3b* picture) {
  cv::Mat3b converted;
  cv::cvtColor(*picture, converted, cv::COLOR_BGR2YCrCb);
  cv::Mat3b small;
  cv::resize(converted, small, {(picture->cols + 1) / 2, (picture->rows + 1) / 2}, 0, 0, cv::INTER_AREA);
  cv::Mat3b large;
  cv::resize(small, large, picture->size(), 0, 0, cv::INTER_LINEAR);
  cv::mixChannels({converted}, {large}, {0, 0});
  cv::cvtColor(large, *picture, cv::COLOR_YCrCb2BGR);
}

}  // namespace

SyntheticScene::SyntheticScene(const SyntheticSceneOptions& options)
    : options_(options),
      room_(Picture(options.size, options.seed * 3 + 1, 24, 30, 235)),
      wallpaper_(Picture(options.size, options.seed * 3 + 2, 5, 40, 215)),
      shirt_(Picture(options.size, options.seed * 3 + 3, 6, 20, 240)) {}

SyntheticScene::Moment SyntheticScene::At(int t) const {
  const SyntheticSceneOptions& o = options_;
  const double scale = o.size.width / 160.0;
  const double time = t * kFrameSeconds;
  const cv::Point2d shift(o.sway * o.size.width * std::sin(1.7 * time + 0.3 * std::sin(5 * time)),
                          0.03 * o.size.height * std::sin(2.9 * time) * (o.sway > 0 ? 1 : 0));
  const cv::Mat1f depth = CallerDepth(o.size, shift);
  const cv::Size grid(12, 7);
  const cv::Mat1f wobble(o.error_px * scale * (0.6 + DriftingNoise(o.size, grid, o.seed * 7 + 1, 3 * time)));
  const cv::Mat1f misjudged(o.estimate_px * scale * DriftingNoise(o.size, grid, o.seed * 7 + 2, 4 * time));
  const cv::Mat1f person(o.estimate_px * scale * DriftingNoise(o.size, grid, o.seed * 7 + 3, 4 * time));
  const cv::Mat1f none(o.size, 0.0F);
  const auto matte = [&](const cv::Mat& into) {
    return o.caller ? Matte(cv::Mat1f(into), o.soft_px * scale) : none.clone();
  };

  Moment moment;
  moment.true_alpha.values = matte(depth + wobble);
  moment.true_caller.values = o.caller ? cv::Mat1b(depth > -0.5) : cv::Mat1b(o.size, uchar{0});
  FrameEvidence& evidence = moment.evidence;
  evidence.frame.index = t;
  evidence.frame.time_s = time;
  evidence.engine_alpha.values = matte(depth + wobble + misjudged);
  evidence.engine_mask.values = evidence.engine_alpha.values.clone();
  evidence.caller.values = matte(depth + person);

  const cv::Mat1f caller = Matte(depth, 0.7);
  cv::Mat3f mixed(o.size);
  const cv::Point2i texture(static_cast<int>(std::lround(shift.x)), static_cast<int>(std::lround(shift.y)));
  for (int y = 0; y < o.size.height; ++y) {
    for (int x = 0; x < o.size.width; ++x) {
      const int tx = std::clamp(x - texture.x, 0, o.size.width - 1);
      const int ty = std::clamp(y - texture.y, 0, o.size.height - 1);
      const float a = moment.true_alpha.values(y, x);
      const float person_share = o.caller ? caller(y, x) : 0.0F;
      for (int c = 0; c < 3; ++c) {
        const float camera = person_share * static_cast<float>(shirt_(ty, tx)[c]) +
                             (1 - person_share) * static_cast<float>(room_(y, x)[c]);
        mixed(y, x)[c] = a * camera + (1 - a) * static_cast<float>(wallpaper_(y, x)[c]);
      }
    }
  }
  AddNoise(o.noise, o.seed * 11, static_cast<uint64_t>(t), &mixed);
  mixed.convertTo(evidence.frame.bgr, CV_8UC3);
  if (o.codec) HalveChroma(&evidence.frame.bgr);
  return moment;
}

}  // namespace peekproof::attacks
