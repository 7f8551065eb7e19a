// Explanation: why a query holds for a post or does not, term by term.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/folding_table.h"
#include "operators/match/matcher.h"
#include "schemas/listener.h"
#include "schemas/mention.h"
#include "schemas/post.h"

namespace earshot::rules {

struct Explanation {
  std::string what;  // the part of the query: a term as written, or "all of", "any of", "none of"
  bool holds = false;
  std::vector<ClauseMatch> places;  // of words and phrases that occur: bytes of the post's text; texts are empty
  std::vector<Explanation> parts;
};

// Errors: those of the query. `library` is its set's. Without a source of sentiment no term about it holds.
Result<Explanation> explain(const Listener& listener, const Post& post, CaseFolding folding,
                            const QueryLibrary& library = {}, match::SentimentSource* sentiment = nullptr);

// A line for each part, indented by its depth.
std::string to_text(const Explanation& explanation, const Post& post);

}  // namespace earshot::rules
