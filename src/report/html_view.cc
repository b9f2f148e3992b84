// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/html_view.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <vector>

#include "report/blur_view.h"
#include "report/chart.h"
#include "report/colour_map.h"
#include "report/finding_view.h"
#include "report/pictures.h"
#include "report/redact.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

using audit::AuditResult;
using audit::SegmentResult;
using audit::Verdict;
using nlohmann::json;

constexpr int kRoomWidth = 1280;
constexpr int kHalfWidth = 800;
constexpr int kMomentWidth = 640;
constexpr int kPartWidth = 400;
constexpr size_t kMaxRawRows = 20;
constexpr size_t kMaxParts = 12;

/// What it means to know a share of the frame; `below` is where the next row begins.
struct Landmark {
  double below;
  const char* range;
  const char* meaning;
};
constexpr std::array<Landmark, 5> kLandmarks = {{
    {0.0005, "0 %", "Nothing of the room."},
    {0.01, "up to 1 %", "A rim around the head: a wall’s colour, no objects."},
    {0.10, "1 to 10 %", "Pieces of objects. 10 % is as much as a poster."},
    {0.30, "10 to 30 %", "Objects can be named. 30 % is most of what is near the caller."},
    {2.0, "over 30 %", "The room is known; large text may be readable."},
}};

const char* Tone(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRoomShown:
      return "critical";
    case Verdict::kLeaks:
    case Verdict::kBlurred:
      return "warn";
    case Verdict::kNoLeakFound:
      return "good";
    default:
      return "info";
  }
}

