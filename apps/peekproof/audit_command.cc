// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "audit/audit.h"
#include "command.h"
#include "interrupt.h"
#include "parse.h"
#include "progress_line.h"
#include "report/json_report.h"
#include "report/summary.h"
#include "report/write_report.h"

namespace peekproof::cli {
namespace {

constexpr const char* kAuditFooter =
    R"(Output: report.html, result.json, room.png and confidence.png in the folder of -o, readable by you only;
unblurred.png where the background is blurred, enhanced.png with --enhance.
With --json and without -o, no file is written.

How to read "recovered" (percent of the frame): 0 % nothing; 1 % a head's rim; 10 % a poster;
30 % most of what is near the caller. "Confident": recovered with a confidence of 0.5 or more.

Examples:
  peekproof audit call.mp4
  peekproof audit call.mp4 -o report --engine meet --start 0:10 --end 2:30
  peekproof audit meeting.mkv --crop 640x360+1270+20      one tile of a gallery
  peekproof audit call.mp4 --json | jq .shares.recovered

Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (interrupted, or a damaged recording).)";

struct AuditCommandOptions {
  audit::AuditOptions audit;
  std::string directory;
  bool json = false;
  bool quiet = false;
};

/// "call.mp4" gives "call.peekproof", in the current folder.
std::string DefaultDirectory(const std::string& input) {
  return std::filesystem::path(input).stem().string() + ".peekproof";
}

ExitCode RunAuditCommand(const AuditCommandOptions& options, const Streams& streams) {
  const bool write_files = !options.json || !options.directory.empty();
  const std::string directory =
      options.directory.empty() ? DefaultDirectory(options.audit.input) : options.directory;
  if (auto valid = options.audit.Validate(); !valid.ok()) return Fail(streams, valid.error());
  if (write_files) {
    if (auto writable = report::CheckReportDirectory(directory); !writable.ok()) {
      return Fail(streams, writable.error());
    }
  }
  const Interrupt interrupt(Interrupt::kAuditNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  auto result = audit::RunAudit(options.audit, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!result.ok()) return Fail(streams, result.error());

  report::WrittenFiles files;
  if (write_files) {
    auto written = report::WriteReport(*result, directory);
    if (!written.ok()) return Fail(streams, written.error());
    files = *written;
  }
  if (options.json) {
    streams.out << report::JsonReport(*result);
  } else if (!options.quiet) {
    streams.out << report::BriefSummary(*result) << fmt::format("  report      {}\n", files.report_html);
  }
  return Finish(streams, result->complete ? kComplete : kPartial);
}

}  // namespace

CommandRun AddAudit(CLI::App* app) {
  const auto options = std::make_shared<AuditCommandOptions>();
  audit::AuditOptions& audit = options->audit;
  app->add_option("video", audit.input,
                  "Recording: any video file, or a numbered image sequence (shot_%04d.png)")
      ->required()
      ->type_name("VIDEO");
  app->add_option("-o,--output", options->directory,
                  "Folder for the report; made if needed. Default: VIDEO's name with .peekproof, here")
      ->type_name("DIR");
  app->add_option("--engine", audit.engine,
                  "Service that made the virtual background, such as meet or jitsi (peekproof list engines); "
                  "auto finds the likeliest from the recording")
      ->capture_default_str()
      ->type_name("SPEC");
  app->add_option("--attack", audit.attack, "How the room is recovered (peekproof list attacks)")
      ->capture_default_str()
      ->type_name("SPEC");
  app->add_option("--blur-attack", audit.blur_attack,
                  "How a blurred background is looked behind: deblur or blur-study, with parameters "
                  "(peekproof list attacks)")
      ->capture_default_str()
      ->type_name("SPEC");
  app->add_option(
         "--enhance", audit.enhance,
         "Network that sharpens or enlarges the room restored behind a blur, for the eye only: a name "
         "(peekproof models list) or a .pb or .onnx file. It invents detail; nothing of it is evidence")
      ->type_name("MODEL");
  app->add_option(
         "--wallpaper", audit.wallpaper,
         "The virtual background, if you have it: a picture, or a video that it loops; otherwise it is "
         "estimated")
      ->type_name("FILE");
  AddParsed(app, "--crop", ParseCrop, &audit.crop, "Audit one tile of the picture, in pixels")
      ->type_name("WxH+X+Y");
  AddParsed(app, "--start", ParseTime, &audit.start_s, "Begin here: seconds or minutes:seconds")
      ->type_name("TIME");
  AddParsed(app, "--end", ParseTime, &audit.end_s, "End here")->type_name("TIME");
  app->add_option("--threads", audit.threads, "Threads; 0: as many as cores. Never changes a result")
      ->capture_default_str()
      ->type_name("N");
  app->add_option(
         "--model", audit.model,
         "Segmentation model of the engine: a name (peekproof models list) or a .tflite or .onnx file. "
         "Default: the engine's own")
      ->type_name("MODEL");
  app->add_option("--caller-model", audit.caller_model,
                  "Second model, which takes the caller out of the room")
      ->capture_default_str()
      ->type_name("MODEL");
  app->add_option("--find", audit.find,
                  "What to look for in the recovered room: text, objects, faces with commas between, or none")
      ->capture_default_str()
      ->type_name("LIST");
  app->add_flag("--every-frame", audit.every_frame,
                "Also attack frames that only repeat what others showed: slower on long recordings");
  app->add_flag("--show-caller", audit.show_caller,
                "Show the caller in pictures instead of blacking them out");
  app->add_flag("--json", options->json, "Print result.json to standard output instead of the summary");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no summary, only errors");
  app->footer(kAuditFooter);
  return [options](const Streams& streams) { return RunAuditCommand(*options, streams); };
}

}  // namespace peekproof::cli
