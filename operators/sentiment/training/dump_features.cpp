// Writes the features of texts for train.py. stdin: for each text its length (uint32) and bytes. stdout: for each text
// the count of rows (uint32), the rows (uint32 each), and VADER's neg, neu, pos and compound (float64 each).
// Little-endian.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "operators/sentiment/features.h"

using earshot::sentiment::FeatureReader;
using earshot::sentiment::FeatureWord;
using earshot::sentiment::TokenFeature;
using earshot::sentiment::Vader;
using earshot::sentiment::VaderModel;

namespace {

void append_rows(const FeatureReader& reader, std::vector<uint32_t>& rows) {
  uint32_t hash_before = 0;
  for (const TokenFeature& token : reader.tokens()) {
    rows.push_back(TokenFeature::word_row(token.hash));
    rows.push_back(TokenFeature::pair_row(hash_before, token.hash));
    hash_before = token.hash;
    if (token.is_negated) rows.push_back(TokenFeature::negated_row(token.hash));
    if (token.mark_row != TokenFeature::kNoRow) rows.push_back(token.mark_row);
    if (!token.letters.empty()) FeatureWord(token.letters).for_each_part([&](uint32_t row) { rows.push_back(row); });
  }
  rows.insert(rows.end(), reader.shape_rows().begin(), reader.shape_rows().end());
}

}  // namespace

int main() {
  Vader vader(VaderModel::builtin());
  FeatureReader reader;
  std::string text;
  std::vector<uint32_t> rows;
  for (uint32_t bytes = 0; std::fread(&bytes, sizeof bytes, 1, stdin) == 1;) {
    text.resize(bytes);
    if (std::fread(text.data(), 1, bytes, stdin) != bytes) {
      std::fputs("dump_features: the last text is cut short\n", stderr);
      return 1;
    }
    const earshot::Sentiment sentiment = vader.score(text);
    reader.read(vader, sentiment);
    rows.clear();
    append_rows(reader, rows);
    const auto count = static_cast<uint32_t>(rows.size());
    const double scores[] = {sentiment.neg, sentiment.neu, sentiment.pos, sentiment.compound};
    std::fwrite(&count, sizeof count, 1, stdout);
    std::fwrite(rows.data(), sizeof rows[0], rows.size(), stdout);
    std::fwrite(scores, sizeof scores[0], 4, stdout);
  }
  return 0;
}
