// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/loop_finder.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace peekproof::audit {
namespace {

const cv::Size kCells(64, 36);
constexpr float kMostCaller = 0.05F;  // Share of the frames with a caller, up to which a cell tells.
constexpr double kStrays = 1.2;       // Levels by which a sample must stray to tell.
constexpr int kLeastTelling = 36;     // Of 2304, that do.
constexpr double kShortestS = 0.5;    // Of a round.
constexpr double kAlikeAgain = 0.55;  // Of the median difference, below which frames are alike again.
constexpr double kUnlike = 0.75;      // And from which they were different.

// Mean absolute difference of two rows, in levels.
double DifferenceOf(const cv::Mat1b& rows, int a, int b) {
  const uchar* row_a = rows.ptr<uchar>(a);
  const uchar* row_b = rows.ptr<uchar>(b);
  int sum = 0;
  for (int i = 0; i < rows.cols; ++i) sum += std::abs(row_a[i] - row_b[i]);
  return static_cast<double>(sum) / rows.cols;
}

// Frames of a recording, asked for by time.
class TimedRows {
 public:
  TimedRows(const cv::Mat1b& rows, const std::vector<double>& times_s) : rows_(rows), times_s_(times_s) {}

  double length_s() const { return times_s_.back() - times_s_.front(); }
  double frame_s() const { return length_s() / static_cast<double>(times_s_.size() - 1); }

  // Mean difference of frames that are so far apart, over a few hundred pairs spread evenly.
  double DifferenceAt(double lag_s) const {
    constexpr int kPairs = 400;
    const double room_s = length_s() - lag_s;
    double sum = 0;
    for (int i = 0; i < kPairs; ++i) {
      const double first_s = times_s_.front() + room_s * (i + 0.5) / kPairs;
      sum += DifferenceOf(rows_, NearestTo(first_s), NearestTo(first_s + lag_s));
    }
    return sum / kPairs;
  }

 private:
  int NearestTo(double time_s) const {
    const auto after = std::lower_bound(times_s_.begin() + 1, times_s_.end() - 1, time_s);
    const bool before_is_nearer = time_s - *(after - 1) < *after - time_s;
    return static_cast<int>(after - times_s_.begin()) - (before_is_nearer ? 1 : 0);
  }

  const cv::Mat1b& rows_;
  const std::vector<double>& times_s_;
};

// The lag of the first dip after the frames were different, as a multiple of step_s; none without one.
std::optional<double> FirstReturn(const TimedRows& frames, double step_s) {
  const double most_s = std::min(LoopFinder::kLongestPeriodS, frames.length_s() / LoopFinder::kLeastRounds);
  std::vector<double> differences;
  for (int i = 1; i * step_s <= most_s + step_s; ++i) differences.push_back(frames.DifferenceAt(i * step_s));
  if (differences.size() < 3) return std::nullopt;
  std::vector<double> sorted = differences;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  size_t i = 0;
  while (i < differences.size() && differences[i] < kUnlike * *middle) ++i;
  const auto lowest =
      std::min_element(differences.begin() + static_cast<std::ptrdiff_t>(i), differences.end());
  if (lowest == differences.end() || *lowest > kAlikeAgain * *middle) return std::nullopt;
  const double enough = *lowest + 0.2 * (*middle - *lowest);
  while (differences[i] > enough || (i + 1 < differences.size() && differences[i + 1] < differences[i])) ++i;
  const double lag_s = static_cast<double>(i + 1) * step_s;
  if (lag_s < kShortestS || lag_s > most_s) return std::nullopt;
  return lag_s;
}

// The period, made exact over ever more rounds.
double Refined(const TimedRows& frames, double period_s, double step_s) {
  double reach_s = step_s;
  for (int rounds = 1; rounds * period_s < frames.length_s() / 2; rounds *= 2) {
    const double fine_s = frames.frame_s() / 4;
    double best_s = rounds * period_s;
    double best = frames.DifferenceAt(best_s);
    for (double lag_s = rounds * period_s - reach_s; lag_s <= rounds * period_s + reach_s; lag_s += fine_s) {
      const double difference = frames.DifferenceAt(lag_s);
      if (difference >= best) continue;
      best = difference;
      best_s = lag_s;
    }
    period_s = best_s / rounds;
    reach_s = 2 * frames.frame_s();
  }
  return period_s;
}

// Places frames in a round, by the clock first and then by what they show.
class Placement {
 public:
  Placement(const cv::Mat1b& rows, const std::vector<double>& times_s, double period_s, int pictures)
      : rows_(rows), pictures_(pictures), by_clock_(times_s.size()) {
    for (size_t i = 0; i < times_s.size(); ++i) {
      const double rounds = (times_s[i] - times_s.front()) / period_s;
      by_clock_[i] = static_cast<int>(std::lround((rounds - std::floor(rounds)) * pictures)) % pictures;
    }
    shown_ = by_clock_;
    const double frame_s = (times_s.back() - times_s.front()) / static_cast<double>(times_s.size() - 1);
    block_ = std::max(1, static_cast<int>(std::lround(0.5 / frame_s)));
  }

