// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "report/summary.h"
#include "report/synthetic_result.h"
#include "report/testing.h"

namespace peekproof::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Html(const audit::AuditResult& result) {
  auto html = HtmlReport(result);
  EXPECT_TRUE(html.ok()) << html.error().message;
  return html.ok() ? *html : "";
}

/// Every text field holds `text`.
audit::AuditResult ResultFullOf(const std::string& text) {
  audit::AuditResult result = SyntheticLeak({32, 18});
  result.input_name = result.codec = result.attack = result.verdict_sentence = text;
  result.options = result.versions = {{text, text}};
  result.advice = result.limits = {text};
  for (auto& segment : result.segments) {
    segment.background_explanation = text;
    for (audit::Finding& finding : segment.findings) finding.label = text;
  }
  for (auto& raw : result.raw) raw.reason = text;
  for (auto& closing : result.closing) closing.setting = closing.action = text;
  result.diagnostics.Add(ErrorCode::kIo, text);
  return result;
}

/// Names of the opening and closing tags, in order; checks that quotes inside tags are closed.
std::vector<std::string> Tags(const std::string& html) {
  std::vector<std::string> tags;
  for (size_t open = html.find('<'); open != std::string::npos; open = html.find('<', open + 1)) {
    const size_t end = html.find_first_of(" >\n", open);
    tags.push_back(html.substr(open + 1, end - open - 1));
  }
  return tags;
}

TEST(HtmlReport, HostileTextsAddNoMarkup) {
  const std::vector<std::string> plain = Tags(Html(ResultFullOf("x")));
  for (const char* hostile :
       {"<script>alert(1)</script>.mp4", "\" onerror=\"alert(1)", "' autofocus onfocus='alert(1)",
        "</title><img src=x>", "</style><script>x</script>", "--><svg onload=x>", "{{style}}{{{style}}}",
        "&lt;script&gt;", "\xFF<b\xC0>"}) {
    const std::string html = Html(ResultFullOf(hostile));
    EXPECT_EQ(Tags(html), plain) << hostile;
    EXPECT_THAT(html, Not(HasSubstr("onerror=\"alert"))) << hostile;
    EXPECT_THAT(html, Not(HasSubstr("onfocus='alert"))) << hostile;
  }
}

TEST(HtmlReport, LoadsNothingAndRunsNothing) {
  const std::string html = Html(SyntheticLeak({64, 36}));
  EXPECT_THAT(html, HasSubstr("default-src 'none'; img-src data:"));
  for (const char* forbidden :
       {"<script", "<link", "<iframe", "<object", "@import", "url(", "http://", "https://", "src=\"/"}) {
    EXPECT_THAT(html, Not(HasSubstr(forbidden)));
  }
}

TEST(HtmlReport, SaysWhatWouldHaveClosedTheLeak) {
  audit::AuditResult result = SyntheticLeak({64, 36});
  const std::string html = Html(result);
  EXPECT_THAT(html, HasSubstr("What would have closed it"));
  EXPECT_THAT(html, HasSubstr("guard, set-up shot <strong>(recommended)</strong>"));
  EXPECT_THAT(html, HasSubstr("6.1&nbsp;%"));
  result.closing.clear();
  EXPECT_THAT(Html(result), Not(HasSubstr("What would have closed it")));
}

TEST(HtmlReport, EveryPictureIsInlineAndDescribed) {
  const std::string html = Html(SyntheticLeak({64, 36}));
  for (size_t at = html.find("<img"); at != std::string::npos; at = html.find("<img", at + 1)) {
    const std::string tag = html.substr(at, html.find('>', at) - at);
    EXPECT_THAT(tag, HasSubstr("src=\"data:image/"));
    EXPECT_THAT(tag, testing::ContainsRegex("alt=\"[^\"]{20,}\""));
  }
  EXPECT_EQ(CountOf(html, "<img"), 11) << "room, confidence, gathered, heat, two finds, five moments";
}

TEST(HtmlReport, ListsWhatCanBeNamed) {
  audit::AuditResult result = SyntheticLeak({64, 36});
  const std::string html = Html(result);
  EXPECT_THAT(html, HasSubstr("What can be named in it"));
  EXPECT_THAT(html, HasSubstr("<b>ROADMAP</b>"));
  EXPECT_THAT(html, HasSubstr("What can be named in the frame at 0:00.2"));
  EXPECT_THAT(html, HasSubstr("<b>KEYS</b>"));
  EXPECT_THAT(html, HasSubstr("of it recovered, in 92 frames"));
  result.segments[0].findings.resize(30, result.segments[0].findings[0]);
  EXPECT_EQ(CountOf(Html(result), "<b>ROADMAP</b>"), 24);
  EXPECT_THAT(Html(result), HasSubstr("6 more are in result.json"));
  result.segments[0].findings.clear();
  EXPECT_THAT(Html(result), Not(HasSubstr("What can be named in it")));
}

TEST(HtmlReport, ShowsTheWallpaperOnlyWithTheCaller) {
  audit::AuditResult result = SyntheticLeak({64, 36});
  EXPECT_EQ(CountOf(Html(result), "as estimated"), 0) << "it may show a caller who sat still";
  result.caller_shown = true;
  EXPECT_EQ(CountOf(Html(result), "Virtual background, as estimated"), 1);
}

