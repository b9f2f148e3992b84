// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace peekproof {

/// Number of hardware threads, at least 1.
int HardwareThreads();

/// Limits every parallel step of this process (ours and OpenCV's) to `threads` while it lives; 0 means all
/// cores. One at a time, made by main or by a test.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct State;
  State* state_;
};

/// Splits rows [0, rows) into bands and runs `body(first_row, end_row)` on each, in parallel. The bands do
/// not depend on the number of threads, so a body that is a function of its rows gives the same result on
/// any.
void ParallelRows(int rows, const std::function<void(int first_row, int end_row)>& body);

}  // namespace peekproof
