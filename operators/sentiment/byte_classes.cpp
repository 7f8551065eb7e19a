#include "operators/sentiment/byte_classes.h"

#include <array>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace earshot::sentiment {
namespace {

constexpr size_t kBlock = 64;

struct BlockBits {
  uint64_t space = 0;
  uint64_t punctuation = 0;
  uint64_t upper = 0;
  uint64_t lower = 0;
  uint64_t apostrophe = 0;
  uint64_t exclamation = 0;
  uint64_t question = 0;
};

#if defined(__SSE2__)

// Bytes from `first` on for `count` values, as 0xFF or 0.
__m128i in_range(__m128i bytes, char first, int count) {
  const __m128i shifted = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(-128 - first)));
  return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(-128 + count)));
}

uint64_t bits_of(__m128i mask, int shift) {
  return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(mask))) << shift;
}

BlockBits classify_block(const char* text, char* lower_text) {
  BlockBits bits;
  for (int i = 0; i < static_cast<int>(kBlock); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const __m128i case_bit = _mm_set1_epi8(0x20);
    const __m128i letter = in_range(_mm_or_si128(bytes, case_bit), 'a', 26);
    const __m128i is_low = _mm_cmpeq_epi8(_mm_and_si128(bytes, case_bit), case_bit);
    const __m128i graphic = in_range(bytes, '!', '~' - '!' + 1);
    const __m128i plain = _mm_or_si128(letter, in_range(bytes, '0', 10));
    const __m128i space = _mm_or_si128(in_range(bytes, '\t', 5), in_range(bytes, '\x1c', 5));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lower_text + i), _mm_or_si128(bytes, _mm_and_si128(letter, case_bit)));
    bits.space |= bits_of(space, i);
    bits.punctuation |= bits_of(_mm_andnot_si128(plain, graphic), i);
    bits.upper |=
        bits_of(_mm_or_si128(_mm_andnot_si128(is_low, letter), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kUpperLetter))), i);
    bits.lower |=
        bits_of(_mm_or_si128(_mm_and_si128(is_low, letter), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kLowerLetter))), i);
    bits.apostrophe |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')), i);
    bits.exclamation |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('!')), i);
    bits.question |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('?')), i);
  }
  return bits;
}

#else

BlockBits classify_block(const char* text, char* lower_text) {
  BlockBits bits;
  for (size_t i = 0; i < kBlock; ++i) {
    const char c = text[i];
    const uint64_t bit = uint64_t{1} << i;
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    lower_text[i] = is_upper ? static_cast<char>(c | 0x20) : c;
    if ((c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= ' ')) bits.space |= bit;
    if (c >= '!' && c <= '~' && !is_upper && !is_lower && !(c >= '0' && c <= '9')) bits.punctuation |= bit;
    if (is_upper || c == kUpperLetter) bits.upper |= bit;
    if (is_lower || c == kLowerLetter) bits.lower |= bit;
    if (c == '\'') bits.apostrophe |= bit;
    if (c == '!') bits.exclamation |= bit;
    if (c == '?') bits.question |= bit;
  }
  return bits;
}

#endif

int add_marks(int count, uint64_t bits) {
  for (; bits != 0 && count < ByteClasses::kMarksMax; bits &= bits - 1) ++count;
  return count;
}

}  // namespace

void ByteClasses::add_edges(uint64_t bits, uint32_t base) {
  uint32_t* next = edges_.data() + edge_count_;
  for (; bits != 0; bits &= bits - 1) *next++ = base + static_cast<uint32_t>(std::countr_zero(bits));
  edge_count_ = static_cast<size_t>(next - edges_.data());
}

std::pair<size_t, size_t> ByteClasses::long_without_punctuation(size_t begin, size_t end) const {
  size_t first = begin;
  while (first < end && punctuation_.at(first)) ++first;
  if (first == end) return {begin, begin};
  while (punctuation_.at(end - 1)) --end;
  return {first, end};
}

void ByteClasses::classify(std::string_view text) {
  const size_t blocks = text.size() / kBlock + 1;  // at least one byte of padding ends the last word
  lower_text_.reserve((blocks + 1) * kBlock);
  if (edges_.size() < blocks * kBlock) edges_.resize(blocks * kBlock);
  for (BitRow* row : {&punctuation_, &upper_, &lower_, &apostrophes_}) row->resize(blocks);
  edge_count_ = 0;
  exclamation_marks_ = question_marks_ = 0;
  uint64_t space_before = 1;
  for (size_t block = 0; block < blocks; ++block) {
    const size_t base = block * kBlock;
    const char* bytes = text.data() + base;
    std::array<char, kBlock> padded;
    if (block + 1 == blocks) {
      padded.fill(' ');
      if (text.size() > base) std::memcpy(padded.data(), bytes, text.size() - base);
      bytes = padded.data();
    }
    const BlockBits bits = classify_block(bytes, lower_text_.data() + base);
    add_edges(bits.space ^ (bits.space << 1 | space_before), static_cast<uint32_t>(base));
    space_before = bits.space >> 63;
    punctuation_.set_word(block, bits.punctuation);
    upper_.set_word(block, bits.upper);
    lower_.set_word(block, bits.lower);
    apostrophes_.set_word(block, bits.apostrophe);
    exclamation_marks_ = add_marks(exclamation_marks_, bits.exclamation);
    question_marks_ = add_marks(question_marks_, bits.question);
  }
}

}  // namespace earshot::sentiment