  void Improve() {
    LearnPictures();
    int offset = 0;
    for (int first = 0; first < rows_.rows; first += block_) {
      const int end = std::min(rows_.rows, first + block_);
      offset = BestOffset(first, end, offset);
      for (int i = first; i < end; ++i) shown_[static_cast<size_t>(i)] = Shifted(i, offset);
    }
  }

  // Mean difference of the frames from the mean of those that show the same picture, over that from another.
  double Misfit() {
    LearnPictures();
    double own = 0;
    double other = 0;
    for (int i = 0; i < rows_.rows; ++i) {
      const int picture = shown_[static_cast<size_t>(i)];
      own += DifferenceFrom(i, picture);
      for (int quarter = 1; quarter <= 3; ++quarter)
        other += DifferenceFrom(i, (picture + quarter * pictures_ / 4) % pictures_) / 3;
    }
    return other > 0 ? own / other : 1.0;
  }

  const std::vector<int>& shown() const { return shown_; }

 private:
  int Shifted(int frame, int offset) const {
    return (by_clock_[static_cast<size_t>(frame)] + offset + pictures_) % pictures_;
  }
  double DifferenceFrom(int frame, int picture) const {
    const uchar* row = rows_.ptr<uchar>(frame);
    const uchar* mean = means_.ptr<uchar>(picture);
    int sum = 0;
    for (int i = 0; i < rows_.cols; ++i) sum += std::abs(row[i] - mean[i]);
    return static_cast<double>(sum) / rows_.cols;
  }

  void LearnPictures() {
    cv::Mat1f sums(pictures_, rows_.cols, 0.0F);
    std::vector<int> counts(static_cast<size_t>(pictures_), 0);
    for (int i = 0; i < rows_.rows; ++i) {
      const int picture = shown_[static_cast<size_t>(i)];
      cv::accumulate(rows_.row(i), sums.row(picture));
      ++counts[static_cast<size_t>(picture)];
    }
    means_.create(pictures_, rows_.cols);
    int known = 0;  // The last picture that some frame shows.
    for (int k = 0; k < pictures_; ++k) {
      if (counts[static_cast<size_t>(k)] > 0) known = k;
      const int count = std::max(1, counts[static_cast<size_t>(known)]);
      sums.row(known).convertTo(means_.row(k), CV_8U, 1.0 / count);
    }
  }

  // Near the offset of the half second before, which stays unless another is clearly better.
  int BestOffset(int first, int end, int offset) const {
    constexpr int kMostOffsets = 4;
    constexpr double kBetter = 0.97;
    const auto cost = [&](int candidate) {
      double sum = 0;
      for (int i = first; i < end; ++i) sum += DifferenceFrom(i, Shifted(i, candidate));
      return sum;
    };
    int best = offset;
    double best_cost = kBetter * cost(offset);
    const int most = std::max(1, pictures_ / 4);
    for (int candidate = offset - kMostOffsets; candidate <= offset + kMostOffsets; ++candidate) {
      if (std::abs(candidate) > most) continue;
      const double candidate_cost = cost(candidate);
      if (candidate_cost >= best_cost) continue;
      best = candidate;
      best_cost = candidate_cost;
    }
    return best;
  }

