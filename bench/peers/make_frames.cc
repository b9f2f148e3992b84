// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
//
// peer_frames: what the camera sees in a call of the test bed, before any engine, as PNG frames:
// frame_0000.png, frame_0001.png, ..., and the wallpaper as wallpaper.png.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <opencv2/core.hpp>
#include <string>

#include "image/mask.h"
#include "media/picture.h"
#include "testbed/scene_options.h"
#include "testbed/studio.h"
#include "testbed/wallpaper.h"

namespace peekproof {
namespace {

struct Options {
  std::string directory;
  testbed::SceneOptions scene;
};

Result<void> WriteFrames(const Options& options) {
  PEEKPROOF_RETURN_IF_ERROR(options.scene.Validate());
  const auto path = [&](const std::string& name) { return options.directory + "/" + name; };
  const auto& scene = options.scene;
  PEEKPROOF_RETURN_IF_ERROR(media::WritePng(
      path("wallpaper.png"), MakeWallpaper(testbed::WallpaperKind::kBeach, scene.seed, scene.size)));
  PEEKPROOF_ASSIGN_OR_RETURN(const testbed::Studio studio, testbed::Studio::Create(scene));
  cv::Mat3b bgr;
  image::AlphaMask caller;
  for (int64_t index = 0; index < scene.frames; ++index) {
    studio.Shoot(index, {}, &bgr, &caller);
    PEEKPROOF_RETURN_IF_ERROR(media::WritePng(path(fmt::format("frame_{:04}.png", index)), bgr));
  }
  return {};
}

int Run(int argc, char** argv) {
  Options options;
  options.scene.frames = 50;
  CLI::App app("Writes what the camera sees in a call of the test bed, as PNG frames.");
  app.add_option("directory", options.directory, "Folder for the frames, which exists")->required();
  app.add_option("--seed", options.scene.seed, "Of everything")->capture_default_str();
  app.add_option("--frames", options.scene.frames, "How many")->capture_default_str();
  app.add_option("--width", options.scene.size.width, "Pixels")->capture_default_str();
  app.add_option("--height", options.scene.size.height, "Pixels")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const Result<void> written = WriteFrames(options);
  if (written.ok()) return 0;
  fmt::print(stderr, "peer_frames: {}\n", written.error().message);
  return 1;
}

}  // namespace
}  // namespace peekproof

int main(int argc, char** argv) { return peekproof::Run(argc, argv); }
