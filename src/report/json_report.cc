// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/json_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/redact.h"
#include "report/stage_finds.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using audit::AuditResult;
using audit::SegmentResult;
using Json = nlohmann::ordered_json;

Json Rounded(double value, double steps) {
  if (!std::isfinite(value)) return nullptr;
  return std::round(value * steps) / steps + 0.0;  // + 0.0: never "-0.0"
}
Json Share(double value) { return Rounded(value, 1e6); }
Json Seconds(double value) { return Rounded(value, 1e3); }

Json Shares(double recovered, double confident, double expected_correct) {
  return {{"recovered", Share(recovered)},
          {"confident", Share(confident)},
          {"expected_correct", Share(expected_correct)}};
}

Json FindingObject(const audit::Finding& finding) {
  return {{"kind", Identifier(finding.kind)},
          {"label", finding.label},
          {"box",
           {{"x", finding.box.x},
            {"y", finding.box.y},
            {"width", finding.box.width},
            {"height", finding.box.height}}},
          {"confidence", Share(finding.confidence)},
          {"evidence_share", Share(finding.evidence_share)},
          {"pixel_confidence", Share(finding.pixel_confidence)},
          {"first_s", Seconds(finding.first_s)},
          {"last_s", Seconds(finding.last_s)},
          {"frames", finding.frames}};
}

/// Null where a part was not analysed.
Json Engine(const SegmentResult& segment) {
  if (segment.engine.empty()) return nullptr;
  Json guesses = Json::array();
  for (const audit::EngineGuess& guess : segment.engine_guesses)
    guesses.push_back({{"engine", guess.engine}, {"probability", Share(guess.probability)}});
  return {{"used", segment.engine}, {"guesses", std::move(guesses)}};
}

/// Null where no network enhanced the restored room.
Json Enhanced(const audit::BlurResult& blur) {
  if (!blur.enhanced) return nullptr;
  Json object = {{"network", blur.enhanced->network},
                 {"scale", blur.enhanced->scale},
                 {"findings_without_evidence", Json::array()}};
  for (const audit::Finding& finding : blur.enhanced->findings)
    object["findings_without_evidence"].push_back(FindingObject(finding));
  return object;
}

/// Null where a part's background is not blurred.
Json Blur(const SegmentResult& segment) {
  if (!segment.blur) return nullptr;
  const audit::BlurResult& blur = *segment.blur;
  const bool is_told = blur.sigma_px > 0;
  const auto or_null = [&](double value) { return is_told ? Seconds(value) : Json(nullptr); };
  Json object = {{"attack", blur.attack},
                 {"family", is_told ? Json(blur.family) : Json(nullptr)},
                 {"sigma_px", or_null(blur.sigma_px)},
                 {"sigma_low_px", or_null(blur.sigma_low_px)},
                 {"sigma_high_px", or_null(blur.sigma_high_px)},
                 {"noise", or_null(blur.noise)},
                 {"readable_in_a_frame_px", or_null(blur.seen_px)},
                 {"readable_px", or_null(blur.readable_px)},
                 {"halo", blur.has_halo ? Json(*blur.has_halo) : Json(nullptr)},
                 {"frames", blur.frames},
                 {"seen", Json::array()},
                 {"findings", Json::array()}};
  for (const audit::Finding& finding : blur.seen) object["seen"].push_back(FindingObject(finding));
  for (const audit::Finding& finding : blur.findings) object["findings"].push_back(FindingObject(finding));
  object["enhanced"] = Enhanced(blur);
  object["stages"] = Json::array();
  for (const StageFinds& stage : CompareStages(blur)) {
    object["stages"].push_back({{"stage", stage.stage},
                                {"words", stage.words},
                                {"word_confidence", Share(stage.word_confidence)},
                                {"objects", stage.objects},
                                {"is_evidence", stage.is_evidence}});
  }
  return object;
}

Json Segment(const SegmentResult& segment) {
  Json object = {{"start_s", Seconds(segment.start_s)},
                 {"end_s", Seconds(segment.end_s)},
                 {"frames", segment.frames},
                 {"background",
                  {{"kind", Identifier(segment.background)},
                   {"confidence", Share(segment.background_confidence)},
                   {"explanation", segment.background_explanation}}},
                 {"engine", Engine(segment)},
                 {"caller_share", Share(segment.caller_share)},
                 {"moving_share", Share(segment.moving_share)},
                 {"analysed", segment.analysed},
                 {"attacked_frames", segment.attacked_frames},
                 {"shares", nullptr},
                 {"findings", Json::array()},
                 {"blur", Blur(segment)}};
  for (const audit::Finding& finding : segment.findings) object["findings"].push_back(FindingObject(finding));
  if (segment.analysed) {
    object["shares"] =
        Shares(segment.recovered_share, segment.confident_share, segment.expected_correct_share);
  }
  return object;
}

