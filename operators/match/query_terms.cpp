#include "operators/match/query_terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/config/nearest_name.h"
#include "operators/match/condition.h"
#include "operators/match/regex.h"
#include "operators/match/text_as_written.h"
#include "operators/match/word_pattern.h"

namespace earshot::match {
namespace {

using Kind = QueryToken::Kind;
using Form = QueryNode::Form;

struct SourceField {
  std::string_view name;
  TextSource source;
};
constexpr auto kSourceFields = std::to_array<SourceField>({{"bio", TextSource::kBio},
                                                           {"name", TextSource::kName},
                                                           {"place", TextSource::kPlace},
                                                           {"url_title", TextSource::kUrlTitles}});

std::string unknown_field_message(std::string_view name) {
  const std::vector<std::string_view> names = query_fields();
  const std::string_view nearest = nearest_name(name, names);
  const std::string hint = nearest.empty() ? fmt::format("the fields are {}:", fmt::join(names, ":, "))
                                           : fmt::format("did you mean '{}:'?", nearest);
  return fmt::format("unknown field '{}:'; {} (to search for it as text, put it in quotes)", name, hint);
}

// BCP 47: a language has two or three letters; what follows refines it.
bool is_language_tag(std::string_view tag) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_tag_character = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  const std::string_view language = tag.substr(0, tag.find('-'));
  return (language.size() == 2 || language.size() == 3) && std::all_of(language.begin(), language.end(), is_letter) &&
         tag.size() <= 35 && tag.back() != '-' && std::all_of(tag.begin(), tag.end(), is_tag_character);
}

std::string no_language_tag_message(std::string_view value) {
  std::string message = fmt::format("expected a language tag such as lang:en or lang:pt-BR, found 'lang:{}'", value);
  if (value.find(',') != std::string_view::npos) message += "; write several as (lang:en OR lang:de)";
  return message;
}

Result<void> fold(std::string_view text, const TextNormaliser& normaliser, std::string& value) {
  value = normaliser.normalise(text);
  if (value.size() > 1) return {};
  return invalid(
      fmt::format("'{}' has no letter or digit, so that nothing would match it; posts are searched by words, "
                  "without punctuation",
                  text));
}

Result<void> fill_pattern(const TextNormaliser& normaliser, QueryNode& node) {
  auto pattern = normalise_pattern(node.text, normaliser);
  if (!pattern) return pattern.error();
  node.value = std::move(*pattern);
  return {};
}

// "#tag", "@name" or "$cash".
Result<void> fill_signed(Form form, std::string_view name, const TextNormaliser& normaliser, QueryNode& node) {
  if (auto folded = fold(name, normaliser, node.value); !folded) {
    return invalid(fmt::format("expected a letter or digit right after '{}'", node.text.front()));
  }
  node.form = form;
  const size_t end = name_length(form, name);
  if (end == name.size()) return {};
  return invalid(fmt::format("'{}' in '{}' is no part of such a name; a space parts it from the next word",
                             name.substr(end, 1), node.text));
}

Result<void> fill_word(const TextNormaliser& normaliser, QueryNode& node) {
  if (const Form form = form_of_sign(node.text.front()); form != Form::kFolded) {
    return fill_signed(form, node.text.substr(1), normaliser, node);
  }
  if (has_wildcard(node.text)) return fill_pattern(normaliser, node);
  if (is_emoji_sequence(node.text)) node.form = Form::kSequence;
  return fold(node.text, normaliser, node.value);
}

Result<void> fill_substring(const TextNormaliser& normaliser, QueryNode& node) {
  constexpr size_t kLettersMin = 2;
  node.kind = QueryNode::Kind::kSubstring;
  if (auto folded = fold(node.text, normaliser, node.value); !folded) return folded;
  node.value = node.value.substr(1, node.value.size() - 2);
  const auto letters =
      std::count_if(node.value.begin(), node.value.end(), [](char c) { return c != ' ' && (c & 0xC0) != 0x80; });
  if (static_cast<size_t>(letters) >= kLettersMin) return {};
  return invalid(
      fmt::format("expected at least {} letters right after 'contains:': nearly every post would match", kLettersMin));
}

Result<void> fill_field_phrase(TextSource source, bool is_quoted, const TextNormaliser& normaliser, QueryNode& node) {
  node.kind = QueryNode::Kind::kFieldPhrase;
  node.source = source;
  if (!is_quoted && has_wildcard(node.text)) return fill_pattern(normaliser, node);
  return fold(node.text, normaliser, node.value);
}

Result<void> fill_author_or_language(std::string_view field, QueryNode& node) {
  std::string_view value = node.text;
  if (field == "lang") {
    node.kind = QueryNode::Kind::kLang;
    if (!is_language_tag(value)) return invalid(no_language_tag_message(value));
  } else {
    node.kind = QueryNode::Kind::kFrom;
    if (value.starts_with('@')) value.remove_prefix(1);
    if (value.empty()) return invalid("expected an author's handle or id right after 'from:'");
  }
  append_lowered(node.value, value);
  return {};
}

Result<void> fill_field(const QueryToken& token, const TextNormaliser& normaliser, QueryNode& node) {
  const std::string_view field = token.field;
  if (field == "from" || field == "lang") return fill_author_or_language(field, node);
  const std::vector<std::string_view> fields = query_fields();
  if (std::find(fields.begin(), fields.end(), field) == fields.end()) return invalid(unknown_field_message(field));
  if (node.text.empty()) return invalid(fmt::format("expected a value right after '{}:'", field));
  if (field == "contains") return fill_substring(normaliser, node);
  if (field == "mention") {
    const std::string_view name = node.text.substr(node.text.front() == '@' ? 1 : 0);
    return fill_signed(Form::kMention, name, normaliser, node);
  }
  if (const auto source = text_source_of(field)) {
    return fill_field_phrase(*source, token.is_quoted, normaliser, node);
  }
  const auto condition = parse_condition(field, node.text);
  if (!condition) return condition.error();
  node.kind = QueryNode::Kind::kCondition;
  node.value = fmt::format("{}:{}", field, node.text);
  return {};
}

Result<void> fill_mark(std::string_view name, std::string_view value, QueryNode& node) {
  if (name == "tag") {
    if (value.empty() || value.size() > kTagBytesMax) {
      return invalid(fmt::format("expected a tag of 1 to {} bytes such as tag:outage", kTagBytesMax));
    }
    if (node.tags.size() == kTagsMax) return invalid(fmt::format("a clause has at most {} tags", kTagsMax));
    if (std::find(node.tags.begin(), node.tags.end(), value) == node.tags.end()) node.tags.push_back(value);
    return {};
  }
  int64_t weight = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), weight);
  if (failure != std::errc() || end != value.data() + value.size() || weight == 0 || weight > kWeightMax ||
      weight < -kWeightMax) {
    return invalid(fmt::format("expected a whole number from 1 to {0} or from -{0} to -1 such as weight:5, found '{1}'",
                               kWeightMax, value));
  }
  node.weight += weight;
  return {};
}

}  // namespace

