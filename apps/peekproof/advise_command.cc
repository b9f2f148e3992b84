// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "advise/advise.h"
#include "advise_report.h"
#include "command.h"
#include "interrupt.h"
#include "parse.h"
#include "progress_line.h"

namespace peekproof::cli {
namespace {

constexpr const char* kAdviseFooter =
    R"help(Says what would have closed the leak of a recorded call, setting by setting.

Without --camera, the recording is audited, and the nearest of the test bed's drawn calls (caller's size, how much they
move, size and rate of the frames) goes through every setting. What leaks is known there: it is truth, of a call like
yours. With --camera, every setting runs on your own camera clip, and the leak is an estimate; give the empty room
(--plate) too, or the estimate sees only what you uncover.

Leak: share of the room beside the caller that shows, weighted by how strongly. 0 % is a perfect background; services leak
1 to 10 % within three seconds, and more the longer a call lasts. Lost: share of the caller that is missing.
Closed: share of the frames that show no caller on purpose.

Examples:
  peekproof advise call.mp4
  peekproof advise call.mp4 --engine meet --settings zoom "meet(defend_choke=4)" "guard(strength=strict)"
  peekproof advise call.mp4 --camera camera.mp4 --plate empty_room.mp4
  peekproof advise call.mp4 --json | jq .best

Ctrl-C ends early; what was tried until then is told.
Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (interrupted, or a damaged recording).)help";

struct AdviseCommandOptions {
  advise::AdviseOptions advise;
  bool json = false;
  bool quiet = false;
};

ExitCode RunAdvise(const AdviseCommandOptions& options, const Streams& streams) {
  const Interrupt interrupt(Interrupt::kAdviseNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  auto advice = advise::Advise(options.advise, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!advice.ok()) return Fail(streams, advice.error());
  if (options.json) {
    streams.out << AdviceJson(*advice);
  } else {
    streams.out << (options.quiet ? AdviceSentences(*advice) : AdviceText(*advice));
  }
  return Finish(streams, advice->complete ? kComplete : kPartial);
}

void AddRecording(CLI::App* app, audit::AuditOptions* audit) {
  app->add_option("video", audit->input, "Recording of the call, as of audit")
      ->required()
      ->type_name("VIDEO");
  app->add_option(
         "--engine", audit->engine,
         "Service that made the virtual background (peekproof list engines); auto finds the likeliest "
         "from the recording")
      ->capture_default_str()
      ->type_name("SPEC");
  AddParsed(app, "--crop", ParseCrop, &audit->crop, "Use one tile of the recording, in pixels")
      ->type_name("WxH+X+Y");
  AddParsed(app, "--start", ParseTime, &audit->start_s, "Begin here: seconds or minutes:seconds")
      ->type_name("TIME");
  AddParsed(app, "--end", ParseTime, &audit->end_s, "End here")->type_name("TIME");
  app->add_option("--threads", audit->threads, "Threads; 0: as many as cores. Never changes a leak")
      ->capture_default_str()
      ->type_name("N");
}

}  // namespace

CommandRun AddAdvise(CLI::App* app) {
  const auto options = std::make_shared<AdviseCommandOptions>();
  advise::AdviseOptions& advise = options->advise;
  AddRecording(app, &advise.audit);
  app->add_option("--settings", advise.settings,
                  "Engines to try instead of the usual list, beside the call's own")
      ->type_name("SPEC");
  app->add_option("--camera", advise.camera,
                  "Your own camera clip, without any background, in the same place: try the settings on it")
      ->type_name("CLIP");
  app->add_option("--plate", advise.plate, "Beside --camera: video or picture of the empty room")
      ->type_name("FILE");
  app->add_option("--frames", advise.frames, "Frames of each drawn call")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--calls", advise.calls, "Drawn calls, each of another caller and room")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--camera-frames", advise.camera_frames, "Most frames of the camera clip that are used")
      ->capture_default_str()
      ->type_name("N");
  app->add_flag("--json", options->json, "Print everything as JSON (docs/advise.md)");
  app->add_flag("-q,--quiet", options->quiet, "No progress, and only the sentence that says what is best");
  app->footer(kAdviseFooter);
  return [options](const Streams& streams) { return RunAdvise(*options, streams); };
}

}  // namespace peekproof::cli
