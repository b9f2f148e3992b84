// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/total_variation.h"

#include <algorithm>
#include <cmath>

#include "attacks/blur_convolver.h"
#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

constexpr float kFlat = 0.5F;  // Levels of gradient below which the penalty is a square.
constexpr int kStepsPerRound = 12;
constexpr double kSolved = 1e-4;  // Of the first residual's length.

// Weights of the squares that touch the total variation: prior / |grad x|. Gradients wrap around, as the
// transform does.
cv::Mat1f EdgeWeights(const std::vector<cv::Mat1f>& planes, double prior) {
  cv::Mat1f weights(planes.front().size());
  ParallelRows(weights.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      const int below = y + 1 < weights.rows ? y + 1 : 0;
      for (int x = 0; x < weights.cols; ++x) {
        const int right = x + 1 < weights.cols ? x + 1 : 0;
        float squares = kFlat * kFlat;
        for (const cv::Mat1f& plane : planes) {
          const float across = plane(y, right) - plane(y, x);
          const float down = plane(below, x) - plane(y, x);
          squares += across * across + down * down;
        }
        weights(y, x) = static_cast<float>(prior) / std::sqrt(squares);
      }
    }
  });
  return weights;
}

// Adds D^T w D x.
void AddSmoothness(const cv::Mat1f& weights, const cv::Mat1f& x, cv::Mat1f* sum) {
  for (int row = 0; row < x.rows; ++row) {
    const int above = row > 0 ? row - 1 : x.rows - 1;
    const int below = row + 1 < x.rows ? row + 1 : 0;
    for (int column = 0; column < x.cols; ++column) {
      const int left = column > 0 ? column - 1 : x.cols - 1;
      const int right = column + 1 < x.cols ? column + 1 : 0;
      const float here = x(row, column);
      const float own = weights(row, column);
      (*sum)(row, column) += own * (2 * here - x(row, right) - x(below, column)) +
                             weights(row, left) * (here - x(row, left)) +
                             weights(above, column) * (here - x(above, column));
    }
  }
}

// One plane's linear system (H W H / noise^2 + D^T w D) x = H W y / noise^2.
class PlaneSolver {
 public:
  PlaneSolver(const RestorationGrid& grid, double noise) : convolver_(grid.kernel, grid.size()) {
    grid.weight.convertTo(weight_, CV_32F, 1.0 / (noise * noise));
    cv::multiply(convolver_.response(), convolver_.response(), data_power_, 1.0 / (noise * noise));
    slope_power_ = SlopePower(grid.size());
  }

  void Solve(const cv::Mat1f& seen, const cv::Mat1f& weights, cv::Mat1f* x) {
    SetPreconditioner(weights);
    cv::Mat1f residual;
    cv::multiply(weight_, seen, residual);
    convolver_.Apply(residual, &residual);
    cv::Mat1f image;
    Multiply(*x, weights, &image);
    residual -= image;
    const double goal = kSolved * cv::norm(residual);
    cv::Mat1f better;
    cv::Mat1f direction;
    double gain = 0;
    for (int step = 0; step < kStepsPerRound && cv::norm(residual) > goal; ++step) {
      convolver_.Filter(preconditioner_, residual, &better);
      const double next = residual.dot(better);
      if (step == 0) {
        better.copyTo(direction);
      } else {
        cv::addWeighted(direction, next / gain, better, 1.0, 0.0, direction);
      }
      gain = next;
      Multiply(direction, weights, &image);
      const double length = gain / direction.dot(image);
      cv::scaleAdd(direction, length, *x, *x);
      cv::scaleAdd(image, -length, residual, residual);
    }
  }

 private:
  void Multiply(const cv::Mat1f& x, const cv::Mat1f& weights, cv::Mat1f* product) {
    convolver_.Apply(x, &blurred_);
    cv::multiply(blurred_, weight_, blurred_);
    convolver_.Apply(blurred_, product);
    AddSmoothness(weights, x, product);
  }

  // As if all were known, and every edge weighed the same.
  void SetPreconditioner(const cv::Mat1f& weights) {
    const double mean = cv::mean(weights)[0];
    cv::Mat system;
    cv::scaleAdd(slope_power_, mean, data_power_, system);
    cv::divide(1.0, cv::max(system, 1e-9), preconditioner_);
  }

  BlurConvolver convolver_;
  cv::Mat1f weight_;
  cv::Mat1f data_power_;
  cv::Mat1f slope_power_;
  cv::Mat1f preconditioner_;
  cv::Mat1f blurred_;
};

}  // namespace

std::vector<cv::Mat1f> MinimiseTotalVariation(const RestorationGrid& grid, std::vector<cv::Mat1f> start,
                                              double noise, double prior, int rounds) {
  std::vector<PlaneSolver> solvers;
  for (size_t i = 0; i < start.size(); ++i) solvers.emplace_back(grid, noise);
  for (int round = 0; round < rounds; ++round) {
    const cv::Mat1f weights = EdgeWeights(start, prior);
    ParallelRows(static_cast<int>(start.size()), [&](int first, int end) {
      for (int i = first; i < end; ++i) {
        const auto plane = static_cast<size_t>(i);
        solvers[plane].Solve(grid.planes[plane], weights, &start[plane]);
      }
    });
  }
  return start;
}

}  // namespace peekproof::attacks
