// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "report/text.h"
#include "versions.h"

namespace peekproof::cli {
namespace {

constexpr std::array<Command, 10> kCommands = {{
    {"advise", "Say what would have closed the leak of a recorded call, setting by setting", AddAdvise},
    {"apply", "Put a virtual background or a blur into a recording, as a service does", AddApply},
    {"audit", "Find out what a recording of a call shows of the room", AddAudit},
    {"compare", "Show one frame under all engines, as a contact sheet", AddCompare},
    {"demo", "Make a call of our own, audit it, and score the audit against the truth", AddDemo},
    {"list", "List engines, blurs, attacks or models", AddList},
    {"models", "List, fetch and verify segmentation models", AddModels},
    {"scene", "Make calls with known truth, to test engines, attacks and metrics on", AddScene},
    {"score", "Score recovered rooms against the truth of a scene", AddScore},
    {"study", "Run attacks over a set of scenes, and report what they recover", AddStudy},
}};

constexpr const char* kFooter = R"(Start with: peekproof demo, or peekproof audit call.mp4
Help on a command: peekproof help audit

Everything runs on this computer; nothing is sent anywhere (models fetch downloads, and only that).)";

/// Help of the command that was named, or of the program.
ExitCode ShowHelp(const CLI::App& app, const std::string& command, const Streams& streams) {
  if (command.empty()) {
    streams.out << app.help();
    return Finish(streams, kComplete);
  }
  const auto named = app.get_subcommands([&](const CLI::App* one) { return one->get_name() == command; });
  if (named.empty()) {
    return Fail(streams, {ErrorCode::kInvalidArgument,
                          "there is no such command; see peekproof --help: " + report::CleanText(command)});
  }
  streams.out << named.front()->help();
  return Finish(streams, kComplete);
}

/// Explains a command line that does not parse, in one line.
ExitCode UsageError(const CLI::App& app, const CLI::ParseError& error, const Streams& streams) {
  std::string command = "peekproof";
  const auto was_given = [](const CLI::App* one) { return one->parsed(); };
  for (const CLI::App* chosen : app.get_subcommands(was_given)) command += " " + chosen->get_name();
  return Fail(streams, {ErrorCode::kInvalidArgument,
                        report::CleanText(error.what()) + "; see " + command + " --help"});
}

}  // namespace

ExitCode Fail(const Streams& streams, const Error& error) {
  streams.err << "peekproof: error: " << report::CleanText(error.message) << std::endl;
  return error.code == ErrorCode::kInvalidArgument ? kUsage : kFailed;
}

ExitCode Finish(const Streams& streams, ExitCode code) {
  streams.out.flush();
  if (streams.out.good()) return code;
  return Fail(streams, {ErrorCode::kIo, "cannot write to standard output"});
}

ExitCode RunCommandLine(int argc, const char* const* argv, const Streams& streams) {
  CLI::App app("Peekproof shows what your virtual background gives away.", "peekproof");
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  app.set_version_flag("-V,--version", VersionText, "Versions of this program and of its libraries");
  std::vector<std::pair<CLI::App*, CommandRun>> commands;
  for (const Command& command : kCommands) {
    CLI::App* subcommand = app.add_subcommand(command.name, command.summary);
    commands.emplace_back(subcommand, command.add(subcommand));
  }
  std::string help_topic;
  CLI::App* help = app.add_subcommand("help", "Show the help of a command");
  help->add_option("command", help_topic, "Command");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    app.exit(success, streams.out, streams.err);
    return Finish(streams, kComplete);
  } catch (const CLI::ParseError& error) {
    return UsageError(app, error, streams);
  }
  if (help->parsed()) return ShowHelp(app, help_topic, streams);
  for (const auto& [subcommand, run] : commands) {
    if (subcommand->parsed()) return run(streams);
  }
  streams.err << app.help();
  return kUsage;
}

}  // namespace peekproof::cli
