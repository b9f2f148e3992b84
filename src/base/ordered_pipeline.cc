// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/ordered_pipeline.h"

#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/parallel_pipeline.h>

#include <algorithm>
#include <vector>

#include "base/happens_before.h"

namespace peekproof {
namespace {

/// What oneTBB orders: the steps of one slot, the calls of read, and those of finish.
struct Order {
  explicit Order(int slots) : of_slot(static_cast<size_t>(slots)) {}

  std::vector<HappensBefore> of_slot;
  HappensBefore of_reads;
  HappensBefore of_finishes;
};

/// Acquires what comes before a step at its beginning, and releases it at its end.
class OrderedStep {
 public:
  explicit OrderedStep(HappensBefore* order) : order_(order) { order_->Acquire(); }
  ~OrderedStep() { order_->Release(); }
  OrderedStep(const OrderedStep&) = delete;
  OrderedStep& operator=(const OrderedStep&) = delete;

 private:
  HappensBefore* order_;
};

}  // namespace

void RunOrdered(int slots, const OrderedSteps& steps) {
  const int count = std::max(1, slots);
  Order order(count);
  tbb::concurrent_bounded_queue<int> idle;
  for (int slot = 0; slot < count; ++slot) idle.push(slot);
  const auto read =
      tbb::make_filter<void, int>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& control) {
        int slot = 0;
        idle.pop(slot);
        const OrderedStep after_reads(&order.of_reads);
        const OrderedStep after_finish(&order.of_slot[static_cast<size_t>(slot)]);
        if (!steps.read(slot)) control.stop();
        return slot;
      });
  const auto work = tbb::make_filter<int, int>(tbb::filter_mode::parallel, [&](int slot) {
    const OrderedStep after_read(&order.of_slot[static_cast<size_t>(slot)]);
    steps.work(slot);
    return slot;
  });
  const auto finish = tbb::make_filter<int, void>(tbb::filter_mode::serial_in_order, [&](int slot) {
    {
      const OrderedStep after_finishes(&order.of_finishes);
      const OrderedStep after_work(&order.of_slot[static_cast<size_t>(slot)]);
      steps.finish(slot);
    }
    idle.push(slot);
  });
  order.of_reads.Release();
  tbb::parallel_pipeline(static_cast<size_t>(count), read & work & finish);
  order.of_finishes.Acquire();
  order.of_reads.Acquire();
}

}  // namespace peekproof
