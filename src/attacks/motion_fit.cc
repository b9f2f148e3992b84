// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/motion_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace peekproof::attacks {
namespace {

constexpr float kNearlyAll = 0.99F;
constexpr double kInFull = 1.5;       // Times the mean residual,
constexpr double kLeastInFull = 0.1;  // but at least so many levels.

// Six of the motion (shift, and change of it along x and y, for each axis), gain and offset.
constexpr int kUnknowns = 8;
using Normal = cv::Matx<double, kUnknowns, kUnknowns>;
using Unknowns = cv::Vec<double, kUnknowns>;

struct Equations {
  Normal left = Normal::zeros();
  Unknowns right = Unknowns::all(0);
  double residuals = 0;  // Sum of their absolute values,
  int64_t pixels = 0;    // over so many pixels.
};

struct Light {
  float gain = 1;
  float offset = 0;
};

// The frame as it would be at the reference's place; known where both are.
PartialPicture Moved(const PartialPicture& reference, const PartialPicture& frame,
                     const FrameFromReference& motion) {
  constexpr int kHow = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
  PartialPicture moved;
  cv::warpAffine(frame.luma, moved.luma, motion, reference.luma.size(), kHow, cv::BORDER_REPLICATE);
  cv::warpAffine(frame.known, moved.known, motion, reference.luma.size(), kHow, cv::BORDER_CONSTANT,
                 cv::Scalar(0));
  cv::threshold(moved.known, moved.known, kNearlyAll, 1.0, cv::THRESH_BINARY);
  cv::multiply(moved.known, reference.known, moved.known);
  return moved;
}

struct Gradients {
  cv::Mat1f x;
  cv::Mat1f y;
};

// Mean of the two pictures' gradients, in levels a pixel.
Gradients GradientsOf(const cv::Mat1f& a, const cv::Mat1f& b) {
  cv::Mat1f mean;
  cv::addWeighted(a, 0.5, b, 0.5, 0.0, mean);
  Gradients gradients;
  cv::Scharr(mean, gradients.x, CV_32F, 1, 0, 1.0 / 32, 0, cv::BORDER_REPLICATE);
  cv::Scharr(mean, gradients.y, CV_32F, 0, 1, 1.0 / 32, 0, cv::BORDER_REPLICATE);
  return gradients;
}

// Coordinates run from -1 to 1, so that all unknowns of the motion are in pixels of the border.
void AddRow(const cv::Mat1f& reference, const PartialPicture& moved, const Gradients& gradients,
            const Light& light, float in_full, int y, Equations* equations) {
  const auto half_width = 0.5F * static_cast<float>(reference.cols);
  const auto half_height = 0.5F * static_cast<float>(reference.rows);
  const float v = (static_cast<float>(y) + 0.5F) / half_height - 1;
  for (int x = 0; x < reference.cols; ++x) {
    if (moved.known(y, x) == 0) continue;
    const float u = (static_cast<float>(x) + 0.5F) / half_width - 1;
    const float luma = moved.luma(y, x);
    const float gx = gradients.x(y, x);
    const float gy = gradients.y(y, x);
    const float columns[kUnknowns] = {gx, gx * u, gx * v, gy, gy * u, gy * v, luma, 1};
    const float residual = std::abs(reference(y, x) - light.gain * luma - light.offset);
    const float weight = residual <= in_full ? 1.0F : in_full / residual;
    for (int i = 0; i < kUnknowns; ++i) {
      const float weighted = weight * columns[i];
      for (int j = 0; j <= i; ++j) equations->left(i, j) += static_cast<double>(weighted * columns[j]);
      equations->right[i] += static_cast<double>(weighted * reference(y, x));
    }
    equations->residuals += static_cast<double>(residual);
    ++equations->pixels;
  }
}

// Solves for unknowns `first` and up.
bool Solve(const Equations& equations, int first, Unknowns* solution) {
  cv::Mat1d left(kUnknowns - first, kUnknowns - first);
  cv::Mat1d right(kUnknowns - first, 1);
  for (int i = first; i < kUnknowns; ++i) {
    for (int j = first; j < kUnknowns; ++j)
      left(i - first, j - first) = equations.left(std::max(i, j), std::min(i, j));
    left(i - first, i - first) *= 1 + 1e-9;
    right(i - first, 0) = equations.right[i];
  }
  cv::Mat1d solved;
  if (!cv::solve(left, right, solved, cv::DECOMP_CHOLESKY)) return false;
  for (int i = first; i < kUnknowns; ++i) (*solution)[i] = solved(i - first, 0);
  return cv::checkRange(solved);
}

Equations EquationsOf(const cv::Mat1f& reference, const PartialPicture& moved, const Gradients& gradients,
                      const Light& light, float in_full) {
  Equations equations;
  for (int y = 0; y < reference.rows; ++y) {
    Equations row;
    AddRow(reference, moved, gradients, light, in_full, y, &row);
    equations.left += row.left;
    equations.right += row.right;
    equations.residuals += row.residuals;
    equations.pixels += row.pixels;
  }
  return equations;
}

bool IsEnough(int64_t pixels, const cv::Mat1f& picture) {
  return static_cast<double>(pixels) >= kLeastKnown * static_cast<double>(picture.total()) &&
         pixels > 4 * kUnknowns;
}

// The step of a solution, in pixels.
FrameFromReference StepOf(const Unknowns& solution, cv::Size size) {
  const double half_width = 0.5 * size.width;
  const double half_height = 0.5 * size.height;
  const double centre_u = 0.5 / half_width - 1;  // Of the pixel at 0.
  const double centre_v = 0.5 / half_height - 1;
  const auto shift = [&](int i) {
    return solution[i] + solution[i + 1] * centre_u + solution[i + 2] * centre_v;
  };
  return {1 + solution[1] / half_width, solution[2] / half_height,     shift(0),
          solution[4] / half_width,     1 + solution[5] / half_height, shift(3)};
}

// First `inner`, then `outer`.
FrameFromReference Compose(const FrameFromReference& outer, const FrameFromReference& inner) {
  FrameFromReference both;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j)
      both(i, j) = outer(i, 0) * inner(0, j) + outer(i, 1) * inner(1, j) + (j == 2 ? outer(i, 2) : 0);
  }
  return both;
}

}  // namespace

