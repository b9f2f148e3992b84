// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "attacks/unmix.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "attacks/wallpaper_difference.h"
#include "base/check.h"
#include "base/parallel.h"

namespace peekproof::attacks {

/// Means over the surroundings of each pixel.
struct Unmix::Surroundings {
  cv::Mat3f colour;  ///< Of information * room, BGR.
  cv::Mat1f information;

  RoomNearby At(int y, int x, cv::Vec3b wallpaper) const {
    const float sum = information(y, x);
    if (sum <= 0.0F) return {};
    return {colour(y, x) * (1.0F / sum) - cv::Vec3f(wallpaper), sum};
  }
};

namespace {

constexpr int kAlike = 24;  ///< Largest channel difference of neighbours that support each other.
constexpr int kNeighbourReach = 2;

bool Alike(cv::Vec3b a, cv::Vec3b b) {
  return std::abs(a[0] - b[0]) <= kAlike && std::abs(a[1] - b[1]) <= kAlike &&
         std::abs(a[2] - b[2]) <= kAlike;
}

/// Share of the neighbourhood whose colour is present and alike.
float NeighbourShare(const image::Reconstruction& room, int y, int x) {
  int alike = 0;
  int all = 0;
  for (int v = std::max(0, y - kNeighbourReach); v <= std::min(room.bgr.rows - 1, y + kNeighbourReach); ++v) {
    for (int u = std::max(0, x - kNeighbourReach); u <= std::min(room.bgr.cols - 1, x + kNeighbourReach);
         ++u) {
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

/// Removes estimates that no channel of differs by `contrast` from the wallpaper.
void RemoveAlike(const cv::Mat3b& wallpaper, int contrast, image::Reconstruction* room) {
  for (int y = 0; y < wallpaper.rows; ++y) {
    for (int x = 0; x < wallpaper.cols; ++x) {
      int largest = 0;
      for (int c = 0; c < 3; ++c)
        largest = std::max(largest, std::abs(room->bgr(y, x)[c] - wallpaper(y, x)[c]));
      if (largest >= contrast) continue;
      room->confidence(y, x) = 0;
      room->evidence(y, x) = 0;
    }
  }
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
  PEEKPROOF_RETURN_IF_ERROR(check("least_information", least_information, 1e-6, 1e6));
  PEEKPROOF_RETURN_IF_ERROR(check("min_contrast", min_contrast, 0, 255));
  PEEKPROOF_RETURN_IF_ERROR(check("every", every, 1, 1000));
  return check("min_confidence", min_confidence, 0, 1);
}

Unmix::Unmix(std::shared_ptr<const Wallpaper> wallpaper, const engines::BlendModel& blend,
             const UnmixOptions& options)
    : size_(wallpaper->bgr.size()),
      wallpaper_(std::move(wallpaper)),
      options_(options),
      blend_(blend),
      observer_(wallpaper_, blend, options.observer),
      nets_(options.nets ? *options.nets : FittedNets(observer_.alpha_kind())),
      history_(size_, static_cast<float>(options.observer.min_difference)),
      sums_(static_cast<size_t>(size_.area())) {
  PEEKPROOF_CHECK(options.Validate().ok(), "{}", options.Validate().error().message);
}

void Unmix::SetWallpaper(std::shared_ptr<const Wallpaper> wallpaper) {
  PEEKPROOF_CHECK(wallpaper->bgr.size() == size_, "sizes differ");
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y)
      for (int x = 0; x < size_.width; ++x)
        sums_[IndexOf(y, x)].Rebase(cv::Vec3f(wallpaper->bgr(y, x)) - cv::Vec3f(wallpaper_->bgr(y, x)));
  });
  wallpaper_ = std::move(wallpaper);
  observer_ = UnmixObserver(wallpaper_, blend_, options_.observer);
}

void Unmix::Add(const FrameEvidence& evidence) {
  PEEKPROOF_CHECK(evidence.frame.bgr.size() == size_, "{}x{} after {}x{}", evidence.frame.bgr.cols,
                  evidence.frame.bgr.rows, size_.width, size_.height);
  if (frames_++ % options_.every != 0) return;
  DifferenceToWallpaper(evidence.frame.bgr, wallpaper_->bgr, &difference_);
  history_.Add(evidence, difference_);
  observer_.Begin(evidence, difference_, history_.limit());
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
    for (int i = start; i < start + n; ++i)
      __builtin_prefetch(&sums_[IndexOf(y, (*columns)[static_cast<size_t>(i)])], 1);
    observer_.Fill(y, columns->data() + start, n, &block);
    JudgeBlock(nets_.observation, &block);
    for (int i = 0; i < n; ++i) {
      const int x = (*columns)[static_cast<size_t>(start + i)];
      const cv::Vec3b colour = observer_.ColourAt(y, x);
      const cv::Vec3b wallpaper = wallpaper_->bgr(y, x);
      Observation observation{{}, block.alpha[i], block.room[i], time};
      for (int c = 0; c < 3; ++c) observation.offset[c] = static_cast<float>(colour[c] - wallpaper[c]);
      sums_[IndexOf(y, x)].Add(observation);
    }
  }
}

Unmix::Surroundings Unmix::FindSurroundings() const {
  constexpr int kSide = 15;  // Of a picture of 720 rows.
  const cv::Mat3b& wallpaper = wallpaper_->bgr;
  Surroundings around{cv::Mat3f(size_), cv::Mat1f(size_)};
  for (int y = 0; y < size_.height; ++y) {
    for (int x = 0; x < size_.width; ++x) {
      const MixtureSums& own = sums_[IndexOf(y, x)];
      around.information(y, x) = own.alpha2;
      for (int c = 0; c < 3; ++c)
        around.colour(y, x)[c] = own.offset[c] + own.alpha2 * static_cast<float>(wallpaper(y, x)[c]);
    }
  }
  const int side = std::max(3, 2 * (kSide * size_.height / 1440) + 1);
  cv::boxFilter(around.colour, around.colour, CV_32F, {side, side});
  cv::boxFilter(around.information, around.information, CV_32F, {side, side});
  return around;
}

void Unmix::SolveRows(int first_row, int end_row, const Surroundings& around, EstimateCues* cues,
                      image::Reconstruction* room) const {
  ParallelRows(end_row - first_row, [&](int first, int end) {
    for (int y = first_row + first; y < first_row + end; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        const cv::Vec3b wallpaper = wallpaper_->bgr(y, x);
        const MixtureSums& sums = sums_[IndexOf(y, x)];
        const PixelEstimate estimate =
            SolvePixel(wallpaper, sums, around.At(y, x, wallpaper), options_.least_information);
        if (!estimate.found) continue;
        const cv::Vec3f base(wallpaper[0], wallpaper[1], wallpaper[2]);
        room->bgr(y, x) = observer_.RoomColour(wallpaper, base + estimate.offset);
        room->evidence(y, x) = sums.frames;
        room->first_seen_s(y, x) = static_cast<float>(sums.first) / 10.0F;
        room->last_seen_s(y, x) = static_cast<float>(sums.last) / 10.0F;
        cues[IndexOf(y - first_row, x)] = estimate.cues;
      }
    }
  });
}

