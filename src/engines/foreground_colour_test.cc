// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/foreground_colour.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "engines/blend.h"
#include "engines/testing.h"
#include "engines/upscale_mask.h"

namespace peekproof::engines {
namespace {

/// A stand-in for the estimator that follows its contract literally, in double precision, on whole pictures.
class EstimatorTwin {
 public:
  EstimatorTwin(const cv::Mat3b& camera, const cv::Mat1b& alpha) : camera_(camera), alpha_(alpha) {
    caller_ = Filled(false);
    room_ = Filled(true);
    for (int step = 0; step < 4; ++step) Step();
  }
  cv::Vec3d caller(int x, int y) const { return caller_(y + kPad, x + kPad); }

 private:
  static constexpr int kPad = 4;

  /// Whether the tile at (x, y) or one of its neighbours has a soft pixel.
  bool Looked(int x, int y) const {
    const cv::Rect tiles =
        cv::Rect(x - 64, y - 32, 3 * 64, 3 * 32) & cv::Rect(0, 0, alpha_.cols, alpha_.rows);
    return cv::countNonZero((alpha_(tiles) > 0) & (alpha_(tiles) < 255)) > 0;
  }
  double Alpha(int x, int y) const {
    return alpha_(std::clamp(y, 0, alpha_.rows - 1), std::clamp(x, 0, alpha_.cols - 1)) / 255.0;
  }
  /// Premultiplied colour and weight of every pixel, of F or of B.
  cv::Mat_<cv::Vec4d> Seeds(bool of_room) const {
    cv::Mat_<cv::Vec4d> seeds(alpha_.size());
    for (int y = 0; y < alpha_.rows; ++y) {
      for (int x = 0; x < alpha_.cols; ++x) {
        const double a = of_room ? 1 - Alpha(x, y) : Alpha(x, y);
        const double weight = std::min(1.0, std::pow(a, 32) + 1e-9);
        const cv::Vec3d pixel = camera_(y, x);
        seeds(y, x) = cv::Vec4d(pixel[0], pixel[1], pixel[2], 1) * weight;
      }
    }
    return seeds;
  }
  static cv::Mat_<cv::Vec4d> Pulled(const cv::Mat_<cv::Vec4d>& below) {
    cv::Mat_<cv::Vec4d> cells((below.rows + 1) / 2, (below.cols + 1) / 2);
    for (int y = 0; y < cells.rows; ++y) {
      for (int x = 0; x < cells.cols; ++x) {
        const int right = std::min(2 * x + 1, below.cols - 1);
        const int lower = std::min(2 * y + 1, below.rows - 1);
        const cv::Vec4d sum =
            below(2 * y, 2 * x) + below(2 * y, right) + below(lower, 2 * x) + below(lower, right);
        cells(y, x) = sum * (1 / std::max(1.0, sum[3]));
      }
    }
    return cells;
  }
  static void PushInto(const cv::Mat_<cv::Vec4d>& above, cv::Mat_<cv::Vec4d>* level) {
    const auto at = [&](int x, int y) {
      return above(std::clamp(y, 0, above.rows - 1), std::clamp(x, 0, above.cols - 1));
    };
    for (int y = 0; y < level->rows; ++y) {
      for (int x = 0; x < level->cols; ++x) {
        const int u = x % 2 == 0 ? x / 2 - 1 : x / 2 + 1;
        const int v = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
        const cv::Vec4d lacking =
            (at(x / 2, y / 2) * 9.0 + at(u, y / 2) * 3.0 + at(x / 2, v) * 3.0 + at(u, v)) * (1.0 / 16);
        (*level)(y, x) += lacking * (1 - (*level)(y, x)[3]);
      }
    }
  }
  /// F or B after step 1, padded by what a step may look at.
  cv::Mat3d Filled(bool of_room) const {
    std::vector<cv::Mat_<cv::Vec4d>> levels = {Seeds(of_room)};
    cv::Mat_<cv::Vec4d> looked = levels[0].clone();
    for (int y = 0; y < alpha_.rows; y += 32) {
      for (int x = 0; x < alpha_.cols; x += 64) {
        const cv::Rect tile = cv::Rect(x, y, 64, 32) & cv::Rect(0, 0, alpha_.cols, alpha_.rows);
        if (!Looked(x, y)) looked(tile) = cv::Vec4d(0, 0, 0, 0);
      }
    }
    levels.push_back(Pulled(looked));
    while (levels.back().total() > 1) levels.push_back(Pulled(levels.back()));
    levels.back()(0, 0) *= 1 / levels.back()(0, 0)[3];
    for (size_t i = levels.size() - 1; i-- > 0;) PushInto(levels[i + 1], &levels[i]);
    cv::Mat3d filled(alpha_.rows + 2 * kPad, alpha_.cols + 2 * kPad);
    for (int y = 0; y < filled.rows; ++y) {
      for (int x = 0; x < filled.cols; ++x) {
        const cv::Vec4d cell =
            levels[0](std::clamp(y - kPad, 0, alpha_.rows - 1), std::clamp(x - kPad, 0, alpha_.cols - 1));
        filled(y, x) = {cell[0], cell[1], cell[2]};
      }
    }
    return filled;
  }
  void Step() {
    cv::Mat3d caller = caller_.clone();
    cv::Mat3d room = room_.clone();
    for (int y = 1; y < caller.rows - 1; ++y) {
      for (int x = 1; x < caller.cols - 1; ++x) {
        const double a = Alpha(x - kPad, y - kPad);
        if (a <= 0 || a >= 1) continue;
        double a00 = a * a;
        double a11 = (1 - a) * (1 - a);
        const cv::Vec3d pixel =
            camera_(std::clamp(y - kPad, 0, camera_.rows - 1), std::clamp(x - kPad, 0, camera_.cols - 1));
        cv::Vec3d b0 = a * pixel;
        cv::Vec3d b1 = (1 - a) * pixel;
        for (const cv::Point n : {cv::Point(-1, 0), cv::Point(1, 0), cv::Point(0, -1), cv::Point(0, 1)}) {
          const double weight = 0.005 + 0.1 * std::abs(a - Alpha(x + n.x - kPad, y + n.y - kPad));
          a00 += weight;
          a11 += weight;
          b0 += weight * caller_(y + n.y, x + n.x);
          b1 += weight * room_(y + n.y, x + n.x);
        }
        const double a01 = a * (1 - a);
        for (int c = 0; c < 3; ++c) {
          const double determinant = a00 * a11 - a01 * a01;
          caller(y, x)[c] = std::clamp((a11 * b0[c] - a01 * b1[c]) / determinant, 0.0, 255.0);
          room(y, x)[c] = std::clamp((a00 * b1[c] - a01 * b0[c]) / determinant, 0.0, 255.0);
        }
      }
    }
    caller_ = caller;
    room_ = room;
  }