PartialPicture PartialPicture::ScaledTo(cv::Size size) const {
  PartialPicture scaled;
  cv::resize(luma, scaled.luma, size, 0, 0, cv::INTER_AREA);
  cv::resize(known, scaled.known, size, 0, 0, cv::INTER_AREA);
  cv::threshold(scaled.known, scaled.known, kNearlyAll, 1.0, cv::THRESH_BINARY);
  return scaled;
}

FrameFromReference InPixelsOf(const FrameFromReference& motion, cv::Point2d scale) {
  const double scales[2] = {scale.x, scale.y};
  FrameFromReference scaled;
  for (int i = 0; i < 2; ++i) {
    // A pixel at 0 reaches from -0.5 to 0.5.
    double shift = (motion(i, 2) + 0.5) * scales[i] - 0.5;
    for (int j = 0; j < 2; ++j) {
      scaled(i, j) = motion(i, j) * scales[i] / scales[j];
      shift += motion(i, j) * (0.5 / scales[j] - 0.5) * scales[i];
    }
    scaled(i, 2) = shift;
  }
  return scaled;
}

double LargestShift(const FrameFromReference& motion, cv::Size size) {
  double largest = 0;
  for (const int x : {0, size.width - 1}) {
    for (const int y : {0, size.height - 1}) {
      const cv::Vec2d to = motion * cv::Vec3d(x, y, 1);
      largest = std::max(largest, std::hypot(to[0] - x, to[1] - y));
    }
  }
  return largest;
}

FrameFromReference RefineMotion(const PartialPicture& reference, const PartialPicture& frame,
                                const FrameFromReference& start, const RefineOptions& options) {
  FrameFromReference motion = start;
  Light light;
  float in_full = std::numeric_limits<float>::infinity();
  for (int i = 0; i < options.iterations; ++i) {
    const PartialPicture moved = Moved(reference, frame, motion);
    const Equations equations =
        EquationsOf(reference.luma, moved, GradientsOf(reference.luma, moved.luma), light, in_full);
    Unknowns solution;
    if (!IsEnough(equations.pixels, reference.luma) || !Solve(equations, 0, &solution)) return motion;
    const double mean = equations.residuals / static_cast<double>(equations.pixels);
    in_full = static_cast<float>(std::max(kLeastInFull, kInFull * mean));
    light = {static_cast<float>(solution[6]), static_cast<float>(solution[7])};
    const FrameFromReference step = StepOf(solution, reference.luma.size());
    motion = Compose(motion, step);
    if (LargestShift(step, reference.luma.size()) < options.enough_px) break;
  }
  return motion;
}

double ResidualOf(const PartialPicture& reference, const PartialPicture& frame,
                  const FrameFromReference& motion) {
  const PartialPicture moved = Moved(reference, frame, motion);
  const cv::Mat1f flat(reference.luma.size(), 0.0F);
  const Gradients none{flat, flat};
  const Equations equations =
      EquationsOf(reference.luma, moved, none, {}, std::numeric_limits<float>::infinity());
  Unknowns solution;
  if (!IsEnough(equations.pixels, reference.luma) || !Solve(equations, kUnknowns - 2, &solution))
    return std::numeric_limits<double>::infinity();
  const Light light{static_cast<float>(solution[6]), static_cast<float>(solution[7])};
  const Equations lit =
      EquationsOf(reference.luma, moved, none, light, std::numeric_limits<float>::infinity());
  return lit.residuals / static_cast<double>(lit.pixels);
}

}  // namespace peekproof::attacks
