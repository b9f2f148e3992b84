// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// What can still be read and recognised behind a blur: the same calls behind Gaussians of growing width, over
// several channels, looked at in a single frame, by the published pipeline and by ours.
//
//   build/release/blur_legibility --csv OUT.csv --plots FOLDER
//   build/release/blur_legibility --room ROOM.jpg --csv OBJECTS.csv
//
// Cap heights are those of a picture 720 high. The caller is drawn and moves; what is excluded as the caller
// is found by a network, on the recorded frames. Text: character error rate of the chart room's lines, mean
// of both sheets (metrics/text_score.h). Objects: of those that the detector finds in the true room with a
// confidence of 0.5 or more, the share that it finds again (metrics/object_score.h).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "attacks/blur_attack.h"
#include "attacks/caller_finder.h"
#include "legibility_rows.h"
#include "media/picture.h"
#include "metrics/object_score.h"
#include "metrics/text_score.h"
#include "models/detector.h"
#include "models/segmenter.h"
#include "models/text_reader.h"
#include "testbed/channel.h"
#include "testbed/room.h"
#include "testbed/service.h"
#include "testbed/studio.h"

namespace peekproof {
namespace {

struct Options {
  std::vector<double> sigmas{2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 30, 40};
  std::vector<std::string> channels{"lossless", "h264:2500000", "h264:800000"};
  std::vector<std::string> pipelines{"single", "blur-study", "deblur"};
  std::string room = "chart";
  std::string csv;
  std::string from;
  std::string pictures;
  std::string plots;
  int plotted_px = 24;
  int frames = 100;
  float shake_px = 0;
  float shake_rad = 0;
  uint64_t seed = 1;
  int seeds = 1;
};

/// Reads at several enlargements, as somebody does who wants to know.
class Reader {
 public:
  static Result<Reader> Create() {
    Reader reader;
    for (const double enlarge : {1.0, 2.0, 4.0}) {
      models::TextReaderOptions options;
      options.enlarge = enlarge;
      PEEKPROOF_ASSIGN_OR_RETURN(auto text, models::MakeTextReader(options));
      reader.readers_.push_back(std::move(text));
    }
    auto detector = models::MakeDetector("yolox-nano");
    if (detector.ok()) reader.detector_ = std::move(*detector);
    return reader;
  }

  Result<std::vector<metrics::TextBox>> Read(const cv::Mat3b& picture) {
    std::vector<metrics::TextBox> boxes;
    for (const auto& reader : readers_) {
      PEEKPROOF_ASSIGN_OR_RETURN(const auto texts, reader->Read(picture, {}));
      for (const models::ReadText& text : texts) boxes.push_back({text.text, cv::Rect2d(text.box)});
    }
    return boxes;
  }

  Result<std::vector<metrics::ObjectBox>> Look(const cv::Mat3b& picture, double least) {
    std::vector<metrics::ObjectBox> boxes;
    if (!detector_) return boxes;
    PEEKPROOF_ASSIGN_OR_RETURN(const auto found, detector_->Detect(picture));
    for (const models::Detection& object : found) {
      if (object.confidence >= least && object.label != "person")
        boxes.push_back({object.label, cv::Rect2d(object.box), object.confidence});
    }
    return boxes;
  }

