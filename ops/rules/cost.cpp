#include "ops/rules/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "operators/match/matcher.h"
#include "operators/match/query.h"

namespace earshot::rules {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;

double ms_since(Clock::time_point began) {
  return duration<double, std::milli>(Clock::now() - began).count();
}

struct Pass {
  double ns_per_post = 0;
  size_t matched_posts = 0;
};

Pass pass_over(match::Matcher& matcher, std::span<const Post> posts) {
  Pass pass;
  const auto began = Clock::now();
  for (const Post& post : posts) pass.matched_posts += matcher.match(post).empty() ? 0 : 1;
  pass.ns_per_post = duration<double, std::nano>(Clock::now() - began).count() / static_cast<double>(posts.size());
  return pass;
}

// The median of an odd number of passes, after one that only warms up.
Pass median_pass(match::Matcher& matcher, std::span<const Post> posts, size_t passes) {
  pass_over(matcher, posts);
  std::vector<Pass> all;
  for (size_t i = 0; i < passes; ++i) all.push_back(pass_over(matcher, posts));
  std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(passes / 2), {}, &Pass::ns_per_post);
  return all[passes / 2];
}

bool has_only_phrases(const match::QueryNode& node) {
  if (node.children.empty())
    return node.kind == match::QueryNode::Kind::kPhrase && node.form == match::QueryNode::Form::kFolded &&
           node.value.starts_with(' ');
  return std::ranges::all_of(node.children, has_only_phrases);
}

std::shared_ptr<const ListenerSet> alone(const Listener& listener, const QueryLibrary& library = {}) {
  auto set = std::make_shared<ListenerSet>();
  set->listeners.push_back(listener);
  set->library = library;
  return set;
}

// Measures each listener in a set of its own, against a set that never matches.
class OneByOne {
 public:
  OneByOne(std::shared_ptr<const ListenerSet> listeners, std::span<const Post> posts, const CostOptions& options)
      : listeners_(std::move(listeners)), posts_(posts), options_(options) {}

  void run(SetCost& cost) {
    const auto end = Clock::now() + options_.budget;
    const std::span<const Post> few = posts_.first(std::min<size_t>(posts_.size(), kFewPosts));
    for (const size_t index : in_order_of_suspicion()) {
      if (Clock::now() >= end) break;
      ++cost.looked_at;
      if (auto found = measure(index, few, 1)) cost.slowest.push_back(std::move(*found));
    }
    std::ranges::stable_sort(cost.slowest, std::greater(), &ListenerCost::ns_per_post);
    // The first look was a short one: who seems slow is looked at again, over all posts.
    cost.slowest.resize(std::min(cost.slowest.size(), 2 * options_.slowest));
    for (ListenerCost& slow : cost.slowest) {
      if (auto again = measure(index_of(slow.name), posts_, 3)) slow = std::move(*again);
    }
    std::ranges::stable_sort(cost.slowest, std::greater(), &ListenerCost::ns_per_post);
    cost.slowest.resize(std::min(cost.slowest.size(), options_.slowest));
  }

 private:
  static constexpr size_t kFewPosts = 300;

