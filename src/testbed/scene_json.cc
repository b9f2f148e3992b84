// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_json.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace peekproof::testbed {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

const char* WallpaperName(WallpaperKind kind) {
  switch (kind) {
    case WallpaperKind::kBeach:
      return "beach";
    case WallpaperKind::kMountains:
      return "mountains";
    case WallpaperKind::kOffice:
      return "office";
  }
  return "";
}

Json MotionJson(const MotionOptions& motion) {
  return {{"sway_m", motion.sway_m},
          {"lean_rad", motion.lean_rad},
          {"head_rad", motion.head_rad},
          {"wave_period_s", motion.wave_period_s},
          {"distance_m", motion.distance_m}};
}

Json CameraJson(const CameraOptions& camera) {
  return {{"noise_sigma", camera.noise_sigma},
          {"exposure_drift", camera.exposure_drift},
          {"drift_period_s", camera.drift_period_s}};
}

Json OracleJson(const OracleOptions& oracle) {
  return {{"lag_frames", oracle.lag_frames},
          {"dilate_px", oracle.dilate_px},
          {"blur_px", oracle.blur_px},
          {"blobs", oracle.blobs},
          {"blob_radius_px", oracle.blob_radius_px},
          {"blob_strength", oracle.blob_strength}};
}

Json VideoJson(const media::WriterOptions& video) {
  return {{"codec", video.codec},          {"bit_rate", video.bit_rate},         {"crf", video.crf},
          {"preset", video.preset},        {"pixel_format", video.pixel_format}, {"bt709", video.bt709},
          {"full_range", video.full_range}};
}

Json LeaksJson(const std::vector<FrameLeak>& leaks) {
  Json rows = Json::array();
  for (const FrameLeak& leak : leaks)
    rows.push_back({leak.room_px, leak.edge_px, leak.full_px, leak.partial_px, leak.weighted_px});
  return rows;
}

Json TextsJson(const std::vector<RoomText>& texts) {
  Json rows = Json::array();
  for (const RoomText& text : texts)
    rows.push_back({{"text", text.text},
                    {"box", {text.box.x, text.box.y, text.box.width, text.box.height}},
                    {"cap_height", text.cap_height}});
  return rows;
}

FrameLeak LeakFrom(const Json& row) {
  return {row.at(0).get<int64_t>(), row.at(1).get<int64_t>(), row.at(2).get<int64_t>(),
          row.at(3).get<int64_t>(), row.at(4).get<double>()};
}

RoomText TextFrom(const Json& row) {
  const Json& box = row.at("box");
  return {
      row.at("text").get<std::string>(),
      {box.at(0).get<double>(), box.at(1).get<double>(), box.at(2).get<double>(), box.at(3).get<double>()},
      row.at("cap_height").get<double>()};
}

SceneTruth TruthFrom(const Json& json) {
  SceneTruth truth;
  truth.video = json.at("video").get<std::string>();
  truth.seed = json.at("seed").get<uint64_t>();
  truth.engine = json.at("engine").get<std::string>();
  truth.size = {json.at("width").get<int>(), json.at("height").get<int>()};
  truth.frame_rate = json.at("frame_rate").get<double>();
  truth.frames = json.at("frames").get<int64_t>();
  truth.raw_frames = json.at("raw_frames").get<std::vector<int64_t>>();
  for (const Json& row : json.at("leaks")) truth.leaks.push_back(LeakFrom(row));
  for (const Json& row : json.at("texts")) truth.texts.push_back(TextFrom(row));
  truth.options_json = json.at("options").dump();
  return truth;
}

}  // namespace

std::string OptionsAsJson(const SceneOptions& options) {
  Json raw = Json::array();
  for (const RawInterval& interval : options.raw)
    raw.push_back({{"start_s", interval.start_s}, {"frames", interval.frames}});
  const Json json{{"seed", options.seed},
                  {"width", options.size.width},
                  {"height", options.size.height},
                  {"frame_rate", options.frame_rate},
                  {"frames", options.frames},
                  {"look", options.look ? Json(*options.look) : Json()},
                  {"motion", MotionJson(options.motion)},
                  {"wallpaper", WallpaperName(options.wallpaper)},
                  {"camera", CameraJson(options.camera)},
                  {"render_height_px", options.render_height_px},
                  {"engine", options.engine},
                  {"oracle", options.oracle ? OracleJson(*options.oracle) : Json()},
                  {"raw", raw},
                  {"video", VideoJson(options.video)}};
  return json.dump();
}

std::string TruthAsJson(const SceneTruth& truth) {
  const Json json{{"format", kFormat},
                  {"video", std::filesystem::path(truth.video).filename().string()},
                  {"seed", truth.seed},
                  {"engine", truth.engine},
                  {"width", truth.size.width},
                  {"height", truth.size.height},
                  {"frame_rate", truth.frame_rate},
                  {"frames", truth.frames},
                  {"raw_frames", truth.raw_frames},
                  {"leak_columns", {"room_px", "edge_px", "full_px", "partial_px", "weighted_px"}},
                  {"leaks", LeaksJson(truth.leaks)},
                  {"texts", TextsJson(truth.texts)},
                  {"options", Json::parse(truth.options_json)}};
  return json.dump(1) + "\n";
}

Result<SceneTruth> TruthFromJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded())
    return Error{ErrorCode::kCorruptData, "scene.json is not JSON; make the scene again"};
  try {
    if (json.at("format").get<int>() != kFormat)
      return Error{ErrorCode::kUnsupported,
                   fmt::format("scene.json has format {}, not {}; make the scene again",
                               json.at("format").get<int>(), kFormat)};
    return TruthFrom(json);
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::kCorruptData,
                 fmt::format("scene.json does not hold a scene: {}; make it again", exception.what())};
  }
}

}  // namespace peekproof::testbed