 private:
  std::vector<std::unique_ptr<models::TextReader>> readers_;
  std::unique_ptr<models::Detector> detector_;
};

/// One call before its background: camera frames with their true mattes.
struct Call {
  testbed::SceneOptions options;
  std::vector<image::Frame> camera;
  std::vector<image::AlphaMask> callers;
  std::vector<testbed::RoomText> texts;
  cv::Mat3b room;
};

Result<Call> Film(const Options& run, uint64_t seed) {
  Call call;
  call.options.seed = seed;
  call.options.room = run.room;
  call.options.frames = run.frames;
  call.options.engine = "mediapipe";
  call.options.use_oracle = true;
  call.options.camera.shake_px = run.shake_px;
  call.options.camera.shake_rad = run.shake_rad;
  PEEKPROOF_ASSIGN_OR_RETURN(testbed::Studio studio, testbed::Studio::Create(call.options));
  cv::Mat footage;
  for (int i = 0; i < run.frames; ++i) {
    image::Frame camera;
    camera.index = i;
    camera.time_s = call.options.TimeOf(i);
    image::AlphaMask caller;
    PEEKPROOF_RETURN_IF_ERROR(studio.Fetch(i, &footage));
    studio.Shoot(i, footage, &camera.bgr, &caller);
    call.camera.push_back(std::move(camera));
    call.callers.push_back(std::move(caller));
  }
  call.texts = studio.texts();
  call.room = studio.true_room();
  return call;
}

Result<testbed::ChannelOptions> ChannelOf(const std::string& text) {
  testbed::ChannelOptions options;
  const size_t colon = text.find(':');
  PEEKPROOF_ASSIGN_OR_RETURN(options.codec, testbed::ParseChannelCodec(text.substr(0, colon)));
  if (colon != std::string::npos) options.bit_rate = std::stoll(text.substr(colon + 1));
  return options;
}

/// What the other side records of a call behind a blur.
Result<std::vector<image::Frame>> Record(const Call& call, double sigma, const std::string& channel_text) {
  testbed::SceneOptions options = call.options;
  options.wallpaper = fmt::format("gaussian(sigma={})", sigma);
  PEEKPROOF_ASSIGN_OR_RETURN(const auto service, testbed::MakeService(options, {}));
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::ChannelOptions way, ChannelOf(channel_text));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto channel,
                             testbed::Channel::Create(way, options.size, options.frame_rate, options.seed));
  std::vector<image::Frame> recorded;
  engines::Composite shown;
  testbed::Sent sent;
  for (size_t i = 0; i < call.camera.size(); ++i) {
    PEEKPROOF_RETURN_IF_ERROR(service->Process(call.camera[i], call.callers[i], &shown));
    PEEKPROOF_RETURN_IF_ERROR(channel->Send(shown.bgr, call.camera[i].time_s, &sent));
    image::Frame frame = call.camera[i];
    frame.bgr = sent.picture.clone();
    recorded.push_back(std::move(frame));
  }
  return recorded;
}

Result<std::vector<image::AlphaMask>> FindCallers(const std::vector<image::Frame>& frames) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto segmenter, models::MakeSegmenter("selfie"));
  attacks::CallerFinder finder(std::move(segmenter));
  std::vector<image::AlphaMask> callers;
  for (const image::Frame& frame : frames)
    PEEKPROOF_RETURN_IF_ERROR(finder.Find(frame.bgr, &callers.emplace_back()));
  return callers;
}

Result<cv::Mat3b> Attack(const std::string& pipeline, const std::vector<image::Frame>& frames,
                         const std::vector<image::AlphaMask>& callers, LegibilityRow* row) {
  if (pipeline == "single") return frames[frames.size() / 2].bgr;
  PEEKPROOF_ASSIGN_OR_RETURN(const auto attack,
                             attacks::BlurAttack::Create(pipeline, frames.front().bgr.size()));
  for (size_t i = 0; i < frames.size(); ++i) attack->Add(frames[i], callers[i]);
  PEEKPROOF_ASSIGN_OR_RETURN(attacks::BlurFindings findings, attack->Finish());
  if (attack->WantsSecondLook(findings)) {
    attack->StartAgain(findings);
    for (size_t i = 0; i < frames.size(); ++i) attack->AddAgain(frames[i], callers[i]);
    PEEKPROOF_ASSIGN_OR_RETURN(findings, attack->FinishAgain(std::move(findings)));
  }
  if (findings.blur) {
    row->told = findings.blur->kernel.sigma_px;
    row->noise = findings.blur->noise;
  }
  return findings.restored;
}

void ScoreText(const Call& call, const std::vector<metrics::TextBox>& read, LegibilityRow* row) {
  std::vector<metrics::TextBox> truth;
  for (const testbed::RoomText& text : call.texts) {
    const cv::Size size = call.room.size();
    truth.push_back({text.text, cv::Rect2d(text.box.x * size.width, text.box.y * size.height,
                                           text.box.width * size.width, text.box.height * size.height)});
  }
  const metrics::TextScore score = metrics::MatchTexts(read, truth);
  const size_t sizes = testbed::kChartSizesPx.size();
  for (size_t i = 0; i < sizes && call.texts.size() == 2 * sizes; ++i)
    row->error_rates.push_back((score.texts[i].error_rate + score.texts[i + sizes].error_rate) / 2);
}

