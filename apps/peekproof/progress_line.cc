// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "report/text.h"

namespace peekproof::cli {
namespace {

constexpr double kRedrawSeconds = 0.1;
/// Rates over less time than this jump about.
constexpr double kSettledSeconds = 1.0;
constexpr const char* kEraseLine = "\r\x1b[K";

double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int TerminalColumns() {
  winsize size = {};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string FormatRate(double rate, ProgressUnit unit) {
  if (unit == ProgressUnit::kBytes) return fmt::format("{:.1f} MB/s", rate / 1e6);
  return rate < 10 ? fmt::format("{:.1f} frames/s", rate) : fmt::format("{:.0f} frames/s", rate);
}

}  // namespace

ProgressLine::ProgressLine(std::ostream* out, Clock clock, int columns, ProgressUnit unit)
    : out_(out), clock_(std::move(clock)), columns_(columns), unit_(unit) {}

ProgressLine::~ProgressLine() { Clear(); }

void ProgressLine::Report(std::string_view stage, int64_t done, int64_t total) {
  const double now = clock_();
  const bool new_stage = stage != stage_;
  if (new_stage) {
    stage_ = stage;
    stage_start_ = now;
  }
  if (drawn_ && !new_stage && now - last_drawn_ < kRedrawSeconds) return;
  last_drawn_ = now;
  drawn_ = true;
  // The last column stays free: some terminals wrap as soon as it is written.
  *out_ << kEraseLine << Line(now, done, total).substr(0, static_cast<size_t>(std::max(1, columns_ - 1)))
        << std::flush;
}

void ProgressLine::Clear() {
  if (drawn_) *out_ << kEraseLine << std::flush;
  drawn_ = false;
}

std::string ProgressLine::Line(double now, int64_t done, int64_t total) const {
  std::string line = stage_;
  const double share = total > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total)) : 0;
  if (total > 0) line += fmt::format("  {:3.0f} %", std::min(99.0, share * 100));
  if (total <= 0 && done > 0) line += fmt::format("  {}", done);
  const double elapsed = now - stage_start_;
  if (elapsed < kSettledSeconds || done <= 0) return line;
  const double rate = static_cast<double>(done) / elapsed;
  line += "  " + FormatRate(rate, unit_);
  const auto left = static_cast<double>(total - done);
  if (left >= 0) line += fmt::format("  {} left", report::FormatTimeShort(left / rate));
  return line;
}

std::unique_ptr<ProgressLine> MakeTerminalProgress(bool quiet, ProgressUnit unit) {
  const char* terminal = std::getenv("TERM");
  const bool can_redraw = terminal == nullptr || std::string_view(terminal) != "dumb";
  if (quiet || !can_redraw || ::isatty(STDERR_FILENO) == 0) return nullptr;
  return std::make_unique<ProgressLine>(&std::cerr, SteadySeconds, TerminalColumns(), unit);
}

}  // namespace peekproof::cli
