#include "ops/earshot/sentiment_options.h"

namespace earshot {

sentiment::SentimentOptions sentiment_options(const SentimentSettings& sentiment) {
  return {sentiment.model, sentiment.lexicons, sentiment.models, sentiment.towards == "listener"};
}

}  // namespace earshot
