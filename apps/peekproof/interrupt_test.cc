// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "interrupt.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace peekproof::cli {
namespace {

/// Waits for the watcher's thread, for at most ten seconds.
bool StopsSoon(const Interrupt& interrupt) {
  for (int i = 0; i < 1000 && !interrupt.token().stop_requested(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return interrupt.token().stop_requested();
}

TEST(Interrupt, FirstSignalRequestsAStop) {
  for (const int signal_number : {SIGINT, SIGTERM}) {
    const Interrupt interrupt("");
    EXPECT_FALSE(interrupt.token().stop_requested());
    std::raise(signal_number);
    EXPECT_TRUE(StopsSoon(interrupt)) << signal_number;
  }
}

TEST(InterruptDeathTest, SecondSignalKillsWhicheverItIs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const Interrupt interrupt("");
        std::raise(SIGINT);
        std::raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

TEST(InterruptDeathTest, AfterwardsSignalsKillAsBefore) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        { const Interrupt interrupt(""); }
        std::raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace peekproof::cli
