// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace peekproof::report {

/// Escapes & < > " ' for use in HTML text and in quoted attributes.
std::string EscapeHtml(std::string_view text);

/// Fills a template with values: the part of the Mustache language (mustache(5)) that a report needs.
///
///   {{name}}            the value, HTML-escaped; a string or an integer
///   {{{name}}}          the value as it is: only for text that this program wrote itself
///   {{#name}}..{{/name}} once per element of an array; once if the value is true or an object; else not
///   {{^name}}..{{/name}} only if {{#name}} would show nothing
///   {{.}}               the current element
///   {{! words}}         nothing
///
/// Names are looked up in the innermost section first, then outwards; in a section a missing name counts as
/// false. A section tag or comment alone on its line takes the line with it. A template that does not fit its
/// values (missing name, wrong type, unclosed section) is a bug and aborts.
std::string RenderMustache(std::string_view text, const nlohmann::json& values);

}  // namespace peekproof::report
