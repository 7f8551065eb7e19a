#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <vector>

#include "engine/base/json_writer.h"
#include "operators/sentiment/post_scorer.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/line_filter.h"

namespace earshot {
namespace {

void write_sentiment(JsonWriter& json, const Sentiment& sentiment) {
  json.begin_object().key("neg").decimal(sentiment.neg, 4).key("neu").decimal(sentiment.neu, 4);
  json.key("pos").decimal(sentiment.pos, 4).key("compound").decimal(sentiment.compound, 4);
  json.member("label", to_string(sentiment.label));
  if (sentiment.confidence > 0) json.key("confidence").decimal(sentiment.confidence, 3);
  json.end_object();
}

// The first place of `brand` in `text`, in any case of ASCII letters.
Result<ClauseMatch> find_brand(std::string_view text, std::string_view brand) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  const auto found = std::ranges::search(text, brand, {}, small, small);
  if (brand.empty() || found.empty()) return invalid("\"" + std::string(brand) + "\" is not in the text");
  const auto begin = static_cast<uint32_t>(found.begin() - text.begin());
  return ClauseMatch{brand, begin, begin + static_cast<uint32_t>(brand.size())};
}

class SentimentLines {
 public:
  SentimentLines(std::shared_ptr<const sentiment::SentimentModels> models, bool takes_untagged_for_english)
      : scorer_(std::move(models)), untagged_language_(takes_untagged_for_english ? "en" : "") {}

  Result<void> add(const std::string& line, std::string& out_line) {
    simdjson::dom::object object;
    if (const auto error = parser_.parse(line).get(object)) {
      return invalid(std::string("expected a JSON object: ") + simdjson::error_message(error));
    }
    std::string_view text;
    if (object["text"].get(text) != simdjson::SUCCESS) return invalid("expected a member \"text\" that is a string");
    std::string_view lang;
    if (object["lang"].get(lang) != simdjson::SUCCESS) lang = untagged_language_;
    std::string value;
    JsonWriter json(value);
    write_sentiment(json, scorer_.score(text, lang));
    std::string with_sentiment;
    simdjson::dom::element towards;
    if (object["towards"].get(towards) != simdjson::SUCCESS) {
      append_with_member(out_line, line, "sentiment", value);
      return {};
    }
    append_with_member(with_sentiment, line, "sentiment", value);
    value.clear();
    if (auto added = add_towards(text, towards, value); !added) return added.error();
    append_with_member(out_line, with_sentiment, "sentiment_towards", value);
    return {};
  }

 private:
  Result<void> add_towards(std::string_view text, simdjson::dom::element towards, std::string& value) {
    std::vector<std::string_view> brands;
    if (std::string_view brand; towards.get(brand) == simdjson::SUCCESS) brands.push_back(brand);
    if (simdjson::dom::array list; towards.get(list) == simdjson::SUCCESS) {
      for (const simdjson::dom::element each : list) {
        if (each.get(brands.emplace_back()) != simdjson::SUCCESS) return invalid("\"towards\" has what is no string");
      }
    }
    if (brands.empty()) return invalid("expected \"towards\" to be a string or a list of them");
    JsonWriter json(value);
    json.begin_object();
    for (const std::string_view brand : brands) {
      const auto match = find_brand(text, brand);
      if (!match) return match.error();
      json.escaped_key(brand);
      write_sentiment(json, scorer_.towards(text, std::span(&*match, 1)));
    }
    json.end_object();
    return {};
  }

  sentiment::PostScorer scorer_;
  std::string_view untagged_language_;
  simdjson::dom::parser parser_;
};

}  // namespace

int try_sentiment_command(const TrySentimentArguments& arguments) {
  sentiment::SentimentOptions options;
  options.model = arguments.model;
  options.lexicons.assign(arguments.lexicons.begin(), arguments.lexicons.end());
  options.models.assign(arguments.models.begin(), arguments.models.end());
  auto models = sentiment::SentimentModels::load(options);
  if (!models) {
    std::cerr << models.error().to_string() << '\n';
    return 2;
  }
  // VADER is for comparing with the original, which takes every text for English.
  SentimentLines lines(std::move(*models), arguments.model == "vader");
  return filter_lines(std::cin, std::cout, std::cerr,
                      [&](const std::string& line, std::string& out_line) { return lines.add(line, out_line); });
}

}  // namespace earshot
