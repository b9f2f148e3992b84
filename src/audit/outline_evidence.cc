// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/outline_evidence.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <vector>

namespace peekproof::audit {
namespace {

constexpr int kInside = 24;         // Profile length towards the caller, in pixels of a 720-line picture.
constexpr int kOutside = 28;        // And away from him.
constexpr int kRowStep = 8;         // Distance of the rows that are searched for the outline.
constexpr int kQuiet = 8;           // Levels: largest difference to the wallpaper that counts as none.
constexpr int kOnset = 14;          // Levels: difference at which the change begins.
constexpr int kContrast = 40;       // Levels: least difference between caller and wallpaper.
constexpr int kThirdColour = 22;    // Levels: least distance to every mixture of wallpaper and caller.
constexpr int kThirdColourRun = 2;  // Pixels of third colour that count.
constexpr int kRim = 8;             // Pixels behind the onset that are searched for it.
constexpr int kReferenceFrom = 10;  // Pixels behind the onset where the caller's own colours begin.

struct Sample {
  cv::Vec3i recorded;
  cv::Vec3i wallpaper;
  int difference = 0;
};

// A cut across the outline; index 0 lies farthest inside.
using Profile = std::vector<Sample>;

int LargestDifference(const cv::Vec3i& a, const cv::Vec3i& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

struct Views {
  const cv::Mat3b& bgr;
  const cv::Mat3b& wallpaper;
  const cv::Mat1b& known;
  const cv::Mat1f& caller;
  double scale;  // Pixels per pixel of a 720-line picture.
};

// Unit vector away from the caller, if the mask has a slope there.
std::optional<cv::Vec2d> Outward(const Views& views, int x, int y) {
  const int reach = std::max(2, static_cast<int>(4 * views.scale));
  if (x < reach || y < reach || x >= views.caller.cols - reach || y >= views.caller.rows - reach) return {};
  const double dx = views.caller(y, x - reach) - views.caller(y, x + reach);
  const double dy = views.caller(y - reach, x) - views.caller(y + reach, x);
  const double length = std::hypot(dx, dy);
  if (length < 0.2) return {};
  return cv::Vec2d(dx / length, dy / length);
}

bool ReadProfile(const Views& views, int x, int y, const cv::Vec2d& outward, Profile* profile) {
  profile->clear();
  for (int s = -kInside; s <= kOutside; ++s) {
    const int px = static_cast<int>(std::lround(x + outward[0] * s * views.scale));
    const int py = static_cast<int>(std::lround(y + outward[1] * s * views.scale));
    if (px < 0 || py < 0 || px >= views.bgr.cols || py >= views.bgr.rows || views.known(py, px) == 0)
      return false;
    Sample sample{.recorded = views.bgr(py, px), .wallpaper = views.wallpaper(py, px)};
    sample.difference = LargestDifference(sample.recorded, sample.wallpaper);
    profile->push_back(sample);
  }
  return true;
}

int MedianDifference(const Profile& profile, size_t first, size_t end) {
  std::array<int, kInside + kOutside + 1> values{};
  const size_t count = end - first;
  for (size_t i = 0; i < count; ++i) values[i] = profile[first + i].difference;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
  return *middle;
}

// Whether `colour` is farther than kThirdColour from the line segment between `a` and `b`.
bool IsOffMixtures(const cv::Vec3i& colour, const cv::Vec3i& a, const cv::Vec3i& b) {
  const cv::Vec3i line = b - a;
  const cv::Vec3i offset = colour - a;
  const double length_squared = line.dot(line);
  const double share = length_squared > 0 ? std::clamp(offset.dot(line) / length_squared, 0.0, 1.0) : 0.0;
  double distance_squared = 0;
  for (int c = 0; c < 3; ++c) {
    const double off = offset[c] - share * line[c];
    distance_squared += off * off;
  }
  return distance_squared > kThirdColour * kThirdColour;
}

bool IsThirdColour(const Profile& profile, size_t at, size_t onset) {
  for (size_t reference = 0; reference + kReferenceFrom <= onset; ++reference) {
    if (!IsOffMixtures(profile[at].recorded, profile[at].wallpaper, profile[reference].recorded)) {
      return false;
    }
  }
  return true;
}

bool HasThirdColour(const Profile& profile, size_t onset) {
  int run = 0;
  for (size_t back = 1; back <= kRim && back + kReferenceFrom <= onset; ++back) {
    run = IsThirdColour(profile, onset - back, onset) ? run + 1 : 0;
    if (run >= kThirdColourRun) return true;
  }
  return false;
}

void Judge(const Profile& profile, OutlineEvidence* evidence) {
  const size_t last = profile.size() - 1;
  if (MedianDifference(profile, last - 10, last + 1) > kQuiet) return;
  size_t onset = last;
  while (onset > 0 && (profile[onset].difference <= kOnset || profile[onset - 1].difference <= kOnset))
    --onset;
  if (onset < kReferenceFrom + 6) return;
  const int plateau = MedianDifference(profile, 0, onset - kReferenceFrom);
  if (plateau < kContrast) return;
  size_t full = onset;
  while (full > 0 && profile[full].difference * 5 < plateau * 3) --full;
  const size_t width = std::min<size_t>(onset - full, OutlineEvidence::kWidths - 1);
  ++evidence->profiles;
  ++evidence->width_counts[width];
  evidence->third_colour += HasThirdColour(profile, onset) ? 1 : 0;
}

}  // namespace

void OutlineEvidence::Merge(const OutlineEvidence& other) {
  profiles += other.profiles;
  third_colour += other.third_colour;
  for (size_t i = 0; i < width_counts.size(); ++i) width_counts[i] += other.width_counts[i];
}

double OutlineEvidence::MedianWidth() const {
  int64_t below = 0;
  for (size_t i = 0; i < width_counts.size(); ++i) {
    if (2 * (below + width_counts[i]) >= profiles && width_counts[i] > 0) {
      const double inside = (0.5 * static_cast<double>(profiles) - static_cast<double>(below)) /
                            static_cast<double>(width_counts[i]);
      return static_cast<double>(i) + inside;
    }
    below += width_counts[i];
  }
  return 0.0;
}

double OutlineEvidence::ThirdColourShare() const {
  return profiles > 0 ? static_cast<double>(third_colour) / static_cast<double>(profiles) : 0.0;
}

OutlineEvidence ExamineOutline(const cv::Mat3b& bgr, const cv::Mat3b& wallpaper, const cv::Mat1b& known,
                               const image::AlphaMask& caller) {
  const Views views{bgr, wallpaper, known, caller.values, bgr.rows / 720.0};
  const int step = std::max(1, static_cast<int>(kRowStep * views.scale));
  OutlineEvidence evidence;
  Profile profile;
  profile.reserve(kInside + kOutside + 1);
  for (int y = step; y < bgr.rows - step; y += step) {
    const float* row = caller.values[y];
    for (int x = 1; x < bgr.cols; ++x) {
      const bool crosses = (row[x - 1] > 0.5F) != (row[x] > 0.5F);
      if (!crosses) continue;
      const std::optional<cv::Vec2d> outward = Outward(views, x, y);
      if (outward && ReadProfile(views, x, y, *outward, &profile)) Judge(profile, &evidence);
    }
  }
  return evidence;
}

}  // namespace peekproof::audit
