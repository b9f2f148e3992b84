// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/text.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace peekproof::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Number of bytes of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none (RFC 3629:
/// no overlong forms, no surrogates, nothing above U+10FFFF).
size_t SequenceLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool outside = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return overlong || outside ? 0 : length;
}

std::string FormatClock(int64_t whole_s) {
  const int64_t hours = whole_s / 3600;
  const int64_t minutes = whole_s / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole_s % 60);
  return fmt::format("{}:{:02}", minutes, whole_s % 60);
}

bool IsTime(double seconds) { return seconds >= 0 && seconds < 1e9; }

}  // namespace

std::string FormatPercent(double share) {
  if (!std::isfinite(share)) return "unknown";
  const double percent = share * 100;
  if (percent <= 0) return "0 %";
  if (percent < 0.095) return percent < 0.05 ? "< 0.05 %" : "< 0.1 %";
  return percent < 9.95 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

std::string FormatLeak(double share) {
  if (!std::isfinite(share)) return "unknown";
  if (share < 0.0001) return "less than 0.01 %";
  return share < 0.01 ? fmt::format("{:.2f} %", 100 * share) : fmt::format("{:.1f} %", 100 * share);
}

std::string FormatTime(double seconds) {
  if (!IsTime(seconds)) return "unknown";
  const int64_t tenths = std::llround(seconds * 10);
  return fmt::format("{}.{}", FormatClock(tenths / 10), tenths % 10);
}

std::string FormatTimeShort(double seconds) {
  return IsTime(seconds) ? FormatClock(std::llround(seconds)) : "unknown";
}

std::string FormatCount(int64_t count, std::string_view singular) {
  const std::string digits = std::to_string(count);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return fmt::format("{} {}{}", grouped, singular, count == 1 ? "" : "s");
}

std::string CleanText(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    const auto lead = static_cast<unsigned char>(text[0]);
    // C1 controls are C2 80 to C2 9F in UTF-8.
    const bool c1 = length == 2 && lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (lead == '\t' || lead == '\n') {
      clean += ' ';
    } else if (length == 0 || lead < 0x20 || lead == 0x7F || c1) {
      clean += kReplacement;
    } else {
      clean += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

const char* Identifier(audit::BackgroundKind kind) {
  switch (kind) {
    case audit::BackgroundKind::kStaticWallpaper:
      return "static_wallpaper";
    case audit::BackgroundKind::kAnimatedWallpaper:
      return "animated_wallpaper";
    case audit::BackgroundKind::kBlurred:
      return "blurred";
    case audit::BackgroundKind::kNone:
      return "none";
    case audit::BackgroundKind::kUnknown:
      return "unknown";
  }
  std::abort();
}

const char* Identifier(audit::FindingKind kind) {
  switch (kind) {
    case audit::FindingKind::kText:
      return "text";
    case audit::FindingKind::kScreen:
      return "screen";
    case audit::FindingKind::kFace:
      return "face";
    case audit::FindingKind::kObject:
      return "object";
  }
  std::abort();
}

std::string Describe(const audit::Finding& finding) {
  const std::string what =
      finding.kind == audit::FindingKind::kText ? fmt::format("text “{}”", finding.label) : finding.label;
  return fmt::format("{} at {}, {} ({} × {} pixels), {} recovered in {}, {} to {}; {} sure", what,
                     finding.box.x, finding.box.y, finding.box.width, finding.box.height,
                     FormatPercent(finding.evidence_share), FormatCount(finding.frames, "frame"),
                     FormatTime(finding.first_s), FormatTime(finding.last_s),
                     FormatPercent(finding.confidence));
}

const char* Identifier(audit::Verdict verdict) {
  switch (verdict) {
    case audit::Verdict::kRoomShown:
      return "room_shown";
    case audit::Verdict::kLeaks:
      return "leaks";
    case audit::Verdict::kNoLeakFound:
      return "no_leak_found";
    case audit::Verdict::kPartlyAudited:
      return "partly_audited";
    case audit::Verdict::kNoVirtualBackground:
      return "no_virtual_background";
    case audit::Verdict::kNoCaller:
      return "no_caller";
    case audit::Verdict::kBlurred:
      return "blurred";
    case audit::Verdict::kNotApplicable:
      return "not_applicable";
  }
  std::abort();
}

const char* Label(audit::BackgroundKind kind) {
  switch (kind) {
    case audit::BackgroundKind::kStaticWallpaper:
      return "Still virtual background";
    case audit::BackgroundKind::kAnimatedWallpaper:
      return "Moving virtual background";
    case audit::BackgroundKind::kBlurred:
      return "Blurred room";
    case audit::BackgroundKind::kNone:
      return "Plain room";
    case audit::BackgroundKind::kUnknown:
      return "Not clear";
  }
  std::abort();
}

const char* Label(audit::Verdict verdict) {
  switch (verdict) {
    case audit::Verdict::kRoomShown:
      return "Room shown";
    case audit::Verdict::kLeaks:
      return "It leaks";
    case audit::Verdict::kNoLeakFound:
      return "No leak found";
    case audit::Verdict::kPartlyAudited:
      return "Partly looked at";
    case audit::Verdict::kNoVirtualBackground:
      return "No virtual background";
    case audit::Verdict::kNoCaller:
      return "Nobody in view";
    case audit::Verdict::kBlurred:
      return "Blurred room";
    case audit::Verdict::kNotApplicable:
      return "No statement";
  }
  std::abort();
}

const audit::SegmentResult* MainSegment(const audit::AuditResult& result) {
  if (!result.main_segment || *result.main_segment >= result.segments.size()) return nullptr;
  const audit::SegmentResult& segment = result.segments[*result.main_segment];
  return segment.analysed ? &segment : nullptr;
}

const audit::BlurResult* MainBlur(const audit::AuditResult& result) {
  if (!result.main_segment || *result.main_segment >= result.segments.size()) return nullptr;
  const audit::SegmentResult& segment = result.segments[*result.main_segment];
  return segment.blur && !segment.blur->restored.empty() ? &*segment.blur : nullptr;
}

bool HasRoom(const audit::AuditResult& result) { return MainSegment(result) != nullptr; }

}  // namespace peekproof::report
