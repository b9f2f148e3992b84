// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "command.h"
#include "interrupt.h"
#include "models/model_files.h"
#include "models/model_store.h"
#include "models/registry.h"
#include "progress_line.h"

namespace peekproof::cli {
namespace {

constexpr const char* kModelsFooter =
    R"(The default model is part of the installation; fetch gets others. Files are checked against the SHA-256 of the
registry, and a fetch that was cut off goes on where it stopped.

Examples:
  peekproof models list
  peekproof models fetch selfie
  peekproof models fetch --mirror file:///media/usb/models
  peekproof models verify

Exit codes: 0 all is well, 1 a model is missing or damaged, 2 usage.)";

struct ModelsCommandOptions {
  std::vector<std::string> names;
  std::string mirror;
  std::string folder;
  bool quiet = false;
};

/// One line a model on standard output, failures on standard error.
ExitCode ReportOutcomes(const Result<std::vector<models::ModelOutcome>>& outcomes, const Streams& streams) {
  if (!outcomes.ok()) return Fail(streams, outcomes.error());
  ExitCode code = kComplete;
  for (const models::ModelOutcome& outcome : *outcomes) {
    if (outcome.result.ok()) {
      streams.out << fmt::format("{}: ok: {}\n", outcome.name, outcome.path.string());
    } else {
      Fail(streams, outcome.result.error());
      code = kFailed;
    }
  }
  if (outcomes->empty()) streams.out << "no model is installed\n";
  return Finish(streams, code);
}

ExitCode Verify(const ModelsCommandOptions& options, const Streams& streams) {
  const auto registry = models::LoadRegistry();
  if (!registry.ok()) return Fail(streams, registry.error());
  return ReportOutcomes(models::VerifyModels(*registry, options.names), streams);
}

ExitCode Fetch(const ModelsCommandOptions& options, const Streams& streams) {
  const auto registry = models::LoadRegistry();
  if (!registry.ok()) return Fail(streams, registry.error());
  const Interrupt interrupt(Interrupt::kFetchNote);
  const auto progress = MakeTerminalProgress(options.quiet, ProgressUnit::kBytes);
  const auto outcomes =
      models::FetchModels(*registry, options.names, {.mirror = options.mirror, .folder = options.folder},
                          progress.get(), interrupt.token());
  if (progress) progress->Clear();
  return ReportOutcomes(outcomes, streams);
}

}  // namespace

ExitCode ListModels(const Streams& streams) {
  const auto registry = models::LoadRegistry();
  if (!registry.ok()) return Fail(streams, registry.error());
  for (const models::InstalledModel& model : models::ListModels(*registry)) {
    const models::ModelEntry& entry = model.entry;
    streams.out << fmt::format(
        "{}\n    {}: {}\n    licence: {}\n    sha256: {}\n    {}\n", entry.name, models::TaskName(entry.task),
        entry.summary, entry.licence, entry.sha256,
        model.installed ? "installed: " + model.path.string() : "not installed: " + models::HowToGet(entry));
  }
  return Finish(streams, kComplete);
}

CommandRun AddModels(CLI::App* app) {
  const auto options = std::make_shared<ModelsCommandOptions>();
  app->require_subcommand(1);
  app->footer(kModelsFooter);
  app->add_subcommand("list", "Show the models that this program knows, and which of them are installed");

  CLI::App* fetch = app->add_subcommand("fetch", "Download models and verify them");
  fetch->add_option("names", options->names, "Models; none: all that have an address (with --mirror: all)")
      ->type_name("NAME");
  fetch
      ->add_option("--mirror", options->mirror,
                   "Folder that holds the files, as an address: https://..., http://... or file:///...")
      ->type_name("ADDRESS");
  fetch
      ->add_option("--to", options->folder,
                   "Folder to put them into. Default: " + models::DefaultModelFolder().string())
      ->type_name("DIR");
  fetch->add_flag("-q,--quiet", options->quiet, "No progress");

  CLI::App* verify = app->add_subcommand("verify", "Hash installed models and compare with the registry");
  verify->add_option("names", options->names, "Models; none: every installed one")->type_name("NAME");

  return [options, fetch, verify](const Streams& streams) {
    if (fetch->parsed()) return Fetch(*options, streams);
    return verify->parsed() ? Verify(*options, streams) : ListModels(streams);
  };
}

}  // namespace peekproof::cli