TEST(HtmlReport, ShowsWhatWasFound) {
  const std::string html = Html(SyntheticLeak({64, 36}));
  for (const char* text :
       {"It leaks", "team call.mp4", "start of the call", "0:53.0 to", "The caller is blacked out.",
        "a damaged frame was skipped", "Still virtual background", "Join with the camera off",
        "sha256 0123456789abcdef", "The camera is assumed to stand still.", "this recording"}) {
    EXPECT_THAT(html, HasSubstr(text));
  }
  EXPECT_THAT(html, Not(HasSubstr("Partial result"))) << "the audit is complete";
  EXPECT_THAT(html, Not(HasSubstr("{{")));
}

TEST(HtmlReport, ShowsWhatABlurLetsThrough) {
  const std::string html = Html(SyntheticBlurredRoom({64, 36}));
  for (const char* text : {"Blurred room", "What can be told behind the blur", "8.0 pixels (7.5 to 8.5)",
                           "capitals of about 52 pixels", "about 27 pixels", "DOOR 4711"})
    EXPECT_THAT(html, HasSubstr(text));
  EXPECT_EQ(CountOf(html, "No area was measured"), 0);
  EXPECT_EQ(CountOf(Html(SyntheticLeak({64, 36})), "behind the blur"), 0);
  EXPECT_THAT(BriefSummary(SyntheticBlurredRoom({64, 36})), HasSubstr("behind it   text “DOOR 4711”"));
}

TEST(HtmlReport, SaysWhenItIsPartialOrShowsTheCaller) {
  audit::AuditResult result = SyntheticLeak({32, 18});
  result.complete = false;
  EXPECT_THAT(Html(result), HasSubstr("could not be read"));
  result.interrupted = true;
  result.caller_shown = true;
  const std::string html = Html(result);
  EXPECT_THAT(html, HasSubstr("stopped before its end"));
  EXPECT_THAT(html, HasSubstr("The caller is visible"));
  EXPECT_THAT(html, Not(HasSubstr("The caller is blacked out.")));
}

TEST(HtmlReport, NoRoomPictureIsNotZeroPercent) {
  const std::string html = Html(SyntheticPlainRoom({64, 36}));
  EXPECT_THAT(html, HasSubstr("No area was measured"));
  EXPECT_THAT(html, Not(HasSubstr("Room recovered")));
  EXPECT_THAT(html, Not(HasSubstr("id=\"room\"")));
}

TEST(HtmlReport, TellsWhereFramesWereLeftOut) {
  audit::AuditResult result = SyntheticLeak({64, 36});
  EXPECT_THAT(Html(result),
              AllOf(HasSubstr("1,216 frames were attacked"), HasSubstr("of the attacked frames"),
                    HasSubstr("movement counts more here")));
  for (audit::SegmentResult& segment : result.segments) segment.attacked_frames = segment.frames;
  EXPECT_THAT(Html(result), AllOf(Not(HasSubstr("frames were attacked")), Not(HasSubstr("attacked frames"))));
}

TEST(HtmlReport, HandlesAnEmptyResult) { EXPECT_THAT(Html({}), HasSubstr("</html>")); }

TEST(HtmlReport, MarksExactlyOneLandmark) {
  audit::AuditResult result = SyntheticLeak({32, 18});
  for (const auto& [share, range] : {std::pair{0.0, "0&nbsp;%"},
                                     {0.004, "up to 1&nbsp;%"},
                                     {0.05, "1 to 10&nbsp;%"},
                                     {0.2, "10 to 30&nbsp;%"},
                                     {0.8, "over 30&nbsp;%"},
                                     {1.0, "over 30&nbsp;%"}}) {
    result.expected_correct_share = share;
    const std::string html = Html(result);
    const size_t at = html.find("aria-current");
    ASSERT_NE(at, std::string::npos) << share;
    EXPECT_THAT(html.substr(at, 60), HasSubstr(std::string("<b>") + range)) << share;
    EXPECT_EQ(html.find("aria-current", at + 1), std::string::npos) << share;
  }
}

TEST(BriefSummary, SaysTheSameInAFewLines) {
  audit::AuditResult result = SyntheticLeak({32, 18});
  result.recovered_share = 0.123;
  result.confident_share = 0.08;
  result.expected_correct_share = 0.074;
  result.complete = false;
  EXPECT_EQ(
      BriefSummary(result),
      "team call.mp4: It leaks\n"
      "  Your virtual background leaks: pieces of the room around your head and shoulders can be "
      "recovered, and "
      "for half a second the whole room was in view.\n"
      "  recovered   12 % of the frame (8.0 % confident, 7.4 % expected to be right)\n"
      "  service     as jitsi does it, 72 % sure; --engine names another\n"
      "  raw frames  0:00.0 to 0:00.6 (15 frames, 98 % of the room in view): start of the call\n"
      "  raw frames  0:53.0 to 0:53.4 (11 frames, 37 % of the room in view): glitch\n"
      "  raw frame   text “KEYS” at 3, 2 (6 × 3 pixels), 100 % recovered in 1 frame, 0:00.2 to 0:00.2; 95 % "
      "sure\n"
      "  found       text “ROADMAP” at 12, 2 (6 × 1 pixels), 84 % recovered in 92 frames, 0:01.0 to "
      "1:00.0; 91 % sure\n"
      "  to close it guard, set-up shot leaks 0.02 % of the room, this service 6.1 % (on test calls; see "
      "peekproof advise)\n"
      "  note        a damaged frame was skipped (2 times)\n"
      "  partial     the recording is damaged; 1:14.8 (1,871 frames) were read\n");
}

TEST(BriefSummary, SendsNoControlCharactersToTheTerminal) {
  audit::AuditResult result = SyntheticPlainRoom({32, 18});
  result.input_name = "\x1b]0;evil\x07.mp4";
  const std::string text = BriefSummary(result);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

}  // namespace
}  // namespace peekproof::report
