// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "allocation_counter.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

namespace {
std::atomic<int64_t> calls = 0;
std::atomic<int64_t> bytes = 0;

void Count(size_t size) {
  ++calls;
  bytes += static_cast<int64_t>(size);
}
}  // namespace

// glibc's own entry points, which its public ones are aliases of.
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
  Count(size);
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  Count(count * size);
  return __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  Count(size);
  return __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  Count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** place, size_t alignment, size_t size) {
  Count(size);
  *place = __libc_memalign(alignment, size);
  return *place == nullptr ? ENOMEM : 0;
}
}

namespace peekproof {

int64_t AllocationCount() { return calls; }

int64_t AllocatedBytes() { return bytes; }

}  // namespace peekproof
