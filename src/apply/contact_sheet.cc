// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "apply/contact_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "image/frame.h"
#include "media/video_reader.h"

namespace peekproof::apply {
namespace {

constexpr int kGap = 8;
constexpr int kLabel = 28;
constexpr int kSheetWidth = 1920;
const cv::Scalar kPaper(245, 245, 245);
const cv::Scalar kInk(32, 32, 32);

/// Whether the asked time lies within a video whose last frame begins at `last_s`.
Result<void> CheckTime(const CompareOptions& options, const media::VideoInfo& info, double last_s) {
  const double frame_s = info.frame_rate > 0 ? 1.0 / info.frame_rate : 1.0;
  if (options.at_s <= std::max(info.duration_s, last_s + frame_s)) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the frame at {:g} s lies behind the end, at {:.2f} s; choose an earlier one: {}",
                           options.at_s, last_s, options.input)};
}

/// The asked frame, last, and those before it.
Result<std::vector<image::Frame>> ReadFrames(const CompareOptions& options, const std::stop_token& stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(auto reader, media::VideoReader::Open(options.input, {.stop = stop}));
  std::deque<image::Frame> last;
  while (true) {
    PEEKPROOF_ASSIGN_OR_RETURN(const bool more, reader->Advance());
    if (!more) PEEKPROOF_RETURN_IF_ERROR(CheckTime(options, reader->info(), last.back().time_s));
    if (!more || (reader->time_s() > options.at_s + 1e-6 && !last.empty())) break;
    if (last.size() > static_cast<size_t>(options.warm_up_frames)) last.pop_front();
    last.push_back({{}, reader->index(), reader->time_s()});
    PEEKPROOF_RETURN_IF_ERROR(reader->Convert(&last.back().bgr));
  }
  // A picture, or the start of a video: the first frame stands in for those before it.
  while (last.size() <= static_cast<size_t>(options.warm_up_frames)) last.push_front(last.front());
  return std::vector<image::Frame>(last.begin(), last.end());
}

struct Tile {
  std::string label;
  cv::Mat3b picture;  ///< Empty where the engine did not run.
  cv::Mat3b alpha;
};

std::string LabelOf(const std::string& spec, const engines::EngineInfo& info,
                    const engines::Composite& composite) {
  std::string label = spec;
  if (info.approximation) label += " (approximation)";
  if (composite.shown == engines::Shown::kRaw) label += " - RAW";
  if (composite.shown == engines::Shown::kBackground) label += " - no mask yet";
  if (composite.mask_age == 1) label += " - mask 1 frame old";
  if (composite.mask_age > 1) label += fmt::format(" - mask {} frames old", composite.mask_age);
  return label;
}

/// A tile of the frame's shape; one that is much taller than wide is squeezed to four times its width.
cv::Size TileSize(cv::Size frame, int width) {
  const double height = static_cast<double>(width) * frame.height / frame.width;
  return {width, std::clamp(static_cast<int>(std::lround(std::min(height, 4.0 * width))), 1, 4 * width)};
}

cv::Mat3b Scaled(const cv::Mat3b& picture, cv::Size size) {
  cv::Mat3b scaled;
  cv::resize(picture, scaled, size, 0, 0, size.width < picture.cols ? cv::INTER_AREA : cv::INTER_LINEAR);
  return scaled;
}

Result<Tile> RunEngine(const CompareOptions& options, const std::string& spec,
                       const std::vector<image::Frame>& frames, cv::Size tile_size) {
  PEEKPROOF_ASSIGN_OR_RETURN(const engines::EngineInfo info, EngineInfoOf(spec));
  PEEKPROOF_ASSIGN_OR_RETURN(auto engine, OpenEngine(spec, options.model, options.background));
  PEEKPROOF_ASSIGN_OR_RETURN(auto background, OpenBackground(options.background, info));
  engines::Composite composite;
  for (const image::Frame& frame : frames) {
    PEEKPROOF_RETURN_IF_ERROR(engine->Process(frame, background.get(), &composite));
    if (!composite.failure.empty()) return Error{ErrorCode::kInternal, composite.failure};
  }
  Tile tile{LabelOf(spec, info, composite), Scaled(composite.bgr, tile_size), {}};
  cv::Mat1b grey;
  composite.alpha.values.convertTo(grey, CV_8U, 255.0);
  cv::Mat3b alpha;
  cv::cvtColor(grey, alpha, cv::COLOR_GRAY2BGR);
  tile.alpha = Scaled(alpha, tile_size);
  return tile;
}

/// The engines that are asked for: those named, or all that have such a background.
std::vector<std::string> SpecsOf(const CompareOptions& options) {
  if (!options.engines.empty()) return options.engines;
  std::vector<std::string> specs;
  for (const engines::EngineInfo& info : engines::ListEngines()) {
    if (!info.blur.empty() || !IsOwnBlur(options.background)) specs.push_back(info.name);
  }
  return specs;
}

