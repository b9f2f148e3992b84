// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <opencv2/core/utility.hpp>

namespace peekproof::audit {
namespace {

std::string FileName(const std::string& path) { return std::filesystem::path(path).filename().string(); }

std::string Time(double seconds) { return fmt::format("{:.3f} s", seconds); }

}  // namespace

std::vector<std::pair<std::string, std::string>> DescribeOptions(const AuditOptions& options) {
  std::string crop = "none";
  if (options.crop) {
    crop = fmt::format("{}x{}+{}+{}", options.crop->width, options.crop->height, options.crop->x,
                       options.crop->y);
  }
  return {{"recording", FileName(options.input)},
          {"engine", options.engine},
          {"model", options.model.empty() ? "the engine's own" : FileName(options.model)},
          {"attack", options.attack},
          {"blur attack", options.blur_attack},
          {"enhance", options.enhance.empty() ? "none" : FileName(options.enhance)},
          {"caller model", FileName(options.caller_model)},
          {"wallpaper", options.wallpaper.empty() ? "estimated" : FileName(options.wallpaper)},
          {"wallpaper frames", fmt::format("{}", options.wallpaper_frames)},
          {"start", Time(options.start_s)},
          {"end", options.end_s ? Time(*options.end_s) : "end of the recording"},
          {"crop", crop},
          {"find", options.find},
          {"every frame", options.every_frame ? "yes" : "no"},
          {"show caller", options.show_caller ? "yes" : "no"}};
}

std::vector<std::pair<std::string, std::string>> DescribeVersions(
    const std::vector<std::pair<std::string, const models::Segmenter*>>& segmenters) {
  std::vector<std::pair<std::string, std::string>> versions = {{"peekproof", PEEKPROOF_VERSION},
                                                               {"OpenCV", cv::getVersionString()}};
  for (const auto& [role, segmenter] : segmenters) {
    std::string text = segmenter->description();
    if (!segmenter->fallback().empty()) text += fmt::format(" ({})", segmenter->fallback());
    if (!segmenter->model_sha256().empty()) text += ", SHA-256 " + segmenter->model_sha256();
    versions.emplace_back(role, text);
  }
  return versions;
}

bool IsDamaged(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.items().begin(), diagnostics.items().end(), [](const Diagnostic& item) {
    return item.code == ErrorCode::kCorruptData || item.code == ErrorCode::kIo;
  });
}

}  // namespace peekproof::audit
