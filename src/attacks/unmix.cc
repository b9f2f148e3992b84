// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {
namespace {

constexpr int kAlike = 24;  ///< Largest channel difference of neighbours that support each other.
constexpr int kReach = 2;

uint8_t ToByte(float share) { return cv::saturate_cast<uint8_t>(share * 255.0F); }

bool Alike(cv::Vec3b a, cv::Vec3b b) {
  return std::abs(a[0] - b[0]) <= kAlike && std::abs(a[1] - b[1]) <= kAlike &&
         std::abs(a[2] - b[2]) <= kAlike;
}

/// Share of the neighbourhood whose colour is present and alike.
float NeighbourShare(const image::Reconstruction& room, int y, int x) {
  int alike = 0;
  int all = 0;
  for (int v = std::max(0, y - kReach); v <= std::min(room.bgr.rows - 1, y + kReach); ++v) {
    for (int u = std::max(0, x - kReach); u <= std::min(room.bgr.cols - 1, x + kReach); ++u) {
      ++all;
      alike += room.evidence(v, u) > 0 && Alike(room.bgr(v, u), room.bgr(y, x)) ? 1 : 0;
    }
  }
  return all > 1 ? static_cast<float>(alike - 1) / static_cast<float>(all - 1) : 0.0F;
}

/// Removes specks: a leak is a strip or a patch, a lone pixel is the codec's.
void RemoveSpecks(image::Reconstruction* room) {
  constexpr int kLeastArea = 24;  // Of a picture of 1280 x 720.
  const double scale = static_cast<double>(room->bgr.total()) / (1280.0 * 720.0);
  cv::Mat1i labels;
  cv::Mat1i stats;
  cv::Mat1d centres;
  const cv::Mat1b present = room->Present();
  const int count = cv::connectedComponentsWithStats(present, labels, stats, centres, 4, CV_32S);
  std::vector<uint8_t> speck(static_cast<size_t>(count), 0);
  for (int i = 1; i < count; ++i) {
    speck[static_cast<size_t>(i)] = stats(i, cv::CC_STAT_AREA) < kLeastArea * scale ? 1 : 0;
  }
  for (int y = 0; y < labels.rows; ++y) {
    for (int x = 0; x < labels.cols; ++x) {
      if (speck[static_cast<size_t>(labels(y, x))] == 0) continue;
      room->confidence(y, x) = 0;
      room->evidence(y, x) = 0;
    }
  }
}

void RemoveBelow(float confidence, image::Reconstruction* room) {
  const cv::Mat1b absent(room->confidence < confidence);
  room->confidence.setTo(0, absent);
  room->evidence.setTo(0, absent);
}

}  // namespace

Result<void> UnmixOptions::Validate() const {
  const auto check = [](const char* name, double value, double low, double high) -> Result<void> {
    if (value >= low && value <= high) return {};
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is {}; it must be within {} and {}", name, value, low, high)};
  };
  PEEKPROOF_RETURN_IF_ERROR(check("min_difference", observer.min_difference, 1, 255));
  PEEKPROOF_RETURN_IF_ERROR(check("caller_below", observer.caller_below, 0, 2));
  PEEKPROOF_RETURN_IF_ERROR(check("alpha_above", observer.alpha_above, 0, 1));
  PEEKPROOF_RETURN_IF_ERROR(check("noise", solver.noise, 0.5, 64));
  PEEKPROOF_RETURN_IF_ERROR(check("alpha_log_noise", solver.alpha_log_noise, 0.01, 4));
  PEEKPROOF_RETURN_IF_ERROR(check("rounds", solver.rounds, 0, 100));
  PEEKPROOF_RETURN_IF_ERROR(check("min_support", solver.min_support, 1, Unmix::kSlots));
  PEEKPROOF_RETURN_IF_ERROR(check("min_gap_s", min_gap_s, 0, 600));
  return check("min_confidence", min_confidence, 0, 1);
}

Unmix::Unmix(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
             const UnmixOptions& options)
    : size_(wallpaper->bgr.size()),
      wallpaper_(std::move(wallpaper)),
      options_(options),
      observer_(wallpaper_, blend, options.observer),
      nets_(options.nets ? *options.nets : FittedNets(observer_.alpha_kind())),
      history_(size_, static_cast<float>(options.observer.min_difference)),
      gap_(static_cast<int>(std::ceil(options.min_gap_s * 10.0F))),
      slots_(static_cast<size_t>(size_.area()) * kSlots),
      counts_(size_, uint8_t{0}) {
  PEEKPROOF_CHECK(options.Validate().ok(), "{}", options.Validate().error().message);
  options_.solver.saturating = observer_.alpha_kind() == AlphaKind::kCoverage;
}

void Unmix::Add(const FrameEvidence& evidence) {
  PEEKPROOF_CHECK(evidence.frame.bgr.size() == size_, "{}x{} after {}x{}", evidence.frame.bgr.cols,
                  evidence.frame.bgr.rows, size_.width, size_.height);
  history_.Add(evidence, *wallpaper_);
  observer_.Begin(evidence, history_.limit());
  palette_.Add(evidence.frame.bgr, evidence.caller);
  const auto time = cv::saturate_cast<uint16_t>(evidence.frame.time_s * 10.0);
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    std::vector<int> columns(static_cast<size_t>(size_.width) + 1);
    for (int y = first_row; y < end_row; ++y) AddRow(y, time, &columns);
  });
}

