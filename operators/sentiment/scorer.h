// Scorer: how a text feels, by one model. One scorer per thread: it owns its scratch; the model behind it is shared.
#pragma once

#include <memory>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/mention.h"

namespace earshot::sentiment {

class Scorer {
 public:
  Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;
  virtual ~Scorer() = default;

  // Scores `text` (UTF-8, any length) in linear time. An empty text has all four scores 0 and is neutral.
  virtual Sentiment score(std::string_view text) = 0;
};

// Makes a scorer by the name of its model. An unknown name is an error that lists the known ones.
Result<std::unique_ptr<Scorer>> make_scorer(std::string_view model);

}  // namespace earshot::sentiment
