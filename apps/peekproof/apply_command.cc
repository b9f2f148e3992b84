// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apply/apply_video.h"
#include "background_options.h"
#include "command.h"
#include "interrupt.h"
#include "parse.h"
#include "progress_line.h"
#include "report/text.h"

namespace peekproof::cli {
namespace {

constexpr const char* kApplyFooter =
    R"help(Puts a virtual background into a recording, the way a service does it. Sound, timing and colour tags are kept.
The output's name says the container: mp4, mov, mkv, webm, gif, y4m ... or numbered pictures (out_%04d.png).

The alpha of --alpha-out is the weight of the camera's pixel that the engine used: 255 shows the camera, 0 the
background. It is lossless grey video (name it .mkv) or numbered pictures.

Examples:
  peekproof apply camera.mp4 -o call.mp4 --background beach.jpg
  peekproof apply camera.mp4 -o call.mp4 --engine jitsi --background blur
  peekproof apply camera.mp4 -o call.mkv --engine "meet(lag=3)" --background "#00ff00" --alpha-out alpha.mkv
  peekproof apply camera.mp4 -o call.mp4 --background beach.jpg --engine guard --plate empty_room.mp4 --meter
  peekproof apply camera.mp4 -o both.mp4 --background "gaussian(sigma=12)" --side-by-side

Ctrl-C ends early and leaves playable files.
Exit codes: 0 complete, 1 failed, 2 usage, 3 partial (interrupted, a damaged input, or a failing network).)help";

struct ApplyCommandOptions {
  apply::ApplyOptions apply;
  bool json = false;
  bool quiet = false;
};

const char* NameOf(engines::Shown shown) {
  switch (shown) {
    case engines::Shown::kComposed:
      return "composed";
    case engines::Shown::kBackground:
      return "background_only";
    case engines::Shown::kRaw:
      return "raw";
    case engines::Shown::kFrozen:
      break;
  }
  return "frozen";
}

std::string JsonOf(const ApplyCommandOptions& options, const apply::ApplyResult& result) {
  nlohmann::ordered_json json;
  json["output"] = options.apply.output;
  json["engine"] = options.apply.engine;
  json["background"] = options.apply.background.background;
  json["frames"] = result.frames;
  for (size_t i = 0; i < result.shown.size(); ++i) {
    json["shown"][NameOf(static_cast<engines::Shown>(i))] = result.shown[i];
  }
  json["failures"] = result.failures;
  if (result.failures > 0) json["first_failure"] = result.first_failure;
  json["oldest_mask_frames"] = result.oldest_mask;
  json["caller_share"] = result.caller_share;
  if (result.leak) {
    json["leak"] = {{"weighted_share", result.leak->weighted_share()},
                    {"shown_share", result.leak->shown_share()},
                    {"room_px", result.leak->room_px},
                    {"weighted_px", result.leak->weighted_px},
                    {"unknown_px", result.leak->unknown_px},
                    {"worst_px", result.leak->worst_px},
                    {"worst_time_s", result.leak->worst_time_s},
                    {"any_raw", result.leak->any_raw}};
  }
  json["audio"] = result.has_audio;
  json["complete"] = result.complete();
  json["interrupted"] = result.interrupted;
  for (const Diagnostic& item : result.diagnostics.items()) {
    json["diagnostics"].push_back({{"message", item.message}, {"count", item.count}});
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string LeakLineOf(const engines::MeteredLeak& leak) {
  if (leak.any_raw) return "  leak: everything, raw frames show the room in plain view\n";
  std::string text = fmt::format("  leak: {:.2g} % of the room that was seen", 100 * leak.weighted_share());
  if (leak.worst_px > 0) {
    text += fmt::format(", most at once {} pixels at {:.2f} s", static_cast<int64_t>(leak.worst_px + 0.5),
                        leak.worst_time_s);
  }
  if (leak.unknown_px > 0) {
    text += fmt::format("; {} pixels of the last frame are before a room that was not seen (--plate)",
                        static_cast<int64_t>(leak.unknown_px));
  }
  return text + "\n";
}

std::string SummaryOf(const ApplyCommandOptions& options, const apply::ApplyResult& result) {
  const auto count = [](int64_t number, const char* what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  std::string text =
      fmt::format("{} through {}, caller {:.0f} % of the picture\n", count(result.frames, "frame"),
                  options.apply.engine, 100.0 * result.caller_share);
  for (size_t i = 1; i < result.shown.size(); ++i) {
    constexpr const char* kMeaning[] = {"", "background alone, no mask", "RAW: the room in plain view",
                                        "frozen: no new frame"};
    if (result.shown[i] > 0) text += fmt::format("  {:<5} {}\n", result.shown[i], kMeaning[i]);
  }
  if (result.oldest_mask > 0)
    text += fmt::format("  masks up to {} old\n", count(result.oldest_mask, "frame"));
  if (result.failures > 0) {
    text += fmt::format("  {} of the network, first: {}\n", count(result.failures, "failure"),
                        report::CleanText(result.first_failure));
  }
  if (result.leak) text += LeakLineOf(*result.leak);
  for (const Diagnostic& item : result.diagnostics.items()) {
    const std::string times = item.count > 1 ? fmt::format("{} x ", item.count) : "";
    text += fmt::format("  {}{}\n", times, report::CleanText(item.message));
  }
  if (result.interrupted) text += "  interrupted: the files end early\n";
  return text + fmt::format("  {}{}\n", options.apply.output, result.has_audio ? ", with sound" : "");
}

ExitCode RunApply(const ApplyCommandOptions& options, const Streams& streams) {
  const Interrupt interrupt(Interrupt::kApplyNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  auto result = apply::ApplyVideo(options.apply, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!result.ok()) return Fail(streams, result.error());
  if (options.json) {
    streams.out << JsonOf(options, *result);
  } else if (!options.quiet) {
    streams.out << SummaryOf(options, *result);
  }
  return Finish(streams, result->complete() ? kComplete : kPartial);
}

void AddEncoding(CLI::App* app, apply::ApplyOptions* apply) {
  app->add_option("--codec", apply->codec,
                  "FFmpeg encoder, such as libx264, libvpx-vp9, ffv1. Default: what suits the container")
      ->type_name("NAME");
  app->add_option("--crf", apply->crf, "Quality where no bit rate is given: smaller is better, 0 lossless")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--bit-rate", apply->bit_rate, "Bits per second; 0: by quality")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--preset", apply->preset, "Of libx264 and libx265: speed against size")
      ->capture_default_str()
      ->type_name("NAME");
  app->add_flag("--drop-audio", apply->drop_audio, "Leave the sound out");
}

}  // namespace

CommandRun AddApply(CLI::App* app) {
  const auto options = std::make_shared<ApplyCommandOptions>();
  apply::ApplyOptions& apply = options->apply;
  app->add_option("input", apply.input, "Video file, or a numbered image sequence (shot_%04d.png)")
      ->required()
      ->type_name("IN");
  app->add_option("-o,--output", apply.output, "File to write")->required()->type_name("OUT");
  app->add_option("--engine", apply.engine, "Service to re-enact (peekproof list engines)")
      ->capture_default_str()
      ->type_name("SPEC");
  AddBackgroundOptions(app, &apply.background);
  app->add_option("--model", apply.model, "Segmentation model: a name or a file. Default: the engine's own")
      ->type_name("MODEL");
  app->add_option("--plate", apply.plate,
                  "Video or picture of the empty room, filmed before the call by the same camera: guard and "
                  "--meter learn from it")
      ->type_name("FILE");
  app->add_flag("--meter", apply.meter, "Tell how much of the room the result shows");
  app->add_option("--alpha-out", apply.alpha_output, "Also write the engine's alpha, lossless")
      ->type_name("FILE");
  app->add_flag("--side-by-side", apply.side_by_side, "Camera left, result right");
  AddParsed(app, "--crop", ParseCrop, &apply.crop, "Use one tile of the picture")->type_name("WxH+X+Y");
  AddParsed(app, "--start", ParseTime, &apply.start_s, "Begin here: seconds or minutes:seconds")
      ->type_name("TIME");
  AddParsed(app, "--end", ParseTime, &apply.end_s, "End here")->type_name("TIME");
  AddEncoding(app, &apply);
  app->add_option("--threads", apply.threads, "Threads; 0: as many as cores. Never changes what is composed")
      ->capture_default_str()
      ->type_name("N");
  app->add_flag("--force", apply.force, "Replace existing files");
  app->add_flag("--json", options->json, "Print what became of the frames as JSON");
  app->add_flag("-q,--quiet", options->quiet, "No progress and no summary, only errors");
  app->footer(kApplyFooter);
  return [options](const Streams& streams) { return RunApply(*options, streams); };
}

}  // namespace peekproof::cli
