#include <cctype>

#include "tests/layout/functions.h"

namespace earshot::layout {
namespace {

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// Walks a source and blanks what is no code.
class Blanker {
 public:
  explicit Blanker(std::string_view source) : text_(source) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(text_);
  }

 private:
  void step() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (rest.starts_with("//")) return blank_until(text_.find('\n', at_));
    if (rest.starts_with("/*")) return blank_past(text_.find("*/", at_ + 2), 2);
    if (text_[at_] == '#' && begins_line()) return blank_directive();
    if (rest.starts_with("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) return blank_raw_string();
    if (text_[at_] == '"') return blank_quoted('"');
    // A quote after a digit only separates digits.
    if (text_[at_] == '\'' && (at_ == 0 || !is_word(text_[at_ - 1]))) return blank_quoted('\'');
    ++at_;
  }

  [[nodiscard]] bool begins_line() const {
    const size_t line = text_.rfind('\n', at_);
    const size_t start = line == std::string::npos ? 0 : line + 1;
    return text_.find_first_not_of(" \t", start) == at_;
  }

  void blank_until(size_t end) {
    if (end == std::string::npos) end = text_.size();
    for (; at_ < end; ++at_) {
      if (text_[at_] != '\n') text_[at_] = ' ';
    }
  }
  void blank_past(size_t end, size_t length) { blank_until(end == std::string::npos ? end : end + length); }

  void blank_directive() {
    size_t end = text_.find('\n', at_);
    while (end != std::string::npos && end > 0 && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    blank_until(end);
  }

  void blank_raw_string() {
    const size_t open = text_.find('(', at_);
    if (open == std::string::npos) return blank_until(text_.size());
    std::string close = text_.substr(at_ + 1, open - at_ - 1);  // the delimiter behind the quote
    close.front() = ')';
    close.push_back('"');
    blank_past(text_.find(close, open), close.size());
  }

  void blank_quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    blank_until(end + 1 < text_.size() ? end + 1 : text_.size());
  }

  std::string text_;
  size_t at_ = 0;
};

}  // namespace

std::string without_literals(std::string_view source) {
  return Blanker(source).run();
}

}  // namespace earshot::layout
