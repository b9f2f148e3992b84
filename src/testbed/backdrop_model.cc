// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/backdrop_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/parallel.h"
#include "base/simd.h"

namespace peekproof::testbed {
namespace {

constexpr int kDegree = 5;
constexpr int kTerms = (kDegree + 1) * (kDegree + 2) / 2;
constexpr float kLeastNoise = 1.5F;
constexpr double kNoiseReach = 4.0;
constexpr int64_t kSamples = 60'000;

using Terms = std::array<double, kTerms>;

/// A pixel of some frame, its place in [-1, 1].
struct Sample {
  double x;
  double y;
  cv::Vec3f colour;
  bool at_border;
};

int TermsOf(int degree) { return (degree + 1) * (degree + 2) / 2; }

/// x^i y^j, by growing i + j.
Terms TermsAt(double x, double y) {
  std::array<double, kDegree + 1> x_powers{1};
  std::array<double, kDegree + 1> y_powers{1};
  for (size_t i = 1; i <= kDegree; ++i) {
    x_powers[i] = x_powers[i - 1] * x;
    y_powers[i] = y_powers[i - 1] * y;
  }
  Terms terms{};
  size_t next = 0;
  for (size_t degree = 0; degree <= kDegree; ++degree)
    for (size_t j = 0; j <= degree; ++j) terms[next++] = x_powers[degree - j] * y_powers[j];
  return terms;
}

/// Where a head-and-shoulders shot shows the wall: a strip along the top and the upper halves of the sides.
bool IsBorder(double x, double y) { return y < -0.86 || (std::abs(x) > 0.9 && y < 0.1); }

bool IsDropped(double x, double y, const std::vector<cv::Rect2d>& drop) {
  const cv::Point2d place((x + 1) / 2, (y + 1) / 2);
  return std::any_of(drop.begin(), drop.end(), [&](const cv::Rect2d& box) { return box.contains(place); });
}

std::vector<Sample> SamplesOf(const std::vector<cv::Mat3b>& frames, const std::vector<cv::Rect2d>& drop) {
  std::vector<Sample> samples;
  const auto pixels = static_cast<double>(frames.size() * frames.front().total());
  const int step = std::max(1, static_cast<int>(std::sqrt(pixels / static_cast<double>(kSamples))));
  cv::Mat3b ycrcb;
  for (const cv::Mat3b& frame : frames) {
    cv::cvtColor(frame, ycrcb, cv::COLOR_BGR2YCrCb);
    for (int row = step / 2; row < ycrcb.rows; row += step) {
      for (int column = step / 2; column < ycrcb.cols; column += step) {
        const double x = 2.0 * (column + 0.5) / ycrcb.cols - 1;
        const double y = 2.0 * (row + 0.5) / ycrcb.rows - 1;
        if (!IsDropped(x, y, drop)) samples.push_back({x, y, ycrcb(row, column), IsBorder(x, y)});
      }
    }
  }
  return samples;
}

/// The centre of the fullest cell of a coarse histogram of the border.
cv::Vec3f CommonBorderColour(const std::vector<Sample>& samples) {
  constexpr int kCell = 16;
  std::vector<int> counts(16 * 16 * 16);
  std::vector<cv::Vec3d> sums(counts.size());
  for (const Sample& sample : samples) {
    if (!sample.at_border) continue;
    size_t cell = 0;
    for (int c = 0; c < 3; ++c) cell = cell * 16 + static_cast<size_t>(sample.colour[c]) / kCell;
    ++counts[cell];
    sums[cell] += cv::Vec3d(sample.colour);
  }
  const auto fullest = static_cast<size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  return counts[fullest] == 0 ? cv::Vec3f() : cv::Vec3f(sums[fullest] * (1.0 / counts[fullest]));
}

float AlongHue(const BackdropModel& model, const cv::Vec3f& colour) {
  return model.hue[0] * (colour[1] - 128) + model.hue[1] * (colour[2] - 128);
}

/// Learns the hue of the border's common colour; grey has none.
void LearnHue(const cv::Vec3f& common, BackdropModel* model) {
  constexpr float kColoured = 24.0F;
  constexpr float kLeastPart = 0.15F;  // Shade and hot spots take chroma, but not all of it.
  const cv::Vec2f chroma(common[1] - 128, common[2] - 128);
  const float length = std::sqrt(chroma.dot(chroma));
  if (length < kColoured) return;
  model->hue = chroma * (1 / length);
  model->least_hue = kLeastPart * length;
}

/// Coefficients of a surface for each channel.
using Surface = std::array<Terms, 3>;

double ValueOf(const Terms& coefficients, const Terms& terms) {
  double value = 0;
  for (size_t i = 0; i < kTerms; ++i) value += coefficients[i] * terms[i];
  return value;
}

cv::Vec3f ColourAt(const Surface& surface, const Terms& terms) {
  cv::Vec3f colour;
  for (size_t c = 0; c < 3; ++c) colour[static_cast<int>(c)] = static_cast<float>(ValueOf(surface[c], terms));
  return colour;
}

double DistanceOf(const cv::Vec3f& difference, const std::array<float, 3>& noise) {
  double sum = 0;
  for (int c = 0; c < 3; ++c) {
    const double scaled = static_cast<double>(difference[c]) / std::max(noise[c], kLeastNoise);
    sum += scaled * scaled;
  }
  return std::sqrt(sum);
}

/// Least squares over the samples that are near the surface so far; a little ridge keeps empty places tame.
void Refit(const std::vector<Sample>& samples, int degree, const std::array<float, 3>& noise, double reach,
           Surface* surface) {
  const int count = TermsOf(degree);
  cv::Mat1d normal(cv::Mat1d::eye(count, count) * 1e-3);
  cv::Mat1d right(count, 3, 0.0);
  for (const Sample& sample : samples) {
    const Terms terms = TermsAt(sample.x, sample.y);
    if (DistanceOf(sample.colour - ColourAt(*surface, terms), noise) > reach) continue;
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j <= i; ++j) normal(i, j) += terms[i] * terms[j];
      for (int c = 0; c < 3; ++c) right(i, c) += terms[i] * static_cast<double>(sample.colour[c]);
    }
  }
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < i; ++j) normal(j, i) = normal(i, j);
  cv::Mat1d solution;
  cv::solve(normal, right, solution, cv::DECOMP_CHOLESKY);
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < count; ++i)
      (*surface)[static_cast<size_t>(c)][static_cast<size_t>(i)] = solution(i, c);
}