std::optional<TextSource> text_source_of(std::string_view field) {
  for (const SourceField& each : kSourceFields) {
    if (each.name == field) return each.source;
  }
  return std::nullopt;
}

std::vector<std::string_view> query_fields() {
  std::vector<std::string_view> names{"from", "lang"};
  names.insert(names.end(), condition_fields().begin(), condition_fields().end());
  for (const SourceField& each : kSourceFields) names.push_back(each.name);
  names.insert(names.end(), {"contains", "mention", "macro", "in"});
  return names;
}

Result<void> fill_term(const QueryToken& token, const TextNormaliser& normaliser, QueryNode& node) {
  switch (token.kind) {
    case Kind::kField:
      return fill_field(token, normaliser, node);
    case Kind::kWord:
      return fill_word(normaliser, node);
    case Kind::kCased:
      node.form = Form::kCased;
      return fold(node.text, normaliser, node.value);
    case Kind::kRegex: {
      node.kind = QueryNode::Kind::kRegex;
      const auto regex = parse_regex(token.text, token.field);
      if (!regex) return regex.error();
      node.value = fmt::format("{}/{}", token.field, token.text);
      return {};
    }
    default:
      if (is_emoji_sequence(node.text)) node.form = Form::kSequence;
      return fold(node.text, normaliser, node.value);
  }
}

Result<void> fill_marks(std::string_view marks, QueryNode& node) {
  constexpr std::string_view kExpected = "expected tags and a weight such as [tag:outage weight:5]";
  bool is_empty = true;
  for (size_t at = marks.find_first_not_of(" \t\r\n,"); at != std::string_view::npos;
       at = marks.find_first_not_of(" \t\r\n,", at)) {
    const size_t colon = marks.find(':', at);
    const std::string_view name = marks.substr(at, colon == std::string_view::npos ? colon : colon - at);
    if (colon == std::string_view::npos || (name != "tag" && name != "weight")) {
      return invalid(fmt::format("{}, found '{}'", kExpected, marks));
    }
    const bool is_quoted = marks.substr(colon + 1).starts_with('"');
    const size_t begin = colon + (is_quoted ? 2 : 1);
    const size_t end = std::min(marks.find_first_of(is_quoted ? "\"" : " \t\r\n,", begin), marks.size());
    if (is_quoted && end == marks.size()) return invalid("the tag that begins with '\"' has no closing quote");
    if (auto filled = fill_mark(name, marks.substr(begin, end - begin), node); !filled) return filled;
    at = end + (is_quoted ? 1 : 0);
    is_empty = false;
  }
  if (is_empty) return invalid(fmt::format("{} between '[' and ']'", kExpected));
  return {};
}

}  // namespace earshot::match
