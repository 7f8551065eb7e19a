#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "operators/match/matcher.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/rule_files.h"
#include "ops/earshot/single_post.h"
#include "ops/rules/explanation.h"
#include "ops/rules/lint.h"
#include "ops/topologies/post_sentiment.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

Result<std::shared_ptr<const match::RuleSet>> compile(const RulesArguments& arguments) {
  const auto folding = case_folding_from_name(arguments.case_folding);
  if (!folding) return folding.error();
  return compile_listeners(arguments.listeners, *folding);
}

// Calls `visit` with each line of a file or stdin ("-") and its place; false when it cannot be read.
bool each_line(const std::string& path, const std::function<void(const std::string&, const std::string&)>& visit) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return false;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) visit(line, fmt::format("{}:{}", path, ++number));
  return !in.bad();
}

std::vector<std::string> fixtures_in(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && entry.path().extension() == ".ndjson") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Counts posts and those that did not match as expected, which it names.
class FixtureRun {
 public:
  explicit FixtureRun(const match::RuleSet& rules) : listeners_(*rules.listeners()) {
    for (const Listener& listener : listeners_.listeners) names_.insert(listener.name);
  }

  void check(const std::string& line, const std::string& where, match::Matcher& matcher, PostSentiment& sentiment) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    ++posts_;
    const auto fixture = nlohmann::json::parse(line, nullptr, false);
    if (!fixture.is_object() || !fixture.contains("expect") || !fixture["expect"].is_array()) {
      return fail(where, "expected a canonical post with a list of listeners in 'expect'");
    }
    std::set<std::string> expected;
    for (const auto& name : fixture["expect"]) {
      if (!name.is_string() || !names_.contains(name)) return fail(where, "no listener is named " + name.dump());
      expected.insert(name);
    }
    const auto post = parser_.parse_one(line);
    if (!post) return fail(where, post.error().to_string());
    std::set<std::string> found;
    for (const match::ListenerMatch& match : matcher.match(**post, &sentiment)) {
      found.insert(listeners_.listeners[match.listener].name);
    }
    for (const std::string& name : expected) {
      if (!found.contains(name)) fail(where, fmt::format("'{}' does not match '{}'", name, (*post)->text));
    }
    for (const std::string& name : found) {
      if (!expected.contains(name)) fail(where, fmt::format("'{}' matches '{}'", name, (*post)->text));
    }
  }

  [[nodiscard]] size_t posts() const { return posts_; }
  [[nodiscard]] size_t faults() const { return faults_; }

 private:
  void fail(const std::string& where, const std::string& what) {
    ++faults_;
    std::cout << where << ": " << what << '\n';
  }

  const ListenerSet& listeners_;
  std::set<std::string> names_;
  SinglePostParser parser_{parse::Format::kCanonical};
  size_t posts_ = 0;
  size_t faults_ = 0;
};

}  // namespace

int rules_lint_command(const RulesArguments& arguments) {
  const auto rules = compile(arguments);
  if (!rules) return refuse(rules.error());
  const auto remarks = rules::lint(*(*rules)->listeners());
  for (const rules::Remark& remark : remarks) {
    std::cout << remark.where << ": listener '" << remark.listener << "': " << remark.message << '\n';
  }
  std::cout << (*rules)->listeners()->listeners.size() << " listeners, " << remarks.size() << " remarks\n";
  return arguments.is_strict && !remarks.empty() ? 1 : 0;
}

int rules_explain_command(const RulesArguments& arguments) {
  const auto rules = compile(arguments);
  if (!rules) return refuse(rules.error());
  const auto& listeners = (*rules)->listeners()->listeners;
  const auto listener = std::find_if(listeners.begin(), listeners.end(),
                                     [&](const Listener& one) { return one.name == arguments.listener; });
  if (listener == listeners.end()) {
    return refuse({ErrorCode::kNotFound, "no listener is named '" + arguments.listener + "'", arguments.listeners});
  }
  const auto scorer = sentiment::PostScorer::make(arguments.sentiment_model);
  if (!scorer) return refuse(scorer.error());
  PostSentiment sentiment(**scorer);
  SinglePostParser parser(parse::Format::kCanonical);
  bool has_failed = false;
  const auto explain = [&](const std::string& line, const std::string& where) {
    const auto post = parser.parse_one(line);
    const auto explanation = post ? rules::explain(*listener, **post, *case_folding_from_name(arguments.case_folding),
                                                   (*rules)->listeners()->library, &sentiment)
                                  : post.error();
    has_failed |= !explanation;
    if (!explanation) {
      std::cerr << where << ": " << explanation.error().to_string() << '\n';
      return;
    }
    std::cout << where << ": '" << listener->name << "' " << (explanation->holds ? "matches" : "does not match") << " '"
              << (*post)->text << "'\n"
              << rules::to_text(*explanation, **post);
  };
  if (!each_line(arguments.posts, explain)) return refuse(failed("cannot read the posts", arguments.posts));
  return has_failed ? 1 : 0;
}

int rules_test_command(const RulesArguments& arguments) {
  const auto rules = compile(arguments);
  if (!rules) return refuse(rules.error());
  const auto scorer = sentiment::PostScorer::make(arguments.sentiment_model);
  if (!scorer) return refuse(scorer.error());
  PostSentiment sentiment(**scorer);
  match::Matcher matcher(*rules);
  FixtureRun run(**rules);
  for (const std::string& file : fixtures_in(arguments.posts)) {
    const auto check = [&](const std::string& line, const std::string& where) {
      run.check(line, where, matcher, sentiment);
    };
    if (!each_line(file, check)) return refuse(failed("cannot read the fixtures", file));
  }
  if (run.posts() == 0) return refuse(failed("there is no post to test with", arguments.posts));
  std::cout << run.posts() << " posts, " << run.faults() << " faults\n";
  return run.faults() == 0 ? 0 : 1;
}

}  // namespace earshot