json OrNull(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::string Facts(const AuditResult& result) {
  std::string facts = fmt::format("{} × {}, {}, {}", result.frame_size.width, result.frame_size.height,
                                  FormatTime(result.duration_s), FormatCount(result.frames, "frame"));
  if (result.frame_rate > 0 && std::isfinite(result.frame_rate)) {
    facts += fmt::format(", {:.4g} per second", result.frame_rate);
  }
  return result.codec.empty() ? facts : facts + ", " + result.codec;
}

json Notices(const AuditResult& result) {
  json notices = json::array();
  if (!result.complete) {
    const char* reason = result.interrupted ? "the audit was stopped before its end"
                                            : "parts of the recording could not be read";
    notices.push_back(fmt::format("Partial result: {}. {} ({}) were read; what is not counted may leak too.",
                                  reason, FormatTime(result.duration_s),
                                  FormatCount(result.frames, "frame")));
  }
  if (result.caller_shown) {
    notices.push_back("The caller is visible in these pictures (--show-caller). Think twice before sharing.");
  }
  return notices;
}

json Scale(double share) {
  json rows = json::array();
  bool found = false;
  for (const Landmark& landmark : kLandmarks) {
    const bool here = !found && share < landmark.below;
    found = found || here;
    rows.push_back({{"range", landmark.range}, {"meaning", landmark.meaning}, {"here", here}});
  }
  return rows;
}

json Numbers(const AuditResult& result) {
  if (!HasRoom(result)) return nullptr;
  json numbers = {{"recovered", FormatPercent(result.recovered_share)},
                  {"confident", FormatPercent(result.confident_share)},
                  {"expected", FormatPercent(result.expected_correct_share)},
                  {"scale", Scale(result.expected_correct_share)},
                  {"ratio", nullptr}};
  if (result.recovered_share > 0) {
    numbers["ratio"] = FormatPercent(result.expected_correct_share / result.recovered_share);
  }
  return numbers;
}

Result<json> RawViews(const AuditResult& result) {
  json views = json::array();
  for (const audit::RawView& view : result.raw_views) {
    if (view.findings.empty()) continue;
    PEEKPROOF_ASSIGN_OR_RETURN(json findings, FindingsView(view.findings, view.picture));
    findings["at"] = FormatTime(view.time_s);
    views.push_back(std::move(findings));
  }
  return views;
}

Result<json> RawSection(const AuditResult& result) {
  if (result.raw.empty()) return json(nullptr);
  json rows = json::array();
  for (const audit::RawInterval& raw : result.raw) {
    if (rows.size() == kMaxRawRows) break;
    rows.push_back({{"from", FormatTime(raw.start_s)},
                    {"to", FormatTime(raw.end_s)},
                    {"frames", raw.frames},
                    {"share", FormatPercent(raw.room_share)},
                    {"reason", raw.reason}});
  }
  const size_t left = result.raw.size() - rows.size();
  PEEKPROOF_ASSIGN_OR_RETURN(json views, RawViews(result));
  return json{
      {"rows", rows}, {"more", OrNull(left > 0 ? std::to_string(left) : "")}, {"views", std::move(views)}};
}

std::string SegmentTime(const SegmentResult& segment) {
  return FormatTime(segment.start_s) + " to " + FormatTime(segment.end_s);
}

/// Picture, shrunk, as a PNG data URI.
Result<json> ShrunkPng(const cv::Mat& picture, int max_width) {
  PEEKPROOF_ASSIGN_OR_RETURN(std::string uri, PngUri(ShrinkToWidth(picture, max_width)));
  return json(std::move(uri));
}

/// Whether more than one of twenty frames was not attacked: it is raw, or repeats others.
bool LeavesFramesOut(const SegmentResult& segment) {
  return segment.analysed && 20 * segment.attacked_frames <= 19 * segment.frames;
}

Result<json> Heat(const SegmentResult& segment) {
  const HeatPicture heat = DrawHeat(segment.heat, segment.wallpaper);
  PEEKPROOF_ASSIGN_OR_RETURN(std::string uri, JpegUri(ShrinkToWidth(heat.bgr, kRoomWidth)));
  const std::string region = HottestRegion(segment.heat);
  const std::string text = region.empty()
                               ? "Nothing leaked in this part."
                               : fmt::format("Most of the leaking is in the {} of the picture.", region);
  return json{{"heat_uri", std::move(uri)},
              {"heat_alt", "Heat map of the leaking. " + text},
              {"heat_text", text},
              {"heat_top", FormatPercent(heat.brightest)},
              {"heat_more", heat.brightest < 1},
              {"heat_of_some", LeavesFramesOut(segment)}};
}

Result<json> Room(const AuditResult& result) {
  const SegmentResult* segment = MainSegment(result);
  if (segment == nullptr || segment->room.size().empty()) return json(nullptr);
  json room = {
      {"width", segment->room.size().width},
      {"height", segment->room.size().height},
      {"gradient", MapGradientCss()},
      {"segment_time", SegmentTime(*segment)},
      {"gathered_uri", nullptr},
      {"unmixed", result.attack.starts_with("unmix")},
      {"attack", result.attack},
      {"room_alt", fmt::format("The recovered room: {} of the frame is known, the rest is checkered.",
                               FormatPercent(segment->recovered_share))},
      {"confidence_alt", fmt::format("{} of the frame has a confidence of 0.5 or more.",
                                     FormatPercent(segment->confident_share))}};
  PEEKPROOF_ASSIGN_OR_RETURN(room["room_uri"], ShrunkPng(RoomPicture(segment->room), kRoomWidth));
  PEEKPROOF_ASSIGN_OR_RETURN(room["confidence_uri"], ShrunkPng(ConfidencePicture(segment->room), kHalfWidth));
  if (!segment->gathered.size().empty()) {
    PEEKPROOF_ASSIGN_OR_RETURN(room["gathered_uri"], ShrunkPng(RoomPicture(segment->gathered), kHalfWidth));
  }
  PEEKPROOF_ASSIGN_OR_RETURN(room["findings"], FindingsView(segment->findings, RoomPicture(segment->room)));
  PEEKPROOF_ASSIGN_OR_RETURN(const json heat, Heat(*segment));
  room.update(heat);
  return room;
}

Result<json> Worst(const AuditResult& result) {
  json moments = json::array();
  for (const audit::WorstMoment& moment : result.worst) {
    if (moment.picture.empty()) continue;
    const cv::Mat3b picture = DrawMoment(moment, kMomentWidth);
    PEEKPROOF_ASSIGN_OR_RETURN(std::string uri, JpegUri(picture));
    moments.push_back({{"uri", std::move(uri)},
                       {"width", picture.cols},
                       {"height", picture.rows},
                       {"time", FormatTime(moment.time_s)},
                       {"frame", moment.frame_index},
                       {"share", FormatPercent(moment.leak_share)}});
  }
  if (moments.empty()) return json(nullptr);
  return json{{"moments", std::move(moments)},
              {"caller_note",
               result.caller_shown ? "The caller is shown, as asked for." : "The caller is blacked out."}};
}

/// Which pictures of a part may or need be shown.
struct PartOptions {
  bool is_main = false;  ///< Its room is shown above.
  bool several = false;  ///< There are other parts.
  bool wallpaper = false;
};

Result<json> PartPictures(const SegmentResult& segment, const PartOptions& options) {
  json pictures = {{"wallpaper_uri", nullptr}, {"room_uri", nullptr}};
  cv::Size size;
  if (options.wallpaper && !segment.wallpaper.empty()) {
    size = segment.wallpaper.size();
    PEEKPROOF_ASSIGN_OR_RETURN(pictures["wallpaper_uri"],
                               JpegUri(ShrinkToWidth(segment.wallpaper, kPartWidth)));
  }
  if (segment.analysed && !options.is_main && !segment.room.size().empty()) {
    size = segment.room.size();
    PEEKPROOF_ASSIGN_OR_RETURN(pictures["room_uri"], ShrunkPng(RoomPicture(segment.room), kPartWidth));
  }
  if (size.empty()) return json(nullptr);
  pictures["width"] = size.width;
  pictures["height"] = size.height;
  return pictures;
}

/// Which engine was taken for the one that made the background, and how sure that is; empty where it was
/// named.
std::string EngineSentence(const SegmentResult& segment) {
  if (segment.engine_guesses.empty()) return {};
  const audit::EngineGuess& first = segment.engine_guesses.front();
  return fmt::format(
      "Of the services that Peekproof knows, {} explains the edges best ({} sure). If it was another, name "
      "it "
      "with --engine: the result will be better.",
      first.engine, FormatPercent(first.probability));
}

std::string RepeatSentence(const SegmentResult& segment) {
  if (!LeavesFramesOut(segment)) return {};
  return fmt::format("{} were attacked; the others are raw or repeat what these show.",
                     FormatCount(segment.attacked_frames, "frame"));
}

Result<json> Part(const SegmentResult& segment, const PartOptions& options) {
  json part = {
      {"time", SegmentTime(segment)},
      {"frames", FormatCount(segment.frames, "frame")},
      {"is_main", options.is_main && options.several},
      {"kind", Label(segment.background)},
      {"confidence", FormatPercent(segment.background_confidence)},
      {"explanation", OrNull(segment.background_explanation)},
      {"engine", OrNull(EngineSentence(segment))},
      {"caller", fmt::format("The caller fills {} of the frame.", FormatPercent(segment.caller_share))},
      {"repeats", OrNull(RepeatSentence(segment))},
      {"shares", nullptr}};
  if (segment.analysed) {
    part["shares"] = {{"recovered", FormatPercent(segment.recovered_share)},
                      {"confident", FormatPercent(segment.confident_share)},
                      {"expected", FormatPercent(segment.expected_correct_share)}};
  }
  PEEKPROOF_ASSIGN_OR_RETURN(part["pictures"], PartPictures(segment, options));
  return part;
}

Result<json> Segments(const AuditResult& result) {
  if (result.segments.empty()) return json(nullptr);
  const bool several = result.segments.size() > 1;
  json parts = json::array();
  for (size_t i = 0; i < std::min(result.segments.size(), kMaxParts); ++i) {
    // An estimated wallpaper shows the caller where they never moved away, so it goes with --show-caller
    // only.
    const PartOptions options = {
        .is_main = result.main_segment == i, .several = several, .wallpaper = result.caller_shown};
    PEEKPROOF_ASSIGN_OR_RETURN(json part, Part(result.segments[i], options));
    parts.push_back(std::move(part));
  }
  const size_t left = result.segments.size() - parts.size();
  return json{{"parts", std::move(parts)},
              {"several", several && HasRoom(result)},
              {"more_parts", OrNull(left > 0 ? std::to_string(left) : "")}};
}

/// Null where nothing is known of the engine.
json ClosingSection(const AuditResult& result) {
  if (result.closing.empty()) return nullptr;
  json rows = json::array();
  for (const audit::ClosingSetting& one : result.closing) {
    rows.push_back({{"setting", one.setting},
                    {"action", one.action},
                    {"leak", FormatLeak(one.leak_share)},
                    {"lost", FormatPercent(one.lost_share)},
                    {"mark", OrNull(one.recommended ? "recommended" : "")}});
  }
  return json{{"rows", std::move(rows)}};
}

json DiagnosticRows(const AuditResult& result) {
  json rows = json::array();
  for (const Diagnostic& item : RedactedItems(result.diagnostics)) {
    rows.push_back({{"message", item.message},
                    {"count", item.count},
                    {"first", item.first_time_s >= 0 ? FormatTime(item.first_time_s) : "no time"}});
  }
  return rows.empty() ? json(nullptr) : json{{"rows", rows}};
}

json PairRows(const std::vector<std::pair<std::string, std::string>>& pairs) {
  json rows = json::array();
  for (const auto& [name, value] : pairs) rows.push_back({{"name", name}, {"value", value}});
  return rows;
}

std::string Elapsed(double elapsed_s) {
  if (!(elapsed_s > 0) || elapsed_s > 1e9) return "";
  return elapsed_s < 60 ? fmt::format("{:.1f} seconds", elapsed_s)
                        : fmt::format("{} minutes", FormatTimeShort(elapsed_s));
}

}  // namespace