Result<void> Score(const Call& call, const cv::Mat3b& picture, Reader* reader, LegibilityRow* row) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto read, reader->Read(picture));
  ScoreText(call, read, row);
  PEEKPROOF_ASSIGN_OR_RETURN(const auto there, reader->Look(call.room, 0.5));
  PEEKPROOF_ASSIGN_OR_RETURN(const auto found, reader->Look(picture, 0.3));
  if (!there.empty()) row->objects = metrics::MatchObjects(found, there).recall;
  return {};
}

void Print(const LegibilityRow& row) {
  fmt::print("{:2} {:14} {:5.1f} {:10} told {:5.2f} noise {:4.2f} CER", row.seed, row.channel, row.sigma,
             row.pipeline, row.told, row.noise);
  for (const double rate : row.error_rates) fmt::print(" {:4.2f}", rate);
  if (row.objects >= 0) fmt::print(" objects {:.2f}", row.objects);
  fmt::print("\n");
  std::fflush(stdout);
}

Result<std::vector<LegibilityRow>> Measure(const Options& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(Reader reader, Reader::Create());
  std::vector<LegibilityRow> rows;
  for (uint64_t seed = options.seed; seed < options.seed + static_cast<uint64_t>(options.seeds); ++seed) {
    PEEKPROOF_ASSIGN_OR_RETURN(const Call call, Film(options, seed));
    for (const std::string& channel : options.channels) {
      for (const double sigma : options.sigmas) {
        PEEKPROOF_ASSIGN_OR_RETURN(const auto frames, Record(call, sigma, channel));
        PEEKPROOF_ASSIGN_OR_RETURN(const auto callers, FindCallers(frames));
        for (const std::string& pipeline : options.pipelines) {
          LegibilityRow row{seed, channel, sigma, pipeline};
          PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b picture, Attack(pipeline, frames, callers, &row));
          PEEKPROOF_RETURN_IF_ERROR(Score(call, picture, &reader, &row));
          Print(row);
          rows.push_back(row);
          if (!options.csv.empty()) WriteLegibility(rows, options.csv);
          if (options.pictures.empty()) continue;
          PEEKPROOF_RETURN_IF_ERROR(media::WritePng(
              fmt::format("{}/{}_{}_{}_{}.png", options.pictures, seed, channel, sigma, pipeline), picture));
        }
      }
    }
  }
  return rows;
}

Result<void> Run(const Options& options) {
  PEEKPROOF_ASSIGN_OR_RETURN(const auto rows,
                             options.from.empty() ? Measure(options) : ReadLegibility(options.from));
  fmt::print("\n{}", LegibilityTable(rows));
  if (options.plots.empty()) return {};
  return PlotLegibility(rows, options.plotted_px, options.plots);
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) {
  CLI::App app("What can be read behind a blur");
  peekproof::Options options;
  app.add_option("--sigmas", options.sigmas, "Of the Gaussian, in pixels of a frame 720 high");
  app.add_option("--channels", options.channels, "lossless, or CODEC:BITS_PER_SECOND");
  app.add_option("--pipelines", options.pipelines, "single, or specs of attacks on blurs");
  app.add_option("--room", options.room, "chart, drawn, or a picture");
  app.add_option("--csv", options.csv, "Also write every row here");
  app.add_option("--from", options.from, "Measure nothing: plot and tabulate the rows of an earlier --csv")
      ->check(CLI::ExistingFile);
  app.add_option("--pictures", options.pictures, "Folder for what each pipeline made");
  app.add_option("--plots", options.plots, "Folder for plots of both against sigma, one for each channel");
  app.add_option("--plotted", options.plotted_px, "Size of the capitals that are plotted, in pixels")
      ->check(CLI::IsMember(peekproof::testbed::kChartSizesPx));
  app.add_option("--frames", options.frames, "Of each call");
  app.add_option("--shake", options.shake_px, "How far the camera shakes at most, in pixels");
  app.add_option("--roll", options.shake_rad, "And how far it rolls, in radians");
  app.add_option("--seed", options.seed, "First seed");
  app.add_option("--seeds", options.seeds, "Calls");
  CLI11_PARSE(app, argc, argv);
  const auto result = peekproof::Run(options);
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  return result.ok() ? 0 : 1;
}
