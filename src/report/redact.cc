// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/redact.h"

#include "report/text.h"

namespace peekproof::report {
namespace {

constexpr std::string_view kBoundaries = " \t\n\"'()[]{}<>,;:=";

/// Last part of a path; the whole where that is empty ("/").
std::string_view LastPart(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == path.size()) return path;
  return path.substr(slash + 1);
}

/// Not "//": that is the rest of a web address.
bool IsAbsolute(std::string_view token) {
  return (token.starts_with('/') && !token.starts_with("//")) || token.starts_with("~/");
}

std::string Redact(const std::string& text) { return CleanText(WithoutFolders(text)); }

void RedactAll(std::vector<std::string>* texts) {
  for (std::string& text : *texts) text = Redact(text);
}

void RedactPairs(std::vector<std::pair<std::string, std::string>>* pairs) {
  for (auto& [name, value] : *pairs) {
    name = Redact(name);
    value = Redact(value);
  }
}

}  // namespace

std::string WithoutFolders(std::string_view text) {
  if (IsAbsolute(text)) return std::string(LastPart(text));
  std::string redacted;
  while (!text.empty()) {
    const size_t end = text.find_first_of(kBoundaries);
    const std::string_view token = text.substr(0, end);
    redacted += IsAbsolute(token) ? LastPart(token) : token;
    text.remove_prefix(token.size());
    if (text.empty()) break;
    redacted += text.front();
    text.remove_prefix(1);
  }
  return redacted;
}

audit::AuditResult Redacted(const audit::AuditResult& result) {
  audit::AuditResult redacted = result;
  redacted.input_name = Redact(result.input_name);
  redacted.codec = Redact(result.codec);
  redacted.attack = Redact(result.attack);
  redacted.verdict_sentence = Redact(result.verdict_sentence);
  RedactPairs(&redacted.options);
  RedactPairs(&redacted.versions);
  RedactAll(&redacted.advice);
  for (audit::ClosingSetting& closing : redacted.closing) {
    closing.setting = Redact(closing.setting);
    closing.action = Redact(closing.action);
  }
  RedactAll(&redacted.limits);
  for (audit::SegmentResult& segment : redacted.segments) {
    segment.background_explanation = Redact(segment.background_explanation);
    segment.engine = Redact(segment.engine);
    for (audit::Finding& finding : segment.findings) finding.label = Redact(finding.label);
    if (!segment.blur) continue;
    for (audit::Finding& finding : segment.blur->seen) finding.label = Redact(finding.label);
    for (audit::Finding& finding : segment.blur->findings) finding.label = Redact(finding.label);
  }
  for (audit::RawView& view : redacted.raw_views)
    for (audit::Finding& finding : view.findings) finding.label = Redact(finding.label);
  for (audit::RawInterval& raw : redacted.raw) raw.reason = Redact(raw.reason);
  return redacted;
}

std::vector<Diagnostic> RedactedItems(const Diagnostics& diagnostics) {
  std::vector<Diagnostic> items = diagnostics.items();
  for (Diagnostic& item : items) item.message = Redact(item.message);
  return items;
}

}  // namespace peekproof::report
