// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "base/progress.h"

namespace peekproof::cli {

/// What is counted.
enum class ProgressUnit { kFrames, kBytes };

/// Shows progress as one line that is drawn again and again: stage, percent, rate, time left. At most ten
/// times a second; erased at the end.
class ProgressLine : public ProgressSink {
 public:
  /// Gives seconds that never run backwards.
  using Clock = std::function<double()>;

  /// `out` outlives this. `columns`: width of the terminal; longer lines are cut.
  ProgressLine(std::ostream* out, Clock clock, int columns, ProgressUnit unit = ProgressUnit::kFrames);
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Report(std::string_view stage, int64_t done, int64_t total) override;
  /// Erases the line. More reports draw it again.
  void Clear();

 private:
  std::string Line(double now, int64_t done, int64_t total) const;

  std::ostream* out_;
  Clock clock_;
  int columns_;
  ProgressUnit unit_;
  std::string stage_;
  double stage_start_ = 0;
  double last_drawn_ = 0;
  bool drawn_ = false;
};

/// A ProgressLine on standard error, or null where that is not a terminal that can redraw a line, or `quiet`.
std::unique_ptr<ProgressLine> MakeTerminalProgress(bool quiet, ProgressUnit unit = ProgressUnit::kFrames);

}  // namespace peekproof::cli
