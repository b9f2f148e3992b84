// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/key_matte.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/parallel.h"
#include "testbed/camera.h"
#include "testbed/key_chroma.h"
#include "testbed/key_mask.h"
#include "testbed/key_own_colours.h"
#include "testbed/smooth_step.h"

namespace peekproof::testbed {
namespace {

cv::Mat SquareOfRadius(int radius) {
  return cv::getStructuringElement(cv::MORPH_RECT, {2 * radius + 1, 2 * radius + 1});
}

/// The part of a picture that a person is in, and what is known there. All of one size.
struct Stage {
  cv::Rect place;
  cv::Mat3f linear;
  cv::Mat3f backdrop;
  cv::Mat1f distance;  ///< Of what is seen to the backdrop.
  cv::Mat1b sure;
  cv::Mat1b reach;  ///< The person and a little around them.
  cv::Mat1b own;    ///< Of the backdrop's hue, but the person's own.
  cv::Mat1f depth;  ///< Inside the person, from the outline; 0 outside.
  int radius = 0;   ///< Of the narrow band, to either side of the outline.
  float wide = 0;   ///< How deep hair may be transparent before a backdrop with a hue.
};

/// The person's own colour near each pixel.
struct PersonNearby {
  cv::Mat3f colour;
  cv::Mat1f spread;    ///< Deviation of its luma.
  cv::Mat1f distance;  ///< Of the colour to the backdrop.
};

/// How far a pixel may speak for the person's colour: not at all near the outline, hardly where it has the
/// backdrop's hue, as that may be spill.
float SampleWeight(const Stage& stage, int y, int x) {
  constexpr float kCleanShare = 0.12F;
  constexpr float kHued = 1e-4F;  // Far below what clean pixels further off count in Spread.
  const float depth = stage.depth(y, x);
  if (depth <= static_cast<float>(stage.radius) || stage.sure(y, x) != 0) return 0;
  const bool is_inner = depth > static_cast<float>(4 * stage.radius);
  const Hue hue = HueOf(stage.backdrop(y, x));
  if (!hue.is_strong) return is_inner ? 1.0F : kHued;
  const bool is_clean =
      stage.own(y, x) != 0 || hue.Along(ChromaOf(stage.linear(y, x))) < kCleanShare * hue.strength;
  return is_clean ? 1.0F : is_inner ? kHued : kHued * kHued;
}

/// Weighted colours and their weight; luma squared beside them.
struct Sums {
  cv::Mat4f colour;
  cv::Mat1f square;
};

Sums SamplesOf(const Stage& stage) {
  Sums sums{cv::Mat4f(stage.linear.size()), cv::Mat1f(stage.linear.size())};
  ParallelRows(stage.linear.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < stage.linear.cols; ++x) {
        const float weight = SampleWeight(stage, y, x);
        const cv::Vec3f& colour = stage.linear(y, x);
        const float luma = LumaOf(colour);
        sums.colour(y, x) = {weight * colour[0], weight * colour[1], weight * colour[2], weight};
        sums.square(y, x) = weight * luma * luma;
      }
    }
  });
  return sums;
}

/// Sums over squares: near ones count most, far ones and the whole picture where there are none.
template <typename Plane>
Plane Spread(const Plane& values, int radius) {
  constexpr double kFar = 0.02;
  constexpr double kAnywhere = 1e-5;
  Plane near;
  Plane far;
  cv::boxFilter(values, near, -1, SquareOfRadius(3 * radius).size(), {-1, -1}, true, cv::BORDER_CONSTANT);
  cv::boxFilter(values, far, -1, SquareOfRadius(12 * radius).size(), {-1, -1}, true, cv::BORDER_CONSTANT);
  return Plane(near + kFar * far + kAnywhere * cv::mean(values));
}

