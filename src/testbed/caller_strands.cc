// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/caller_strands.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "base/parallel.h"
#include "base/random.h"
#include "testbed/caller_head.h"
#include "testbed/caller_shade.h"

namespace peekproof::testbed {
namespace {

constexpr int kMostStrands = 3600;  // Tried at amount 1; those without a root on the hair are left out.
constexpr uint64_t kStrandSeed = 0x57A4D;

using Local = Vec3<float>;

Point Plus(Point a, Point b, float scale) {
  return {a.x + b.x * scale, a.y + b.y * scale, a.z + b.z * scale};
}
Point Cross(Point a, Point b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
Point Unit(Point a) {
  const float scale = 1.0F / std::sqrt(Dot(a, a) + 1e-12F);
  return {a.x * scale, a.y * scale, a.z * scale};
}

float Uniform(RowRandom* random, double low, double high) {
  return static_cast<float>(random->Uniform(low, high));
}

Point RandomDirection(RowRandom* random) {
  const float y = Uniform(random, -1, 1);
  const float turn = Uniform(random, 0, 2.0 * std::numbers::pi);
  const float flat = std::sqrt(std::max(0.0F, 1.0F - y * y));
  return {flat * std::cos(turn), y, flat * std::sin(turn)};
}

/// How the loose hairs of a style run.
struct Habit {
  float shortest, longest;  // Metres.
  float outward;            // Against along the surface.
  float falling;            // How much gravity bends them.
  float curl;               // Radius of the curls in metres.
  float lowest;             // Of the axis that roots lie around, above the chin in metres.
};

Habit HabitOf(HairStyle style) {
  switch (style) {
    case HairStyle::kLong:
      return {0.025F, 0.075F, 0.75F, 1.1F, 0.0012F, -0.06F};
    case HairStyle::kCurly:
      return {0.016F, 0.050F, 1.30F, 0.1F, 0.0036F, 0.11F};
    case HairStyle::kBun:
      return {0.010F, 0.040F, 0.80F, 0.4F, 0.0016F, 0.11F};
    case HairStyle::kShort:
    case HairStyle::kBeanie:
    case HairStyle::kBald:
      break;
  }
  return {0.006F, 0.020F, 0.90F, 0.2F, 0.0006F, 0.11F};
}

/// A point on the hair, seen from outside and not over skin or a beanie.
std::optional<Point> FindRoot(HairStyle style, const Habit& habit, RowRandom* random) {
  const Point axis{0, Uniform(random, double(habit.lowest), 0.17), -0.03F};
  const Point direction = RandomDirection(random);
  constexpr float kStart = 0.26F;
  float far = kStart;
  for (int step = 0; step < 24; ++step) {
    const Point p = Plus(axis, direction, far);
    const float d = HairDistance(Local{p.x, p.y, p.z}, style);
    if (d < 0.0012F) {
      const Local q{p.x, p.y, p.z};
      const bool over_skin = HeadDistance(q, 0.0F) < 0.002F;
      const bool on_beanie = style == HairStyle::kBeanie && p.y > BeanieRim(q) - 0.006F;
      if (over_skin || on_beanie) return std::nullopt;
      return p;
    }
    far -= 0.9F * d;
    if (far < 0.01F) return std::nullopt;
  }
  return std::nullopt;
}

Point HairNormal(HairStyle style, Point p) {
  constexpr float kStep = 0.006F;  // Wide, so that it does not follow the noise of the surface.
  const float d = HairDistance(Local{p.x, p.y, p.z}, style);
  return Unit({HairDistance(Local{p.x + kStep, p.y, p.z}, style) - d,
               HairDistance(Local{p.x, p.y + kStep, p.z}, style) - d,
               HairDistance(Local{p.x, p.y, p.z + kStep}, style) - d});
}

using Curve = std::array<Point, Strand::kPoints>;

Curve GrowCurve(HairStyle style, const Habit& habit, Point root, RowRandom* random) {
  const Point normal = HairNormal(style, root);
  const Point astray = RandomDirection(random);
  Point heading = Unit(Plus(Plus(astray, normal, 2.2F * habit.outward), {0, -1, 0}, 0.6F * habit.falling));
  const Point side = Unit(Cross(heading, RandomDirection(random)));
  const Point up = Cross(heading, side);
  // Most loose hairs are short.
  const float share = Uniform(random, 0, 1);
  const float length = habit.shortest + (habit.longest - habit.shortest) * share * share;
  const float turns = Uniform(random, 0.6, 1.6);
  const float phase = Uniform(random, 0, 2.0 * std::numbers::pi);
  const float piece = length / (Strand::kPoints - 1);
  Curve curve;
  Point p = Plus(root, normal, -0.003F);
  for (int i = 0; i < Strand::kPoints; ++i) {
    const float along = static_cast<float>(i) / (Strand::kPoints - 1);
    const float turn = phase + 6.2832F * turns * along;
    const float radius = habit.curl * std::min(1.0F, 2.0F * along);
    curve[i] = Plus(Plus(p, side, radius * std::cos(turn)), up, radius * std::sin(turn));
    heading = Unit(Plus(heading, {0, -1, 0}, habit.falling * 12.0F * piece));
    p = Plus(p, heading, piece);
  }
  return curve;
}

/// Light from the key, from all around and, as hair lets much through, from behind.
std::array<float, 3> StrandColour(const LinearColour& hair, Point tangent, float shade) {
  const float along = Dot(tangent, kKeyLight);
  const float across = std::sqrt(std::max(0.0F, 1.0F - along * along));
  const float light = shade * (0.55F + 0.65F * across);
  const float sheen = 0.05F * across * across * across * across;
  return {std::min(1.0F, hair[2] * light + sheen), std::min(1.0F, hair[1] * light + sheen),
          std::min(1.0F, hair[0] * light + sheen)};
}

Strand Project(const CallerRig& rig, const Pinhole& camera, const Curve& curve, float width_m, float shade) {
  Strand strand;
  Point before;
  for (int i = 0; i < Strand::kPoints; ++i) {
    const Point p = rig.head.FromLocal(curve[i]);
    const float scale = camera.focal_px / std::max(0.05F, -p.z);
    strand.x[i] = 0.5F * static_cast<float>(camera.width) + p.x * scale;
    strand.y[i] = 0.5F * static_cast<float>(camera.height) - p.y * scale;
    if (i > 0) {
      const float taper = 1.0F - 0.75F * (static_cast<float>(i) - 0.5F) / (Strand::kPoints - 1);
      strand.width[i - 1] = width_m * taper * scale;
      strand.colour[i - 1] = StrandColour(rig.look.hair, Unit(Plus(p, before, -1.0F)), shade);
    }
    before = p;
  }
  return strand;
}

/// Adds `coverage` of a colour under a pixel.
void LayUnder(const std::array<float, 3>& colour, float coverage, cv::Vec4f* pixel) {
  const float share = coverage * (1.0F - (*pixel)[3]);
  for (int c = 0; c < 3; ++c) (*pixel)[c] += share * colour[c];
  (*pixel)[3] = std::min(1.0F, (*pixel)[3] + share);
}

/// Pieces end at right angles where the next begins, so that no pixel takes much of both.
void DrawPiece(const Strand& strand, int piece, int first_row, int end_row, cv::Mat4f* picture) {
  const float x0 = strand.x[piece];
  const float y0 = strand.y[piece];
  const float dx = strand.x[piece + 1] - x0;
  const float dy = strand.y[piece + 1] - y0;
  const float squared = dx * dx + dy * dy;
  if (squared < 1e-8F) return;
  const float inverse = 1.0F / std::sqrt(squared);
  const float width = std::min(1.0F, strand.width[piece]);
  const auto low = [](float a, float b) { return static_cast<int>(std::floor(std::min(a, a + b) - 1.5F)); };
  const auto high = [](float a, float b) { return static_cast<int>(std::ceil(std::max(a, a + b) + 1.5F)); };
  const int left = std::max(0, low(x0, dx));
  const int right = std::min(picture->cols, high(x0, dx));
  for (int y = std::max(first_row, low(y0, dy)); y < std::min(end_row, high(y0, dy)); ++y) {
    cv::Vec4f* const row = (*picture)[y];
    for (int x = left; x < right; ++x) {
      if (row[x][3] >= 1.0F) continue;
      const float px = static_cast<float>(x) + 0.5F - x0;
      const float py = static_cast<float>(y) + 0.5F - y0;
      const float along = px * dx + py * dy;
      if (along < 0 || along >= squared) continue;
      const float beside = 1.0F - std::abs(px * dy - py * dx) * inverse;
      if (beside > 0) LayUnder(strand.colour[piece], width * beside, &row[x]);
    }
  }
}

}  // namespace

std::vector<Strand> PlaceStrands(const CallerRig& rig, const Pinhole& camera) {
  const HairStyle style = rig.look.hair_style;
  if (!(rig.look.strands > 0) || style == HairStyle::kBald) return {};
  const int tried = static_cast<int>(std::lround(std::min(1.0F, rig.look.strands) * kMostStrands));
  const Habit habit = HabitOf(style);
  std::vector<std::optional<Strand>> found(tried);
  ParallelRows(tried, [&](int first, int end) {
    for (int i = first; i < end; ++i) {
      RowRandom random(kStrandSeed, static_cast<uint64_t>(i), 0);
      const std::optional<Point> root = FindRoot(style, habit, &random);
      if (!root) continue;
      const Curve curve = GrowCurve(style, habit, *root, &random);
      const float width_m = Uniform(&random, 0.0002, 0.0009);
      found[i] = Project(rig, camera, curve, width_m, Uniform(&random, 0.8, 1.25));
    }
  });
  std::vector<Strand> strands;
  for (const std::optional<Strand>& strand : found)
    if (strand) strands.push_back(*strand);
  return strands;
}

void DrawStrands(const std::vector<Strand>& strands, int first_row, int end_row, cv::Mat4f* picture) {
  for (const Strand& strand : strands) {
    const auto [top, bottom] = std::minmax_element(strand.y.begin(), strand.y.end());
    if (*bottom + 2 < static_cast<float>(first_row) || *top - 2 > static_cast<float>(end_row)) continue;
    for (int piece = 0; piece + 1 < Strand::kPoints; ++piece)
      DrawPiece(strand, piece, first_row, end_row, picture);
  }
}

}  // namespace peekproof::testbed
