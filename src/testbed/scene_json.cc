// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "testbed/scene_json.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace peekproof::testbed {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 2;

Json LeaksJson(const std::vector<FrameLeak>& leaks) {
  Json rows = Json::array();
  for (const FrameLeak& leak : leaks)
    rows.push_back({leak.room_px, leak.edge_px, leak.full_px, leak.partial_px, leak.weighted_px});
  return rows;
}

Json GrowthJson(const std::vector<CallLeak>& growth) {
  Json rows = Json::array();
  for (const CallLeak& leak : growth) rows.push_back({leak.full_px, leak.partial_px, leak.weighted_px});
  return rows;
}

Json OptionsJson(const std::vector<std::pair<std::string, std::string>>& options) {
  Json json = Json::object();
  for (const auto& [name, value] : options) json[name] = value;
  return json;
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

CallLeak GrowthFrom(const Json& row) {
  return {row.at(0).get<int64_t>(), row.at(1).get<int64_t>(), row.at(2).get<double>()};
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
  for (const Json& row : json.at("growth")) truth.growth.push_back(GrowthFrom(row));
  for (const auto& [name, value] : json.at("options").items())
    truth.options.emplace_back(name, value.get<std::string>());
  truth.uncovered_px = json.at("uncovered_px").get<int64_t>();
  truth.person_json = json.at("person").dump();
  truth.wallpaper_moves = json.at("wallpaper_moves").get<bool>();
  return truth;
}

}  // namespace

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
                  {"growth_columns", {"full_px", "partial_px", "weighted_px"}},
                  {"growth", GrowthJson(truth.growth)},
                  {"texts", TextsJson(truth.texts)},
                  {"uncovered_px", truth.uncovered_px},
                  {"wallpaper_moves", truth.wallpaper_moves},
                  {"person", Json::parse(truth.person_json)},
                  {"options", OptionsJson(truth.options)}};
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