/// What 90 % of the absolute differences do not exceed, as a normal deviation: a wall's blotches and a
/// codec's blocks count, the rare rest does not. `otherwise` where there are none.
std::array<float, 3> DeviationsOf(std::array<std::vector<float>, 3>* differences,
                                  const std::array<float, 3>& otherwise) {
  std::array<float, 3> result = otherwise;
  for (size_t c = 0; c < 3; ++c) {
    std::vector<float>& values = (*differences)[c];
    if (values.empty()) continue;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 9 / 10);
    std::nth_element(values.begin(), place, values.end());
    result[c] = *place / 1.645F;
  }
  return result;
}

/// Of the samples near the surface.
std::array<float, 3> NoiseOf(const std::vector<Sample>& samples, const Surface& surface,
                             const std::array<float, 3>& noise, double reach) {
  std::array<std::vector<float>, 3> deviations;
  for (const Sample& sample : samples) {
    const cv::Vec3f difference = sample.colour - ColourAt(surface, TermsAt(sample.x, sample.y));
    if (DistanceOf(difference, noise) > reach) continue;
    for (int c = 0; c < 3; ++c) deviations[static_cast<size_t>(c)].push_back(std::abs(difference[c]));
  }
  return DeviationsOf(&deviations, noise);
}

/// Adds to the surface what the wall has beside it, locally: the mean residual of near pixels over a Gaussian
/// of a 24th of the height, less where there are few of them.
void AddResidual(const std::vector<cv::Mat3b>& frames, BackdropModel* model) {
  const cv::Size size = model->ycrcb.size();
  cv::Mat3f sum(size, cv::Vec3f());
  cv::Mat1f count(size, 0.0F);
  cv::Mat3b ycrcb;
  for (const cv::Mat3b& frame : frames) {
    cv::cvtColor(frame, ycrcb, cv::COLOR_BGR2YCrCb);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const cv::Vec3f residual = cv::Vec3f(ycrcb(y, x)) - model->ycrcb(y, x);
        const bool other = AlongHue(*model, cv::Vec3f(ycrcb(y, x))) < model->least_hue;
        if (other || DistanceOf(residual, model->noise) > kNoiseReach) continue;
        sum(y, x) += residual;
        ++count(y, x);
      }
    }
  }
  const double sigma = size.height / 24.0;
  cv::GaussianBlur(sum, sum, {}, sigma);
  cv::GaussianBlur(count, count, {}, sigma);
  const float doubt = 0.02F * static_cast<float>(frames.size());
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) model->ycrcb(y, x) += sum(y, x) * (1.0F / (count(y, x) + doubt));
}