/// Works on a picture that is smaller by whole steps, as the result is smooth.
PersonNearby FindPersonColour(const Stage& stage, const BackdropModel& model) {
  const cv::Size full = stage.linear.size();
  const int step = std::max(1, stage.radius / 2);
  const cv::Size size((full.width + step - 1) / step, (full.height + step - 1) / step);
  Sums sums = SamplesOf(stage);
  cv::resize(sums.colour, sums.colour, size, 0, 0, cv::INTER_AREA);
  cv::resize(sums.square, sums.square, size, 0, 0, cv::INTER_AREA);
  const int radius = std::max(1, stage.radius / step);
  const cv::Mat4f colours = Spread(sums.colour, radius);
  const cv::Mat1f squares = Spread(sums.square, radius);
  PersonNearby nearby{cv::Mat3f(size), cv::Mat1f(size), {}};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const cv::Vec4f& sum = colours(y, x);
      const float scale = 1 / std::max(sum[3], 1e-12F);
      nearby.colour(y, x) = {sum[0] * scale, sum[1] * scale, sum[2] * scale};
      const float luma = LumaOf(nearby.colour(y, x));
      nearby.spread(y, x) = std::sqrt(std::max(0.0F, squares(y, x) * scale - luma * luma));
    }
  }
  BackdropModel small;
  small.noise = model.noise;
  cv::resize(model.ycrcb(stage.place), small.ycrcb, size, 0, 0, cv::INTER_NEAREST);
  BackdropDistance(small, SrgbFromLinear(nearby.colour), &nearby.distance);
  cv::resize(nearby.colour, nearby.colour, full, 0, 0, cv::INTER_LINEAR);
  cv::resize(nearby.spread, nearby.spread, full, 0, 0, cv::INTER_LINEAR);
  cv::resize(nearby.distance, nearby.distance, full, 0, 0, cv::INTER_LINEAR);
  return nearby;
}

/// One pixel of the band: what is known of it.
struct Mixed {
  cv::Vec3f seen;
  cv::Vec3f person;
  cv::Vec3f backdrop;
  Hue hue;                ///< The backdrop's.
  float spread;           ///< Of the person's luma.
  float distance;         ///< Of what is seen to the backdrop.
  float person_distance;  ///< Of the person's colour to the backdrop.
  float edge;             ///< 1 near the outline, 0 deep inside, where the person's colour is less certain.

  /// The backdrop's hue in the person's colour. The opposite hue (skin before blue) is believed near the
  /// outline only: it would count against grey hair that lies beside skin.
  float HueOfPerson() const {
    const float along = hue.Along(ChromaOf(person));
    return along < 0 ? along * edge : along;
  }
};

/// Alpha between what the person's luma allows: the darkest and the brightest that they are nearby.
float WithinLuma(const Mixed& mixed, float alpha) {
  const float luma = LumaOf(mixed.person);
  const float darkest = std::max(0.0F, luma - 2 * mixed.spread);
  const float brightest = luma + 2 * mixed.spread;
  const float backdrop = LumaOf(mixed.backdrop);
  const float change = LumaOf(mixed.seen) - backdrop;
  if (backdrop > brightest) return std::min(alpha, std::max(0.0F, change / (brightest - backdrop)));
  if (backdrop < darkest) return std::min(alpha, std::max(0.0F, change / (darkest - backdrop)));
  return alpha;
}

/// The least alpha that leaves no channel of the person below black.
float LeastAlpha(const Mixed& mixed) {
  constexpr float kDark = 0.15F;    // What the backdrop has less of, a codec moves about too much.
  constexpr float kMargin = 0.05F;  // For noise.
  float share = 1;
  for (int c = 0; c < 3; ++c)
    if (mixed.backdrop[c] > kDark) share = std::min(share, mixed.seen[c] / mixed.backdrop[c]);
  return 1 - share - kMargin;
}

/// From chroma along the backdrop's hue: it does not mind highlights in hair, whose luma is not the mean's.
float AlphaOfHue(const Mixed& mixed) {
  constexpr float kWhole = 0.88F;  // More is a person's own variety.
  const float person = std::min(mixed.HueOfPerson(), 0.5F * mixed.hue.strength);
  const float seen = mixed.hue.Along(ChromaOf(mixed.seen));
  const float alpha = (mixed.hue.strength - seen) / (mixed.hue.strength - person);
  return std::clamp(std::max(alpha, LeastAlpha(mixed)) / kWhole, 0.0F, 1.0F);
}

