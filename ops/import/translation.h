// Translation: what became of one rule of another language: a query of ours, and every place where the two differ. A
// rule with a refusal has no query: it is never made weaker in silence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/text_normaliser.h"
#include "ops/import/clause.h"

namespace earshot::import {

// Something of the rule that is not, or not quite, translated.
struct Finding {
  enum class Kind : uint8_t {
    kRefused,  // ours has nothing that means it: the rule is left out
    kDiffers,  // it is translated, and means something a little different
  };
  Kind kind = Kind::kRefused;
  size_t begin = 0;       // byte of the rule
  std::string operation;  // as the other language names it, such as "bounding_box:"
  std::string message;
};

struct Translation {
  std::string query;
  std::vector<Finding> findings;  // by place
  [[nodiscard]] bool is_refused() const;
};

Translation translate_powertrack(std::string_view rule);
Translation translate_brandwatch(std::string_view query);
Translation translate_csdl(std::string_view definition);

// Gathers findings and makes terms of ours, each of which is held against our own parser, so that nothing is written
// that a listener cannot hold.
class TermWriter {
 public:
  // What stands for a term that is refused, so that the rest of the rule is still looked through.
  static Clause placeholder() { return term("refused"); }

  Clause refuse(size_t begin, std::string_view operation, std::string message);
  void differs(size_t begin, std::string_view operation, std::string message);

  // A term of ours, or a refusal with the reason that our parser gives.
  Clause write(size_t begin, std::string_view operation, const Result<std::string>& term_of_ours);

  [[nodiscard]] size_t refusals() const;

  // The query when nothing was refused. The whole of it is compiled as a listener would be.
  Translation finish(const Clause& clause);

 private:
  void add(Finding finding);

  TextNormaliser normaliser_;
  std::vector<Finding> findings_;
};

// Says of a word such as "or" that it is one, there as here: whoever wrote it may have meant the operator.
void note_operator_in_small_letters(TermWriter& writer, size_t begin, std::string_view word);

}  // namespace earshot::import
