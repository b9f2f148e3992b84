// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/json_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/redact.h"
#include "report/synthetic_result.h"

namespace peekproof::report {
namespace {

using nlohmann::ordered_json;

/// Every kind of value once, small enough to read.
audit::AuditResult SmallResult() {
  audit::AuditResult result;
  result.input_name = "call.mp4";
  result.frame_size = {4, 3};
  result.duration_s = 2.0000004;
  result.frames = 50;
  result.frame_rate = 25;
  result.codec = "h264";
  result.options = {{"engine", "meet"}};
  result.versions = {{"peekproof", "0.1.0"}};
  result.verdict = audit::Verdict::kLeaks;
  result.verdict_sentence = "It leaks.";
  result.recovered_share = 1.0 / 3;
  result.confident_share = 0.25;
  result.expected_correct_share = 0.2;
  audit::SegmentResult segment;
  segment.end_s = 1.96;
  segment.frames = 50;
  segment.attacked_frames = 32;
  segment.background = audit::BackgroundKind::kStaticWallpaper;
  segment.background_confidence = 0.9;
  segment.background_explanation = "It keeps still.";
  segment.engine = "jitsi";
  segment.engine_guesses = {{"jitsi", 0.75}, {"meet", 0.25}};
  segment.caller_share = 0.4;
  segment.moving_share = 0.02;
  segment.analysed = true;
  segment.room = image::Reconstruction::Absent({4, 3});
  segment.recovered_share = 1.0 / 3;
  segment.confident_share = 0.25;
  segment.expected_correct_share = 0.2;
  segment.findings = {{.kind = audit::FindingKind::kScreen,
                       .label = "laptop",
                       .box = {1, 0, 2, 2},
                       .confidence = 0.5,
                       .evidence_share = 2.0 / 3,
                       .pixel_confidence = 0.25,
                       .first_s = 0.2,
                       .last_s = 1.5,
                       .frames = 12}};
  result.segments = {segment};
  result.loop = {.period_s = 6, .rounds = 6.66, .pictures = 150, .known_share = 0.75};
  result.main_segment = 0;
  result.raw = {
      {.start_s = 0, .end_s = 0.08, .frames = 3, .room_share = 0.97, .reason = "start of the call"}};
  result.raw_views = {
      {.time_s = 0,
       .findings = {{.kind = audit::FindingKind::kText, .label = "DOOR", .box = {0, 0, 3, 1}, .frames = 1}}}};
  result.timeline = {{0, 0.5, 0}, {1, std::numeric_limits<double>::quiet_NaN(), 0.1}};
  audit::WorstMoment moment;
  moment.time_s = 0.04;
  moment.frame_index = 1;
  moment.leak_share = 0.5;
  result.worst = {moment};
  result.advice = {"Tidy up."};
  result.closing = {{"guard, set-up shot", "Film the room.", 0.0002, 0.03, false, true},
                    {"as it is", "Change nothing.", 0.06, 0.01, true, false}};
  result.limits = {"Still cameras only."};
  result.diagnostics.Add(ErrorCode::kCorruptData, "damaged frame: /home/ann/call.mp4", 1.5);
  result.diagnostics.Add(ErrorCode::kUnsupported, "slow backend");
  result.elapsed_s = 0.5;
  return result;
}

ordered_json ReadJson(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return ordered_json::parse(file);
}

/// Checks `value` against the part of JSON Schema that docs/result.schema.json uses; appends what is wrong.
void Validate(const ordered_json& schema, const ordered_json& value, const std::string& place,
              std::string* wrong) {
  if (schema.contains("$ref")) FAIL() << "references are resolved by the caller";
  if (schema.contains("const") && value != schema["const"]) *wrong += place + ": not the constant\n";
  if (schema.contains("enum")) {
    const auto& names = schema["enum"];
    if (std::find(names.begin(), names.end(), value) == names.end()) *wrong += place + ": not in enum\n";
  }
  if (schema.contains("type")) {
    const auto is = [&](const std::string& type) {
      if (type == "number") return value.is_number();
      if (type == "integer") return value.is_number_integer();
      return type == value.type_name();
    };
    const auto& type = schema["type"];
    const bool fits = type.is_string() ? is(type) : std::any_of(type.begin(), type.end(), is);
    if (!fits) *wrong += place + ": wrong type\n";
  }
  if (value.is_number() && schema.contains("minimum") && value < schema["minimum"])
    *wrong += place + ": too small\n";
  if (value.is_number() && schema.contains("maximum") && value > schema["maximum"])
    *wrong += place + ": too large\n";
  if (value.is_array() && schema.contains("items")) {
    for (const auto& item : value) Validate(schema["items"], item, place + "[]", wrong);
  }
  if (!value.is_object()) return;
  for (const auto& name : schema.value("required", ordered_json::array())) {
    if (!value.contains(name)) *wrong += place + ": no " + name.get<std::string>() + "\n";
  }
  for (const auto& [name, member] : value.items()) {
    const std::string member_place = place + "." + name;
    if (schema.contains("properties") && schema["properties"].contains(name)) {
      Validate(schema["properties"][name], member, member_place, wrong);
    } else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
      Validate(schema["additionalProperties"], member, member_place, wrong);
    } else {
      *wrong += member_place + ": not in the schema\n";
    }
  }
}

/// Puts the schema's definitions in the place of the references to them.
void ResolveReferences(const ordered_json& definitions, ordered_json* schema) {
  if (schema->is_object() && schema->contains("$ref")) {
    const std::string name = (*schema)["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    *schema = definitions.at(name);
  }
  if (schema->is_structured()) {
    for (auto& member : *schema) ResolveReferences(definitions, &member);
  }
}

ordered_json Schema() {
  ordered_json schema = ReadJson(PEEKPROOF_SOURCE_DIR "/docs/result.schema.json");
  const ordered_json definitions = schema["$defs"];
  schema.erase("$defs");
  ResolveReferences(definitions, &schema);
  return schema;
}

TEST(JsonReport, MatchesTheGoldenFile) {
  std::ifstream file(PEEKPROOF_SOURCE_DIR "/src/report/golden_result.json");
  const std::string golden((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(JsonReport(SmallResult()), golden);
}

TEST(JsonReport, FitsThePublishedSchema) {
  for (const auto& result : {SmallResult(), SyntheticLeak({64, 36}), SyntheticPlainRoom({64, 36}),
                             SyntheticBlurredRoom({64, 36}), audit::AuditResult()}) {
    std::string wrong;
    Validate(Schema(), ordered_json::parse(JsonReport(result)), "result", &wrong);
    EXPECT_EQ(wrong, "") << result.input_name;
  }
}

TEST(JsonReport, SchemaCheckCanFail) {
  ordered_json broken = ordered_json::parse(JsonReport(SmallResult()));
  broken["verdict"]["kind"] = "fine";
  broken["shares"]["recovered"] = 1.5;
  broken["segments"][0].erase("frames");
  broken["extra"] = 1;
  std::string wrong;
  Validate(Schema(), broken, "result", &wrong);
  EXPECT_EQ(
      wrong,
      "result.verdict.kind: not in enum\nresult.shares.recovered: too large\nresult.segments[]: no frames\n"
      "result.extra: not in the schema\n");
}

TEST(JsonReport, StatesNoAreaWhereNoneWasMeasured) {
  const auto root = ordered_json::parse(JsonReport(SyntheticPlainRoom({32, 18})));
  EXPECT_TRUE(root["shares"].is_null());
  EXPECT_TRUE(root["main_segment"].is_null());
  EXPECT_TRUE(root["segments"][0]["shares"].is_null());
}

TEST(JsonReport, TellsWhatABlurLetsThrough) {
  audit::AuditResult result = SyntheticBlurredRoom({64, 36});
  auto root = ordered_json::parse(JsonReport(result));
  EXPECT_EQ(root["verdict"]["kind"], "blurred");
  const auto& blur = root["segments"][0]["blur"];
  EXPECT_EQ(blur["family"], "gaussian");
  EXPECT_EQ(blur["readable_px"], 27.0);
  EXPECT_EQ(blur["halo"], true);
  EXPECT_EQ(blur["findings"][0]["label"], "DOOR 4711");
  EXPECT_TRUE(blur["enhanced"].is_null());
  EXPECT_EQ(blur["stages"].size(), 3U);
  EXPECT_EQ(blur["stages"][2]["words"], 2);
  EXPECT_TRUE(blur["seen"].empty());

  result.segments[0].blur->sigma_px = 0;  // Could not be told.
  result.segments[0].blur->has_halo.reset();
  root = ordered_json::parse(JsonReport(result));
  EXPECT_TRUE(root["segments"][0]["blur"]["readable_px"].is_null());
  EXPECT_TRUE(root["segments"][0]["blur"]["halo"].is_null());
}

TEST(JsonReport, HoldsNoFoldersNanOrBrokenText) {
  audit::AuditResult result = SmallResult();
  result.input_name = "/home/ann/\xFFq\"\n.mp4";
  result.options = {{"wallpaper", "/home/ann/My Pictures/beach.png"}};
  result.duration_s = std::numeric_limits<double>::infinity();
  const std::string text = JsonReport(result);
  EXPECT_EQ(text.find("/home"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  const auto root = ordered_json::parse(text);
  EXPECT_EQ(root["input"]["name"], "\xEF\xBF\xBDq\" .mp4");
  EXPECT_EQ(root["options"]["wallpaper"], "beach.png");
  EXPECT_TRUE(root["input"]["duration_s"].is_null());
}

}  // namespace
}  // namespace peekproof::report