/// Finds what is wrong with what was asked for before anything runs; an engine without its model, or without
/// a blur of its own, is none of that.
Result<void> CheckSpecs(const std::vector<std::string>& specs, const BackgroundOptions& background) {
  engines::EngineInfo info;
  for (const std::string& spec : specs) {
    PEEKPROOF_ASSIGN_OR_RETURN(info, EngineInfoOf(spec));
  }
  if (IsOwnBlur(background)) return {};
  const auto opened = OpenBackground(background, info);  // Any of them: they differ in the fit alone.
  return opened.ok() ? Result<void>() : opened.error();
}

void Write(const std::string& text, cv::Point place, int width, cv::Mat3b* sheet) {
  constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
  const cv::Size size = cv::getTextSize(text, kFont, 1.0, 1, nullptr);
  const double scale = std::min(0.5, static_cast<double>(width) / std::max(1, size.width));
  cv::putText(*sheet, text, place + cv::Point(0, kLabel - 10), kFont, scale, kInk, 1, cv::LINE_AA);
}

cv::Mat3b Assemble(const std::vector<Tile>& tiles, const CompareOptions& options, cv::Size tile_size) {
  const int pictures = options.alpha ? 2 : 1;
  const cv::Size cell(pictures * (tile_size.width + kGap), kLabel + tile_size.height + kGap);
  const int count = static_cast<int>(tiles.size());
  const int wanted = options.columns > 0 ? options.columns : std::max(1, kSheetWidth / cell.width);
  const int columns = std::min(wanted, count);
  const int rows = (count + columns - 1) / columns;
  cv::Mat3b sheet(rows * cell.height + kGap, columns * cell.width + kGap);
  sheet.setTo(kPaper);
  for (int i = 0; i < count; ++i) {
    const cv::Point corner(kGap + i % columns * cell.width, i / columns * cell.height);
    Write(tiles[i].label, corner, cell.width - kGap, &sheet);
    const cv::Rect place(corner + cv::Point(0, kLabel), tile_size);
    if (tiles[i].picture.empty()) {
      cv::rectangle(sheet, place, kInk, 1);
      continue;
    }
    tiles[i].picture.copyTo(sheet(place));
    if (!options.alpha || tiles[i].alpha.empty()) continue;
    tiles[i].alpha.copyTo(sheet(place + cv::Point(tile_size.width + kGap, 0)));
  }
  return sheet;
}

}  // namespace

Result<void> CompareOptions::Validate() const {
  const auto bad = [](const std::string& message) { return Error{ErrorCode::kInvalidArgument, message}; };
  if (input.empty()) return bad("name a picture or a video to compare on");
  if (!(at_s >= 0)) return bad("the time of the frame must not be negative");
  if (warm_up_frames < 0 || warm_up_frames > 120) return bad("warm-up frames must be 0 to 120");
  if (tile_width < 120 || tile_width > 4096) return bad("the width of a tile must be 120 to 4096 pixels");
  if (columns < 0) return bad("the number of columns must not be negative");
  return {};
}

Result<ContactSheet> CompareEngines(const CompareOptions& options, ProgressSink* progress,
                                    const std::stop_token& stop) {
  PEEKPROOF_RETURN_IF_ERROR(options.Validate());
  const std::vector<std::string> specs = SpecsOf(options);
  PEEKPROOF_RETURN_IF_ERROR(CheckSpecs(specs, options.background));
  PEEKPROOF_ASSIGN_OR_RETURN(const std::vector<image::Frame> frames, ReadFrames(options, stop));
  const cv::Mat3b& camera = frames.back().bgr;
  const cv::Size tile_size = TileSize(camera.size(), options.tile_width);

  ContactSheet sheet;
  std::vector<Tile> tiles = {{"camera", Scaled(camera, tile_size), {}}};
  for (const std::string& spec : specs) {
    if (stop.stop_requested())
      return Error{ErrorCode::kInterrupted, "the sheet is not finished: interrupted"};
    auto tile = RunEngine(options, spec, frames, tile_size);
    if (tile.ok()) {
      tiles.push_back(std::move(tile).value());
      ++sheet.engines;
    } else {
      tiles.push_back({spec + " did not run", {}, {}});
      sheet.notes.push_back(fmt::format("{}: {}", spec, tile.error().message));
    }
    if (progress != nullptr) {
      progress->Report("compare", static_cast<int64_t>(tiles.size()) - 1, static_cast<int64_t>(specs.size()));
    }
  }
  sheet.picture = Assemble(tiles, options, tile_size);
  return sheet;
}

}  // namespace peekproof::apply
