// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/redact.h"
#include "report/text.h"

namespace peekproof::report {
namespace {

constexpr size_t kMaxRawLines = 5;
constexpr size_t kMaxDiagnosticLines = 5;
constexpr size_t kMaxFindingLines = 8;

std::string RawLines(const audit::AuditResult& result) {
  std::string lines;
  for (size_t i = 0; i < result.raw.size() && i < kMaxRawLines; ++i) {
    const audit::RawInterval& raw = result.raw[i];
    lines += fmt::format("  raw frames  {} to {} ({}, {} of the room in view): {}\n", FormatTime(raw.start_s),
                         FormatTime(raw.end_s), FormatCount(raw.frames, "frame"),
                         FormatPercent(raw.room_share), raw.reason);
  }
  if (result.raw.size() > kMaxRawLines) {
    lines += fmt::format("  raw frames  {} more times\n", result.raw.size() - kMaxRawLines);
  }
  return lines;
}

/// A line for each of the first few; `where` has ten characters at most.
std::string LinesOf(const char* where, const std::vector<audit::Finding>& findings) {
  std::string lines;
  for (size_t i = 0; i < findings.size() && i < kMaxFindingLines; ++i)
    lines.append(fmt::format("  {:<12}{}\n", where, Describe(findings[i])));
  if (findings.size() > kMaxFindingLines)
    lines.append(fmt::format("  {:<12}{} more\n", where, findings.size() - kMaxFindingLines));
  return lines;
}

std::string FindingLines(const audit::AuditResult& result) {
  std::string lines;
  for (const audit::RawView& view : result.raw_views) lines.append(LinesOf("raw frame", view.findings));
  for (const audit::SegmentResult& segment : result.segments)
    lines.append(LinesOf("found", segment.findings));
  return lines;
}

/// The service, where it was guessed.
std::string EngineLine(const audit::AuditResult& result) {
  if (!result.main_segment) return "";
  const audit::SegmentResult& main = result.segments[*result.main_segment];
  if (!main.analysed || main.engine_guesses.empty()) return "";
  const audit::EngineGuess& best = main.engine_guesses.front();
  return fmt::format("  service     as {} does it, {} sure; --engine names another\n", best.engine,
                     FormatPercent(best.probability));
}

std::string BlurLines(const audit::AuditResult& result) {
  std::string lines;
  for (const audit::SegmentResult& segment : result.segments) {
    if (!segment.blur) continue;
    const audit::BlurResult& blur = *segment.blur;
    if (blur.sigma_px > 0)
      lines.append(fmt::format("  blur        {}, {:.1f} pixels ({:.1f} to {:.1f}); taken back from {}\n",
                               blur.family, blur.sigma_px, blur.sigma_low_px, blur.sigma_high_px,
                               FormatCount(blur.frames, "frame")));
    lines.append(LinesOf("behind it", blur.findings));
  }
  return lines;
}

/// What would have closed the leak, and where to learn more.
std::string ClosingLine(const audit::AuditResult& result) {
  const auto find = [&](bool audit::ClosingSetting::*is_wanted) {
    return std::find_if(result.closing.begin(), result.closing.end(),
                        [&](const audit::ClosingSetting& one) { return one.*is_wanted; });
  };
  const auto best = find(&audit::ClosingSetting::recommended);
  const auto as_it_is = find(&audit::ClosingSetting::as_it_is);
  if (best == result.closing.end() || as_it_is == result.closing.end()) return "";
  return fmt::format(
      "  to close it {} leaks {} of the room, this service {} (on test calls; see peekproof advise)\n",
      best->setting, FormatLeak(best->leak_share), FormatLeak(as_it_is->leak_share));
}

std::string DiagnosticLines(const audit::AuditResult& result) {
  std::string lines;
  size_t shown = 0;
  for (const Diagnostic& item : RedactedItems(result.diagnostics)) {
    if (++shown > kMaxDiagnosticLines) break;
    lines += fmt::format("  note        {}{}\n", item.message,
                         item.count > 1 ? fmt::format(" ({} times)", item.count) : "");
  }
  return lines;
}

}  // namespace

std::string BriefSummary(const audit::AuditResult& unredacted) {
  const audit::AuditResult result = Redacted(unredacted);
  std::string text =
      fmt::format("{}: {}\n  {}\n", result.input_name, Label(result.verdict), result.verdict_sentence);
  if (HasRoom(result)) {
    text += fmt::format("  recovered   {} of the frame ({} confident, {} expected to be right)\n",
                        FormatPercent(result.recovered_share), FormatPercent(result.confident_share),
                        FormatPercent(result.expected_correct_share));
  }
  text.append(EngineLine(result))
      .append(RawLines(result))
      .append(BlurLines(result))
      .append(FindingLines(result))
      .append(ClosingLine(result))
      .append(DiagnosticLines(result));
  if (!result.complete) {
    text += fmt::format("  partial     {}; {} ({}) were read\n",
                        result.interrupted ? "stopped early" : "the recording is damaged",
                        FormatTime(result.duration_s), FormatCount(result.frames, "frame"));
  }
  return text;
}

}  // namespace peekproof::report