Json Loop(const std::optional<audit::WallpaperLoop>& loop) {
  if (!loop) return nullptr;
  return {{"period_s", Seconds(loop->period_s)},
          {"rounds", Rounded(loop->rounds, 10)},
          {"pictures", loop->pictures},
          {"known_share", Share(loop->known_share)}};
}

/// Calls `convert` on each element.
template <typename Container, typename Convert>
Json Array(const Container& elements, Convert&& convert) {
  Json array = Json::array();
  for (const auto& element : elements) array.push_back(convert(element));
  return array;
}

Json Pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json object = Json::object();
  for (const auto& [name, value] : pairs) object[name] = value;
  return object;
}

Json Input(const AuditResult& result) {
  return {{"name", result.input_name},
          {"width", result.frame_size.width},
          {"height", result.frame_size.height},
          {"duration_s", Seconds(result.duration_s)},
          {"frames", result.frames},
          {"frame_rate", Seconds(result.frame_rate)},
          {"codec", result.codec}};
}

Json Raw(const audit::RawInterval& raw) {
  return {{"start_s", Seconds(raw.start_s)},
          {"end_s", Seconds(raw.end_s)},
          {"frames", raw.frames},
          {"room_share", Share(raw.room_share)},
          {"reason", raw.reason}};
}

Json RawView(const audit::RawView& view) {
  return {{"time_s", Seconds(view.time_s)}, {"findings", Array(view.findings, FindingObject)}};
}

Json Sample(const audit::LeakSample& sample) {
  return {{"time_s", Seconds(sample.time_s)},
          {"leak_share", Share(sample.leak_share)},
          {"revealed_share", Share(sample.revealed_share)}};
}

Json Moment(const audit::WorstMoment& moment) {
  return {{"time_s", Seconds(moment.time_s)},
          {"frame", moment.frame_index},
          {"leak_share", Share(moment.leak_share)}};
}

Json Closing(const audit::ClosingSetting& closing) {
  return {{"setting", closing.setting},
          {"action", closing.action},
          {"leak_share", Share(closing.leak_share)},
          {"lost_share", Share(closing.lost_share)},
          {"as_it_is", closing.as_it_is},
          {"recommended", closing.recommended}};
}

Json DiagnosticObject(const Diagnostic& item) {
  return {{"code", ErrorCodeName(item.code)},
          {"message", item.message},
          {"count", item.count},
          {"first_time_s", item.first_time_s >= 0 ? Seconds(item.first_time_s) : Json(nullptr)}};
}

}  // namespace

std::string JsonReport(const AuditResult& unredacted) {
  const AuditResult result = Redacted(unredacted);
  Json root = {{"schema", kJsonSchema}, {"input", Input(result)}};
  root["verdict"] = {{"kind", Identifier(result.verdict)}, {"sentence", result.verdict_sentence}};
  root["complete"] = result.complete;
  root["interrupted"] = result.interrupted;
  root["caller_shown"] = result.caller_shown;
  root["shares"] = nullptr;
  root["main_segment"] = nullptr;
  if (HasRoom(result)) {
    root["shares"] = Shares(result.recovered_share, result.confident_share, result.expected_correct_share);
    root["main_segment"] = *result.main_segment;
  }
  root["loop"] = Loop(result.loop);
  root["segments"] = Array(result.segments, Segment);
  root["raw"] = Array(result.raw, Raw);
  root["raw_views"] = Array(result.raw_views, RawView);
  root["timeline"] = Array(result.timeline, Sample);
  root["worst"] = Array(result.worst, Moment);
  root["advice"] = result.advice;
  root["closing"] = Array(result.closing, Closing);
  root["limits"] = result.limits;
  root["diagnostics"] = Array(RedactedItems(result.diagnostics), DiagnosticObject);
  root["options"] = Pairs(result.options);
  root["versions"] = Pairs(result.versions);
  root["elapsed_s"] = Seconds(result.elapsed_s);
  return root.dump(2) + "\n";
}

}  // namespace peekproof::report
