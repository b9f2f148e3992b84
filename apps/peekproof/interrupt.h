// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string_view>
#include <thread>

namespace peekproof::cli {

/// While it lives, the first SIGINT or SIGTERM requests a stop, so that work ends early and in order, and
/// says so on standard error; the second one ends the process at once. One at a time, made by main or by a
/// test.
///
/// The handler only writes a byte to a pipe; a thread of ours reads it and requests the stop, which no signal
/// handler may do itself.
class Interrupt {
 public:
  static constexpr std::string_view kAuditNote =
      "\npeekproof: stopping; what was found so far will be reported (again: stop at once)\n";
  static constexpr std::string_view kAdviseNote =
      "\npeekproof: stopping; what was tried so far will be told (again: stop at once)\n";
  static constexpr std::string_view kFetchNote =
      "\npeekproof: stopping; the next fetch goes on where this one stops (again: stop at once)\n";

  static constexpr std::string_view kApplyNote =
      "\npeekproof: stopping; what was written so far will be playable (again: stop at once)\n";
  static constexpr std::string_view kNothingKeptNote =
      "\npeekproof: stopping; nothing is written (again: stop at once)\n";

  static constexpr std::string_view kSetNote =
      "\npeekproof: stopping; finished scenes stay, and the next run goes on behind them (again: stop at "
      "once)\n";

  explicit Interrupt(std::string_view note);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Watch();

  std::string_view note_;
  std::stop_source stop_;
  int read_end_ = -1;
  int write_end_ = -1;
  std::thread watcher_;
};

}  // namespace peekproof::cli
