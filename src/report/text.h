// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "audit/audit_result.h"

namespace peekproof::report {

/// A share in [0, 1] as a person reads it: "0 %", "< 0.1 %", "3.4 %", "42 %"; "unknown" where not finite.
std::string FormatPercent(double share);

/// A leaked share of the room, finer than FormatPercent: "less than 0.01 %", "0.02 %", "3.3 %". What was not
/// seen to leak at all may still leak a little, so nothing is "0 %".
std::string FormatLeak(double share);

/// A time in seconds as "0:07.3", "12:05.0" or "1:02:03.5"; "unknown" where not finite or negative.
std::string FormatTime(double seconds);
/// The same without tenths, rounded to the second: "0:07", for axes.
std::string FormatTimeShort(double seconds);

/// "1 frame", "18 frames", "12,345 frames"; `count` is not negative.
std::string FormatCount(int64_t count, std::string_view singular);

/// Well-formed UTF-8 without control characters: every byte that is neither becomes U+FFFD; tab and newline
/// become a space. File names are bytes that anybody may have chosen.
std::string CleanText(std::string_view text);

/// Stable identifiers for files: "static_wallpaper", "leaks".
const char* Identifier(audit::BackgroundKind kind);
const char* Identifier(audit::Verdict verdict);
const char* Identifier(audit::FindingKind kind);
/// For people: "still virtual background".
const char* Label(audit::BackgroundKind kind);
/// For people, two or three words: "Room shown", "It leaks".
const char* Label(audit::Verdict verdict);

/// One line for people: "text “EXIT 42” at 100, 50 (80 x 20 pixels), ...". label: redacted.
std::string Describe(const audit::Finding& finding);

/// Whether the audit computed a room picture, so that its shares say something.
bool HasRoom(const audit::AuditResult& result);
/// The segment shown first, or null.
const audit::SegmentResult* MainSegment(const audit::AuditResult& result);
/// The blur of the segment that the verdict is about; null where its background is not blurred.
const audit::BlurResult* MainBlur(const audit::AuditResult& result);

}  // namespace peekproof::report
