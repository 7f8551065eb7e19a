#include <iostream>

#include "engine/base/json_writer.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/line_filter.h"
#include "ops/earshot/post_triage.h"
#include "ops/earshot/single_post.h"

namespace earshot {

int try_triage_command(const std::string& model, const std::string& rules_file) {
  auto judge = PostTriage::open(model, rules_file);
  if (!judge) {
    std::cerr << judge.error().to_string() << '\n';
    return 2;
  }
  SinglePostParser parser(parse::Format::kCanonical);
  return filter_lines(std::cin, std::cout, std::cerr,
                      [&](const std::string& line, std::string& out_line) -> Result<void> {
                        const auto post = parser.parse_one(line);
                        if (!post) return post.error();
                        const Triage triage = judge->classify(**post);
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
