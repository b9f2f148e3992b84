// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/ordered_pipeline.h"

#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/parallel_pipeline.h>

#include <algorithm>

namespace peekproof {

void RunOrdered(int slots, const OrderedSteps& steps) {
  const int count = std::max(1, slots);
  tbb::concurrent_bounded_queue<int> idle;
  for (int slot = 0; slot < count; ++slot) idle.push(slot);
  const auto read =
      tbb::make_filter<void, int>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) {
        int slot = 0;
        idle.pop(slot);
        if (!steps.read(slot)) control.stop();
        return slot;
      });
  const auto work = tbb::make_filter<int, int>(tbb::filter_mode::parallel, [&](int slot) {
    steps.work(slot);
    return slot;
  });
  const auto finish = tbb::make_filter<int, void>(tbb::filter_mode::serial_in_order, [&](int slot) {
    steps.finish(slot);
    idle.push(slot);
  });
  tbb::parallel_pipeline(static_cast<size_t>(count), read & work & finish);
}

}  // namespace peekproof
