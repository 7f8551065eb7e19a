// SentimentModels: which scorer reads which language; a snapshot, immutable, shared between threads.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/sentiment/earshot_model.h"
#include "operators/sentiment/lexicon.h"
#include "operators/sentiment/scorer.h"

namespace earshot::sentiment {

struct SentimentOptions {
  std::string model = "vader";                  // of English texts: vader or earshot
  std::vector<std::filesystem::path> lexicons;  // a language each (lexicon.h)
  std::vector<std::filesystem::path> models;    // the same of earshot models (earshot_model.h); they go before lexicons
  bool towards_listener = true;                 // a mention has the sentiment towards what its listener found
};

class SentimentModels {
 public:
  // Reads every file, or says which one is broken and where. Two files of a kind for one language are an error.
  static Result<std::shared_ptr<const SentimentModels>> load(const SentimentOptions& options);

  // A scorer with scratch of its own; nullptr when there is none for this language.
  [[nodiscard]] std::unique_ptr<Scorer> make_scorer(std::string_view language) const;
  [[nodiscard]] bool towards_listener() const { return options_.towards_listener; }

 private:
  Result<void> load_lexicons();
  Result<void> load_models();

  SentimentOptions options_;
  std::map<std::string, std::shared_ptr<const Lexicon>, std::less<>> lexicons_;
  std::map<std::string, std::shared_ptr<const EarshotModel>, std::less<>> models_;
};

}  // namespace earshot::sentiment