float AlphaOf(const Mixed& mixed, bool is_outside, const KeyOptions& options) {
  if (mixed.distance <= options.low) return 0;
  if (mixed.person_distance < 1.5F * options.high)
    return SmoothStep(options.low, options.high, mixed.distance);
  // Faint alpha is noise as often as hair.
  const float certain = SmoothStep(options.low, 2 * options.low, mixed.distance);
  if (mixed.hue.is_strong) {
    const float alpha = AlphaOfHue(mixed);
    return certain * (is_outside ? WithinLuma(mixed, alpha) : alpha);
  }
  const cv::Vec3f line = mixed.person - mixed.backdrop;
  const float along = (mixed.seen - mixed.backdrop).dot(line) / std::max(line.dot(line), 1e-9F);
  return std::clamp(along, 0.0F, 1.0F) * certain;
}

/// Takes away what `colour` has more of the backdrop's hue than the person has of it nearby, at equal luma.
/// Chroma is stored at half resolution and smeared further by codecs, so spill reaches into the person.
cv::Vec3f WithoutSpill(const cv::Vec3f& colour, const Mixed& mixed, float despill) {
  if (!mixed.hue.is_clear) return colour;
  Chroma own = ChromaOf(colour);
  const Chroma person = ChromaOf(mixed.person);
  const float allowed = mixed.HueOfPerson() * own.luma / std::max(person.luma, 1e-4F);
  const float excess = despill * std::max(0.0F, mixed.hue.Along(own) - allowed);
  own.blue -= excess * mixed.hue.blue;
  own.red -= excess * mixed.hue.red;
  // Where much was spilt, what is left of the hue is not worth much: the person's own at this luma is better.
  const float share = std::min(1.0F, 4 * excess / std::max(mixed.hue.strength, 1e-6F));
  const float scale = own.luma / std::max(person.luma, 1e-4F);
  own.blue += share * (person.blue * scale - own.blue);
  own.red += share * (person.red * scale - own.red);
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

cv::Vec4f CutAt(const Stage& stage, const PersonNearby& nearby, const KeyOptions& options, int y, int x) {
  const cv::Vec3f& seen = stage.linear(y, x);
  const float depth = stage.depth(y, x);
  const auto radius = static_cast<float>(stage.radius);
  if (stage.reach(y, x) == 0) return {0, 0, 0, 0};
  if (stage.sure(y, x) != 0 || depth > std::max(4 * radius, stage.wide))
    return {seen[0], seen[1], seen[2], 1};
  const Mixed mixed{seen,
                    nearby.colour(y, x),
                    stage.backdrop(y, x),
                    HueOf(stage.backdrop(y, x)),
                    nearby.spread(y, x),
                    stage.distance(y, x),
                    nearby.distance(y, x),
                    1 - SmoothStep(radius, 3 * radius, depth)};
  const bool is_own = stage.own(y, x) != 0 && depth > radius;  // The outline itself may mix to such a colour.
  float alpha = 1;
  if (depth <= radius) {
    alpha = AlphaOf(mixed, depth <= 0, options);
  } else if (!is_own && mixed.hue.is_strong && depth < stage.wide) {
    alpha = std::max(AlphaOf(mixed, false, options), SmoothStep(0.6F * stage.wide, stage.wide, depth));
  }
  return CutOf(mixed, alpha, is_own ? 0.0F : options.despill);
}

/// Marks what OwnColours says of the person; colours without the backdrop's hue need no mark.
void MarkOwnColours(const cv::Mat3b& bgr, Stage* stage) {
  constexpr double kLeastShare = 5e-4;
  constexpr float kLeastHue = 0.1F;
  stage->own.create(bgr.size());
  cv::Mat1b hued(bgr.size(), uint8_t{0});
  ParallelRows(bgr.rows, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < bgr.cols; ++x) {
        if (stage->depth(y, x) <= 0 || stage->sure(y, x) != 0) continue;
        const Hue hue = HueOf(stage->backdrop(y, x));
        hued(y, x) =
            hue.is_strong && hue.Along(ChromaOf(stage->linear(y, x))) > kLeastHue * hue.strength ? 255 : 0;
      }
    }
  });
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  const cv::Mat1b deep((stage->depth > std::max(stage->wide, static_cast<float>(4 * stage->radius))) & hued);
  const OwnColours own(ycrcb, deep, kLeastShare);
  for (int y = 0; y < bgr.rows; ++y)
    for (int x = 0; x < bgr.cols; ++x) stage->own(y, x) = hued(y, x) != 0 && own.Has(ycrcb(y, x)) ? 255 : 0;
}

