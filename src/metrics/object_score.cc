// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "metrics/object_score.h"

#include <algorithm>

namespace peekproof::metrics {
namespace {

double Overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area();
  const double either = a.area() + b.area() - both;
  return either > 0 ? both / either : 0.0;
}

}  // namespace

ObjectScore MatchObjects(const std::vector<ObjectBox>& found, const std::vector<ObjectBox>& truth) {
  constexpr double kSame = 0.5;
  std::vector<ObjectBox> by_confidence = found;
  std::stable_sort(by_confidence.begin(), by_confidence.end(),
                   [](const ObjectBox& a, const ObjectBox& b) { return a.confidence > b.confidence; });
  std::vector<bool> taken(truth.size(), false);
  ObjectScore score;
  for (const ObjectBox& object : by_confidence) {
    size_t best = truth.size();
    for (size_t i = 0; i < truth.size(); ++i) {
      if (taken[i] || truth[i].label != object.label || Overlap(truth[i].box, object.box) < kSame) continue;
      if (best == truth.size() || Overlap(truth[i].box, object.box) > Overlap(truth[best].box, object.box))
        best = i;
    }
    if (best == truth.size()) continue;
    taken[best] = true;
    ++score.matched;
  }
  if (!truth.empty()) score.recall = static_cast<double>(score.matched) / static_cast<double>(truth.size());
  if (!found.empty())
    score.precision = static_cast<double>(score.matched) / static_cast<double>(found.size());
  return score;
}

}  // namespace peekproof::metrics
