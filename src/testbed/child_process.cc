// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

namespace peekproof::testbed {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kKeptErrors = 4096;
constexpr size_t kBlock = 65536;
/// How soon a request to stop is noticed.
constexpr int kPollMilliseconds = 50;
constexpr double kGraceSeconds = 5;

/// Both ends of a pipe or of a pair of sockets; closes what is left of them.
struct Ends {
  std::array<int, 2> fd{-1, -1};
  ~Ends() {
    for (const int end : fd) {
      if (end >= 0) ::close(end);
    }
  }
  int Take(int which) { return std::exchange(fd[which], -1); }
};

class SpawnSettings {
 public:
  SpawnSettings(int input, int output, int errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  int Spawn(const std::vector<std::string>& command, pid_t* pid) const {
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return posix_spawnp(pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::string LastLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

ChildProcess::ChildProcess(pid_t pid, int input, int output, int errors)
    : pid_(pid), input_(input), output_(output), errors_(errors) {}

Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(const std::vector<std::string>& command) {
  PEEKPROOF_CHECK(!command.empty(), "no program");
  Ends input;  // Sockets: writing to one whose reader is gone gives an error, not a signal.
  Ends output;
  Ends errors;
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.fd.data()) != 0 ||
      ::pipe2(output.fd.data(), O_CLOEXEC) != 0 || ::pipe2(errors.fd.data(), O_CLOEXEC) != 0)
    return Error{ErrorCode::kInternal, fmt::format("no pipe to a program: {}", std::strerror(errno))};
  pid_t pid = 0;
  const int code = SpawnSettings(input.fd[1], output.fd[1], errors.fd[1]).Spawn(command, &pid);
  if (code != 0)
    return Error{code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal,
                 fmt::format("program {} does not start: {}", command[0], std::strerror(code))};
  ::fcntl(errors.fd[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, input.Take(0), output.Take(0), errors.Take(0)));
}

ChildProcess::~ChildProcess() {
  ::close(input_);
  ::close(output_);
  if (!Reap(0)) ::kill(-pid_, SIGTERM);
  if (!Reap(kGraceSeconds)) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, &status_, 0);
  }
  ::close(errors_);
}

bool ChildProcess::Reap(double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (!reaped_) {
    reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    if (reaped_ || Clock::now() >= end) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return reaped_;
}

void ChildProcess::DrainErrors() {
  std::array<char, 1024> block{};
  ssize_t count = 0;
  while ((count = ::read(errors_, block.data(), block.size())) > 0) {
    said_.append(block.data(), static_cast<size_t>(count));
    if (said_.size() > kKeptErrors) said_.erase(0, said_.size() - kKeptErrors);
  }
}

Error ChildProcess::Ended() {
  const bool ended = Reap(kGraceSeconds);
  DrainErrors();
  std::string how = "it closed its output";
  if (ended && WIFEXITED(status_)) how = fmt::format("it ended with status {}", WEXITSTATUS(status_));
  if (ended && WIFSIGNALED(status_)) how = fmt::format("signal {} ended it", WTERMSIG(status_));
  const std::string line = LastLine(said_);
  return {ErrorCode::kInternal, line.empty() ? how : fmt::format("{}: {}", how, line)};
}

/// Waits until the descriptor is ready, or its other end is closed.
Result<void> ChildProcess::Await(int descriptor, short events, const Patience& patience) {
  const auto end = Clock::now() + std::chrono::duration<double>(patience.seconds);
  while (true) {
    if (patience.stop.stop_requested()) return Error{ErrorCode::kInterrupted, "interrupted"};
    std::array<pollfd, 2> polled{{{descriptor, events, 0}, {errors_, POLLIN, 0}}};
    // A closed standard error would be ready for ever.
    const bool watch_errors = errors_open_;
    const int ready = ::poll(polled.data(), watch_errors ? 2 : 1, kPollMilliseconds);
    if (ready < 0 && errno != EINTR)
      return Error{ErrorCode::kInternal, fmt::format("waiting failed: {}", std::strerror(errno))};
    if (ready > 0 && watch_errors && polled[1].revents != 0) {
      DrainErrors();
      errors_open_ = (polled[1].revents & POLLHUP) == 0;
    }
    if (ready > 0 && polled[0].revents != 0) return {};
    if (Clock::now() >= end) {
      DrainErrors();
      const std::string line = LastLine(said_);
      return Error{ErrorCode::kInternal, fmt::format("no answer for {:g} s{}{}", patience.seconds,
                                                     line.empty() ? "" : "; it said: ", line)};
    }
  }
}

Result<void> ChildProcess::Write(std::span<const uint8_t> bytes, const Patience& patience) {
  while (!bytes.empty()) {
    PEEKPROOF_RETURN_IF_ERROR(Await(input_, POLLOUT, patience));
    const ssize_t count = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN && errno != EINTR) return Ended();
    if (count > 0) bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

/// Adds a block to what is read ahead.
Result<void> ChildProcess::Fill(const Patience& patience) {
  PEEKPROOF_RETURN_IF_ERROR(Await(output_, POLLIN, patience));
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<ptrdiff_t>(taken_));
  taken_ = 0;
  const size_t before = ahead_.size();
  ahead_.resize(before + kBlock);
  const ssize_t count = ::read(output_, ahead_.data() + before, kBlock);
  ahead_.resize(before + static_cast<size_t>(std::max<ssize_t>(0, count)));
  if (count > 0 || (count < 0 && errno == EINTR)) return {};
  return Ended();
}

Result<void> ChildProcess::Read(std::span<uint8_t> bytes, const Patience& patience) {
  while (!bytes.empty()) {
    if (taken_ == ahead_.size()) PEEKPROOF_RETURN_IF_ERROR(Fill(patience));
    const size_t count = std::min(bytes.size(), ahead_.size() - taken_);
    std::copy_n(ahead_.data() + taken_, count, bytes.data());
    taken_ += count;
    bytes = bytes.subspan(count);
  }
  return {};
}

Result<std::string> ChildProcess::ReadLine(const Patience& patience) {
  while (true) {
    const auto begin = ahead_.begin() + static_cast<ptrdiff_t>(taken_);
    const auto end = std::find(begin, ahead_.end(), '\n');
    if (end != ahead_.end()) {
      std::string line(begin, end);
      taken_ += line.size() + 1;
      return line;
    }
    if (ahead_.size() - taken_ > kBlock) return Error{ErrorCode::kInternal, "its answer is no line"};
    PEEKPROOF_RETURN_IF_ERROR(Fill(patience));
  }
}

}  // namespace peekproof::testbed
