// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_matte.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "testbed/camera.h"

namespace peekproof::testbed {
namespace {

cv::Mat Square(int radius) {
  return cv::getStructuringElement(cv::MORPH_RECT, {2 * radius + 1, 2 * radius + 1});
}

cv::Rect PixelsOf(const cv::Rect2d& box, cv::Size size) {
  const cv::Rect pixels(cvFloor(box.x * size.width), cvFloor(box.y * size.height),
                        cvCeil(box.width * size.width), cvCeil(box.height * size.height));
  return pixels & cv::Rect({0, 0}, size);
}

/// Drops parts that are small beside the largest one.
void DropSmallParts(float least_part, cv::Mat1b* person) {
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  const int count = cv::connectedComponentsWithStats(*person, labels, stats, centroids, 8);
  int largest = 0;
  for (int label = 1; label < count; ++label) largest = std::max(largest, stats(label, cv::CC_STAT_AREA));
  std::vector<uint8_t> kept(static_cast<size_t>(count), 0);
  for (int label = 1; label < count; ++label)
    kept[static_cast<size_t>(label)] =
        static_cast<float>(stats(label, cv::CC_STAT_AREA)) >= least_part * static_cast<float>(largest) ? 255
                                                                                                       : 0;
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x) (*person)(y, x) = kept[static_cast<size_t>(labels(y, x))];
}

/// Fills what is closed in by the person, the picture's lower border counting as person: it cuts them off.
void FillHoles(float largest_hole, cv::Mat1b* person) {
  cv::Mat1b padded;
  cv::copyMakeBorder(*person, padded, 0, 1, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(255));
  const cv::Mat1b outside(255 - padded);
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centroids;
  const int count = cv::connectedComponentsWithStats(outside, labels, stats, centroids, 4);
  const double most = static_cast<double>(largest_hole) * static_cast<double>(person->total());
  std::vector<bool> filled(static_cast<size_t>(count), false);
  for (int label = 1; label < count; ++label) {
    const int* const stat = stats[label];
    const bool touches = stat[cv::CC_STAT_TOP] == 0 || stat[cv::CC_STAT_LEFT] == 0 ||
                         stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH] == person->cols;
    filled[static_cast<size_t>(label)] = !touches && stat[cv::CC_STAT_AREA] <= most;
  }
  for (int y = 0; y < person->rows; ++y)
    for (int x = 0; x < person->cols; ++x)
      if (filled[static_cast<size_t>(labels(y, x))]) (*person)(y, x) = 255;
}

/// Mean of `colours` where `where` is set, over squares of a radius; the share of set pixels beside it.
struct LocalMean {
  cv::Mat3f colour;
  cv::Mat1f share;
};

LocalMean LocalMeanOf(const cv::Mat3f& colours, const cv::Mat1b& where, int radius) {
  LocalMean mean;
  cv::Mat1f weight;
  where.convertTo(weight, CV_32F, 1.0 / 255);
  cv::Mat3f weighted(colours.size(), cv::Vec3f());
  colours.copyTo(weighted, where);
  const cv::Size window(2 * radius + 1, 2 * radius + 1);
  cv::boxFilter(weight, mean.share, CV_32F, window, {-1, -1}, true, cv::BORDER_CONSTANT);
  cv::boxFilter(weighted, mean.colour, CV_32F, window, {-1, -1}, true, cv::BORDER_CONSTANT);
  return mean;
}

/// The person's own colour near each pixel.
cv::Mat3f PersonColour(const cv::Mat3f& linear, const cv::Mat1b& core, int radius) {
  constexpr float kEnough = 1e-4F;
  const LocalMean near = LocalMeanOf(linear, core, 3 * radius);
  const LocalMean far = LocalMeanOf(linear, core, 12 * radius);
  const cv::Scalar overall = cv::countNonZero(core) > 0 ? cv::mean(linear, core) : cv::Scalar();
  const cv::Vec3f common(static_cast<float>(overall[0]), static_cast<float>(overall[1]),
                         static_cast<float>(overall[2]));
  cv::Mat3f colour(linear.size());
  for (int y = 0; y < linear.rows; ++y) {
    for (int x = 0; x < linear.cols; ++x) {
      const LocalMean& mean = near.share(y, x) > kEnough ? near : far;
      const float share = mean.share(y, x);
      colour(y, x) = share > kEnough ? mean.colour(y, x) * (1.0F / share) : common;
    }
  }
  return colour;
}

