#include <simdjson.h>

#include <iostream>

#include "engine/base/json_writer.h"
#include "operators/sentiment/scorer.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/line_filter.h"

namespace earshot {
namespace {

Result<void> add_sentiment(sentiment::Scorer& scorer, simdjson::dom::parser& parser, const std::string& line,
                           std::string& out_line) {
  simdjson::dom::object object;
  if (const auto error = parser.parse(line).get(object)) {
    return invalid(std::string("expected a JSON object: ") + simdjson::error_message(error));
  }
  std::string_view text;
  if (object["text"].get(text) != simdjson::SUCCESS) return invalid("expected a member \"text\" that is a string");
  const Sentiment sentiment = scorer.score(text);
  std::string value;
  JsonWriter json(value);
  json.begin_object().key("neg").decimal(sentiment.neg, 4).key("neu").decimal(sentiment.neu, 4);
  json.key("pos").decimal(sentiment.pos, 4).key("compound").decimal(sentiment.compound, 4);
  json.member("label", to_string(sentiment.label));
  if (sentiment.confidence > 0) json.key("confidence").decimal(sentiment.confidence, 3);
  json.end_object();
  append_with_member(out_line, line, "sentiment", value);
  return {};
}

}  // namespace

int try_sentiment_command(const std::string& model) {
  auto scorer = sentiment::make_scorer(model);
  if (!scorer) {
    std::cerr << scorer.error().to_string() << '\n';
    return 2;
  }
  simdjson::dom::parser parser;
  return filter_lines(std::cin, std::cout, std::cerr, [&](const std::string& line, std::string& out_line) {
    return add_sentiment(**scorer, parser, line, out_line);
  });
}

}  // namespace earshot
