// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/child_process.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <numeric>
#include <string>
#include <thread>

namespace peekproof::testbed {
namespace {

using testing::HasSubstr;

std::unique_ptr<ChildProcess> Shell(const std::string& script) {
  auto child = ChildProcess::Start({"sh", "-c", script});
  EXPECT_TRUE(child.ok()) << child.error().message;
  return std::move(child).value();
}

/// Whether a process goes on for a second; one that ended may still be listed, as a zombie.
bool Lives(pid_t pid) {
  for (int i = 0; i < 100; ++i) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string stat;
    if (!std::getline(file, stat) || stat.find(") Z ") != std::string::npos) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

TEST(ChildProcess, HandsBytesOverAndBack) {
  const auto child = Shell("echo hello; exec cat");
  Result<std::string> line = child->ReadLine({});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(*line, "hello");
  std::vector<uint8_t> sent(3'000);
  std::iota(sent.begin(), sent.end(), uint8_t{0});
  std::vector<uint8_t> received(sent.size());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(child->Write(sent, {}).ok());
    ASSERT_TRUE(child->Read(received, {}).ok());
    EXPECT_EQ(sent, received);
  }
}

TEST(ChildProcess, TellsHowTheChildEnded) {
  const auto message = [](const std::string& script) {
    const auto child = Shell(script);
    std::vector<uint8_t> byte(1);
    const Result<void> read = child->Read(byte, {});
    EXPECT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kInternal);
    return read.error().message;
  };
  EXPECT_EQ(message("echo first >&2; echo 'what is wrong' >&2; exit 3"),
            "it ended with status 3: what is wrong");
  EXPECT_EQ(message("exit 0"), "it ended with status 0");
  EXPECT_EQ(message("kill -9 $$"), "signal 9 ended it");
}

TEST(ChildProcess, WritingToOneThatEndedIsAnError) {
  const auto child = Shell("exit 2");
  const std::vector<uint8_t> bytes(10'000'000);
  const Result<void> written = child->Write(bytes, {});
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr("status 2"));
}

TEST(ChildProcess, MuchOnStandardErrorDoesNotBlock) {
  const auto child = Shell(
      "i=0; while [ $i -lt 3000 ]; do echo 'a line of complaints that fills the pipe' >&2; i=$((i+1)); "
      "done; echo done");
  const Result<std::string> line = child->ReadLine({.seconds = 30});
  ASSERT_TRUE(line.ok()) << line.error().message;
  EXPECT_EQ(*line, "done");
}

TEST(ChildProcess, StopsWaitingWhenAsked) {
  std::stop_source stop;
  const auto child = Shell("sleep 60");
  const std::jthread asker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const Result<std::string> line = child->ReadLine({.seconds = 60, .stop = stop.get_token()});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.error().code, ErrorCode::kInterrupted);
}

TEST(ChildProcess, LosesPatience) {
  const auto child = Shell("echo busy >&2; sleep 60");
  const Result<std::string> line = child->ReadLine({.seconds = 0.2});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.error().message, "no answer for 0.2 s; it said: busy");
}

TEST(ChildProcess, EndsTheWholeGroup) {
  pid_t shell = 0;
  pid_t sleeper = 0;
  {
    const auto child = Shell("sleep 60 & echo $$; echo $!; wait");
    shell = std::stoi(child->ReadLine({}).value());
    sleeper = std::stoi(child->ReadLine({}).value());
    EXPECT_EQ(::kill(sleeper, 0), 0);
  }
  EXPECT_FALSE(Lives(shell));
  EXPECT_FALSE(Lives(sleeper));
}

TEST(ChildProcess, SaysWhichProgramIsMissing) {
  const auto child = ChildProcess::Start({"peekproof-no-such-program"});
  ASSERT_FALSE(child.ok());
  EXPECT_EQ(child.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(child.error().message, HasSubstr("peekproof-no-such-program"));
}

}  // namespace
}  // namespace peekproof::testbed