/// Where the person and the band around them are; empty if there is nobody.
Stage SetUp(const BackdropModel& model, const KeyOptions& options, const cv::Mat3b& bgr) {
  Stage stage;
  cv::Mat1f distance;
  BackdropDistance(model, bgr, &distance);
  const KeyMask mask = FindPerson(distance, options);
  stage.radius = std::max(2, cvRound(bgr.rows / 120.0));
  stage.wide = options.softness * static_cast<float>(bgr.rows);
  cv::dilate(mask.person, stage.reach, SquareOfRadius(stage.radius));
  for (const cv::Rect2d& box : options.drop) stage.reach(PixelsOf(box, bgr.size())).setTo(0);
  stage.reach |= mask.sure;
  stage.place = cv::boundingRect(stage.reach);
  if (stage.place.empty()) return stage;
  stage.reach = stage.reach(stage.place);
  stage.sure = mask.sure(stage.place);
  stage.distance = distance(stage.place);
  stage.backdrop = model.linear(stage.place);
  stage.linear = LinearFromSrgb(bgr(stage.place));
  cv::distanceTransform(mask.person(stage.place), stage.depth, cv::DIST_L2, cv::DIST_MASK_3);
  MarkOwnColours(bgr(stage.place), &stage);
  return stage;
}

}  // namespace

void KeyPicture(const BackdropModel& model, const KeyOptions& options, const cv::Mat3b& bgr,
                cv::Mat4f* cutout) {
  cutout->create(bgr.size());
  cutout->setTo(cv::Scalar::all(0));
  const Stage stage = SetUp(model, options, bgr);
  if (stage.place.empty()) return;
  const PersonNearby nearby = FindPersonColour(stage, model);
  cv::Mat4f cut = (*cutout)(stage.place);
  ParallelRows(stage.place.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      for (int x = 0; x < stage.place.width; ++x) cut(y, x) = CutAt(stage, nearby, options, y, x);
  });
}

void KeyPictureAsPaper(const KeyOptions& options, const cv::Mat3b& bgr, cv::Mat4f* cutout) {
  cv::Mat3b ycrcb;
  cv::cvtColor(bgr, ycrcb, cv::COLOR_BGR2YCrCb);
  cv::Mat1b backdrop;
  cv::inRange(ycrcb, options.paper_low, options.paper_high, backdrop);
  const int side = std::max(3, cvRound(9.0 * bgr.rows / 2160.0) | 1);
  const cv::Mat square = SquareOfRadius(side / 2);
  cv::erode(backdrop, backdrop, square);
  cv::dilate(backdrop, backdrop, square);
  cv::erode(backdrop, backdrop, square);
  cv::Mat1f alpha;
  cv::Mat1b(255 - backdrop).convertTo(alpha, CV_32F, 1.0 / 255);
  cv::GaussianBlur(alpha, alpha, {5, 5}, 0);
  for (const cv::Rect2d& box : options.drop) alpha(PixelsOf(box, bgr.size())).setTo(0);
  for (const cv::Rect2d& box : options.keep) alpha(PixelsOf(box, bgr.size())).setTo(1);
  const cv::Mat3f linear = LinearFromSrgb(bgr);
  cutout->create(bgr.size());
  for (int y = 0; y < bgr.rows; ++y)
    for (int x = 0; x < bgr.cols; ++x) {
      const cv::Vec3f colour = linear(y, x) * alpha(y, x);
      (*cutout)(y, x) = {colour[0], colour[1], colour[2], alpha(y, x)};
    }
}

}  // namespace peekproof::testbed