  // Those with more than words and phrases first.
  [[nodiscard]] std::vector<size_t> in_order_of_suspicion() const {
    std::vector<size_t> order(listeners_->listeners.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::vector<bool> is_plain(order.size());
    for (const size_t i : order) {
      const Listener& listener = listeners_->listeners[i];
      const auto query = match::parse_query(listener, listeners_->library, options_.rules.folding);
      is_plain[i] = query && has_only_phrases(*query);
    }
    std::ranges::stable_partition(order, [&](size_t i) { return !is_plain[i]; });
    return order;
  }

  [[nodiscard]] size_t index_of(const std::string& name) const {
    const auto found = std::ranges::find(listeners_->listeners, name, &Listener::name);
    return static_cast<size_t>(found - listeners_->listeners.begin());
  }

  std::optional<ListenerCost> measure(size_t index, std::span<const Post> posts, size_t passes) {
    const Listener& listener = listeners_->listeners[index];
    const auto began = Clock::now();
    const auto rules = match::RuleSet::compile(alone(listener, listeners_->library), options_.rules);
    const double compile_ms = ms_since(began);
    if (!rules) return std::nullopt;
    match::Matcher matcher(*rules);
    const Pass pass = median_pass(matcher, posts, passes);
    return ListenerCost{listener.name, std::max(0.0, pass.ns_per_post - floor_ns(posts, passes)), compile_ms,
                        pass.matched_posts};
  }

  // What normalising and a look for one word that no post has cost.
  double floor_ns(std::span<const Post> posts, size_t passes) {
    double& known = posts.size() == posts_.size() ? floor_of_all_ns_ : floor_of_few_ns_;
    if (known > 0) return known;
    const auto rules = match::RuleSet::compile(
        alone({.name = "floor", .spoke = {}, .owner = {}, .query = "qzxqzjqxzjqvk"}), options_.rules);
    match::Matcher matcher(*rules);
    known = median_pass(matcher, posts, std::max<size_t>(passes, 3)).ns_per_post;
    return known;
  }

  std::shared_ptr<const ListenerSet> listeners_;
  std::span<const Post> posts_;
  const CostOptions& options_;
  double floor_of_all_ns_ = 0;
  double floor_of_few_ns_ = 0;
};

std::string_view to_string(match::PhraseFinder finder) {
  switch (finder) {
    case match::PhraseFinder::kIndex:
      return "index";
    case match::PhraseFinder::kHyperscan:
      return "hyperscan";
    case match::PhraseFinder::kAuto:
      break;
  }
  return "both, on trial";
}

}  // namespace

Result<SetCost> measure_cost(const std::shared_ptr<const ListenerSet>& listeners, std::span<const Post> posts,
                             const CostOptions& options) {
  if (posts.empty()) return invalid("there is no post to measure with");
  const auto allocated = [&] { return options.allocated_bytes ? options.allocated_bytes() : size_t{0}; };
  SetCost cost;
  cost.listeners = listeners->listeners.size();
  const size_t bytes_before = allocated();
  const auto began = Clock::now();
  const auto rules = match::RuleSet::compile(listeners, options.rules);
  cost.compile_ms = ms_since(began);
  if (!rules) return rules.error();
  const size_t bytes_after = allocated();
  cost.allocated_bytes = bytes_after - std::min(bytes_before, bytes_after);
  cost.database_bytes =
      (*rules)->scanner().size_bytes() + (*rules)->index().size_bytes() + (*rules)->pattern_scanner().size_bytes();
  match::Matcher matcher(*rules);
  const Pass pass = median_pass(matcher, posts, 5);
  cost.phrase_finder = to_string(matcher.finder());
  cost.posts = posts.size();
  cost.matched_posts = pass.matched_posts;
  cost.ns_per_post = pass.ns_per_post;
  OneByOne(listeners, posts, options).run(cost);
  return cost;
}

std::string to_text(const SetCost& cost) {
  const auto per_listener = [&](size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(std::max<size_t>(1, cost.listeners));
  };
  std::string text = fmt::format("{} listeners compile in {:.1f} ms, phrases by {}\n", cost.listeners, cost.compile_ms,
                                 cost.phrase_finder);
  text +=
      fmt::format("databases: {} bytes, {:.0f} a listener\n", cost.database_bytes, per_listener(cost.database_bytes));
  if (cost.allocated_bytes > 0) {
    text += fmt::format("memory: {} bytes in all, {:.0f} a listener\n", cost.allocated_bytes,
                        per_listener(cost.allocated_bytes));
  }
  text += fmt::format("matching: {:.0f} ns a post over {} posts, {} of them matched\n", cost.ns_per_post, cost.posts,
                      cost.matched_posts);
  text +=
      fmt::format("{:>12} {:>12} {:>10}  {}\n", "ns a post", "compile ms", "matches", "slowest listeners, each alone");
  for (const ListenerCost& each : cost.slowest) {
    text += fmt::format("{:>12.1f} {:>12.2f} {:>10}  {}\n", each.ns_per_post, each.compile_ms, each.matches, each.name);
  }
  if (cost.looked_at < cost.listeners) {
    text += fmt::format("looked at {} of {} listeners one by one: those without plain words first\n", cost.looked_at,
                        cost.listeners);
  }
  return text;
}

}  // namespace earshot::rules