/// Noise and share of the border once more, against the finished picture.
void MeasureAgain(const std::vector<Sample>& samples, BackdropModel* model) {
  const auto at = [&](const Sample& sample) {
    const cv::Size size = model->ycrcb.size();
    return sample.colour - model->ycrcb(cvRound((sample.y + 1) / 2 * size.height - 0.5),
                                        cvRound((sample.x + 1) / 2 * size.width - 0.5));
  };
  std::array<std::vector<float>, 3> deviations;
  int border = 0;
  int near = 0;
  for (const Sample& sample : samples) {
    const cv::Vec3f difference = at(sample);
    const bool is_near = DistanceOf(difference, model->noise) <= kNoiseReach;
    border += sample.at_border ? 1 : 0;
    near += sample.at_border && is_near ? 1 : 0;
    for (int c = 0; c < 3 && is_near; ++c)
      deviations[static_cast<size_t>(c)].push_back(std::abs(difference[c]));
  }
  model->border_share = border == 0 ? 0.0F : static_cast<float>(near) / static_cast<float>(border);
  model->noise = DeviationsOf(&deviations, model->noise);
}

/// Deviation between frames of what is backdrop in both, as one frame's.
float ChangeOf(const std::vector<cv::Mat3b>& frames, const BackdropModel& model) {
  std::vector<float> changes;
  cv::Mat3b before;
  cv::Mat3b now;
  for (const cv::Mat3b& frame : frames) {
    cv::cvtColor(frame, now, cv::COLOR_BGR2YCrCb);
    for (int y = 0; y < now.rows && !before.empty(); y += 3) {
      for (int x = 0; x < now.cols; x += 3) {
        const cv::Vec3f& backdrop = model.ycrcb(y, x);
        if (DistanceOf(cv::Vec3f(now(y, x)) - backdrop, model.noise) <= kNoiseReach &&
            DistanceOf(cv::Vec3f(before(y, x)) - backdrop, model.noise) <= kNoiseReach)
          changes.push_back(static_cast<float>(std::abs(now(y, x)[0] - before(y, x)[0])));
      }
    }
    cv::swap(before, now);
  }
  std::array<std::vector<float>, 3> luma_only{std::move(changes), {}, {}};
  return DeviationsOf(&luma_only, {0, 0, 0})[0] / std::sqrt(2.0F);
}

cv::Mat3f LinearOf(const cv::Mat3f& ycrcb) {
  cv::Mat3f bgr;
  cv::cvtColor(cv::Mat3f(ycrcb / 255.0 + cv::Scalar(0, 0.5 - 128 / 255.0, 0.5 - 128 / 255.0)), bgr,
               cv::COLOR_YCrCb2BGR);
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const float value = std::clamp(bgr(y, x)[channel], 0.0F, 1.0F);
        bgr(y, x)[channel] = value <= 0.04045F ? value / 12.92F : std::pow((value + 0.055F) / 1.055F, 2.4F);
      }
    }
  }
  return bgr;
}

