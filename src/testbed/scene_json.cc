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

Json SentJson(const std::vector<FrameSent>& sent) {
  Json rows = Json::array();
  for (const FrameSent& one : sent) {
    const ShotState& c = one.camera;
    rows.push_back({one.time_s, one.scale, one.bytes, one.bit_rate, c.gains[0], c.gains[1], c.gains[2],
                    c.room_light, c.caller_light, c.shake.dx_px, c.shake.dy_px, c.shake.roll_rad});
  }
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

FrameSent SentFrom(const Json& row) {
  const auto number = [&](size_t column) { return row.at(column).get<float>(); };
  return {row.at(0).get<double>(),
          {{number(4), number(5), number(6)}, number(7), number(8), {number(9), number(10), number(11)}},
          row.at(1).get<double>(),
          row.at(2).get<int64_t>(),
          row.at(3).get<int64_t>()};
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
  truth.lost_frames = json.at("lost_frames").get<std::vector<int64_t>>();
  for (const Json& row : json.at("sent")) truth.sent.push_back(SentFrom(row));
  for (const Json& row : json.at("leaks")) truth.leaks.push_back(LeakFrom(row));
  for (const Json& row : json.at("texts")) truth.texts.push_back(TextFrom(row));
  for (const Json& row : json.at("growth")) truth.growth.push_back(GrowthFrom(row));
  for (const auto& [name, value] : json.at("options").items())
    truth.options.emplace_back(name, value.get<std::string>());
  truth.uncovered_px = json.at("uncovered_px").get<int64_t>();
  truth.notes = json.at("notes").get<std::vector<std::string>>();
  truth.person_json = json.at("person").dump();
  truth.service_json = json.at("service").dump();
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
                  {"lost_frames", truth.lost_frames},
                  {"sent_columns",
                   {"time_s", "scale", "bytes", "bit_rate", "gain_blue", "gain_green", "gain_red",
                    "room_light", "caller_light", "shake_dx_px", "shake_dy_px", "shake_roll_rad"}},
                  {"sent", SentJson(truth.sent)},
                  {"leak_columns", {"room_px", "edge_px", "full_px", "partial_px", "weighted_px"}},
                  {"leaks", LeaksJson(truth.leaks)},
                  {"growth_columns", {"full_px", "partial_px", "weighted_px"}},
                  {"growth", GrowthJson(truth.growth)},
                  {"texts", TextsJson(truth.texts)},
                  {"uncovered_px", truth.uncovered_px},
                  {"wallpaper_moves", truth.wallpaper_moves},
                  {"notes", truth.notes},
                  {"person", Json::parse(truth.person_json)},
                  {"service", Json::parse(truth.service_json)},
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
