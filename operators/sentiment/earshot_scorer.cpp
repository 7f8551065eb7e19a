#include "operators/sentiment/earshot_scorer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "operators/sentiment/decimal_round.h"

namespace earshot::sentiment {
namespace {

constexpr size_t kColumns = EarshotModel::kColumns;

// Begins as in the training: what stands before the first token.
constexpr uint64_t kTextStartHash = 0;

// As long as the longest texts of the training: a longer one is not surer of itself for its length.
constexpr double kTokensAsTrained = 40;

// Four sums of 32 bits, which one instruction adds to.
using Lanes [[gnu::vector_size(16)]] = int32_t;

Lanes lanes_of(const std::array<int8_t, kColumns>& row) {
  using Bytes [[gnu::vector_size(4)]] = int8_t;
  Bytes bytes;
  std::memcpy(&bytes, row.data(), sizeof bytes);
  return __builtin_convertvector(bytes, Lanes);
}

Lanes lanes_of(const std::array<int16_t, kColumns>& sums) {
  using Words [[gnu::vector_size(8)]] = int16_t;
  Words words;
  std::memcpy(&words, sums.data(), sizeof words);
  return __builtin_convertvector(words, Lanes);
}

class RowsOfTokens final : public Vader::TokenModel {
 public:
  explicit RowsOfTokens(std::shared_ptr<const EarshotModel> model) : model_(std::move(model)) {}

  TokenWeights weigh(const Vader::Word& word, const char* lower_text) const override {
    const TokenFeature token = read_token(lower_text, word);
    Lanes sums{};
    const auto add = [&](uint32_t row) { sums += lanes_of(model_->row(row)); };
    add(token.word_row());
    if (token.mark_row != TokenFeature::kNoRow) add(token.mark_row);
    // At most 89 parts of at most 127 each: far from the bounds of int16.
    if (!token.letters.empty()) FeatureWord(token.letters).for_each_part(add);
    TokenWeights weights{.hash = token.hash, .if_negated = model_->row(token.negated_row()), .traits = token.traits};
    for (size_t i = 0; i < kColumns; ++i) weights.sums[i] = static_cast<int16_t>(sums[i]);
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
  Lanes shape_sums{};
  for (const uint32_t row : reader_.shape_rows()) shape_sums += lanes_of(model_->row(row));
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
  constexpr size_t kTokensBetweenCarries = 16384;  // each adds less than 2^16 to a lane
  Sums sums{};
  uint64_t hash_before = kTextStartHash;
  NegationReach reach;
  auto words = vader_.words();
  while (!words.empty()) {
    const size_t count = std::min(words.size(), kTokensBetweenCarries);
    Lanes lanes{};
    for (const Vader::Word& word : words.first(count)) {
      const TokenWeights& token = word.weights;
      // A row for each pair cannot stay in the nearest cache: its address needs nothing but two hashes, so that many
      // are on their way at once.
      lanes += lanes_of(token.sums) + lanes_of(model_->row(TokenFeature::pair_row(hash_before, token.hash)));
      hash_before = token.hash;
      const Lanes mask = Lanes{} - (reach.pass(token.traits) ? 1 : 0);  // no branch that is hard to foresee
      lanes += lanes_of(token.if_negated) & mask;
      counts.add(token.traits, word.is_upper);
    }
    for (size_t i = 0; i < kColumns; ++i) sums[i] += lanes[i];
    words = words.subspan(count);
  }
  return sums;
}

}  // namespace earshot::sentiment
