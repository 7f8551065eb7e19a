#include "operators/sentiment/scorer.h"

#include <string>

#include "operators/sentiment/earshot_scorer.h"
#include "operators/sentiment/vader.h"

namespace earshot::sentiment {

Result<std::unique_ptr<Scorer>> make_scorer(std::string_view model) {
  if (model == "vader") return std::unique_ptr<Scorer>(std::make_unique<Vader>(VaderModel::builtin()));
  if (model == "earshot") {
    return std::unique_ptr<Scorer>(std::make_unique<EarshotScorer>(EarshotModel::builtin(), VaderModel::builtin()));
  }
  return invalid("unknown sentiment model '" + std::string(model) + "'; known: vader, earshot");
}

}  // namespace earshot::sentiment
