// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "image/colour_vote.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "image/colour_planes.h"

namespace peekproof::image {
namespace {

constexpr int kBlock = 128;
constexpr int kFullMembers = 255;
constexpr int kFirstRecentre = 8;

/// Samples of a run of at most kBlock pixels.
struct Samples {
  uint8_t channel[3][kBlock];
  uint8_t weight[kBlock];
  uint8_t settled[kBlock];   ///< 1: enters the mean.
  uint8_t homeless[kBlock];  ///< 1: no cluster has taken it yet.
};

/// One cluster's state for the same run.
struct ClusterRun {
  uint8_t* centre[3];
  uint16_t* votes;
  uint8_t* members;
  int16_t* offsets[3];
};

/// |a - b|, in eight bits throughout so that a vector holds one pixel per byte.
[[gnu::always_inline]] inline uint8_t Distance(uint8_t a, uint8_t b) {
  return static_cast<uint8_t>(std::max(a, b) - std::min(a, b));
}

/// Which homeless samples lie within the tolerance of a centre; they are homeless no more.
PEEKPROOF_VECTOR_CLONES void MatchRun(const uint8_t* __restrict b, const uint8_t* __restrict g,
                                      const uint8_t* __restrict r, const uint8_t* __restrict cb,
                                      const uint8_t* __restrict cg, const uint8_t* __restrict cr,
                                      const uint16_t* __restrict votes, uint8_t* __restrict homeless,
                                      uint8_t* __restrict hit, uint8_t tolerance, int n) {
  for (int i = 0; i < n; ++i) {
    const uint8_t farthest =
        std::max(std::max(Distance(b[i], cb[i]), Distance(g[i], cg[i])), Distance(r[i], cr[i]));
    const uint8_t within = farthest <= tolerance ? homeless[i] : uint8_t{0};
    const uint8_t taken = votes[i] != 0 ? within : uint8_t{0};
    homeless[i] = static_cast<uint8_t>(homeless[i] ^ taken);
    hit[i] = taken;
  }
}

/// Number of set (1) flags.
PEEKPROOF_VECTOR_CLONES int CountSet(const uint8_t* __restrict flags, int n) {
  int count = 0;
  for (int i = 0; i < n; ++i) count += flags[i];
  return count;
}

/// The hits vote; those that also enter the mean are marked in `counts`.
PEEKPROOF_VECTOR_CLONES void VoteRun(const uint8_t* __restrict hit, const uint8_t* __restrict weight,
                                     const uint8_t* __restrict settled, uint16_t* __restrict votes,
                                     uint8_t* __restrict members, uint8_t* __restrict counts, int n) {
  for (int i = 0; i < n; ++i) {
    votes[i] = static_cast<uint16_t>(votes[i] + (hit[i] != 0 ? weight[i] : uint8_t{0}));
    const uint8_t room = members[i] != kFullMembers ? uint8_t{1} : uint8_t{0};
    counts[i] = static_cast<uint8_t>(hit[i] & settled[i] & room);
    members[i] = static_cast<uint8_t>(members[i] + counts[i]);
  }
}

PEEKPROOF_VECTOR_CLONES void AccumulateRun(const uint8_t* __restrict counts, const uint8_t* __restrict sample,
                                           const uint8_t* __restrict centre, int16_t* __restrict offsets,
                                           int n) {
  for (int i = 0; i < n; ++i) {
    const auto offset = static_cast<int16_t>(sample[i] - centre[i]);
    offsets[i] = static_cast<int16_t>(offsets[i] + (counts[i] != 0 ? offset : int16_t{0}));
  }
}

/// Homeless samples found a cluster where this one is free.
PEEKPROOF_VECTOR_CLONES void FoundRun(const uint8_t* __restrict weight, const uint8_t* __restrict settled,
                                      uint16_t* __restrict votes, uint8_t* __restrict members,
                                      uint8_t* __restrict homeless, uint8_t* __restrict founded, int n) {
  for (int i = 0; i < n; ++i) {
    const uint8_t founds = votes[i] == 0 ? homeless[i] : uint8_t{0};
    votes[i] = founds != 0 ? weight[i] : votes[i];
    members[i] = founds != 0 ? settled[i] : members[i];
    homeless[i] = static_cast<uint8_t>(homeless[i] ^ founds);
    founded[i] = founds;
  }
}

PEEKPROOF_VECTOR_CLONES void SetCentreRun(const uint8_t* __restrict founded, const uint8_t* __restrict sample,
                                          uint8_t* __restrict centre, int16_t* __restrict offsets, int n) {
  for (int i = 0; i < n; ++i) {
    centre[i] = founded[i] != 0 ? sample[i] : centre[i];
    offsets[i] = founded[i] != 0 ? int16_t{0} : offsets[i];
  }
}

/// Samples that no cluster took cost every cluster their weight.
PEEKPROOF_VECTOR_CLONES void DecrementRun(const uint8_t* __restrict homeless,
                                          const uint8_t* __restrict weight, uint16_t* __restrict votes,
                                          int n) {
  for (int i = 0; i < n; ++i) {
    const uint16_t loss = homeless[i] != 0 ? weight[i] : uint8_t{0};
    votes[i] = static_cast<uint16_t>(std::max(votes[i], loss) - loss);
  }
}

PEEKPROOF_VECTOR_CLONES void TotalRun(const uint8_t* __restrict weight, uint16_t* __restrict total, int n) {
  for (int i = 0; i < n; ++i) total[i] = static_cast<uint16_t>(total[i] + weight[i]);
}

/// Rounded mean of `count` offsets, halves away from zero.
int RoundedMean(int sum, int count) {
  return sum >= 0 ? (2 * sum + count) / (2 * count) : -((-2 * sum + count) / (2 * count));
}

void LoadSamples(const uint8_t* bgr, const uint8_t* doubtful, int settled_weight, int n, Samples* samples) {
  SplitChannelsRow(bgr, n, samples->channel[0], samples->channel[1], samples->channel[2]);
  std::fill_n(samples->homeless, n, uint8_t{1});
  if (doubtful == nullptr) {
    std::fill_n(samples->weight, n, static_cast<uint8_t>(settled_weight));
    std::fill_n(samples->settled, n, uint8_t{1});
    return;
  }
  for (int i = 0; i < n; ++i) {
    samples->settled[i] = doubtful[i] == 0 ? 1 : 0;
    samples->weight[i] = static_cast<uint8_t>(doubtful[i] == 0 ? settled_weight : 1);
  }
}

/// Votes of one run for one cluster; returns the number of samples it took.
int Vote(const ClusterRun& cluster, int tolerance, int n, Samples* s) {
  uint8_t hit[kBlock];
  MatchRun(s->channel[0], s->channel[1], s->channel[2], cluster.centre[0], cluster.centre[1],
           cluster.centre[2], cluster.votes, s->homeless, hit, static_cast<uint8_t>(tolerance), n);
  const int taken = CountSet(hit, n);
  if (taken == 0) return 0;
  uint8_t counts[kBlock];
  VoteRun(hit, s->weight, s->settled, cluster.votes, cluster.members, counts, n);
  if (CountSet(counts, n) == 0) return taken;  // All doubtful, or all have their members.
  for (int c = 0; c < 3; ++c) {
    AccumulateRun(counts, s->channel[c], cluster.centre[c], cluster.offsets[c], n);
  }
  return taken;
}

/// Homeless samples of one run found the cluster where it is free; returns their number.
int Found(const ClusterRun& cluster, int n, Samples* s) {
  uint8_t founded[kBlock];
  FoundRun(s->weight, s->settled, cluster.votes, cluster.members, s->homeless, founded, n);
  const int count = CountSet(founded, n);
  if (count == 0) return 0;
  for (int c = 0; c < 3; ++c) {
    SetCentreRun(founded, s->channel[c], cluster.centre[c], cluster.offsets[c], n);
  }
  return count;
}

Error OutOfRange(const char* name, int value, int low, int high) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{} is {}; it must be within {} and {}", name, value, low, high)};
}

}  // namespace

