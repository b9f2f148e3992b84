// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace peekproof {

/// Calls of malloc and its kin in this process so far, from whatever library. Linking this replaces the
/// allocator's entry points, so it goes into tests and benchmarks only.
int64_t AllocationCount();
/// Bytes that those calls asked for in all.
int64_t AllocatedBytes();

}  // namespace peekproof
