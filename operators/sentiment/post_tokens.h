// PostTokens: a text as words, emoji and marks, for what must know where one clause ends and the next one begins.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::sentiment {

struct PostToken {
  enum class Kind : uint8_t { kWord, kEmoji, kMark };

  uint32_t begin = 0;  // bytes of the text, end exclusive
  uint32_t end = 0;
  uint32_t word_begin = 0;  // of the word in lower case, without what introduces it and without "'s"
  uint32_t word_bytes = 0;
  Kind kind = Kind::kWord;
  char mark = 0;            // of a mark: itself, or the ASCII one that it stands for; '\n' for a new line
  bool is_capital = false;  // begins with a capital letter
  bool is_upper = false;    // has no small letter, and two capital ones
  bool is_handle = false;   // "@someone"
  bool is_hashtag = false;  // "#something"
  bool is_owner = false;    // "someone's"
  bool opens_sentence = false;
};

// Scratch of one thread.
class PostTokens {
 public:
  // Reads UTF-8 in linear time; broken bytes count as letters. Good until the next call.
  void read(std::string_view text);

  [[nodiscard]] std::span<const PostToken> tokens() const { return tokens_; }
  // Of a word or emoji; empty for a mark.
  [[nodiscard]] std::string_view word(const PostToken& token) const {
    return std::string_view(words_).substr(token.word_begin, token.word_bytes);
  }

 private:
  size_t read_word(std::string_view text, size_t at);
  size_t read_emoji(std::string_view text, size_t at);
  void add_mark(size_t begin, size_t end, char mark);
  PostToken& add(PostToken::Kind kind, size_t begin);
  void add_letters(std::string_view letters);
  void add_two_byte_letter(uint32_t point);
  void end_word(PostToken& token, size_t end);

  std::vector<PostToken> tokens_;
  std::string words_;
  bool opens_sentence_ = true;
};

}  // namespace earshot::sentiment