  cv::Mat3b camera_;
  cv::Mat1b alpha_;
  cv::Mat3d caller_;
  cv::Mat3d room_;
};

/// A portrait's alpha at frame size with a soft edge of `edge_px` frame pixels.
cv::Mat1b SoftAlpha(cv::Size size, float edge_px) {
  cv::Mat1b alpha;
  MaskUpscaler({}).Apply(PortraitMask(size, edge_px), size, &alpha);
  return alpha;
}

cv::Mat3b Mixed(const cv::Mat1b& alpha, const cv::Mat3b& caller, const cv::Mat3b& room) {
  cv::Mat3b mixed;
  Compose({}, alpha, caller, room, &mixed);
  return mixed;
}

TEST(ForegroundTest, EqualsItsContractTakenLiterally) {
  for (const cv::Size size : {cv::Size(150, 75), cv::Size(64, 32), cv::Size(321, 97), cv::Size(9, 5)}) {
    const cv::Mat1b alpha = SoftAlpha(size, 9.0F);
    const cv::Mat3b camera = Mixed(alpha, SmoothColors(size, 1), RandomColors(size, 2));
    cv::Mat3b foreground;
    ForegroundEstimator().Apply(camera, alpha, &foreground);
    const EstimatorTwin twin(camera, alpha);
    int soft = 0;
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        if (alpha(y, x) == 0 || alpha(y, x) == 255) {
          ASSERT_EQ(foreground(y, x), camera(y, x));
          continue;
        }
        ++soft;
        for (int c = 0; c < 3; ++c)
          ASSERT_NEAR(foreground(y, x)[c], twin.caller(x, y)[c], 0.52) << size << x << " " << y;
      }
    }
    EXPECT_GT(soft, 0);
  }
}

/// How far an estimate is from the caller's true colour where the alpha is soft.
struct Errors {
  double mean = 0;     ///< Absolute, 8-bit steps.
  double visible = 0;  ///< Weighted by alpha: what a composite shows.
  double leaked = 0;   ///< Share of the room's colour in the estimate, weighted by alpha.
};

Errors ErrorsOf(const cv::Mat3b& estimate, const cv::Mat3b& caller, const cv::Mat3b& room,
                const cv::Mat1b& alpha) {
  Errors errors;
  double shared = 0;
  double power = 0;
  int count = 0;
  for (int y = 0; y < alpha.rows; ++y) {
    for (int x = 0; x < alpha.cols; ++x) {
      const double a = alpha(y, x) / 255.0;
      if (a <= 0.02 || a >= 0.98) continue;
      for (int c = 0; c < 3; ++c) {
        const double error = estimate(y, x)[c] - caller(y, x)[c];
        const double contrast = room(y, x)[c] - caller(y, x)[c];
        errors.mean += std::abs(error);
        errors.visible += a * std::abs(error);
        shared += a * error * contrast;
        power += a * contrast * contrast;
        ++count;
      }
    }
  }
  return {errors.mean / count, errors.visible / count, shared / power};
}

