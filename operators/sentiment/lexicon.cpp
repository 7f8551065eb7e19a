#include "operators/sentiment/lexicon.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "engine/text/utf8.h"
#include "operators/sentiment/model_file.h"

namespace earshot::sentiment {
namespace {

constexpr double kValueMax = 4;

size_t first_bad_byte(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const CodePoint point = decode_utf8(at, end);
    if (point.value == kNotUtf8) return static_cast<size_t>(at - text.data());
    at += point.length;
  }
  return std::string_view::npos;
}

bool is_language(std::string_view word) {
  return (word.size() == 2 || word.size() == 3) &&
         std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

class LexiconParser {
 public:
  LexiconParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Result<std::shared_ptr<const Lexicon>> parse() {
    for (size_t begin = 0; begin < text_.size();) {
      ++line_number_;
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      line_ = text_.substr(begin, end - begin);
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      if (!read_line()) return invalid(fault_, fmt::format("{}:{}:{}", name_, line_number_, column_));
      begin = end + 1;
    }
    if (lexicon_->language_.empty()) return invalid("expected a line \"@language\" with the language", name_);
    if (lexicon_->words_.empty()) return invalid("expected words with their values", name_);
    return std::shared_ptr<const Lexicon>(std::move(lexicon_));
  }

 private:
  bool fail(size_t at, std::string fault) {
    column_ = at + 1;
    fault_ = std::move(fault);
    return false;
  }

  // The next word of the line at or after `at`; empty at its end.
  std::string_view next_word(size_t& at) const {
    constexpr std::string_view kSpace = " \t";
    at = std::min(line_.find_first_not_of(kSpace, at), line_.size());
    return line_.substr(at, std::min(line_.find_first_of(kSpace, at), line_.size()) - at);
  }

  bool read_line() {
    if (const size_t bad = first_bad_byte(line_); bad != std::string_view::npos) return fail(bad, "not UTF-8");
    size_t at = 0;
    std::string_view word = next_word(at);
    if (word.empty() || word[0] == '#') return true;
    if (word[0] == '@' && word.size() > 1) return read_section(at, word);
    for (; !word.empty() && word[0] != '#'; word = next_word(at)) {
      LexiconWord* entry = add(at, word);
      if (entry == nullptr) return false;
      at += word.size();
      if (!read_value(word, at, *entry)) return false;
    }
    return true;
  }

  bool read_section(size_t at, std::string_view section) {
    const size_t section_begin = at;
    at += section.size();
    std::string_view word = next_word(at);
    if (word.empty()) return fail(section_begin, fmt::format("expected words after {}", section));
    if (section == "@language") {
      if (!lexicon_->language_.empty()) return fail(section_begin, "the language is already set");
      if (!is_language(word))
        return fail(at, fmt::format("\"{}\" is no language: expected two or three letters", word));
      lexicon_->language_ = word;
      return true;
    }
    bool LexiconWord::*trait = section == "@negation"      ? &LexiconWord::is_negation
                               : section == "@intensifier" ? &LexiconWord::is_intensifier
                               : section == "@dampener"    ? &LexiconWord::is_dampener
                               : section == "@contrast"    ? &LexiconWord::is_contrast
                                                           : nullptr;
    if (trait == nullptr) {
      return fail(section_begin, fmt::format("\"{}\" is unknown; expected @language, @negation, @intensifier, "
                                             "@dampener or @contrast",
                                             section));
    }
    for (; !word.empty(); word = next_word(at)) {
      LexiconWord* entry = add(at, word);
      if (entry == nullptr) return false;
      entry->*trait = true;
      at += word.size();
    }
    return true;
  }

  LexiconWord* add(size_t at, std::string_view word) {
    if (lexicon_->language_.empty()) {
      fail(at, "expected \"@language\" before the first word");
      return nullptr;
    }
    if (word.size() > Lexicon::kWordBytesMax) {
      fail(at, fmt::format("a word has at most {} bytes", Lexicon::kWordBytesMax));
      return nullptr;
    }
    return &lexicon_->words_[std::string(word)];
  }

  bool read_value(std::string_view word, size_t& at, LexiconWord& entry) {
    const std::string_view number = next_word(at);
    double value = 0;
    const auto [last, fault] = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool is_number = !number.empty() && fault == std::errc() && last == number.data() + number.size();
    if (!is_number || !(std::abs(value) <= kValueMax)) {
      return fail(at, fmt::format("expected the value of \"{}\", a number from -4 to 4, found \"{}\"", word, number));
    }
    entry.value = value;
    at += number.size();
    return true;
  }

  std::string_view text_;
  const std::string& name_;
  std::string_view line_;
  size_t line_number_ = 0;
  size_t column_ = 0;
  std::string fault_;
  std::shared_ptr<Lexicon> lexicon_ = std::make_shared<Lexicon>();
};

Result<std::shared_ptr<const Lexicon>> Lexicon::parse(std::string_view text, const std::string& name) {
  return LexiconParser(text, name).parse();
}

Result<std::shared_ptr<const Lexicon>> Lexicon::load(const std::filesystem::path& path) {
  auto text = read_model_file(path, kFileBytesMax);
  if (!text) return text.error();
  return parse(*text, path.string());
}

std::shared_ptr<const Lexicon> Lexicon::emoji() {
  static const auto lexicon = [] {
    auto parsed = parse(emoji_lexicon_text(), "emoji.txt");
    if (!parsed) throw std::logic_error(parsed.error().to_string());
    return *parsed;
  }();
  return lexicon;
}

}  // namespace earshot::sentiment
