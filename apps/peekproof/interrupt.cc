// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/check.h"

namespace peekproof::cli {
namespace {

constexpr char kSignalled = 's';
constexpr char kEnd = 'e';

// What the handler may touch: lock-free atomics only.
std::atomic<int> pipe_for_handler{-1};
std::atomic<int> signals_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

void WriteByte(int file, char byte) {
  while (::write(file, &byte, 1) < 0 && errno == EINTR) {
  }
}

extern "C" void HandleInterrupt(int signal_number) {
  const int saved_errno = errno;
  if (signals_seen.fetch_add(1) > 0) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);  // takes effect when this handler returns
  } else {
    WriteByte(pipe_for_handler.load(), kSignalled);
  }
  errno = saved_errno;
}

void Handle(int signal_number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal_number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt(std::string_view note) : note_(note) {
  int ends[2] = {-1, -1};
  PEEKPROOF_CHECK(::pipe2(ends, O_CLOEXEC) == 0, "no pipe: {}", std::strerror(errno));
  read_end_ = ends[0];
  write_end_ = ends[1];
  PEEKPROOF_CHECK(pipe_for_handler.exchange(write_end_) == -1, "two Interrupts at a time");
  signals_seen = 0;
  watcher_ = std::thread([this] { Watch(); });
  Handle(SIGINT, HandleInterrupt);
  Handle(SIGTERM, HandleInterrupt);
}

Interrupt::~Interrupt() {
  Handle(SIGINT, SIG_DFL);
  Handle(SIGTERM, SIG_DFL);
  WriteByte(write_end_, kEnd);
  watcher_.join();
  pipe_for_handler = -1;
  ::close(read_end_);
  ::close(write_end_);
}

void Interrupt::Watch() {
  char byte = 0;
  while (byte != kEnd) {
    const ssize_t count = ::read(read_end_, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    if (byte != kSignalled) continue;
    // Whether the note arrives does not matter: the stop is what was asked for.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, note_.data(), note_.size());
    stop_.request_stop();
  }
}

}  // namespace peekproof::cli
