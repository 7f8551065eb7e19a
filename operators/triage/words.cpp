#include "operators/triage/words.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace earshot::triage {
namespace {

constexpr size_t kLettersMax = 64;  // of a word with apostrophes; the rest does not tell it from others

enum ByteKind : uint8_t { kGap, kLetter, kDigit, kApostrophe, kClauseEnd, kQuestion, kAt, kThreeBytes, kFourBytes };

constexpr std::array<ByteKind, 256> kKinds = [] {
  std::array<ByteKind, 256> kinds{};
  for (int c = 0; c < 256; ++c) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const auto at = static_cast<size_t>(c);
    kinds[at] = is_upper || (c >= 'a' && c <= 'z') || c >= 0x80 || c == '_' ? kLetter : kGap;
    if (c >= '0' && c <= '9') kinds[at] = kDigit;
  }
  for (const char c : {'.', '!', ',', ';', ':', '\n', '(', ')'}) kinds[static_cast<size_t>(c)] = kClauseEnd;
  kinds['\''] = kApostrophe;
  kinds['?'] = kQuestion;
  kinds['@'] = kAt;
  kinds[0xE2] = kThreeBytes;  // dashes, quotes and symbols, among them the curly apostrophe
  kinds[0xF0] = kFourBytes;   // emoji
  return kinds;
}();

class Reader {
 public:
  // Precondition: `out` has room for a word and a clause start for each byte, and a clause start more.
  Reader(std::string_view text, const LetterRuns& letters, const Vocabulary& vocabulary, TextWord* out)
      : text_(text), letters_(letters), vocabulary_(vocabulary), first_(out), next_(out) {}

  size_t read() {
    start_clause();
    while (at_ < text_.size()) {
      if (kind() == kLetter) {
        read_word(false);
      } else {
        read_other();
      }
    }
    return static_cast<size_t>(next_ - first_);
  }

 private:
  [[nodiscard]] uint8_t byte() const { return static_cast<uint8_t>(text_[at_]); }
  [[nodiscard]] ByteKind kind() const { return kKinds[byte()]; }
  [[nodiscard]] uint32_t position() const { return static_cast<uint32_t>(at_); }

  void read_other() {
    switch (kind()) {
      case kLetter:
      case kDigit:
        read_word(true);
        break;
      case kClauseEnd:
        ++at_;
        start_clause();
        break;
      case kQuestion:
        add(kQuestionMark, position(), position() + 1);
        ++at_;
        start_clause();
        break;
      case kAt:
        skip_name();
        break;
      case kThreeBytes:
        at_ = std::min(at_ + 3, text_.size());
        break;
      case kFourBytes:
        at_ = std::min(at_ + 4, text_.size());
        break;
      case kApostrophe:
      case kGap:
        ++at_;
        break;
    }
  }

  void add(uint16_t number, uint32_t begin, uint32_t end) { *next_++ = {number, begin, end}; }

  void start_clause() {
    if (next_ == first_ || next_[-1].number != kClauseStart) add(kClauseStart, position(), position());
  }

  void read_word(bool is_numeral) {
    const uint32_t begin = position();
    skip_letters();
    const bool is_plain = at_ == text_.size() || (kind() != kApostrophe && !is_curly_apostrophe());
    const uint64_t hash = is_plain ? hash_between(text_, begin, at_) : hash_without_apostrophes(begin);
    if (at_ < text_.size() && byte() == ':' && text_.substr(at_, 3) == "://") return skip_link();
    const uint16_t number = is_numeral ? kNumeral : vocabulary_.number_of(hash);
    if (number != kUnknownWord || next_[-1].number != kUnknownWord) add(number, begin, position());
    if (at_ < text_.size() && byte() == ' ') ++at_;
  }

  void skip_letters() {
    if (at_ < text_.size()) at_ += letters_.run_from(at_);
  }

  static bool is_letter_or_digit(ByteKind kind) { return kind == kLetter || kind == kDigit; }

  static uint64_t hash_between(std::string_view text, size_t begin, size_t end) {
    return Vocabulary::hash_of(text.data() + begin, end - begin, text.data() + text.size());
  }

  // Goes on to the end of a word that has an apostrophe at the place that is reached.
  uint64_t hash_without_apostrophes(size_t begin) {
    std::array<char, kLettersMax> letters;
    size_t count = 0;
    const auto keep = [&](std::string_view part) {
      const size_t kept = std::min(part.size(), letters.size() - count);
      std::copy_n(part.begin(), kept, letters.begin() + static_cast<ptrdiff_t>(count));
      count += kept;
    };
    keep(text_.substr(begin, at_ - begin));
    while (at_ < text_.size()) {
      if (kind() == kApostrophe) {
        ++at_;
      } else if (is_curly_apostrophe()) {
        at_ += 3;
      } else if (is_letter_or_digit(kind())) {
        const size_t part = at_;
        skip_letters();
        keep(text_.substr(part, at_ - part));
      } else {
        break;
      }
    }
    return hash_between({letters.data(), count}, 0, count);
  }

  [[nodiscard]] bool is_curly_apostrophe() const { return byte() == 0xE2 && text_.substr(at_, 3) == "\u2019"; }

  void skip_link() {
    while (at_ < text_.size() && byte() > ' ') ++at_;
  }

  void skip_name() {
    ++at_;
    skip_letters();
  }

  std::string_view text_;
  const LetterRuns& letters_;
  const Vocabulary& vocabulary_;
  TextWord* first_;
  TextWord* next_;
  size_t at_ = 0;
};

}  // namespace

uint16_t Vocabulary::add(std::string_view word) {
  std::string letters(word);
  std::erase(letters, '\'');
  const uint64_t hash = hash_of(letters.data(), letters.size(), letters.data() + letters.size());
  if (const uint16_t known = number_of(hash)) return known;
  const auto place = [this](Slot slot) {
    uint64_t at = slot.hash;
    while (slots_[at & (slots_.size() - 1)].number != kUnknownWord) ++at;
    slots_[at & (slots_.size() - 1)] = slot;
  };
  const auto number = static_cast<uint16_t>(number_count());
  if (++words_ * 4 > slots_.size()) {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.number != kUnknownWord) place(slot);
    }
  }
  place({hash, number});
  return number;
}

std::span<const TextWord> WordReader::read(std::string_view text, const Vocabulary& vocabulary) {
  if (words_.size() < 2 * text.size() + 1) words_.resize(2 * text.size() + 1);
  letters_.mark(text);
  return {words_.data(), Reader(text, letters_, vocabulary, words_.data()).read()};
}

}  // namespace earshot::triage
