#include "operators/sentiment/sentiment_models.h"

#include "operators/sentiment/earshot_scorer.h"
#include "operators/sentiment/lexicon_scorer.h"
#include "operators/sentiment/model_file.h"
#include "operators/sentiment/vader.h"

namespace earshot::sentiment {
namespace {

constexpr size_t kModelBytesMax = 16 << 20;

Error second_file(const std::filesystem::path& path, const std::string& language, std::string_view kind) {
  return invalid("a second " + std::string(kind) + " for the language " + language, path.string());
}

}  // namespace

Result<std::shared_ptr<const SentimentModels>> SentimentModels::load(const SentimentOptions& options) {
  if (auto known = sentiment::make_scorer(options.model); !known) return known.error();
  auto models = std::make_shared<SentimentModels>();
  models->options_ = options;
  if (auto loaded = models->load_lexicons(); !loaded) return loaded.error();
  if (auto loaded = models->load_models(); !loaded) return loaded.error();
  return std::shared_ptr<const SentimentModels>(std::move(models));
}

Result<void> SentimentModels::load_lexicons() {
  for (const auto& path : options_.lexicons) {
    auto lexicon = Lexicon::load(path);
    if (!lexicon) return lexicon.error();
    const std::string& language = (*lexicon)->language();
    if (!lexicons_.emplace(language, *lexicon).second) return second_file(path, language, "lexicon");
  }
  return {};
}

Result<void> SentimentModels::load_models() {
  for (const auto& path : options_.models) {
    auto bytes = read_model_file(path, kModelBytesMax);
    if (!bytes) return bytes.error();
    auto model = EarshotModel::parse(std::as_bytes(std::span(*bytes)), path.string());
    if (!model) return model.error();
    const std::string language((*model)->language());
    if (!models_.emplace(language, *model).second) return second_file(path, language, "model");
  }
  return {};
}

std::unique_ptr<Scorer> SentimentModels::make_scorer(std::string_view language) const {
  if (const auto model = models_.find(language); model != models_.end()) {
    return std::make_unique<EarshotScorer>(model->second, VaderModel::builtin());
  }
  if (const auto lexicon = lexicons_.find(language); lexicon != lexicons_.end()) {
    return std::make_unique<LexiconScorer>(lexicon->second);
  }
  if (language == "en") return std::move(*sentiment::make_scorer(options_.model));
  return nullptr;
}

}  // namespace earshot::sentiment
