#include <iostream>

#include "engine/base/json_writer.h"
#include "operators/sentiment/scorer.h"
#include "operators/triage/triager.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/line_filter.h"
#include "ops/earshot/single_post.h"
#include "ops/rules/triage_queries.h"

namespace earshot {

int try_triage_command(const std::string& model, const std::string& rules_file) {
  auto scorer = sentiment::make_scorer(model);
  const auto rules = triage::TriageRules::load(rules_file, rules::triage_query_compiler());
  if (!scorer || !rules) {
    std::cerr << (scorer ? rules.error() : scorer.error()).to_string() << '\n';
    return 2;
  }
  SinglePostParser parser(parse::Format::kCanonical);
  triage::Triager triager(*rules);
  return filter_lines(std::cin, std::cout, std::cerr,
                      [&](const std::string& line, std::string& out_line) -> Result<void> {
                        const auto post = parser.parse_one(line);
                        if (!post) return post.error();
                        const Triage triage = triager.classify(**post, (*scorer)->score((*post)->text));
                        std::string value;
                        JsonWriter json(value);
                        json.begin_object().member("class", to_string(triage.kind)).member("urgency", triage.urgency);
                        json.member("action", to_string(triage.action)).member("spoke", triage.spoke);
                        json.key("because").begin_array();
                        for (const std::string_view word : triage.because) json.string(word);
                        json.end_array().end_object();
                        append_with_member(out_line, line, "triage", value);
                        return {};
                      });
}

}  // namespace earshot
