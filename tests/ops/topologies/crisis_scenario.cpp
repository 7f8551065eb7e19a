#include "tests/ops/topologies/crisis_scenario.h"

#include "engine/base/hash.h"
#include "engine/time/watermark.h"
#include "schemas/evidence.h"

namespace earshot {
namespace {

void set_bit(std::string& bits, uint64_t item) {
  bits.resize(32, '\0');
  const uint64_t bit = mix_64(item + 1, 0x9e3779b97f4a7c15ULL) % 256;
  bits[bit / 8] = static_cast<char>(bits[bit / 8] | (1 << (bit % 8)));
}

class Author {
 public:
  explicit Author(uint64_t seed) : random_(seed) {}

  int draw(double mean) { return std::poisson_distribution<int>(mean)(random_); }

  void add_pane(wire::Partial& partial, const std::string& listener, int64_t pane_ms, int mentions, bool is_crisis,
                bool is_correction) {
    if (mentions == 0) return;
    wire::PanePartial& pane = *partial.add_panes();
    pane.set_listener(listener);
    pane.set_pane_start_ms(pane_ms);
    pane.set_correction(is_correction);
    wire::Counts& counts = *pane.mutable_counts();
    counts.set_mentions(static_cast<uint64_t>(mentions));
    counts.set_hits(static_cast<uint64_t>(mentions));
    counts.set_originals(static_cast<uint64_t>(mentions));
    counts.set_reach(static_cast<uint64_t>(mentions) * 300);
    for (int i = 0; i < mentions; ++i) {
      const bool is_negative = random_() % 10 < (is_crisis ? 8U : 1U);
      counts.set_negative(counts.negative() + (is_negative ? 1 : 0));
      counts.set_sentiment_sum_e4(counts.sentiment_sum_e4() + (is_negative ? -6000 : 1500));
      set_bit(*counts.mutable_author_bits(), random_());
      set_bit(*counts.mutable_text_bits(), random_());
    }
    add_evidence(pane, listener, pane_ms, is_crisis);
  }

 private:
  void add_evidence(wire::PanePartial& pane, const std::string& listener, int64_t pane_ms, bool is_crisis) {
    static const char* const kCalm[] = {"coffee with friends", "new shop downtown", "nice advert yesterday",
                                        "waiting for delivery", "friendly staff today"};
    wire::Evidence post;
    const uint64_t number = random_();
    post.set_post_id(std::to_string(number));
    post.set_platform(number % 3 == 0 ? "bluesky" : "x");
    post.set_lang("en");
    post.set_author_id("author" + std::to_string(number % 1000));
    post.set_created_at_ms(pane_ms + 1);
    post.set_followers(static_cast<int64_t>(number % 5000));
    post.set_sentiment_e4(is_crisis ? -7000 : 1000);
    post.set_text(listener + (is_crisis ? " outage again, refund please " : " ") + kCalm[number % 5]);
    post.set_text_hash(hash_64(post.text()) + number % 4);
    post.add_clauses(listener);
    write_evidence(rank(post), *pane.add_evidence());
  }

  std::mt19937_64 random_;
};

std::shared_ptr<const ListenerSet> two_brands() {
  auto set = std::make_shared<ListenerSet>();
  for (const char* name : {"acme", "globex"}) {
    Listener listener;
    listener.name = name;
    listener.spoke = "service";
    listener.query = name;
    set->listeners.push_back(listener);
  }
  set->version = 7;
  return set;
}

}  // namespace

CrisisScenario make_crisis_scenario(uint64_t seed) {
  CrisisScenario scenario;
  scenario.listeners = two_brands();
  const int64_t panes = CrisisScenario::kHours * 3'600'000 / CrisisScenario::kPaneMs;
  for (int source = 0; source < CrisisScenario::kSources; ++source) {
    Author author(seed * 16 + static_cast<uint64_t>(source));
    auto& partials = scenario.by_source.emplace_back();
    for (int64_t i = 0; i < panes; ++i) {
      const int64_t pane_ms = CrisisScenario::kStartMs + i * CrisisScenario::kPaneMs;
      const bool is_crisis = pane_ms >= CrisisScenario::kCrisisStartMs &&
                             pane_ms < CrisisScenario::kCrisisStartMs + CrisisScenario::kCrisisMs;
      wire::Partial& partial = partials.emplace_back();
      partial.set_source_partition(source);
      partial.set_source_partitions(CrisisScenario::kSources);
      partial.set_rule_version(7);
      partial.set_watermark_ms(i + 1 == panes ? kEndOfTime : pane_ms + CrisisScenario::kPaneMs);
      author.add_pane(partial, "acme", pane_ms, author.draw(is_crisis ? 8.0 : 0.7), is_crisis, false);
      author.add_pane(partial, "globex", pane_ms, author.draw(0.05), false, false);
      if (i % 97 == 50) author.add_pane(partial, "acme", pane_ms - 600'000, 2, false, true);
    }
  }
  return scenario;
}

std::vector<std::string> interleave(const CrisisScenario& scenario, uint64_t seed, size_t merged_max) {
  std::mt19937_64 random(seed);
  std::vector<size_t> next(scenario.by_source.size(), 0);
  std::vector<std::string> records;
  std::vector<size_t> open;
  while (true) {
    open.clear();
    for (size_t source = 0; source < next.size(); ++source) {
      if (next[source] < scenario.by_source[source].size()) open.push_back(source);
    }
    if (open.empty()) return records;
    const size_t source = open[random() % open.size()];
    wire::Partial merged;
    for (size_t count = 1 + random() % merged_max; count > 0 && next[source] < scenario.by_source[source].size();
         --count) {
      const wire::Partial& partial = scenario.by_source[source][next[source]++];
      merged.MergeFrom(partial);  // scalars take the newer value, panes follow each other
    }
    records.push_back(merged.SerializeAsString());
  }
}

}  // namespace earshot
