// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/mustache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace peekproof::report {
namespace {

using nlohmann::json;

TEST(EscapeHtml, EscapesWhatCouldEndTextOrAttribute) {
  EXPECT_EQ(EscapeHtml("<a href=\"x\" id='y'>&amp;"), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(EscapeHtml("plain – text"), "plain – text");
}

TEST(RenderMustache, EscapesVariablesButNotRawOnes) {
  const json values = {{"x", "<b>"}, {"n", 7}};
  EXPECT_EQ(RenderMustache("{{x}} {{{x}}} {{n}}", values), "&lt;b&gt; <b> 7");
}

TEST(RenderMustache, RepeatsSectionsPerElement) {
  const json values = {{"rows", {{{"a", "1"}}, {{"a", "2"}}}}, {"words", {"x", "<y>"}}};
  EXPECT_EQ(RenderMustache("{{#rows}}[{{a}}]{{/rows}}{{#words}}({{.}}){{/words}}", values),
            "[1][2](x)(&lt;y&gt;)");
}

TEST(RenderMustache, ShowsSectionsForTrueAndObjectsOnly) {
  const json values = {
      {"yes", true}, {"no", false}, {"none", nullptr}, {"empty", json::array()}, {"object", {{"a", "1"}}}};
  EXPECT_EQ(RenderMustache("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{#none}}0{{/none}}{{#empty}}e{{/empty}}"
                           "{{#object}}{{a}}{{/object}}{{#missing}}m{{/missing}}",
                           values),
            "y1");
  EXPECT_EQ(
      RenderMustache(
          "{{^yes}}y{{/yes}}{{^no}}n{{/no}}{{^none}}0{{/none}}{{^empty}}e{{/empty}}{{^missing}}m{{/missing}}",
          values),
      "n0em");
}

TEST(RenderMustache, LooksNamesUpFromTheInnermostSectionOutwards) {
  const json values = {{"a", "outer"}, {"b", "kept"}, {"in", {{"a", "inner"}}}};
  EXPECT_EQ(RenderMustache("{{#in}}{{a}} {{b}}{{/in}} {{a}}", values), "inner kept outer");
}

TEST(RenderMustache, TakesLinesOfLoneTagsAway) {
  EXPECT_EQ(RenderMustache("a\n  {{#x}}\nb\n  {{/x}}\n{{! two\n lines }}\nc\n", json{{"x", true}}),
            "a\nb\nc\n");
  EXPECT_EQ(RenderMustache("a {{#x}}b{{/x}}\nc", json{{"x", true}}), "a b\nc");
}

TEST(RenderMustache, DoesNotRenderValuesAgain) {
  EXPECT_EQ(RenderMustache("{{a}}", json{{"a", "{{b}}"}, {"b", "no"}}), "{{b}}");
}

TEST(RenderMustacheDeathTest, TemplateThatDoesNotFitIsABug) {
  EXPECT_DEATH(RenderMustache("{{missing}}", json::object()), "no value for 'missing'");
  EXPECT_DEATH(RenderMustache("{{#a}}", json::object()), "not closed");
  EXPECT_DEATH(RenderMustache("{{#a}}{{/b}}", json::object()), "closes section");
  EXPECT_DEATH(RenderMustache("{{a", json::object()), "not closed");
  EXPECT_DEATH(RenderMustache("{{a}}", json{{"a", 0.5}}), "'a' is a number");
}

}  // namespace
}  // namespace peekproof::report
