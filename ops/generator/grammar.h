// Grammar: writes sentences out of named lists of alternatives. An alternative is plain text with slots in braces; a
// slot is another list of the grammar or one of the words of the post at hand (the brand, a number …). Immutable once
// built.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ops/generator/random.h"

namespace earshot::generator {

// What the slots {brand}, {product} and {thing} stand for in one post. {n} is a number from 2 to 59, {amount} one from
// 5 to 480, {id} one of five digits.
struct SlotWords {
  std::string_view brand;
  std::string_view product;
  int thing_list = -1;  // the list of what this brand's line of business sells
};

class Grammar {
 public:
  // `source` holds lines "list: alternative | alternative"; a list named again is continued; lines that start with #
  // are comments. Throws std::logic_error for a slot that names no list: the vocabularies are part of the program.
  explicit Grammar(std::string_view source);

  // Index of a list, or -1.
  [[nodiscard]] int find(std::string_view list) const;

  // Appends one sentence of the list.
  void expand(std::string& out, int list, const SlotWords& words, Random& random) const;

 private:
  enum class PieceKind : uint8_t { kText, kList, kBrand, kProduct, kThing, kNumber, kAmount, kId };
  struct Piece {
    PieceKind kind;
    int list = -1;
    std::string_view text;
  };
  using Alternative = std::vector<Piece>;

  void add_line(std::string_view line);
  Alternative compile(std::string_view text);
  Piece compile_slot(std::string_view name);
  int list_index(std::string_view name);

  std::map<std::string, int, std::less<>> names_;
  std::vector<std::vector<Alternative>> lists_;
};

}  // namespace earshot::generator
