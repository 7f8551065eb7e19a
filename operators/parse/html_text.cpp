#include "operators/parse/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace earshot::parse {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\f";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_caseless(std::string_view a, std::string_view lower_b) {
  return std::equal(a.begin(), a.end(), lower_b.begin(), lower_b.end(), [](char x, char y) { return lower(x) == y; });
}

void append_utf8(std::string& out, uint32_t code_point) {
  constexpr uint32_t kReplacement = 0xFFFD;
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point == 0 || code_point > 0x10FFFF || is_surrogate) code_point = kReplacement;
  const auto tail = [code_point](int shift) { return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.append({static_cast<char>(0xC0 | (code_point >> 6)), tail(0)});
  } else if (code_point < 0x10000) {
    out.append({static_cast<char>(0xE0 | (code_point >> 12)), tail(6), tail(0)});
  } else {
    out.append({static_cast<char>(0xF0 | (code_point >> 18)), tail(12), tail(6), tail(0)});
  }
}

// The names that sanitisers of the fediverse write; all others are written as characters or numbers.
constexpr std::array<std::pair<std::string_view, uint32_t>, 16> kNamedEntities{{{"amp", '&'},
                                                                                {"lt", '<'},
                                                                                {"gt", '>'},
                                                                                {"quot", '"'},
                                                                                {"apos", '\''},
                                                                                {"nbsp", 0xA0},
                                                                                {"hellip", 0x2026},
                                                                                {"mdash", 0x2014},
                                                                                {"ndash", 0x2013},
                                                                                {"lsquo", 0x2018},
                                                                                {"rsquo", 0x2019},
                                                                                {"ldquo", 0x201C},
                                                                                {"rdquo", 0x201D},
                                                                                {"laquo", 0xAB},
                                                                                {"raquo", 0xBB},
                                                                                {"euro", 0x20AC}}};

std::optional<uint32_t> code_point_of(std::string_view name) {
  if (name.starts_with('#')) {
    name.remove_prefix(1);
    const bool is_hex = name.starts_with('x') || name.starts_with('X');
    if (is_hex) name.remove_prefix(1);
    uint32_t code_point = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), code_point, is_hex ? 16 : 10);
    if (name.empty() || read.ec != std::errc() || read.ptr != name.data() + name.size()) return std::nullopt;
    return code_point;
  }
  for (const auto& [known, code_point] : kNamedEntities) {
    if (name == known) return code_point;
  }
  return std::nullopt;
}

// Takes an entity, or one character that is none, from the front of `html`, which begins with '&'.
void take_entity(std::string_view& html, std::string& out) {
  constexpr size_t kLongestEntity = 12;
  const size_t end = html.substr(0, kLongestEntity).find(';');
  const auto code_point = end == std::string_view::npos ? std::nullopt : code_point_of(html.substr(1, end - 1));
  if (code_point) {
    append_utf8(out, *code_point);
    html.remove_prefix(end + 1);
  } else {
    out.push_back('&');
    html.remove_prefix(1);
  }
}

std::string decode_entities(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t plain = std::min(text.find('&'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) take_entity(text, out);
  }
  return out;
}

struct Tag {
  std::string_view name;
  std::string_view attributes;
  bool is_closing = false;
};

// The end of a tag is the first '>' outside of quoted attribute values, or the first one at all when a quote is never
// closed; npos when there is none.
size_t tag_end(std::string_view html) {
  char quote = 0;
  for (size_t i = 1; i < html.size(); ++i) {
    const char c = html[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return i;
    } else if ((c == '"' || c == '\'') && html[i - 1] == '=') {
      quote = c;
    }
  }
  return html.find('>');
}

Tag read_tag(std::string_view inside) {
  Tag tag;
  tag.is_closing = inside.starts_with('/');
  if (tag.is_closing) inside.remove_prefix(1);
  const size_t name_end = std::min(inside.find_first_of(" \t\r\n\f/"), inside.size());
  tag.name = inside.substr(0, name_end);
  tag.attributes = inside.substr(name_end);
  return tag;
}

