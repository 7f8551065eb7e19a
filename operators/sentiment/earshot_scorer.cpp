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

}  // namespace

EarshotScorer::EarshotScorer(std::shared_ptr<const EarshotModel> model, std::shared_ptr<const VaderModel> vader)
    : model_(std::move(model)), vader_(std::move(vader)) {}

Sentiment EarshotScorer::score(std::string_view text) {
  const Sentiment by_rules = vader_.score(text);
  if (vader_.words().empty()) return {};
  reader_.read(vader_, by_rules);
  const Sums token_sums = sum_tokens();
  Lanes shape_sums{};
  for (const uint32_t row : reader_.shape_rows()) shape_sums += row_lanes(row);
  std::array<double, kColumns> scores{};
  const auto tokens = static_cast<double>(reader_.tokens().size());
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
  if (reader_.is_marked_ironic() && rating > 0) {  // praise that is not meant
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

EarshotScorer::Lanes EarshotScorer::row_lanes(uint32_t row) const {
  using Bytes [[gnu::vector_size(4)]] = int8_t;
  Bytes bytes;
  std::memcpy(&bytes, model_->row(row).data(), sizeof bytes);
  return __builtin_convertvector(bytes, Lanes);
}

const EarshotScorer::KnownWord& EarshotScorer::know(const TokenFeature& token) {
  KnownWord& known = known_words_[place_of(token)];
  const uint64_t hash = token.hash | 1;  // an empty place has hash 0
  if (known.hash == hash) return known;
  known.hash = hash;
  Lanes sums{};
  const auto add = [&](uint32_t row) { sums += row_lanes(row); };
  add(token.word_row());
  // At most 89 parts of at most 127 each: far from the bounds of int16.
  if (!token.letters.empty()) FeatureWord(token.letters).for_each_part(add);
  for (size_t i = 0; i < kColumns; ++i) known.sums[i] = static_cast<int16_t>(sums[i]);
  return known;
}

EarshotScorer::Sums EarshotScorer::sum_tokens() {
  using Words [[gnu::vector_size(8)]] = int16_t;
  constexpr size_t kWordsAhead = 4;
  constexpr size_t kTokensBetweenCarries = 16384;  // each adds less than 2^16 to a lane
  Sums sums{};
  uint64_t hash_before = kTextStartHash;
  auto tokens = reader_.tokens();
  while (!tokens.empty()) {
    const size_t count = std::min(tokens.size(), kTokensBetweenCarries);
    Lanes lanes{};
    for (size_t at = 0; at < count; ++at) {
      const TokenFeature& token = tokens[at];
      // The tables do not fit the nearest cache, and a word's place is known long before its turn.
      if (at + kWordsAhead < count) __builtin_prefetch(&known_words_[place_of(tokens[at + kWordsAhead])]);
      Words known;
      std::memcpy(&known, know(token).sums.data(), sizeof known);
      lanes += __builtin_convertvector(known, Lanes) + row_lanes(token.pair_row(hash_before));
      hash_before = token.hash;
      if (token.is_negated) lanes += row_lanes(token.negated_row());
      if (token.mark_row != TokenFeature::kNoRow) lanes += row_lanes(token.mark_row);
    }
    for (size_t i = 0; i < kColumns; ++i) sums[i] += lanes[i];
    tokens = tokens.subspan(count);
  }
  return sums;
}

}  // namespace earshot::sentiment
