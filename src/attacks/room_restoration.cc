// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/room_restoration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "attacks/blur_convolver.h"
#include "attacks/restoration_grid.h"
#include "attacks/total_variation.h"

namespace peekproof::attacks {
namespace {

constexpr double kLeastMeanNoise = 0.02;  // Levels; what sums of 8-bit pictures leave at best.
constexpr int kRetries = 8;
constexpr double kNoisier = 2;
constexpr double kSlope = 6;  // Mean gradient of sharp rooms on the grid, levels.

using Planes = std::vector<cv::Mat1f>;

Planes Wiener(const RestorationGrid& grid, double noise, double smoothness) {
  BlurConvolver convolver(grid.kernel, grid.size());
  cv::Mat1f power;
  cv::multiply(convolver.response(), convolver.response(), power);
  cv::Mat system;
  cv::scaleAdd(SlopePower(grid.size()), smoothness * noise * noise / (kSlope * kSlope), power, system);
  cv::Mat1f gain;
  cv::divide(convolver.response(), cv::max(system, 1e-12), gain);
  Planes planes = FillUnknown(grid);
  for (cv::Mat1f& plane : planes) convolver.Filter(gain, plane, &plane);
  return planes;
}

Planes RichardsonLucy(const RestorationGrid& grid, int iterations) {
  constexpr float kLeast = 1e-3F;
  BlurConvolver convolver(grid.kernel, grid.size());
  cv::Mat1f reach;
  convolver.Apply(grid.weight, &reach);
  const cv::Mat reach_or_trace = cv::max(cv::Mat(reach), kLeast);
  Planes planes = FillUnknown(grid);
  cv::Mat1f ratio;
  for (size_t c = 0; c < planes.size(); ++c) {
    cv::max(cv::Mat(planes[c]), kLeast, planes[c]);
    cv::Mat1f weighted;
    cv::multiply(grid.planes[c], grid.weight, weighted);
    for (int i = 0; i < iterations; ++i) {
      convolver.Apply(planes[c], &ratio);
      cv::divide(weighted, cv::max(cv::Mat(ratio), kLeast), ratio);
      convolver.Apply(ratio, &ratio);
      cv::divide(ratio, reach_or_trace, ratio);
      // Where next to nothing was seen there is nothing to learn from.
      ratio.setTo(1.0F, reach < 0.01F);
      cv::multiply(planes[c], ratio, planes[c]);
    }
  }
  return planes;
}

// noise: white, of a pixel of the frame; it averages out over what a pixel of the grid covers.
Planes SolveOn(const RestorationGrid& grid, double frame_noise, const RestorationOptions& options) {
  const double noise = frame_noise / grid.shrink;
  switch (options.method) {
    case RestorationMethod::kWiener:
      return Wiener(grid, noise, options.smoothness);
    case RestorationMethod::kRichardsonLucy:
      return RichardsonLucy(grid, options.iterations > 0 ? options.iterations : 100);
    case RestorationMethod::kTotalVariation:
      return MinimiseTotalVariation(grid, Wiener(grid, noise, options.smoothness), noise,
                                    options.smoothness / kSlope,
                                    options.iterations > 0 ? options.iterations : 10);
  }
  return {};
}

// Whether more than a hundredth of what was seen came out far darker than black or brighter than white: no
// room does, but noise that was taken for room does, and so does a kernel that is too wide.
bool IsOutOfBounds(const RestorationGrid& grid, const Planes& planes) {
  constexpr float kFar = 32;
  constexpr double kMost = 0.01;
  int64_t seen = 0;
  int64_t beyond = 0;
  for (int y = grid.frame.y; y < grid.frame.br().y; ++y) {
    for (int x = grid.frame.x; x < grid.frame.br().x; ++x) {
      if (grid.known(y, x) == 0) continue;
      ++seen;
      beyond += std::any_of(planes.begin(), planes.end(), [&](const cv::Mat1f& plane) {
        return plane(y, x) < -kFar || plane(y, x) > 255 + kFar;
      });
    }
  }
  return static_cast<double>(beyond) > kMost * static_cast<double>(seen);
}

// The noise, doubled until a restoration in a hurry stays within what a room can be.
double PlausibleNoise(const AveragedRoom& room, const engines::BlurKernel& kernel, double noise,
                      RestorationOptions options) {
  constexpr int kFewRounds = 2;
  if (options.method == RestorationMethod::kRichardsonLucy) return noise;  // It knows of none.
  if (options.method == RestorationMethod::kTotalVariation) options.iterations = kFewRounds;
  for (int retry = 0; retry < kRetries; ++retry) {
    const RestorationGrid grid = LayOut(room, kernel, noise);
    if (!IsOutOfBounds(grid, SolveOn(grid, noise, options))) break;
    noise *= kNoisier;
  }
  return noise;
}

}  // namespace

const char* NameOf(RestorationMethod method) {
  switch (method) {
    case RestorationMethod::kWiener:
      return "wiener";
    case RestorationMethod::kRichardsonLucy:
      return "richardson-lucy";
    case RestorationMethod::kTotalVariation:
      return "total-variation";
  }
  return "";
}

Result<RestorationMethod> ParseRestorationMethod(const std::string& name) {
  for (const auto method :
       {RestorationMethod::kWiener, RestorationMethod::kRichardsonLucy, RestorationMethod::kTotalVariation}) {
    if (name == NameOf(method)) return method;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("there is no way '{}' to take a blur back; known ones are wiener, "
                           "richardson-lucy and total-variation",
                           name)};
}

Result<void> RestorationOptions::Validate() const {
  if (iterations < 0 || iterations > 10000)
    return Error{ErrorCode::kInvalidArgument, "iterations must be 0 (as the method needs) to 10000"};
  if (!(smoothness >= 0.001 && smoothness <= 1000))
    return Error{ErrorCode::kInvalidArgument, "smoothness must be 0.001 to 1000"};
  return {};
}

Result<RestoredRoom> RestoreRoom(const AveragedRoom& room, const engines::BlurKernel& kernel, double noise,
                                 const RestorationOptions& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  if (!(kernel.sigma_px > 0)) return Error{ErrorCode::kInvalidArgument, "a blur needs a width above 0"};
  if (cv::countNonZero(room.frames) == 0)
    return Error{ErrorCode::kInvalidArgument, "nothing of the background is known"};
  const double level = PlausibleNoise(room, kernel, std::max(kLeastMeanNoise, noise), options);
  const RestorationGrid grid = LayOut(room, kernel, level);
  const Planes planes = SolveOn(grid, level, options);
  const cv::Size frame = room.mean.size();
  std::vector<cv::Mat> channels;
  for (const cv::Mat1f& plane : planes) channels.push_back(BackToFrame(grid, plane, frame));
  RestoredRoom restored;
  cv::Mat merged;
  cv::merge(channels, merged);
  cv::min(cv::max(merged, 0.0), 255.0, merged);
  restored.bgr = merged;
  cv::Mat1f support;
  BlurConvolver(grid.kernel, grid.size()).Apply(grid.known, &support);
  cv::Mat clamped;
  cv::min(cv::max(cv::Mat(BackToFrame(grid, support, frame)), 0.0), 1.0, clamped);
  restored.support = clamped;
  return restored;
}

}  // namespace peekproof::attacks
