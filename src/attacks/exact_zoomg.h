// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "attacks/colour_slots.h"
#include "attacks/zoomg.h"
#include "image/ciede2000.h"
#include "image/lab.h"

namespace peekproof::attacks {

/// zoomg as published, for one pixel: a map of all its colours, which grows with the call. The twin that
/// Zoomg is compared with. An empty answer: the wallpaper, or nothing.
class ExactZoomg {
 public:
  explicit ExactZoomg(const ZoomgOptions& options) : options_(options) {}

  void Add(uint32_t colour) {
    ++frame_;
    auto [place, fresh] = counts_.try_emplace(colour, Count{0, frame_});
    ++place->second.count;
  }

  std::optional<uint32_t> Answer() const {
    std::vector<std::pair<uint32_t, Count>> all;
    for (const auto& entry : counts_)
      if (entry.second.count > options_.noise_frame) all.push_back(entry);
    if (all.empty()) return std::nullopt;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.second.count != b.second.count ? a.second.count < b.second.count
                                              : a.second.first > b.second.first;
    });
    const uint32_t wallpaper = all.back().first;
    for (const auto& [colour, count] : all)
      if (Differs(colour, wallpaper)) return colour;
    return std::nullopt;
  }

 private:
  struct Count {
    int count;
    int first;
  };

  bool Differs(uint32_t a, uint32_t b) const {
    const cv::Vec3b x = UnpackColour(a);
    const cv::Vec3b y = UnpackColour(b);
    if (options_.rule == RareColourRule::kSum)
      return std::abs(x[0] + x[1] + x[2] - y[0] - y[1] - y[2]) > options_.threshold;
    if (options_.rule == RareColourRule::kCiede2000)
      return image::Ciede2000Exact(image::LabOfBgr(x), image::LabOfBgr(y)) > options_.threshold;
    const double lengths = cv::norm(cv::Vec3d(x)) * cv::norm(cv::Vec3d(y));
    return lengths > 0 && cv::Vec3d(x).dot(cv::Vec3d(y)) / lengths < options_.threshold;
  }

  ZoomgOptions options_;
  std::map<uint32_t, Count> counts_;
  int frame_ = 0;
};

}  // namespace peekproof::attacks
