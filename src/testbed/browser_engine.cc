// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/browser_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string_view>
#include <utility>

namespace peekproof::testbed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "browser:";
constexpr std::array<std::string_view, 4> kEngines = {"twilio", "livekit", "mediapipe", "shiguredo"};
constexpr const char* kBegin = "begin ";

/// The folder of the harness, with all that the browsers need but themselves.
Result<fs::path> FindHarness(const BrowserOptions& options) {
  const char* variable = std::getenv("PEEKPROOF_PEERS");
  fs::path folder = TESTBED_PEERS_DIR;
  if (variable != nullptr && *variable != '\0') folder = variable;
  if (!options.peers.empty()) folder = options.peers;
  std::error_code ignored;
  if (!fs::exists(folder / "stream.mjs", ignored))
    return Error{
        ErrorCode::kNotFound,
        fmt::format("the harness for browser engines is not there; set PEEKPROOF_PEERS to bench/peers "
                    "of a source tree: {}",
                    folder.string())};
  if (!fs::exists(folder / "node_modules", ignored))
    return Error{
        ErrorCode::kNotFound,
        fmt::format("the packages of the browser engines are not installed; run bench/peers/setup: {}",
                    folder.string())};
  return folder;
}

std::span<uint8_t> BytesOf(cv::Mat& picture) { return {picture.data, picture.total() * picture.elemSize()}; }

}  // namespace

bool IsBrowserSpec(const std::string& spec) { return spec.starts_with(kPrefix); }

Result<std::string> BrowserEngineName(const std::string& spec) {
  std::string all;
  for (const std::string_view name : kEngines) {
    if (IsBrowserSpec(spec) && std::string_view(spec).substr(kPrefix.size()) == name)
      return std::string(name);
    all += fmt::format("{}{}{}", all.empty() ? "" : ", ", kPrefix, name);
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("there is no browser engine \"{}\"; choose one of: {}", spec, all)};
}

BrowserEngine::BrowserEngine(std::string name, cv::Size size, std::string harness,
                             const BrowserOptions& options, std::stop_token stop)
    : name_(std::move(name)),
      size_(size),
      harness_(std::move(harness)),
      program_(options.program),
      patience_{options.patience_s, std::move(stop)},
      rgba_(size),
      weights_(size) {}

Result<std::unique_ptr<BrowserEngine>> BrowserEngine::Create(const std::string& spec, cv::Size size,
                                                             const BrowserOptions& options,
                                                             std::stop_token stop) {
  PEEKPROOF_ASSIGN_OR_RETURN(std::string name, BrowserEngineName(spec));
  if (size.width < 1 || size.height < 1)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("frames of {} x {} pixels are empty", size.width, size.height)};
  PEEKPROOF_ASSIGN_OR_RETURN(const fs::path folder, FindHarness(options));
  std::unique_ptr<BrowserEngine> engine(
      new BrowserEngine(std::move(name), size, (folder / "stream.mjs").string(), options, std::move(stop)));
  PEEKPROOF_RETURN_IF_ERROR(engine->Start());
  return engine;
}

Error BrowserEngine::Failed(const Error& error) const {
  return {error.code, fmt::format("browser engine {}: {}", name_, error.message)};
}

Result<void> BrowserEngine::Start() {
  Result<std::unique_ptr<ChildProcess>> child = ChildProcess::Start(
      {program_, harness_, "--engine", name_, "--size", fmt::format("{}x{}", size_.width, size_.height)});
  if (!child.ok()) {
    const Error& error = child.error();
    if (error.code != ErrorCode::kNotFound) return Failed(error);
    return Failed({error.code, error.message + "; run bench/peers/setup"});
  }
  child_ = std::move(child).value();
  const Result<std::string> line = child_->ReadLine(patience_);
  if (!line.ok()) {
    child_.reset();
    return Failed(line.error());
  }
  if (!line->starts_with(kBegin)) {
    child_.reset();
    return Failed({ErrorCode::kInternal, "the harness speaks another protocol"});
  }
  about_json_ = line->substr(std::string_view(kBegin).size());
  has_wallpaper_ = false;
  next_ = 0;
  return {};
}

void BrowserEngine::Reset() { child_.reset(); }

Result<void> BrowserEngine::SendPicture(const cv::Mat3b& bgr) {
  cv::cvtColor(bgr, rgba_, cv::COLOR_BGR2RGBA);
  return child_->Write(BytesOf(rgba_), patience_);
}

Result<void> BrowserEngine::SendWallpaper(const image::Frame& camera, engines::Background* background) {
  const cv::Mat1b nobody(size_, uint8_t{0});
  PEEKPROOF_ASSIGN_OR_RETURN(const cv::Mat3b* wallpaper, background->Draw({camera, nobody}));
  has_wallpaper_ = true;
  return SendPicture(*wallpaper);
}

/// Takes the answer to one frame.
Result<void> BrowserEngine::Receive(engines::Composite* composite) {
  PEEKPROOF_ASSIGN_OR_RETURN(const std::string line, child_->ReadLine(patience_));
  std::istringstream words(line);
  std::string kind;
  int64_t number = -1;
  int raw = -1;
  int spread = -1;
  words >> kind >> number >> raw >> spread;
  if (kind != "frame" || number != next_ || raw < 0 || raw > 1 || spread < 0)
    return Error{ErrorCode::kInternal, fmt::format("its answer to frame {} is not one", next_)};
  PEEKPROOF_RETURN_IF_ERROR(child_->Read(BytesOf(rgba_), patience_));
  PEEKPROOF_RETURN_IF_ERROR(child_->Read(BytesOf(weights_), patience_));
  ++next_;
  channel_spread_ = std::max(channel_spread_, spread);
  cv::cvtColor(rgba_, composite->bgr, cv::COLOR_RGBA2BGR);
  weights_.convertTo(composite->alpha.values, CV_32F, 1 / 65535.0);
  composite->shown = raw == 1 ? engines::Shown::kRaw : engines::Shown::kComposed;
  composite->mask_age = raw == 1 ? -1 : 0;
  composite->failure.clear();
  return {};
}

Result<void> BrowserEngine::Process(const image::Frame& camera, engines::Background* background,
                                    engines::Composite* composite) {
  if (camera.bgr.size() != size_)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("a frame of {} x {} pixels for an engine of {} x {}", camera.bgr.cols,
                             camera.bgr.rows, size_.width, size_.height)};
  if (child_ == nullptr) PEEKPROOF_RETURN_IF_ERROR(Start());
  const auto pass = [&]() -> Result<void> {
    if (!has_wallpaper_) PEEKPROOF_RETURN_IF_ERROR(SendWallpaper(camera, background));
    PEEKPROOF_RETURN_IF_ERROR(SendPicture(camera.bgr));
    return Receive(composite);
  };
  const Result<void> passed = pass();
  if (passed.ok()) return {};
  child_.reset();  // What it would say next belongs to this frame.
  return Failed(passed.error());
}

}  // namespace peekproof::testbed
