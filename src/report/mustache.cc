// SPDX-FileCopyrightText: The Peekproof Authors
// SPDX-License-Identifier: Apache-2.0
#include "report/mustache.h"

#include <vector>

#include "base/check.h"

namespace peekproof::report {
namespace {

using nlohmann::json;

enum class TagKind { kEnd, kVariable, kRaw, kSection, kInverted, kClose, kComment };

/// One tag and the literal text in front of it.
struct Tag {
  TagKind kind = TagKind::kEnd;
  std::string_view literal = {};
  std::string_view name = {};
  size_t end = 0;  ///< Where the text after the tag begins.
};

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

TagKind KindOf(char sigil) {
  switch (sigil) {
    case '#':
      return TagKind::kSection;
    case '^':
      return TagKind::kInverted;
    case '/':
      return TagKind::kClose;
    case '!':
      return TagKind::kComment;
    default:
      return TagKind::kVariable;
  }
}

class Renderer {
 public:
  explicit Renderer(std::string_view text) : text_(text) {}

  /// Renders from `position` to the close tag of `section` (or the end, if it is empty), into `out` unless
  /// that is null. Returns the position after the close tag.
  size_t Render(size_t position, std::string_view section, std::string* out) {
    while (true) {
      const Tag tag = Next(position);
      if (out != nullptr) out->append(tag.literal);
      position = tag.end;
      switch (tag.kind) {
        case TagKind::kEnd:
          PEEKPROOF_CHECK(section.empty(), "section '{}' is not closed", section);
          return position;
        case TagKind::kClose:
          PEEKPROOF_CHECK(tag.name == section, "'{}' closes section '{}'", tag.name, section);
          return position;
        case TagKind::kVariable:
        case TagKind::kRaw:
          if (out != nullptr) Append(tag, out);
          break;
        case TagKind::kSection:
        case TagKind::kInverted:
          position = RenderSection(tag, out);
          break;
        case TagKind::kComment:
          break;
      }
    }
  }

  void Push(const json& values) { stack_.push_back(&values); }

 private:
  Tag Next(size_t position) const {
    const size_t open = text_.find("{{", position);
    if (open == std::string_view::npos) return {.literal = text_.substr(position), .end = text_.size()};
    const bool raw = text_.substr(open).starts_with("{{{");
    const std::string_view closing = raw ? "}}}" : "}}";
    const size_t inside = open + closing.size();
    const size_t close = text_.find(closing, inside);
    PEEKPROOF_CHECK(close != std::string_view::npos, "tag at {} is not closed", open);
    Tag tag = {.kind = raw ? TagKind::kRaw : KindOf(text_[inside]),
               .literal = text_.substr(position, open - position),
               .name = text_.substr(inside, close - inside),
               .end = close + closing.size()};
    if (tag.kind != TagKind::kRaw && tag.kind != TagKind::kVariable) {
      tag.name.remove_prefix(1);
      TakeLine(open, &tag);
    }
    tag.name = Trimmed(tag.name);
    return tag;
  }

  /// A tag alone on its line leaves no empty line behind.
  void TakeLine(size_t open, Tag* tag) const {
    const size_t line = open == 0 ? 0 : text_.rfind('\n', open - 1) + 1;  // npos + 1 is 0
    const size_t end = text_.find('\n', tag->end);
    if (end == std::string_view::npos) return;
    const bool alone = Trimmed(text_.substr(line, open - line)).empty() &&
                       Trimmed(text_.substr(tag->end, end - tag->end)).empty();
    if (!alone) return;
    const size_t indent = open - line;
    if (tag->literal.size() >= indent) tag->literal.remove_suffix(indent);
    tag->end = end + 1;
  }

  const json* Find(std::string_view name) const {
    if (name == ".") return stack_.back();
    for (auto level = stack_.rbegin(); level != stack_.rend(); ++level) {
      if (!(*level)->is_object()) continue;
      const auto found = (*level)->find(name);
      if (found != (*level)->end()) return &*found;
    }
    return nullptr;
  }

  void Append(const Tag& tag, std::string* out) const {
    const json* value = Find(tag.name);
    PEEKPROOF_CHECK(value != nullptr, "no value for '{}'", tag.name);
    PEEKPROOF_CHECK(value->is_string() || value->is_number_integer(), "'{}' is a {}", tag.name,
                    value->type_name());
    if (value->is_number_integer()) {
      out->append(value->dump());
    } else {
      const auto& text = value->get_ref<const std::string&>();
      out->append(tag.kind == TagKind::kRaw ? text : EscapeHtml(text));
    }
  }

  size_t RenderSection(const Tag& tag, std::string* out) {
    const json* value = out == nullptr ? nullptr : Find(tag.name);
    const bool shown = value != nullptr && !value->is_null() && *value != false && *value != json::array();
    if (tag.kind == TagKind::kInverted) return Render(tag.end, tag.name, shown ? nullptr : out);
    if (!shown) return Render(tag.end, tag.name, nullptr);
    if (!value->is_array()) return RenderWith(*value, tag, out);
    size_t end = tag.end;
    for (const json& element : *value) end = RenderWith(element, tag, out);
    return end;
  }

  size_t RenderWith(const json& value, const Tag& tag, std::string* out) {
    Push(value);
    const size_t end = Render(tag.end, tag.name, out);
    stack_.pop_back();
    return end;
  }

  std::string_view text_;
  std::vector<const json*> stack_;
};

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string RenderMustache(std::string_view text, const nlohmann::json& values) {
  Renderer renderer(text);
  renderer.Push(values);
  std::string out;
  renderer.Render(0, {}, &out);
  return out;
}

}  // namespace peekproof::report