  const cv::Mat1b& rows_;
  int pictures_;
  int block_ = 1;
  std::vector<int> by_clock_;
  std::vector<int> shown_;
  cv::Mat1b means_;
};

// Indices of the samples of a frame at which nobody is.
std::vector<int> SamplesOfNobody(const cv::Mat1f& caller) {
  cv::Mat1f presence;
  cv::resize(caller, presence, kCells, 0, 0, cv::INTER_AREA);
  cv::dilate(presence, presence, cv::Mat1b(5, 5, uint8_t{1}));
  std::vector<int> samples;
  for (int i = 0; i < kCells.area(); ++i)
    if (presence(i / kCells.width, i % kCells.width) <= kMostCaller) samples.push_back(i);
  return samples;
}

// These samples of all frames, one frame a row; empty where there are none.
cv::Mat1b Chosen(const std::vector<cv::Mat1b>& frames, const std::vector<int>& samples) {
  if (frames.empty() || samples.empty()) return {};
  cv::Mat1b rows(static_cast<int>(frames.size()), static_cast<int>(samples.size()));
  for (int y = 0; y < rows.rows; ++y)
    for (int x = 0; x < rows.cols; ++x)
      rows(y, x) = frames[static_cast<size_t>(y)](0, samples[static_cast<size_t>(x)]);
  return rows;
}

// Rows scaled to one mean, as far as a camera's light wanders: an exposure that goes to and fro is no loop.
cv::Mat1b InOneLight(const cv::Mat1b& rows) {
  constexpr double kMostGain = 1.3;
  const double mean = rows.empty() ? 0.0 : cv::mean(rows)[0];
  cv::Mat1b lit(rows.size());
  for (int y = 0; y < rows.rows; ++y) {
    cv::Mat1b row = lit.row(y);
    const double gain = mean / std::max(1.0, cv::mean(rows.row(y))[0]);
    rows.row(y).convertTo(row, CV_8U, std::clamp(gain, 1 / kMostGain, kMostGain));
  }
  return lit;
}

// The samples of all frames, one frame a row, that move, each brought to the
// same mean and deviation, so that a few before which somebody moves do not outweigh the others; empty where
// too few move.
cv::Mat1b SamplesThatTell(const cv::Mat1b& lit) {
  constexpr double kMiddle = 128;
  constexpr double kDeviation = 40;
  std::vector<cv::Mat1b> telling;
  for (int i = 0; i < lit.cols; ++i) {
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(lit.col(i), mean, deviation);
    if (deviation[0] < kStrays) continue;
    const double scale = kDeviation / deviation[0];
    cv::Mat1b sample;
    lit.col(i).convertTo(sample, CV_8U, scale, kMiddle - scale * mean[0]);
    telling.push_back(sample);
  }
  if (static_cast<int>(telling.size()) < kLeastTelling) return {};
  cv::Mat1b rows;
  cv::hconcat(telling, rows);
  return rows;
}

}  // namespace

void LoopFinder::Add(const cv::Mat3b& thumbnail, double time_s) {
  if (frames_.size() == kMostFrames) return;
  cv::Mat1b cells;
  cv::cvtColor(thumbnail, cells, cv::COLOR_BGR2GRAY);
  cv::resize(cells, cells, kCells, 0, 0, cv::INTER_AREA);
  frames_.emplace_back(cells.reshape(1, 1));
  times_s_.push_back(time_s);
}

std::optional<BackgroundLoop> LoopFinder::Find(const cv::Mat1f& caller) const {
  constexpr double kMostMisfit = 0.5;
  if (frames_.size() < 3 || !(times_s_.back() > times_s_.front())) return std::nullopt;
  const cv::Mat1b lit = InOneLight(Chosen(frames_, SamplesOfNobody(caller)));
  const cv::Mat1b rows = SamplesThatTell(lit);
  if (rows.empty()) return std::nullopt;
  const TimedRows frames(rows, times_s_);
  const double step_s = std::max(1.0 / 30, frames.frame_s());
  const auto lag_s = FirstReturn(frames, step_s);
  if (!lag_s) return std::nullopt;
  BackgroundLoop loop;
  loop.period_s = Refined(frames, *lag_s, step_s);
  loop.pictures =
      std::clamp(static_cast<int>(std::lround(loop.period_s / frames.frame_s())), 2, kMostPictures);
  loop.rounds = frames.length_s() / loop.period_s;
  loop.moving_share = static_cast<double>(rows.cols) / lit.cols;
  Placement placement(rows, times_s_, loop.period_s, loop.pictures);
  constexpr int kImprovements = 2;
  for (int i = 0; i < kImprovements; ++i) placement.Improve();
  if (placement.Misfit() > kMostMisfit) return std::nullopt;
  loop.picture_of = placement.shown();
  return loop;
}

}  // namespace peekproof::audit
