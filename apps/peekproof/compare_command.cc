// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apply/contact_sheet.h"
#include "background_options.h"
#include "command.h"
#include "interrupt.h"
#include "media/output_path.h"
#include "media/picture.h"
#include "parse.h"
#include "progress_line.h"

namespace peekproof::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompareFooter =
    R"help(One labelled tile per engine, the camera's frame first. Engines that look back (late masks, smoothing in
time) see the frames before it as well. An engine that cannot run here, for want of its model, leaves an empty
tile and a line on standard error. With the background "blur", engines without a blur of their own are left out
unless they are named.

Examples:
  peekproof compare call.mp4 --at 0:12 --background beach.jpg
  peekproof compare portrait.jpg --background blur --alpha -o sheet.png
  peekproof compare call.mp4 --engines "meet;meet(wrap=0);jitsi"

Exit codes: 0 complete, 1 failed, 2 usage, 3 an engine could not run.)help";

struct CompareCommandOptions {
  apply::CompareOptions compare;
  std::string engines;
  std::string output = "engines.png";
  bool force = false;
  bool quiet = false;
};

ExitCode RunCompare(CompareCommandOptions options, const Streams& streams) {
  options.compare.engines = SplitList(options.engines);
  if (fs::path(options.output).extension() != ".png") {
    return Fail(streams, {ErrorCode::kInvalidArgument,
                          "the sheet is a PNG; give a name that ends in .png: " + options.output});
  }
  const auto overwrite = options.force ? media::Overwrite::kAllow : media::Overwrite::kRefuse;
  std::vector<std::string> inputs = apply::FilesOf(options.compare.background);
  inputs.push_back(options.compare.input);
  if (auto free = media::CheckOutput(options.output, inputs, overwrite); !free.ok()) {
    return Fail(streams, free.error());
  }
  const Interrupt interrupt(Interrupt::kNothingKeptNote);
  const auto progress = MakeTerminalProgress(options.quiet);
  auto sheet = apply::CompareEngines(options.compare, progress.get(), interrupt.token());
  if (progress) progress->Clear();
  if (!sheet.ok()) return Fail(streams, sheet.error());
  for (const std::string& note : sheet->notes) streams.err << "peekproof: note: " << note << '\n';
  if (sheet->engines == 0) return Fail(streams, {ErrorCode::kNotFound, "no engine could run"});
  if (auto written = media::WritePng(options.output, sheet->picture); !written.ok()) {
    return Fail(streams, written.error());
  }
  if (!options.quiet) {
    streams.out << fmt::format("{} engine{}, {}x{} pixels: {}\n", sheet->engines,
                               sheet->engines == 1 ? "" : "s", sheet->picture.cols, sheet->picture.rows,
                               options.output);
  }
  return Finish(streams, sheet->notes.empty() ? kComplete : kPartial);
}

}  // namespace

CommandRun AddCompare(CLI::App* app) {
  const auto options = std::make_shared<CompareCommandOptions>();
  apply::CompareOptions& compare = options->compare;
  app->add_option("input", compare.input, "Picture or video")->required()->type_name("IN");
  app->add_option("-o,--output", options->output, "PNG file for the sheet")
      ->capture_default_str()
      ->type_name("FILE");
  app->add_option("--engines", options->engines,
                  "Engines, separated by semicolons. Default: all (peekproof list engines)")
      ->type_name("SPECS");
  AddBackgroundOptions(app, &compare.background);
  app->add_option("--model", compare.model, "Segmentation model for all engines. Default: each engine's own")
      ->type_name("MODEL");
  AddParsed(app, "--at", ParseTime, &compare.at_s, "Which frame of a video: seconds or minutes:seconds")
      ->type_name("TIME");
  app->add_option("--warm-up", compare.warm_up_frames, "Frames before it that the engines see as well")
      ->capture_default_str()
      ->type_name("N");
  app->add_flag("--alpha", compare.alpha, "Show each engine's alpha beside its picture");
  app->add_option("--tile-width", compare.tile_width, "Width of a picture on the sheet, in pixels")
      ->capture_default_str()
      ->type_name("N");
  app->add_option("--columns", compare.columns, "Tiles in a row; 0: as many as make about 1920 pixels")
      ->capture_default_str()
      ->type_name("N");
  app->add_flag("--force", options->force, "Replace an existing file");
  app->add_flag("-q,--quiet", options->quiet, "No progress, only errors and notes");
  app->footer(kCompareFooter);
  return [options](const Streams& streams) { return RunCompare(*options, streams); };
}

}  // namespace peekproof::cli