float SmoothStep(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

/// One pixel of the band: what is known of it.
struct Mixed {
  cv::Vec3f seen;
  cv::Vec3f person;
  cv::Vec3f backdrop;
  float distance;         ///< Of what is seen to the backdrop.
  float person_distance;  ///< Of the person's colour to the backdrop.
};

float AlphaOf(const Mixed& mixed, const KeyOptions& options) {
  if (mixed.distance <= options.low) return 0;
  if (mixed.person_distance < 1.5F * options.high)
    return SmoothStep(options.low, options.high, mixed.distance);
  const cv::Vec3f line = mixed.person - mixed.backdrop;
  const float along = (mixed.seen - mixed.backdrop).dot(line) / std::max(line.dot(line), 1e-9F);
  // Faint alpha is noise as often as hair.
  const float certain = SmoothStep(options.low, 2 * options.low, mixed.distance);
  return std::clamp(along, 0.0F, 1.0F) * certain;
}

/// Blue and red without luma, of a linear colour.
struct Chroma {
  float luma;
  float blue;
  float red;
};

Chroma ChromaOf(const cv::Vec3f& bgr) {
  const float luma = 0.114F * bgr[0] + 0.587F * bgr[1] + 0.299F * bgr[2];
  return {luma, bgr[0] - luma, bgr[2] - luma};
}

cv::Vec3f ColourOf(const Chroma& chroma) {
  const float blue = chroma.luma + chroma.blue;
  const float red = chroma.luma + chroma.red;
  const float green = (chroma.luma - 0.114F * blue - 0.299F * red) / 0.587F;
  return {std::max(blue, 0.0F), std::max(green, 0.0F), std::max(red, 0.0F)};
}

/// Takes away what `colour` has more of the backdrop's hue than the person has of it nearby, at equal luma.
/// Chroma is stored at half resolution and smeared further by codecs, so spill reaches into the person.
cv::Vec3f WithoutSpill(const cv::Vec3f& colour, const Mixed& mixed, float despill) {
  constexpr float kLeastSaturation = 0.2F;
  const Chroma backdrop = ChromaOf(mixed.backdrop);
  const float strength = std::hypot(backdrop.blue, backdrop.red);
  if (strength < kLeastSaturation * backdrop.luma) return colour;
  const auto along = [&](const Chroma& chroma) {
    return (chroma.blue * backdrop.blue + chroma.red * backdrop.red) / strength;
  };
  Chroma own = ChromaOf(colour);
  const Chroma person = ChromaOf(mixed.person);
  const float allowed = std::max(0.0F, along(person) * own.luma / std::max(person.luma, 1e-4F));
  const float excess = despill * std::max(0.0F, along(own) - allowed);
  own.blue -= excess * backdrop.blue / strength;
  own.red -= excess * backdrop.red / strength;
  return ColourOf(own);
}

cv::Vec4f CutOf(const Mixed& mixed, float alpha, float despill) {
  cv::Vec4f cut(0, 0, 0, alpha);
  const float own = 1 - despill * (1 - alpha);  // Trust in the pixel's own unmixed colour.
  cv::Vec3f colour;
  for (int c = 0; c < 3; ++c) {
    const float unmixed = std::clamp(mixed.seen[c] - (1 - alpha) * mixed.backdrop[c], 0.0F, alpha);
    colour[c] = own * unmixed + (1 - own) * alpha * mixed.person[c];
  }
  if (despill > 0) colour = WithoutSpill(colour, mixed, despill);
  for (int c = 0; c < 3; ++c) cut[c] = std::min(colour[c], alpha);
  return cut;
}

cv::Mat3f LinearBackdrop(const BackdropModel& model) {
  cv::Mat3b ycrcb;
  model.ycrcb.convertTo(ycrcb, CV_8U);
  cv::Mat3b bgr;
  cv::cvtColor(ycrcb, bgr, cv::COLOR_YCrCb2BGR);
  return LinearFromSrgb(bgr);
}

}  // namespace

void KeyPicture(const BackdropModel& model, const KeyOptions& options, const cv::Mat3b& bgr,
                cv::Mat4f* cutout) {
  const int radius = std::max(2, cvRound(bgr.rows / 120.0));
  cv::Mat1f distance;
  BackdropDistance(model, bgr, &distance);
  for (const cv::Rect2d& box : options.drop) distance(PixelsOf(box, bgr.size())).setTo(0);
  cv::Mat1b person(distance > options.high);
  cv::morphologyEx(person, person, cv::MORPH_OPEN, Square(1));
  DropSmallParts(options.least_part, &person);
  FillHoles(options.largest_hole, &person);
  cv::Mat1b core;
  cv::erode(person, core, Square(radius));
  cv::Mat1b reach;
  cv::dilate(person, reach, Square(radius));
  const cv::Mat3f linear = LinearFromSrgb(bgr);
  const cv::Mat3f backdrop = LinearBackdrop(model);
  cv::Mat1b inner;  // Where no spill reaches.
  cv::erode(person, inner, Square(4 * radius));
  const cv::Mat3f colour = PersonColour(linear, cv::countNonZero(inner) > 0 ? inner : core, radius);
  cv::Mat1f colour_distance;
  BackdropDistance(model, SrgbFromLinear(colour), &colour_distance);
  cutout->create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      const Mixed mixed{linear(y, x), colour(y, x), backdrop(y, x), distance(y, x), colour_distance(y, x)};
      const float alpha = core(y, x) != 0 ? 1.0F : reach(y, x) == 0 ? 0.0F : AlphaOf(mixed, options);
      (*cutout)(y, x) = CutOf(mixed, alpha, inner(y, x) != 0 ? 0.0F : options.despill);
    }
  }
}

void KeyPictureAsPaper(const KeyOptions& options, const cv::Mat3b& bgr, cv::Mat4f* cutout) {
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  cv::Mat1b backdrop;
  cv::inRange(ycrcb, options.paper_low, options.paper_high, backdrop);
  const int side = std::max(3, cvRound(9.0 * bgr.rows / 2160.0) | 1);
  const cv::Mat square = Square(side / 2);
  cv::erode(backdrop, backdrop, square);
  cv::dilate(backdrop, backdrop, square);
  cv::erode(backdrop, backdrop, square);
  cv::Mat1f alpha;
  cv::Mat1b(255 - backdrop).convertTo(alpha, CV_32F, 1.0 / 255);
  for (const cv::Rect2d& box : options.drop) alpha(PixelsOf(box, bgr.size())).setTo(0);
  cv::GaussianBlur(alpha, alpha, {5, 5}, 0);
  const cv::Mat3f linear = LinearFromSrgb(bgr);
  cutout->create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y)
    for (int x = 0; x < bgr.cols; ++x) {
      const cv::Vec3f colour = linear(y, x) * alpha(y, x);
      (*cutout)(y, x) = {colour[0], colour[1], colour[2], alpha(y, x)};
    }
}

}  // namespace peekproof::testbed
