#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "operators/sentiment/phrase_book.h"

namespace earshot::sentiment {

// Reads lines of "SAYS : PHRASE; PHRASE"; stops at the first fault.
class PhraseParser {
 public:
  PhraseParser(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  Result<std::shared_ptr<const PhraseBook>> parse() {
    auto book = std::make_shared<PhraseBook>();
    for (size_t begin = 0; begin < text_.size();) {
      ++line_number_;
      const size_t end = std::min(text_.find('\n', begin), text_.size());
      line_ = text_.substr(begin, end - begin);
      if (!read_line(*book)) return invalid(fault_, fmt::format("{}:{}:{}", name_, line_number_, column_));
      begin = end + 1;
    }
    return std::shared_ptr<const PhraseBook>(std::move(book));
  }

 private:
  bool fail(size_t at, std::string fault) {
    column_ = at + 1;
    fault_ = std::move(fault);
    return false;
  }

  [[nodiscard]] size_t skip_spaces(size_t at) const {
    while (at < line_.size() && line_[at] == ' ') ++at;
    return at;
  }
  [[nodiscard]] std::string_view word_at(size_t at) const {
    return line_.substr(at, std::min(line_.find_first_of(" ;", at), line_.size()) - at);
  }

  bool read_line(PhraseBook& book) {
    const size_t begin = skip_spaces(0);
    if (begin == line_.size() || line_[begin] == '#') return true;
    const size_t colon = line_.find(" : ");
    if (colon == std::string_view::npos) return fail(begin, "expected \"SAYS : PHRASE\", with spaces around the colon");
    PhraseBook::Phrase meaning;
    if (!read_meaning(begin, colon, meaning)) return false;
    for (size_t at = skip_spaces(colon + 3);;) {
      PhraseBook::Phrase phrase = meaning;
      const size_t phrase_begin = at;
      while (at < line_.size() && line_[at] != ';') {
        const std::string_view word = word_at(at);
        if (!read_element(at, word, phrase)) return false;
        at = skip_spaces(at + word.size());
      }
      if (!check(phrase_begin, phrase)) return false;
      book.add(std::move(phrase));
      if (at >= line_.size()) return true;
      at = skip_spaces(at + 1);
    }
  }

  bool read_meaning(size_t at, size_t end, PhraseBook::Phrase& phrase) {
    for (; at < end; at = skip_spaces(at)) {
      const std::string_view word = line_.substr(at, std::min(line_.find(' ', at), end) - at);
      if (word == "!") {
        phrase.takes_back = true;
      } else if (word[0] == 'A' || word[0] == 'B') {
        static constexpr std::string_view kSigns = "+-=~";
        const size_t sign = word.size() == 2 ? kSigns.find(word[1]) : std::string_view::npos;
        if (sign == std::string_view::npos) return fail(at, "expected A or B with one of + - = ~");
        (word[0] == 'A' ? phrase.tone_a : phrase.tone_b) = static_cast<BrandTone>(sign + 1);
      } else {
        const auto [last, fault] = std::from_chars(word.data(), word.data() + word.size(), phrase.value);
        constexpr double kValueMax = 4;
        if (fault != std::errc() || last != word.data() + word.size() || !(std::abs(phrase.value) <= kValueMax)) {
          return fail(at, fmt::format("\"{}\" is neither a number from -4 to 4 nor A or B with a sign", word));
        }
      }
      at += word.size();
    }
    return true;
  }

  bool read_element(size_t at, std::string_view word, PhraseBook::Phrase& phrase) {
    PhraseBook::Element& element = phrase.elements.emplace_back();
    if (phrase.elements.size() > PhraseBook::kElementsMax) {
      return fail(at, fmt::format("a phrase has at most {} words", PhraseBook::kElementsMax));
    }
    if (word == "...") {
      element.slot = PhraseBook::Slot::kGap;
    } else if (word == "A" || word == "B") {
      element.slot = word == "A" ? PhraseBook::Slot::kBrandA : PhraseBook::Slot::kBrandB;
    } else {
      for (size_t begin = 0; begin <= word.size();) {
        const size_t end = std::min(word.find('|', begin), word.size());
        std::string_view letters = word.substr(begin, end - begin);
        const bool is_stem = letters.ends_with('*');
        if (is_stem) letters.remove_suffix(1);
        if (letters.empty()) return fail(at + begin, "expected a word");
        if (is_stem && letters.size() < PhraseBook::kKeyLetters && phrase.elements.size() == 1) {
          return fail(at + begin, fmt::format("a first word with * needs {} letters", PhraseBook::kKeyLetters));
        }
        element.words.push_back({std::string(letters), is_stem});
        begin = end + 1;
      }
    }
    return true;
  }

  bool check(size_t at, const PhraseBook::Phrase& phrase) {
    if (phrase.elements.empty()) return fail(at, "expected a phrase");
    const auto has = [&](PhraseBook::Slot slot) {
      return std::ranges::any_of(phrase.elements, [slot](const auto& element) { return element.slot == slot; });
    };
    if (phrase.elements.front().slot == PhraseBook::Slot::kGap ||
        phrase.elements.back().slot == PhraseBook::Slot::kGap) {
      return fail(at, "a phrase neither begins nor ends with ...");
    }
    if (has(PhraseBook::Slot::kBrandA) != (phrase.tone_a != BrandTone::kNothing) ||
        has(PhraseBook::Slot::kBrandB) != (phrase.tone_b != BrandTone::kNothing)) {
      return fail(at, "A and B stand on both sides of the colon, or on neither");
    }
    return true;
  }

  std::string_view text_;
  std::string name_;
  std::string_view line_;
  size_t line_number_ = 0;
  size_t column_ = 0;
  std::string fault_;
};

Result<std::shared_ptr<const PhraseBook>> PhraseBook::parse(std::string_view text, const std::string& name) {
  return PhraseParser(text, name).parse();
}

std::shared_ptr<const PhraseBook> PhraseBook::builtin() {
  static const auto book = [] {
    auto parsed = parse(english_phrases_text(), "english_phrases.txt");
    if (!parsed) throw std::logic_error(parsed.error().to_string());
    return *parsed;
  }();
  return book;
}

}  // namespace earshot::sentiment
