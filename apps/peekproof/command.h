// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>
#include <string>

#include "base/result.h"

namespace peekproof::cli {

enum ExitCode : int {
  kComplete = 0,  ///< Done.
  kFailed = 1,    ///< Nothing was produced; the reason is on standard error.
  kUsage = 2,     ///< The command line makes no sense.
  kPartial = 3,   ///< Something was produced, but of a part only: interrupted, or a damaged recording.
};

/// Where a command writes: results to `out`, errors and notes to `err`.
struct Streams {
  std::ostream& out;
  std::ostream& err;
};

/// What a command does once its options are parsed.
using CommandRun = std::function<ExitCode(const Streams&)>;

/// One subcommand: registers its options and says what to run.
struct Command {
  const char* name;
  const char* summary;
  CommandRun (*add)(CLI::App* app);
};

CommandRun AddAdvise(CLI::App* app);
CommandRun AddApply(CLI::App* app);
CommandRun AddAudit(CLI::App* app);
CommandRun AddCompare(CLI::App* app);
CommandRun AddDemo(CLI::App* app);
CommandRun AddList(CLI::App* app);
CommandRun AddModels(CLI::App* app);
CommandRun AddScene(CLI::App* app);
CommandRun AddScore(CLI::App* app);
CommandRun AddStudy(CLI::App* app);

/// What "list models" and "models list" print.
ExitCode ListModels(const Streams& streams);

/// Prints "peekproof: error: ..." as one line and returns the exit code that fits: kUsage for an option that
/// no input could make valid, else kFailed.
ExitCode Fail(const Streams& streams, const Error& error);

/// Flushes `streams.out`. kFailed with a message when something could not be written (a full disk, a closed
/// pipe), else `code`.
ExitCode Finish(const Streams& streams, ExitCode code);

/// Registers an option whose text `parse` turns into a Result; its error becomes a usage error.
template <typename Parse, typename Target>
CLI::Option* AddParsed(CLI::App* app, const std::string& name, Parse parse, Target* target,
                       const std::string& description) {
  return app->add_option_function<std::string>(
      name,
      [name, parse, target](const std::string& text) {
        auto parsed = parse(text);
        if (!parsed.ok()) throw CLI::ValidationError(name, parsed.error().message);
        *target = *parsed;
      },
      description);
}

/// Parses and runs a whole command line.
ExitCode RunCommandLine(int argc, const char* const* argv, const Streams& streams);

}  // namespace peekproof::cli
