// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

#include "base/happens_before.h"

namespace peekproof {
namespace {

constexpr int kBandRows = 32;

}  // namespace

struct ThreadLimit::State {
  explicit State(size_t threads) : control(tbb::global_control::max_allowed_parallelism, threads) {}
  tbb::global_control control;
};

int HardwareThreads() { return std::max(1, tbb::info::default_concurrency()); }

ThreadLimit::ThreadLimit(int threads)
    : state_(new State(static_cast<size_t>(threads > 0 ? threads : HardwareThreads()))) {}

ThreadLimit::~ThreadLimit() { delete state_; }

void ParallelRows(int rows, const std::function<void(int, int)>& body) {
  const int bands = (rows + kBandRows - 1) / kBandRows;
  HappensBefore start;
  HappensBefore end;
  start.Release();
  // Isolated: a thread that waits for its bands must not begin other work, which could use the same buffers.
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(0, bands, [&](int band) {
      start.Acquire();
      const int first = band * kBandRows;
      body(first, std::min(rows, first + kBandRows));
      end.Release();
    });
  });
  end.Acquire();
}

}  // namespace peekproof