void Unmix::JudgeRows(int first_row, int end_row, EstimateCues* cues, image::Reconstruction* room) const {
  ParallelRows(end_row - first_row, [&](int first, int end) {
    for (int y = first_row + first; y < first_row + end; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        if (room->evidence(y, x) == 0) continue;
        EstimateCues& own = cues[IndexOf(y - first_row, x)];
        own.neighbours = NeighbourShare(*room, y, x);
        own.palette = palette_.Density(room->bgr(y, x));
        own.noise = history_.limit()(y, x) / 255.0F;
        own.support = wallpaper_->support(y, x);
        own.known = wallpaper_->known(y, x) != 0 ? 1.0F : 0.0F;
        own.differing = history_.Differing(y, x);
        own.unrest = history_.Unrest(y, x) / 255.0F;
        room->confidence(y, x) = Confidence(nets_.estimate, own);
      }
    }
  });
}

void Unmix::RemoveDoubtful(image::Reconstruction* room) const {
  room->Forget(cv::Mat1b(room->confidence < options_.min_confidence));
  RemoveAlike(wallpaper_->bgr, options_.min_contrast, room);
  RemoveSpecks(room);
}

image::Reconstruction Unmix::Finish() {
  constexpr int kBandRows = 64;  // More than a neighbourhood reaches.
  image::Reconstruction room = image::Reconstruction::Absent(size_);
  history_.RenewLimit();
  const Surroundings around = FindSurroundings();
  std::vector<EstimateCues> solved;  // Of the band above, which is judged once its neighbours are solved.
  std::vector<EstimateCues> band;
  for (int first = 0; first < size_.height; first += kBandRows) {
    const int end = std::min(first + kBandRows, size_.height);
    band.assign(IndexOf(end - first, 0), {});
    SolveRows(first, end, around, band.data(), &room);
    if (first > 0) JudgeRows(first - kBandRows, first, solved.data(), &room);
    std::swap(solved, band);
  }
  JudgeRows((size_.height - 1) / kBandRows * kBandRows, size_.height, solved.data(), &room);
  RemoveDoubtful(&room);
  return room;
}

image::Reconstruction Unmix::Finish(std::vector<EstimateCues>* cues) {
  image::Reconstruction room = image::Reconstruction::Absent(size_);
  cues->assign(static_cast<size_t>(size_.area()), {});
  history_.RenewLimit();
  SolveRows(0, size_.height, FindSurroundings(), cues->data(), &room);
  JudgeRows(0, size_.height, cues->data(), &room);
  RemoveDoubtful(&room);
  return room;
}

}  // namespace peekproof::attacks
