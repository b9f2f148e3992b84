// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "audit/audit.h"
#include "command.h"
#include "demo_scores.h"
#include "interrupt.h"
#include "parse.h"
#include "progress_line.h"
#include "report/summary.h"
#include "report/text.h"
#include "report/write_report.h"
#include "testbed/demo.h"

namespace peekproof::cli {
namespace {

constexpr const char* kDemoFooter =
    R"(The caller is drawn, turns, leans and waves; the room behind holds readable text. The call goes through a
virtual background and H.264 and is then audited like any other. Since the room is known here, the audit can be
scored: how much of what truly leaked was recovered, and how much of what was recovered is true.

Written to the folder of -o: call.mp4, truth/ (the room, what leaked), report/ (as of peekproof audit).

Examples:
  peekproof demo
  peekproof demo -o /tmp/demo --seed 7 --seconds 30 --size 640x360)";

struct DemoCommandOptions {
  testbed::DemoOptions demo;
  std::string directory = "peekproof-demo";
  std::optional<cv::Size> size;
  int threads = 0;
  bool quiet = false;
};

testbed::SceneOptions Scene(const DemoCommandOptions& options) {
  testbed::SceneOptions scene = testbed::DemoScene(options.demo);
  if (options.size) scene.size = *options.size;
  return scene;
}

audit::AuditOptions AuditOf(const DemoCommandOptions& options, const testbed::SceneTruth& truth) {
  audit::AuditOptions audit;
  audit.input = truth.video;
  audit.engine = options.demo.engine;
  audit.threads = options.threads;
  return audit;
}

std::string ScoreText(const audit::AuditResult& result, const testbed::SceneTruth& truth) {
  if (!report::HasRoom(result)) return "No score: the audit made no picture of the room.\n";
  const audit::SegmentResult& segment = result.segments[*result.main_segment];
  return FormatScores(ScoreDemo(segment, truth));
}

ExitCode RunDemo(const DemoCommandOptions& options, const Streams& streams) {
  const std::filesystem::path folder = options.directory;
  const std::string report_folder = (folder / "report").string();
  if (auto writable = report::CheckReportDirectory(report_folder); !writable.ok()) {
    return Fail(streams, writable.error());
  }
  const Interrupt interrupt(Interrupt::kAuditNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  auto truth = testbed::GenerateScene(Scene(options), folder.string(), progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!truth.ok()) return Fail(streams, truth.error());
  auto result = audit::RunAudit(AuditOf(options, *truth), progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!result.ok()) return Fail(streams, result.error());
  auto files = report::WriteReport(*result, report_folder);
  if (!files.ok()) return Fail(streams, files.error());
  if (!options.quiet) {
    streams.out << report::BriefSummary(*result) << '\n' << ScoreText(*result, *truth) << '\n';
  }
  streams.out << fmt::format("Report: {}\n", files->report_html);
  return Finish(streams, result->complete ? kComplete : kPartial);
}

}  // namespace

CommandRun AddDemo(CLI::App* app) {
  const auto options = std::make_shared<DemoCommandOptions>();
  testbed::DemoOptions& demo = options->demo;
  app->add_option("-o,--output", options->directory, "Folder for call, truth and report")
      ->capture_default_str()
      ->type_name("DIR");
  app->add_option("--seed", demo.seed, "Another seed gives another room, caller and wallpaper")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--seconds", demo.duration_s, "Length of the call")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 36000.0))
      ->type_name("N");
  AddParsed(app, "--size", ParseSize, &options->size, "Size of the picture. Default: 1280x720")
      ->type_name("WxH");
  app->add_option("--engine", demo.engine,
                  "Service that makes the virtual background (peekproof list engines)")
      ->capture_default_str()
      ->type_name("SPEC");
  app->add_option("--threads", options->threads, "Threads of the audit; 0: as many as cores")
      ->capture_default_str()
      ->type_name("N");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no scores, only where the report is");
  app->footer(kDemoFooter);
  return [options](const Streams& streams) { return RunDemo(*options, streams); };
}

}  // namespace peekproof::cli