cv::Mat3f Drawn(const Surface& surface, cv::Size size) {
  cv::Mat3f picture(size);
  ParallelRows(size.height, [&](int first_row, int end_row) {
    for (int row = first_row; row < end_row; ++row)
      for (int column = 0; column < size.width; ++column)
        picture(row, column) = ColourAt(
            surface, TermsAt(2.0 * (column + 0.5) / size.width - 1, 2.0 * (row + 0.5) / size.height - 1));
  });
  return picture;
}

PEEKPROOF_VECTOR_CLONES
void DistanceRow(const uint8_t* seen, const float* backdrop, const float* scales, cv::Vec2f hue,
                 float least_hue, int count, float* distance) {
  constexpr float kOtherHue = 1000.0F;
  for (int x = 0; x < count; ++x) {
    float sum = 0;
    for (int c = 0; c < 3; ++c) {
      const float scaled = (static_cast<float>(seen[3 * x + c]) - backdrop[3 * x + c]) * scales[c];
      sum += scaled * scaled;
    }
    const float along = hue[0] * (static_cast<float>(seen[3 * x + 1]) - 128) +
                        hue[1] * (static_cast<float>(seen[3 * x + 2]) - 128);
    const float least = along < least_hue ? kOtherHue : 0.0F;
    distance[x] = std::max(std::sqrt(sum), least);
  }
}

}  // namespace

Result<BackdropModel> FitBackdrop(const std::vector<cv::Mat3b>& frames, const std::vector<cv::Rect2d>& drop) {
  constexpr float kLeastShare = 0.6F;
  constexpr float kMostNoise = 12.0F;
  constexpr float kMostPattern = 3.0F;
  std::vector<Sample> samples = SamplesOf(frames, drop);
  Surface surface{};
  BackdropModel model;
  const cv::Vec3f common = CommonBorderColour(samples);
  LearnHue(common, &model);
  std::erase_if(samples, [&](const Sample& sample) {
    return !sample.at_border && AlongHue(model, sample.colour) < model.least_hue;
  });
  for (size_t c = 0; c < 3; ++c) surface[c][0] = static_cast<double>(common[static_cast<int>(c)]);
  // Wide at first, so that a vignette is within reach; then as the noise allows.
  std::array<float, 3> noise{12, 6, 6};
  for (const int degree : {1, 1, 2, 2, 2, 3, 3, 4, 4, kDegree, kDegree, kDegree, kDegree}) {
    Refit(samples, degree, noise, kNoiseReach, &surface);
    const std::array<float, 3> measured = NoiseOf(samples, surface, noise, kNoiseReach);
    for (size_t c = 0; c < 3; ++c) noise[c] = std::max(0.8F * noise[c], measured[c]);
  }
  model.noise = NoiseOf(samples, surface, noise, kNoiseReach);
  model.ycrcb = Drawn(surface, frames.front().size());
  AddResidual(frames, &model);
  MeasureAgain(samples, &model);
  const float change = ChangeOf(frames, model);
  model.pattern = std::sqrt(std::max(0.0F, model.noise[0] * model.noise[0] - change * change));
  if (model.border_share < kLeastShare || model.noise[0] > kMostNoise || model.pattern > kMostPattern)
    return Error{
        ErrorCode::kUnsupported,
        fmt::format(
            "no flat backdrop: {:.0f} % of the picture's upper border has one smooth colour, with "
            "noise of {:.1f} steps, of which {:.1f} stand still (wanted: at least {:.0f} %, at most "
            "{:.0f} and {:.0f}); give footage before a plain wall or screen, or with an alpha channel",
            100 * model.border_share, model.noise[0], model.pattern, 100 * kLeastShare, kMostNoise,
            kMostPattern)};
  model.linear = LinearOf(model.ycrcb);
  return model;
}

void BackdropDistance(const BackdropModel& model, const cv::Mat3b& bgr, cv::Mat1f* distance) {
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  distance->create(bgr.size());
  std::array<float, 3> scales{};
  for (size_t c = 0; c < 3; ++c) scales[c] = 1 / std::max(model.noise[c], kLeastNoise);
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      DistanceRow(ycrcb[y]->val, model.ycrcb[y]->val, scales.data(), model.hue, model.least_hue, bgr.cols,
                  (*distance)[y]);
  });
}

}  // namespace peekproof::testbed
