#include "operators/triage/words.h"

#include <array>
#include <utility>

namespace earshot::triage {
namespace {

enum ByteKind : uint8_t { kGap, kLetter, kDigit, kApostrophe, kClauseEnd, kQuestion, kAt, kThreeBytes, kFourBytes };

struct ByteTable {
  std::array<ByteKind, 256> kind{};
  std::array<uint8_t, 256> lower{};
};

constexpr ByteTable kBytes = [] {
  ByteTable table;
  for (int c = 0; c < 256; ++c) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const auto at = static_cast<size_t>(c);
    table.lower[at] = static_cast<uint8_t>(is_upper ? c + 32 : c);
    table.kind[at] = is_upper || (c >= 'a' && c <= 'z') || c >= 0x80 || c == '_' ? kLetter : kGap;
    if (c >= '0' && c <= '9') table.kind[at] = kDigit;
  }
  for (const char c : {'.', '!', ',', ';', ':', '\n', '(', ')'}) table.kind[static_cast<size_t>(c)] = kClauseEnd;
  table.kind['\''] = kApostrophe;
  table.kind['?'] = kQuestion;
  table.kind['@'] = kAt;
  table.kind[0xE2] = kThreeBytes;  // dashes, quotes and symbols, among them the curly apostrophe
  table.kind[0xF0] = kFourBytes;   // emoji
  return table;
}();

class Reader {
 public:
  Reader(std::string_view text, const Vocabulary& vocabulary, std::vector<TextWord>& out)
      : text_(text), vocabulary_(vocabulary), out_(out) {}

  void read() {
    start_clause();
    while (at_ < text_.size()) {
      switch (kind()) {
        case kLetter:
        case kDigit:
          read_word();
          break;
        case kClauseEnd:
          ++at_;
          start_clause();
          break;
        case kQuestion:
          out_.push_back({kQuestionMark, position(), position() + 1});
          ++at_;
          start_clause();
          break;
        case kAt:
          skip_name();
          break;
        case kThreeBytes:
          at_ += 3;
          break;
        case kFourBytes:
          at_ += 4;
          break;
        case kApostrophe:
        case kGap:
          ++at_;
          break;
      }
    }
  }

 private:
  [[nodiscard]] uint8_t byte() const { return static_cast<uint8_t>(text_[at_]); }
  [[nodiscard]] ByteKind kind() const { return kBytes.kind[byte()]; }
  [[nodiscard]] uint32_t position() const { return static_cast<uint32_t>(at_); }

  void start_clause() {
    if (out_.empty() || out_.back().number != kClauseStart) out_.push_back({kClauseStart, position(), position()});
  }

  void read_word() {
    const uint32_t begin = position();
    const bool is_numeral = kind() == kDigit;
    uint64_t hash = Vocabulary::kHashStart;
    for (; at_ < text_.size(); ++at_) {
      const ByteKind of = kind();
      if (of == kLetter || of == kDigit) {
        hash = Vocabulary::hash_step(hash, kBytes.lower[byte()]);
      } else if (of == kThreeBytes && is_curly_apostrophe()) {
        at_ += 2;
      } else if (of != kApostrophe) {
        break;
      }
    }
    if (text_.substr(at_, 3) == "://") return skip_link();
    out_.push_back({is_numeral ? kNumeral : vocabulary_.number_of(hash), begin, position()});
  }

  [[nodiscard]] bool is_curly_apostrophe() const { return text_.substr(at_, 3) == "\u2019"; }

  void skip_link() {
    while (at_ < text_.size() && byte() > ' ') ++at_;
  }

  void skip_name() {
    ++at_;
    while (at_ < text_.size() && (kind() == kLetter || kind() == kDigit)) ++at_;
  }

  std::string_view text_;
  const Vocabulary& vocabulary_;
  std::vector<TextWord>& out_;
  size_t at_ = 0;
};

uint64_t hash_of(std::string_view word) {
  uint64_t hash = Vocabulary::kHashStart;
  for (const char c : word) {
    if (c != '\'') hash = Vocabulary::hash_step(hash, kBytes.lower[static_cast<uint8_t>(c)]);
  }
  return hash;
}

}  // namespace

uint16_t Vocabulary::add(std::string_view word) {
  const uint64_t hash = hash_of(word);
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

void read_words(std::string_view text, const Vocabulary& vocabulary, std::vector<TextWord>& out) {
  out.clear();
  Reader(text, vocabulary, out).read();
}

}  // namespace earshot::triage
