// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"

namespace peekproof::testbed {

/// How long to wait for a child, and what ends the wait.
struct Patience {
  double seconds = 120;
  std::stop_token stop;
};

/// A program that runs beside this one and talks by standard input and output; started without a shell, in a
/// process group of its own. What it says on standard error is kept for messages. Not thread-safe.
class ChildProcess {
 public:
  /// command: program, looked for in PATH, and arguments.
  /// Errors  kNotFound (no such program); kInternal.
  static Result<std::unique_ptr<ChildProcess>> Start(const std::vector<std::string>& command);
  /// Asks the whole group to end (SIGTERM), and makes it end after five seconds.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Hands over bytes, or takes exactly so many, or takes what precedes a line's end (at most 64 KiB).
  /// Errors  kInterrupted; kInternal (the child ended, with its status and the last line that it said on
  ///         standard error, or it answers nothing for too long).
  Result<void> Write(std::span<const uint8_t> bytes, const Patience& patience);
  Result<void> Read(std::span<uint8_t> bytes, const Patience& patience);
  Result<std::string> ReadLine(const Patience& patience);

 private:
  ChildProcess(pid_t pid, int input, int output, int errors);
  Result<void> Await(int descriptor, short events, const Patience& patience);
  Result<void> Fill(const Patience& patience);
  void DrainErrors();
  Error Ended();
  bool Reap(double seconds);

  pid_t pid_;
  int input_;
  int output_;
  int errors_;
  int status_ = 0;
  bool reaped_ = false;
  bool errors_open_ = true;
  std::string said_;            ///< The end of what came on standard error.
  std::vector<uint8_t> ahead_;  ///< Read from standard output, not yet taken.
  size_t taken_ = 0;
};

}  // namespace peekproof::testbed