Result<void> ColourVoteOptions::Validate() const {
  if (tolerance < 0 || tolerance > 64) return OutOfRange("tolerance", tolerance, 0, 64);
  if (settled_weight < 1 || settled_weight > 32) return OutOfRange("settled_weight", settled_weight, 1, 32);
  return {};
}

ColourVote::ColourVote(cv::Size size, const ColourVoteOptions& options)
    : size_(size), options_(options), clusters_(kCounters), total_(size, uint16_t{0}) {
  PEEKPROOF_CHECK(options.Validate().ok(), "{}", options.Validate().error().message);
  for (Cluster& cluster : clusters_) {
    cluster.votes = cv::Mat_<uint16_t>(size, uint16_t{0});
    cluster.members = cv::Mat1b(size, uint8_t{0});
    for (int c = 0; c < 3; ++c) {
      cluster.centre[c] = cv::Mat1b(size, uint8_t{0});
      cluster.offsets[c] = cv::Mat_<int16_t>(size, int16_t{0});
    }
  }
}

void ColourVote::Add(const cv::Mat3b& bgr) { Add(bgr, cv::Mat1b()); }

void ColourVote::Add(const cv::Mat3b& bgr, const cv::Mat1b& doubtful) {
  PEEKPROOF_CHECK(bgr.size() == size_, "{}x{} after {}x{}", bgr.cols, bgr.rows, size_.width, size_.height);
  PEEKPROOF_CHECK(doubtful.empty() || doubtful.size() == size_, "doubtful has another size");
  PEEKPROOF_CHECK(frames_ < kMaxFrames, "more than {} frames", kMaxFrames);
  ++frames_;
  const bool recentre = frames_ >= kFirstRecentre && std::has_single_bit(static_cast<unsigned>(frames_));
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      AddRow(bgr, doubtful, y);
      if (recentre) RecentreRow(y);
    }
  });
}

