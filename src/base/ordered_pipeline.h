// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace peekproof {

/// The three steps of work on a sequence of items. An item in flight owns a slot, a number from 0 to slots -
/// 1, by which the steps find its buffers.
struct OrderedSteps {
  std::function<bool(int slot)>
      read;  ///< Puts the next item into the slot; false at the end. Never concurrent.
  std::function<void(int slot)> work;    ///< Works on the slot's item. Concurrent with everything else.
  std::function<void(int slot)> finish;  ///< Takes the item. Never concurrent, in the order of reading.
};

/// Runs items through `steps` on all threads until read gives false, with at most `slots` items in flight.
/// What finish sees, and in which order, does not depend on the number of threads.
void RunOrdered(int slots, const OrderedSteps& steps);

}  // namespace peekproof
