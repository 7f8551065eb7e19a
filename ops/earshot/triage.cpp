#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>

#include "ops/earshot/commands.h"
#include "ops/earshot/post_triage.h"
#include "ops/earshot/single_post.h"
#include "ops/rules/triage_report.h"

namespace earshot {
namespace {

int refuse(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

// The posts of files, each as the pipeline would judge it.
class TriagedPosts {
 public:
  static Result<TriagedPosts> open(const TriageArguments& arguments) {
    auto judge = PostTriage::open(arguments.model, arguments.rules);
    if (!judge) return judge.error();
    return TriagedPosts(std::move(*judge));
  }

  // Calls `visit` with each post of a file or stdin ("-"), its line and its place. The error is of the first line that
  // is no post.
  using Visit = std::function<Result<void>(const std::string& line, const Post&, const Triage&)>;
  Result<void> each(const std::string& path, const Visit& visit) {
    std::ifstream file;
    if (path != "-") file.open(path, std::ios::binary);
    std::istream& in = path == "-" ? std::cin : file;
    if (!in) return failed("cannot read the posts", path);
    size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const auto place = fmt::format("{}:{}", path, number);
      const auto post = parser_.parse_one(line);
      if (!post) return Error{ErrorCode::kInvalid, post.error().to_string(), place};
      const Triage triage = judge_.classify(**post);
      if (auto visited = visit(line, **post, triage); !visited) {
        return Error{ErrorCode::kInvalid, visited.error().message, place};
      }
    }
    return {};
  }

  [[nodiscard]] const PostTriage& judge() const { return judge_; }

 private:
  explicit TriagedPosts(PostTriage judge) : judge_(std::move(judge)) {}

  SinglePostParser parser_{parse::Format::kCanonical};
  PostTriage judge_;
};

Result<TriageClass> expected_class(const std::string& line) {
  const auto fixture = nlohmann::json::parse(line, nullptr, false);
  const bool has_label = fixture.is_object() && fixture.contains("expect") && fixture["expect"].is_string();
  if (!has_label) return invalid("expected a canonical post with its class in 'expect'");
  const auto name = fixture["expect"].get<std::string>();
  for (size_t i = 0; i < triage::kClasses; ++i) {
    if (to_string(static_cast<TriageClass>(i)) == name) return static_cast<TriageClass>(i);
  }
  return invalid("no class is named '" + name + "'");
}

void explain(const TriagedPosts& posts, const Post& post, const Triage& triage) {
  std::cout << fmt::format("{}: {}, urgency {}, {}{}{}\n", post.id, to_string(triage.kind), triage.urgency,
                           to_string(triage.action), triage.spoke.empty() ? "" : ", for ", triage.spoke);
  std::cout << fmt::format("  sentiment {:+.4f}\n", posts.judge().sentiment().compound);
  for (const auto& found : posts.judge().triager().found()) {
    const bool is_urgency = found.rule->effect == triage::Rule::Effect::kUrgency;
    const bool is_exception = found.rule->effect == triage::Rule::Effect::kException;
    const std::string_view kind = is_urgency ? "urgency" : to_string(found.rule->kind);
    const std::string points = is_exception ? "exception" : fmt::format("{:+}", found.points);
    std::cout << fmt::format("  {:>9} {:<16} {}\n", points, kind, found.words);
  }
  for (size_t i = 0; i < triage::kClasses; ++i) {
    const auto kind = static_cast<TriageClass>(i);
    const int units = posts.judge().triager().word_units(kind);
    if (units == 0) continue;
    const double points = static_cast<double>(units) / triage::WordWeights::kUnitsPerPoint;
    std::cout << fmt::format("  {:>+9.1f} {:<16} words\n", points, to_string(kind));
  }
}

}  // namespace

int triage_test_command(const TriageArguments& arguments) {
  auto posts = TriagedPosts::open(arguments);
  if (!posts) return refuse(posts.error());
  rules::TriageReport report;
  for (const std::string& path : arguments.posts) {
    const auto judged = posts->each(path, [&](const std::string& line, const Post& post, const Triage& triage) {
      const auto expected = expected_class(line);
      if (!expected) return Result<void>(expected.error());
      report.add(*expected, triage.kind);
      if (arguments.shows_faults && *expected != triage.kind) {
        std::cout << to_string(*expected) << " taken for " << to_string(triage.kind) << ": " << post.text << '\n';
      }
      return Result<void>();
    });
    if (!judged) return refuse(judged.error());
  }
  if (report.posts() == 0) return refuse(failed("there is no post to test with", arguments.posts.front()));
  std::cout << report.to_text();
  if (report.macro_f1() >= arguments.macro_f1_min) return 0;
  std::cerr << fmt::format("macro-F1 is below {:.3f}\n", arguments.macro_f1_min);
  return 1;
}

int triage_explain_command(const TriageArguments& arguments) {
  auto posts = TriagedPosts::open(arguments);
  if (!posts) return refuse(posts.error());
  for (const std::string& path : arguments.posts) {
    const auto explained = posts->each(path, [&](const std::string&, const Post& post, const Triage& triage) {
      explain(*posts, post, triage);
      return Result<void>();
    });
    if (!explained) return refuse(explained.error());
  }
  return 0;
}

}  // namespace earshot