Result<json> HtmlView(const AuditResult& result) {
  const std::string tone = Tone(result.verdict);
  json view = {{"input_name", result.input_name},
               {"facts", Facts(result)},
               {"label", Label(result.verdict)},
               {"sentence", result.verdict_sentence},
               {"tone", tone},
               {"tone_" + tone, true},
               {"notices", Notices(result)},
               {"numbers", Numbers(result)},
               {"raw", nullptr},
               {"has_raw", !result.raw.empty()},
               {"chart", ChartView(result)},
               {"advice", nullptr},
               {"closing", ClosingSection(result)},
               {"limits", result.limits},
               {"diagnostics", DiagnosticRows(result)},
               {"options", PairRows(result.options)},
               {"versions", PairRows(result.versions)},
               {"elapsed", OrNull(Elapsed(result.elapsed_s))}};
  if (!result.advice.empty()) view["advice"] = {{"items", result.advice}};
  PEEKPROOF_ASSIGN_OR_RETURN(view["raw"], RawSection(result));
  PEEKPROOF_ASSIGN_OR_RETURN(view["blur"], BlurView(result));
  PEEKPROOF_ASSIGN_OR_RETURN(view["room"], Room(result));
  PEEKPROOF_ASSIGN_OR_RETURN(view["worst"], Worst(result));
  PEEKPROOF_ASSIGN_OR_RETURN(view["segments"], Segments(result));
  return view;
}

}  // namespace peekproof::report