/// A room of other colours than SmoothColors' pictures, with sharp edges of its own.
cv::Mat3b Room(cv::Size size) {
  cv::Mat3b room = SmoothColors(size, 4);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const bool shelf = (x / 13 + y / 9) % 3 == 0;
      for (int c = 0; c < 3; ++c)
        room(y, x)[c] = static_cast<uint8_t>((shelf ? 255 : 200) - room(y, x)[c] * 3 / 4);
    }
  }
  return room;
}

TEST(ForegroundTest, GivesTheCallersColourAndNotTheRooms) {
  const cv::Size size(480, 270);
  // Measured: 8.9 of 45.9, 3.8 of 16.3, 0.035 of 0.344 at 6 px; 12.8 of 44.1, 5.1 of 15.7, 0.079 of 0.344
  // at 16.
  for (const float edge_px : {6.0F, 16.0F}) {
    const cv::Mat1b alpha = SoftAlpha(size, edge_px);
    const cv::Mat3b caller = SmoothColors(size, 3);
    const cv::Mat3b room = Room(size);
    const cv::Mat3b camera = Mixed(alpha, caller, room);
    cv::Mat3b foreground;
    ForegroundEstimator().Apply(camera, alpha, &foreground);
    const Errors raw = ErrorsOf(camera, caller, room, alpha);
    const Errors estimated = ErrorsOf(foreground, caller, room, alpha);
    EXPECT_LT(estimated.mean, 0.33 * raw.mean);
    EXPECT_LT(estimated.visible, 0.36 * raw.visible);
    EXPECT_LT(estimated.leaked, 0.26 * raw.leaked);
    // The camera does not tell the two apart entirely: less would be too good to be true.
    EXPECT_GT(estimated.mean, 0.12 * raw.mean);
    EXPECT_GT(estimated.visible, 0.15 * raw.visible);
    EXPECT_GT(estimated.leaked, 0.05 * raw.leaked);
  }
}

TEST(ForegroundTest, GivesPlainColoursBack) {
  const cv::Size size(320, 180);
  const cv::Mat1b alpha = SoftAlpha(size, 12.0F);
  const cv::Mat3b caller(size, cv::Vec3b(60, 90, 160));
  const cv::Mat3b camera = Mixed(alpha, caller, cv::Mat3b(size, cv::Vec3b(220, 200, 20)));
  cv::Mat3b foreground;
  ForegroundEstimator().Apply(camera, alpha, &foreground);
  // The room's 160 steps of contrast shrink to 8: pixels of alpha 0.95 still count as the caller's a little.
  double worst = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (alpha(y, x) > 12) worst = std::max(worst, cv::norm(foreground(y, x), caller(y, x), cv::NORM_INF));
    }
  }
  EXPECT_LE(worst, 10);
  EXPECT_GE(worst, 1);
}

TEST(ForegroundTest, DoesNotDependOnThreadsOrOnEarlierFrames) {
  const cv::Size size(300, 170);
  const cv::Mat1b alpha = SoftAlpha(size, 9.0F);
  const cv::Mat3b camera = Mixed(alpha, SmoothColors(size, 1), RandomColors(size, 2));
  ForegroundEstimator estimator;
  cv::Mat3b alone;
  {
    const ThreadLimit limit(1);
    estimator.Apply(camera, alpha, &alone);
  }
  cv::Mat3b again;
  estimator.Apply(RandomColors(size, 7), cv::Mat1b(size, uint8_t{99}), &again);
  EXPECT_EQ(estimator.active_share(), 1.0F);
  const ThreadLimit limit(2);
  estimator.Apply(camera, alpha, &again);
  EXPECT_EQ(cv::norm(alone, again, cv::NORM_INF), 0);
}

TEST(ForegroundTest, LeavesHardAndUniformMasksAlone) {
  const cv::Size size(200, 100);
  const cv::Mat3b camera = RandomColors(size, 1);
  ForegroundEstimator estimator;
  cv::Mat3b foreground;
  for (const int value : {0, 255}) {
    cv::Mat1b alpha(size, static_cast<uint8_t>(value));
    alpha.colRange(50, 90) = uint8_t{255};
    estimator.Apply(camera, alpha, &foreground);
    EXPECT_EQ(cv::norm(foreground, camera, cv::NORM_INF), 0);
    EXPECT_EQ(estimator.active_share(), 0.0F);
  }
}

}  // namespace
}  // namespace peekproof::engines
