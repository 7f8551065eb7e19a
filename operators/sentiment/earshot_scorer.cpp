#include "operators/sentiment/earshot_scorer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "operators/sentiment/decimal_round.h"

namespace earshot::sentiment {
namespace {

constexpr size_t kColumns = EarshotModel::kColumns;

// Begins as in the training: what stands before the first token.
constexpr uint32_t kTextStartHash = 0;

// As long as the longest texts of the training: a longer one is not surer of itself for its length.
constexpr double kTokensAsTrained = 40;

constexpr EarshotModel::Row kNoRow{};

// Vectors of 16 bytes, which every 64-bit processor adds at once; of eight words the first four are the columns.
using Words [[gnu::vector_size(16)]] = int16_t;
using Sums32 [[gnu::vector_size(16)]] = int32_t;

Words words_of(const EarshotModel::Row& row) {
  using Bytes [[gnu::vector_size(16)]] = int8_t;
  int32_t four_bytes = 0;
  std::memcpy(&four_bytes, row.data(), sizeof four_bytes);
  const Bytes bytes = reinterpret_cast<Bytes>(Sums32{four_bytes});
  // Each byte is the upper half of a word, and an arithmetic shift gives it its sign: without SSE4.1 the compiler
  // would widen one byte after the other.
  const Bytes upper_halves =
      __builtin_shufflevector(Bytes{}, bytes, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  return reinterpret_cast<Words>(upper_halves) >> 8;
}

Words words_of(const std::array<int16_t, kColumns>& sums) {
  using Halves [[gnu::vector_size(16)]] = int64_t;
  int64_t four_words = 0;
  std::memcpy(&four_words, sums.data(), sizeof four_words);
  return reinterpret_cast<Words>(Halves{four_words});
}

Sums32 widened(Words words) {
  return reinterpret_cast<Sums32>(__builtin_shufflevector(Words{}, words, 0, 8, 1, 9, 2, 10, 3, 11)) >> 16;
}

class RowsOfTokens final : public Vader::TokenModel {
 public:
  explicit RowsOfTokens(std::shared_ptr<const EarshotModel> model) : model_(std::move(model)) {}

  TokenWeights weigh(const Vader::Word& word, const char* lower_text) const override {
    const TokenFeature token = read_token(lower_text, word);
    Words sums{};
    const auto add = [&](uint32_t row) { sums += words_of(model_->row(row)); };
    add(TokenFeature::word_row(token.hash));
    if (token.mark_row != TokenFeature::kNoRow) add(token.mark_row);
    // At most 89 parts of at most 127 each: far from the bounds of int16.
    if (!token.letters.empty()) FeatureWord(token.letters).for_each_part(add);
    TokenWeights weights{.hash = token.hash, .traits = token.traits};
    for (size_t i = 0; i < kColumns; ++i) weights.sums[i] = sums[i];
    return weights;
  }

 private:
  std::shared_ptr<const EarshotModel> model_;
};

}  // namespace

EarshotScorer::EarshotScorer(std::shared_ptr<const EarshotModel> model, std::shared_ptr<const VaderModel> vader)
    : model_(std::move(model)), vader_(std::move(vader), std::make_unique<RowsOfTokens>(model_)) {}

Sentiment EarshotScorer::score(std::string_view text) {
  const Sentiment by_rules = vader_.score(text);
  if (vader_.words().empty()) return {};
  TokenCounts counts;
  const Sums token_sums = sum_tokens(counts);
  reader_.read_shape(vader_, by_rules, counts);
  Words shape_sums{};
  for (const uint32_t row : reader_.shape_rows()) shape_sums += words_of(model_->row(row));
  std::array<double, kColumns> scores{};
  const auto tokens = static_cast<double>(vader_.words().size());
  const double weight = tokens > kTokensAsTrained ? kTokensAsTrained / tokens : 1;
  for (size_t i = 0; i < kColumns; ++i) {
    scores[i] = weight * static_cast<double>(token_sums[i]) * model_->hashed_scales()[i] +
                static_cast<double>(shape_sums[i]) * model_->shape_scales()[i];
  }
  const double most = std::max({scores[0], scores[1], scores[2]});
  std::array<double, 3> shares{};
  double sum = 0;
  for (size_t i = 0; i < shares.size(); ++i) sum += shares[i] = std::exp((scores[i] - most) / model_->temperature());
  for (double& share : shares) share /= sum;
  double rating = model_->factor(EarshotModel::kOne) +
                  model_->factor(EarshotModel::kVaderCompound) * by_rules.compound +
                  model_->factor(EarshotModel::kBalance) * (shares[2] - shares[0]) +
                  model_->factor(EarshotModel::kVaderPositive) * by_rules.pos +
                  model_->factor(EarshotModel::kVaderNegative) * by_rules.neg + scores[EarshotModel::kRating];
  if (counts.is_marked_ironic() && rating > 0) {  // praise that is not meant
    rating = -rating;
    if (shares[2] > shares[0]) std::swap(shares[0], shares[2]);
  }
  const size_t best = static_cast<size_t>(std::ranges::max_element(shares) - shares.begin());
  Sentiment sentiment;
  sentiment.neg = round_to_decimal(shares[0], 1e3);
  sentiment.neu = round_to_decimal(shares[1], 1e3);
  sentiment.pos = round_to_decimal(shares[2], 1e3);
  sentiment.compound = round_to_decimal(std::clamp(rating / 4, -1.0, 1.0), 1e4);
  sentiment.label = static_cast<SentimentLabel>(best);
  sentiment.confidence = round_to_decimal(shares[best], 1e4);
  return sentiment;
}

EarshotScorer::Sums EarshotScorer::sum_tokens(TokenCounts& counts) const {
  constexpr size_t kTokensBetweenCarries = 65536;  // each adds less than 2^15 to a sum
  Sums sums{};
  uint32_t hash_before = kTextStartHash;
  NegationReach reach;
  auto words = vader_.words();
  while (!words.empty()) {
    const size_t count = std::min(words.size(), kTokensBetweenCarries);
    Sums32 some{};
    for (const Vader::Word& word : words.first(count)) {
      const TokenWeights& token = word.weights;
      // A row for each pair cannot stay in the nearest cache: its address needs nothing but two hashes, so that many
      // are on their way at once.
      const EarshotModel::Row& pair = model_->row(TokenFeature::pair_row(hash_before, token.hash));
      hash_before = token.hash;
      // A choice of address, no branch that is hard to foresee.
      const EarshotModel::Row* negated = &model_->row(TokenFeature::negated_row(token.hash));
      if (!reach.pass(token.traits)) negated = &kNoRow;
      some += widened(words_of(token.sums) + words_of(pair) + words_of(*negated));
      counts.add(token.traits, word.is_upper);
    }
    for (size_t i = 0; i < kColumns; ++i) sums[i] += some[i];
    words = words.subspan(count);
  }
  return sums;
}

}  // namespace earshot::sentiment
