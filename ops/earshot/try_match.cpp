#include <iostream>

#include "engine/base/json_writer.h"
#include "operators/match/matcher.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/line_filter.h"
#include "ops/earshot/rule_files.h"
#include "ops/earshot/single_post.h"
#include "ops/topologies/post_sentiment.h"

namespace earshot {
namespace {

std::string matches_json(const ListenerSet& listeners, std::span<const match::ListenerMatch> matches) {
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const match::ListenerMatch& found : matches) {
    json.begin_object().member("listener", listeners.listeners[found.listener].name).key("clauses").begin_array();
    for (const ClauseMatch& clause : found.clauses) {
      json.begin_object().member("text", clause.text).member("start", clause.start).member("end", clause.end);
      json.end_object();
    }
    json.end_array();
    if (!found.tags.empty()) {
      json.key("tags").begin_array();
      for (const std::string_view tag : found.tags) json.string(tag);
      json.end_array();
    }
    if (found.weight != 0) json.member("weight", found.weight);
    json.end_object();
  }
  json.end_array();
  return text;
}

}  // namespace

int try_match_command(const std::string& listeners_path, const std::string& case_folding, const std::string& model) {
  const auto folding = case_folding_from_name(case_folding);
  if (!folding) {
    std::cerr << folding.error().to_string() << '\n';
    return 2;
  }
  const auto rules = compile_listeners(listeners_path, *folding);
  if (!rules) {
    std::cerr << rules.error().to_string() << '\n';
    return 1;
  }
  const auto scorer = sentiment::PostScorer::make(model);
  if (!scorer) {
    std::cerr << scorer.error().to_string() << '\n';
    return 2;
  }
  PostSentiment sentiment(**scorer);
  const ListenerSet& listeners = *(*rules)->listeners();
  SinglePostParser parser(parse::Format::kCanonical);
  match::Matcher matcher(*rules);
  return filter_lines(
      std::cin, std::cout, std::cerr, [&](const std::string& line, std::string& out_line) -> Result<void> {
        const auto post = parser.parse_one(line);
        if (!post) return post.error();
        append_with_member(out_line, line, "matches", matches_json(listeners, matcher.match(**post, &sentiment)));
        return {};
      });
}

}  // namespace earshot
