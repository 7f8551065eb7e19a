// Which models score, as the configuration says.
#pragma once

#include "operators/sentiment/sentiment_models.h"
#include "ops/settings/settings.h"

namespace earshot {

sentiment::SentimentOptions sentiment_options(const SentimentSettings& sentiment);

}  // namespace earshot