void ColourVote::AddRow(const cv::Mat3b& bgr, const cv::Mat1b& doubtful, int y) {
  Samples samples;
  for (int x = 0; x < size_.width; x += kBlock) {
    const int n = std::min(kBlock, size_.width - x);
    LoadSamples(bgr.ptr(y, x), doubtful.empty() ? nullptr : doubtful.ptr(y, x), options_.settled_weight, n,
                &samples);
    TotalRun(samples.weight, total_[y] + x, n);
    std::array<ClusterRun, kCounters> runs;
    for (size_t k = 0; k < kCounters; ++k) {
      Cluster& c = clusters_[k];
      runs[k] = {{c.centre[0][y] + x, c.centre[1][y] + x, c.centre[2][y] + x},
                 c.votes[y] + x,
                 c.members[y] + x,
                 {c.offsets[0][y] + x, c.offsets[1][y] + x, c.offsets[2][y] + x}};
    }
    int left = n;
    for (size_t k = 0; k < kCounters && left > 0; ++k) left -= Vote(runs[k], options_.tolerance, n, &samples);
    for (size_t k = 0; k < kCounters && left > 0; ++k) left -= Found(runs[k], n, &samples);
    if (left == 0) continue;
    for (const ClusterRun& run : runs) DecrementRun(samples.homeless, samples.weight, run.votes, n);
  }
}

void ColourVote::RecentreRow(int y) {
  for (int x = 0; x < size_.width; ++x) {
    for (Cluster& cluster : clusters_) {
      const int members = cluster.members(y, x);
      if (cluster.votes(y, x) == 0 || members < 2) continue;
      for (int c = 0; c < 3; ++c) {
        const int shift = RoundedMean(cluster.offsets[c](y, x), members);
        cluster.centre[c](y, x) = static_cast<uint8_t>(cluster.centre[c](y, x) + shift);
        cluster.offsets[c](y, x) = static_cast<int16_t>(cluster.offsets[c](y, x) - shift * members);
      }
    }
    // The leader goes first, where the vote looks first and mostly stops.
    size_t leader = 0;
    for (size_t k = 1; k < kCounters; ++k) {
      if (clusters_[k].votes(y, x) > clusters_[leader].votes(y, x)) leader = k;
    }
    if (leader == 0) continue;
    Cluster& a = clusters_[0];
    Cluster& b = clusters_[leader];
    std::swap(a.votes(y, x), b.votes(y, x));
    std::swap(a.members(y, x), b.members(y, x));
    for (int c = 0; c < 3; ++c) {
      std::swap(a.centre[c](y, x), b.centre[c](y, x));
      std::swap(a.offsets[c](y, x), b.offsets[c](y, x));
    }
  }
}

ColourVote::Mode ColourVote::Finish() const {
  Mode mode{cv::Mat3b(size_), cv::Mat1f(size_), cv::Mat1b(size_)};
  ParallelRows(size_.height, [&](int first_row, int end_row) {
    for (int y = first_row; y < end_row; ++y) {
      for (int x = 0; x < size_.width; ++x) {
        const Cluster* best = &clusters_[0];
        for (const Cluster& cluster : clusters_) {
          if (cluster.votes(y, x) > best->votes(y, x)) best = &cluster;
        }
        mode.known(y, x) = best->votes(y, x) > 0 && best->members(y, x) >= kKnownFrom ? 255 : 0;
        const int members = std::max<int>(1, best->members(y, x));
        for (int c = 0; c < 3; ++c) {
          mode.colour(y, x)[c] =
              static_cast<uint8_t>(best->centre[c](y, x) + RoundedMean(best->offsets[c](y, x), members));
        }
        mode.support(y, x) =
            static_cast<float>(best->votes(y, x)) / static_cast<float>(std::max<int>(1, total_(y, x)));
      }
    }
  });
  return mode;
}

}  // namespace peekproof::image