std::string_view attribute(std::string_view attributes, std::string_view name) {
  while (!attributes.empty()) {
    const size_t start = attributes.find_first_not_of(" \t\r\n\f/");
    if (start == std::string_view::npos) return {};
    attributes.remove_prefix(start);
    const size_t name_end = std::min(attributes.find_first_of(" \t\r\n\f="), attributes.size());
    const std::string_view key = attributes.substr(0, name_end);
    attributes.remove_prefix(name_end);
    if (!attributes.starts_with('=')) continue;
    attributes.remove_prefix(1);
    const char quote = attributes.empty() ? '\0' : attributes.front();
    const bool is_quoted = quote == '"' || quote == '\'';
    if (is_quoted) attributes.remove_prefix(1);
    const size_t end =
        std::min(is_quoted ? attributes.find(quote) : attributes.find_first_of(kWhiteSpace), attributes.size());
    if (equal_caseless(key, name)) return attributes.substr(0, end);
    attributes.remove_prefix(std::min(end + (is_quoted ? 1 : 0), attributes.size()));
  }
  return {};
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view known) { return equal_caseless(name, known); });
}

class HtmlText {
 public:
  HtmlText(std::string& text, std::vector<std::string>& links) : text_(text), links_(links), start_(text.size()) {}

  void read(std::string_view html) {
    while (!html.empty()) {
      if (html.front() == '<' && take_tag(html)) continue;
      if (html.front() == '&') {
        break_lines();
        take_entity(html, text_);
        continue;
      }
      take_text(html);
    }
    trim_end();
  }

 private:
  // Takes a tag or comment off the front; false when the '<' is just a character.
  bool take_tag(std::string_view& html) {
    if (html.starts_with("<!--")) {
      const size_t end = html.find("-->");
      html.remove_prefix(end == std::string_view::npos ? html.size() : end + 3);
      return true;
    }
    const bool is_tag = html.size() > 1 && (is_letter(html[1]) || html[1] == '/' || html[1] == '!' || html[1] == '?');
    if (!is_tag || no_tag_follows_) return false;
    const size_t end = tag_end(html);
    no_tag_follows_ = end == std::string_view::npos;
    if (no_tag_follows_) return false;
    const Tag tag = read_tag(html.substr(1, end - 1));
    html.remove_prefix(end + 1);
    if (!tag.is_closing && is_one_of(tag.name, {"script", "style"})) {
      const size_t close = html.find("</");
      html.remove_prefix(close == std::string_view::npos ? html.size() : close);
      return true;
    }
    apply(tag);
    return true;
  }

  void apply(const Tag& tag) {
    if (is_one_of(tag.name, {"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})) {
      pending_newlines_ = std::max(pending_newlines_, 2);
    } else if (is_one_of(tag.name, {"div", "li", "tr"})) {
      pending_newlines_ = std::max(pending_newlines_, 1);
    } else if (is_one_of(tag.name, {"br"})) {
      constexpr int kMostNewlines = 8;
      pending_newlines_ = std::min(pending_newlines_ + 1, kMostNewlines);
    } else if (!tag.is_closing && is_one_of(tag.name, {"a"})) {
      add_link(tag.attributes);
    }
  }

  void add_link(std::string_view attributes) {
    const std::string_view target = attribute(attributes, "href");
    const std::string_view classes = attribute(attributes, "class");
    const bool is_reference =
        classes.find("mention") != std::string_view::npos || classes.find("hashtag") != std::string_view::npos;
    if (!target.empty() && !is_reference) links_.push_back(decode_entities(target));
  }

  void take_text(std::string_view& html) {
    const size_t end = std::min(html.find_first_of("<&", 1), html.size());
    std::string_view run = html.substr(0, end);
    html.remove_prefix(end);
    if (pending_newlines_ > 0 || text_.size() == start_) {
      run.remove_prefix(std::min(run.find_first_not_of(kWhiteSpace), run.size()));
    }
    if (run.empty()) return;
    break_lines();
    text_.append(run);
  }

  void break_lines() {
    if (pending_newlines_ == 0) return;
    trim_end();
    if (text_.size() > start_) text_.append(static_cast<size_t>(pending_newlines_), '\n');
    pending_newlines_ = 0;
  }

  void trim_end() {
    while (text_.size() > start_ && kWhiteSpace.find(text_.back()) != std::string_view::npos) text_.pop_back();
  }

  std::string& text_;
  std::vector<std::string>& links_;
  const size_t start_;
  int pending_newlines_ = 0;
  bool no_tag_follows_ = false;  // spares a search to the end for each '<' of a text without '>'
};

}  // namespace

void append_html_text(std::string_view html, std::string& text, std::vector<std::string>& links) {
  HtmlText(text, links).read(html);
}

}  // namespace earshot::parse
