// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace peekproof {

/// Tells the thread sanitizer of an order between threads that oneTBB brings about: the library comes without
/// instrumentation, so the sanitizer cannot see it. What a thread did before Release is visible to a thread
/// after its Acquire. Does nothing in other builds, and never makes an order.
class HappensBefore {
 public:
  void Release() {
#if defined(__SANITIZE_THREAD__)
    __tsan_release(this);
#endif
  }
  void Acquire() {
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(this);
#endif
  }
};

}  // namespace peekproof