void Unmix::AddRow(int y, uint16_t time, std::vector<int>* columns) {
  const int count = observer_.Candidates(y, columns->data());
  ObservationBlock block;
  for (int start = 0; start < count; start += ObservationBlock::kSize) {
    const int n = std::min(ObservationBlock::kSize, count - start);
    // The slots of a pixel fill one line of the cache; those of a whole call fit in no cache.
    for (int i = start; i < start + n; ++i) {
      __builtin_prefetch(&slots_[IndexOf(y, (*columns)[static_cast<size_t>(i)]) * kSlots], 1);
    }
    observer_.Fill(y, columns->data() + start, n, &block);
    JudgeBlock(nets_.observation, &block);
    for (int i = 0; i < n; ++i) {
      if (std::max(block.engine_alpha[i], block.alpha_bound[i]) <= options_.observer.alpha_above) continue;
      const int x = (*columns)[static_cast<size_t>(start + i)];
      const cv::Vec3b colour = observer_.ColourAt(y, x);
      const Sample sample{{colour[0], colour[1], colour[2]},
                          std::max(uint8_t{1}, ToByte(block.alpha[i])),
                          ToByte(block.room[i]),
                          ToByte(std::sqrt(block.room[i]) * block.alpha[i]),
                          time};
      Keep(sample, &slots_[IndexOf(y, x) * kSlots], counts_.ptr(y, x));
    }
  }
}

void Unmix::Keep(const Sample& sample, Sample* slots, uint8_t* count) const {
  int worst = 0;
  for (int i = 0; i < *count; ++i) {
    if (std::abs(slots[i].time - sample.time) < gap_) {
      if (sample.worth > slots[i].worth) slots[i] = sample;
      return;
    }
    if (slots[i].worth < slots[worst].worth) worst = i;
  }
  if (*count < kSlots) {
    slots[*count] = sample;
    ++*count;
  } else if (sample.worth > slots[worst].worth) {
    slots[worst] = sample;
  }
}

PixelEstimate Unmix::Solve(int y, int x) const {
  const int count = counts_(y, x);
  const cv::Vec3b wallpaper = wallpaper_->bgr(y, x);
  const Sample* slots = &slots_[IndexOf(y, x) * kSlots];
  std::array<Observation, kSlots> observations;
  size_t used = 0;
  for (const Sample& slot : std::span(slots, static_cast<size_t>(count))) {
    Observation& observation = observations[used];
    float largest = 0;
    for (int c = 0; c < 3; ++c) {
      observation.offset[c] = static_cast<float>(slot.colour[c] - wallpaper[c]);
      largest = std::max(largest, std::abs(observation.offset[c]));
    }
    if (largest < history_.limit()(y, x)) continue;  // The noise was less well known when it was kept.
    observation.alpha = static_cast<float>(slot.alpha) / 255.0F;
    observation.room = static_cast<float>(slot.room) / 255.0F;
    observation.time_s = static_cast<float>(slot.time) / 10.0F;
    ++used;
  }
  if (used == 0) return {};
  return SolvePixel(wallpaper, std::span(observations.data(), used), options_.solver);
}

image::Reconstruction Unmix::Finish() {
  std::vector<EstimateCues> cues;
  return Finish(&cues);
}

image::Reconstruction Unmix::Finish(std::vector<EstimateCues>* cues) {
  image::Reconstruction room = image::Reconstruction::Absent(size_);
  cues->assign(static_cast<size_t>(size_.area()), {});
  history_.RenewLimit();
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        const PixelEstimate estimate = Solve(y, x);
        if (!estimate.found) continue;
        const cv::Vec3b wallpaper = wallpaper_->bgr(y, x);
        const cv::Vec3f base(wallpaper[0], wallpaper[1], wallpaper[2]);
        room.bgr(y, x) = observer_.RoomColour(wallpaper, base + estimate.offset);
        room.evidence(y, x) = static_cast<uint16_t>(estimate.support);
        room.first_seen_s(y, x) = estimate.first_s;
        room.last_seen_s(y, x) = estimate.last_s;
        (*cues)[IndexOf(y, x)] = estimate.cues;
      }
    }
  });
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        if (room.evidence(y, x) == 0) continue;
        EstimateCues& own = (*cues)[IndexOf(y, x)];
        own.neighbours = NeighbourShare(room, y, x);
        own.palette = palette_.Density(room.bgr(y, x));
        own.differing = history_.Differing(y, x);
        own.unrest = history_.Unrest(y, x) / 255.0F;
        room.confidence(y, x) = Confidence(nets_.estimate, own);
      }
    }
  });
  RemoveBelow(options_.min_confidence, &room);
  RemoveSpecks(&room);
  return room;
}

}  // namespace peekproof::attacks
