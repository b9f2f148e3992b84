// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "command.h"
#include "interrupt.h"
#include "progress_line.h"
#include "report/text.h"
#include "report/text_file.h"
#include "study/run_study.h"
#include "study/study_html.h"
#include "study/study_plan.h"
#include "study/study_store.h"
#include "study/study_summary.h"
#include "study/study_text.h"

namespace peekproof::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStudyFooter =
    R"help(Runs attacks over a set of calls with known truth, and tells what they recover: engines, attacks and scenes
against each other on the same calls. A TOML file says what (docs/study.md).

Every scene is decoded once for all attacks. Results are kept scene by scene in study.sqlite of the study's folder:
run it again to go on after an interruption, or with more attacks.

Examples:
  peekproof study run bench/studies/drawn.toml -o study
  peekproof study report study --csv study.csv
  peekproof study run bench/studies/drawn.toml -o study --row 17     # makes row 17 again

Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (interrupted, or some rows failed).)help";

struct RunOptions {
  std::string study;
  std::string output = "peekproof-study";
  std::string files;
  std::optional<int64_t> row;
  int jobs = 0;
  bool quiet = false;
};

struct ReportOptions {
  std::string folder;
  std::string output;
  std::string csv;
  std::string baseline;
  bool quiet = false;
};

ExitCode RunRow(const RunOptions& options, const study::StudyPlan& plan, const Streams& streams) {
  const Interrupt interrupt(Interrupt::kNothingKeptNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  const auto row =
      study::RunRow(plan, options.output, *options.row, options.jobs, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!row.ok()) return Fail(streams, row.error());
  streams.out << study::RowText(*row);
  return Finish(streams, kComplete);
}

ExitCode RunAll(const RunOptions& options, const study::StudyPlan& plan, const Streams& streams) {
  const Interrupt interrupt(Interrupt::kSetNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  const auto outcome = study::RunStudy(plan, options.output, options.jobs, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!outcome.ok()) return Fail(streams, outcome.error());
  for (const auto& [name, error] : outcome->failed)
    streams.err << fmt::format("peekproof: {}: {}\n", report::CleanText(name), report::CleanText(error));
  if (!options.quiet)
    streams.out << fmt::format("{} made, {} there before, {} failed, of {}\n",
                               report::FormatCount(outcome->made, "row"), outcome->present,
                               outcome->failed.size(), report::FormatCount(outcome->scenes, "scene"));
  if (outcome->complete()) return Finish(streams, kComplete);
  const bool has_something = outcome->made + outcome->present > 0 || outcome->interrupted;
  return Finish(streams, has_something ? kPartial : kFailed);
}

ExitCode RunStudyRun(const RunOptions& options, const Streams& streams) {
  auto plan = study::ReadStudy(options.study);
  if (!plan.ok()) return Fail(streams, plan.error());
  if (!options.files.empty() && plan->set_matrix.empty())
    return Fail(streams, {ErrorCode::kInvalidArgument, "--files goes with a study whose [set] has a matrix"});
  if (!options.files.empty()) plan->set_files = options.files;
  return options.row ? RunRow(options, *plan, streams) : RunAll(options, *plan, streams);
}

Result<std::string> WriteStudyReport(const ReportOptions& options, const Streams& streams) {
  PEEKPROOF_ASSIGN_OR_RETURN(study::StudyStore store, study::StudyStore::OpenExisting(options.folder));
  PEEKPROOF_ASSIGN_OR_RETURN(const study::StudyData data, store.Read());
  if (!options.csv.empty())
    PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(options.csv, study::StudyCsv(data)));
  PEEKPROOF_ASSIGN_OR_RETURN(const study::StudySummary summary, study::Summarise(data, options.baseline));
  const std::string path =
      options.output.empty() ? (fs::path(options.folder) / "report.html").string() : options.output;
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string html, study::StudyHtml(data, summary, options.folder));
  PEEKPROOF_RETURN_IF_ERROR(report::WriteTextFile(path, html));
  if (!options.quiet) streams.out << study::StudyText(summary) << '\n';
  return path;
}

ExitCode RunStudyReport(const ReportOptions& options, const Streams& streams) {
  const auto path = WriteStudyReport(options, streams);
  if (!path.ok()) return Fail(streams, path.error());
  streams.out << "Report: " << report::CleanText(*path) << '\n';
  return Finish(streams, kComplete);
}

void AddRun(CLI::App* app, RunOptions* options) {
  app->add_option("study", options->study, "What to run")->required()->type_name("STUDY.toml");
  app->add_option("-o,--output", options->output, "Folder for the results")
      ->capture_default_str()
      ->type_name("DIR");
  app->add_option("--files", options->files, "Where the set's files lie. Default: as the study says")
      ->type_name("DIR");
  app->add_option("--row", options->row, "Make one row again, and print its scores")->type_name("ID");
  app->add_option("--jobs", options->jobs, "Threads; 0: as many as cores. Never changes a score")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no counts");
}

void AddReport(CLI::App* app, ReportOptions* options) {
  app->add_option("folder", options->folder, "Folder of the results")->required()->type_name("DIR");
  app->add_option("-o,--output", options->output, "The page. Default: report.html in the folder")
      ->type_name("FILE.html");
  app->add_option("--csv", options->csv, "Also write all rows, one a line")->type_name("FILE");
  app->add_option("--baseline", options->baseline,
                  "Attack that the others are compared with. Default: seeing-through")
      ->type_name("SPEC");
  app->add_flag("-q,--quiet", options->quiet, "No tables, only where the page is");
}

}  // namespace

CommandRun AddStudy(CLI::App* app) {
  const auto run_options = std::make_shared<RunOptions>();
  const auto report_options = std::make_shared<ReportOptions>();
  app->require_subcommand(1);
  app->footer(kStudyFooter);
  CLI::App* const run = app->add_subcommand("run", "Run a study, or go on with it");
  AddRun(run, run_options.get());
  AddReport(app->add_subcommand("report", "Tell what a study found: tables, and one HTML page"),
            report_options.get());
  return [=](const Streams& streams) {
    return run->parsed() ? RunStudyRun(*run_options, streams) : RunStudyReport(*report_options, streams);
  };
}

}  // namespace peekproof::cli
