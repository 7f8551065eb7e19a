// Deterministic simulation: the real topologies over many schedules of deaths, refused and half-known commits, zombies
// and moving partitions. Whatever happens, what was said is what an undisturbed run says. EARSHOT_SIMULATION_SEEDS sets
// how many schedules (200), EARSHOT_SIMULATION_FIRST the first seed, to play one again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "engine/time/timestamp.h"
#include "schemas/proto/audit.pb.h"
#include "tests/simulation/engine.h"

namespace earshot::simulation {
namespace {

constexpr int64_t kStartMs = 1'772'366'400'000;
constexpr int64_t kMinuteMs = 60'000;
constexpr Faults kFaults{
    .death = 0.01, .refusal = 0.05, .lost_answer = 0.05, .expulsion = 0.01, .movement = 0.02, .steps = 600};

uint64_t number_of(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::shared_ptr<const match::RuleSet> rules() {
  static const auto made = [] {
    auto set = std::make_shared<ListenerSet>();
    for (const char* name : {"acme", "globex", "initech"}) {
      Listener listener;
      listener.name = name;
      listener.spoke = "desk";
      listener.query = name;
      set->listeners.push_back(listener);
    }
    set->version = 7;
    return *match::RuleSet::compile(set, {});
  }();
  return made;
}

// An hour and a half about three brands that surge together, so that who opens the incident is a matter of order; some
// posts come twice, some late, some are broken. The last post of each partition is far ahead, so that all before it is
// closed.
void fill(Cluster& cluster, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](uint64_t count) { return random() % count; };
  constexpr std::array<const char*, 3> kBrands{"acme", "globex", "initech"};
  // Many texts with words in common, as people write them: copies would be folded into one.
  constexpr std::array<const char*, 8> kDetails{"rent", "hotline", "refund", "card", "shop", "train", "queue", "app"};
  const auto complaint = [&] {
    return fmt::format("payment outage, {} and {} hit", kDetails[below(8)], kDetails[below(8)]);
  };
  for (int32_t partition = 0; partition < kInputPartitions; ++partition) {
    std::string last;
    int64_t time_ms = kStartMs;
    for (int i = 0; time_ms < kStartMs + 90 * kMinuteMs; ++i) {
      const bool is_surge = time_ms > kStartMs + 80 * kMinuteMs && time_ms < kStartMs + 82 * kMinuteMs;
      time_ms += static_cast<int64_t>(below(is_surge ? 1'000 : 90'000));
      const int64_t created_ms = time_ms - static_cast<int64_t>(below(20) == 0 ? below(15 * kMinuteMs) : below(5'000));
      std::string post = fmt::format(
          R"({{"id":"{}-{}","platform":"x","created_at":"{}","text":"{} {} today","author":{{"id":"a{}"}}}})",
          partition, i, format_rfc3339(created_ms), kBrands[below(3)], is_surge ? complaint() : "is fine", below(50));
      if (below(25) == 0) post = "{broken";
      if (below(15) == 0 && !last.empty()) post = last;
      last = post;
      cluster.append("posts", partition, {"", post, time_ms});
    }
    const std::string end =
        fmt::format(R"({{"id":"{}-end","platform":"x","created_at":"{}","text":"the end","author":{{"id":"z"}}}})",
                    partition, format_rfc3339(kStartMs + 300 * kMinuteMs));
    cluster.append("posts", partition, {"", end, kStartMs + 300 * kMinuteMs});
  }
}

// Beside those, some posts are deleted, once or twice, and some are edited so that they match somebody else, on
// whichever partition; also before the partition of the post itself has come as far.
void fill_with_changes(Cluster& cluster, uint64_t seed) {
  fill(cluster, seed);
  std::mt19937_64 random(seed + 1);
  const auto below = [&](uint64_t count) { return random() % count; };
  for (int i = 0; i < 60; ++i) {
    const std::string id = fmt::format("{}-{}", below(kInputPartitions), i * 2);
    const bool is_edit = below(3) == 0;
    const std::string what = is_edit ? R"("change":"edited","text":"initech after all")" : R"("change":"deleted")";
    for (uint64_t times = is_edit ? 1 : 1 + below(2); times > 0; --times) {
      const auto partition = static_cast<int32_t>(below(kInputPartitions));
      const size_t place = below(100);
      const int64_t time_ms = cluster.record("posts", partition, place).timestamp_ms;
      const std::string change =
          fmt::format(R"({{"id":"{}","platform":"x","created_at":"{}",{}}})", id, format_rfc3339(time_ms), what);
      cluster.insert("posts", partition, place, {"", change, time_ms});
    }
  }
}

// A correction says a window anew, and two that come together say it once: what counts is each window's last revision,
// and that none is said twice.
std::vector<std::string> last_revisions(const std::vector<std::string>& windows) {
  std::map<std::string, std::pair<int64_t, std::string>> last;
  std::set<std::string> said;
  for (const std::string& text : windows) {
    const auto window = nlohmann::json::parse(text);
    const std::string key = window["listener"].get<std::string>() + window["start"].get<std::string>() +
                            std::to_string(window["length_ms"].get<int64_t>());
    const auto revision = window["revision"].get<int64_t>();
    if (!said.insert(key + "r" + std::to_string(revision)).second) return {"said twice: " + text};
    auto& kept = last[key];
    kept = std::max(kept, std::pair(revision, text));
  }
  std::vector<std::string> texts;
  for (const auto& [key, window] : last) texts.push_back(window.second);
  return texts;
}

// The audit's sums for each partition, and where its entries do not join: every offset is accounted for once.
std::vector<std::string> audit_of(const std::vector<std::string>& values) {
  std::map<int32_t, std::map<int64_t, wire::AuditEntry>> entries;
  std::vector<std::string> sums;
  std::map<std::string, uint64_t> outputs;
  for (const std::string& value : values) {
    wire::AuditEntry entry;
    EXPECT_TRUE(entry.ParseFromString(value));
    for (const wire::AuditOutput& output : entry.outputs()) outputs[output.topic()] += output.records();
    if (entry.outputs_only()) continue;
    if (!entries[entry.partition()].emplace(entry.first_offset(), entry).second) sums.push_back("doubled entry");
  }
  for (const auto& [partition, parts] : entries) {
    int64_t next = 0;
    uint64_t in = 0;
    uint64_t out = 0;
    for (const auto& [first, entry] : parts) {
      if (first != next) sums.push_back(fmt::format("gap or overlap at {}: {} follows {}", partition, first, next));
      next = entry.next_offset();
      in += entry.posts_in();
      out += entry.matched() + entry.unmatched() + entry.late() + entry.duplicate() + entry.dead_lettered();
    }
    sums.push_back(fmt::format("{}: {} in, {} out, to {}", partition, in, out, next));
    if (in != out) sums.push_back("out of balance");
  }
  for (const auto& [topic, records] : outputs) sums.push_back(fmt::format("{} to {}", records, topic));
  return sums;
}

struct Outcome {
  std::map<std::string, std::vector<std::string>> outputs;
  std::string failure;
  int deaths = 0;
  int refusals = 0;
};

using Fill = void (*)(Cluster& cluster, uint64_t seed);

Outcome play(uint64_t posts_seed, uint64_t schedule_seed, int processes, const Faults& faults, Fill fill_posts = fill) {
  Baton baton(schedule_seed);
  Cluster cluster(baton, faults);
  add_topics(cluster);
  fill_posts(cluster, posts_seed);
  Outcome outcome;
  for (int i = 0; i < processes; ++i) add_process(baton, cluster, rules());
  baton.run();
  outcome.outputs["windows"] = last_revisions(cluster.values("windows"));
  for (const char* topic : {"alerts", "alerts.desk", "mentions.desk", "late"}) {
    outcome.outputs[topic] = cluster.values(topic);
  }
  outcome.outputs["dead letters"] = {std::to_string(cluster.values("dead-letters").size())};
  outcome.outputs["audit"] = audit_of(cluster.values("audit"));
  outcome.failure = cluster.failure();
  outcome.deaths = cluster.deaths();
  outcome.refusals = cluster.refusals();
  return outcome;
}

void expect_same(const Outcome& expected, const Outcome& found, uint64_t seed) {
  ASSERT_EQ(found.failure, "") << "EARSHOT_SIMULATION_FIRST=" << seed;
  for (const auto& [topic, values] : expected.outputs) {
    const auto& others = found.outputs.at(topic);
    if (values == others) continue;
    std::vector<std::string> missing;
    std::vector<std::string> surplus;
    std::ranges::set_difference(values, others, std::back_inserter(missing));
    std::ranges::set_difference(others, values, std::back_inserter(surplus));
    FAIL() << "EARSHOT_SIMULATION_FIRST=" << seed << ": " << topic << ": " << missing.size() << " missing, "
           << surplus.size() << " surplus" << (missing.empty() ? "" : "\n missing " + missing.front())
           << (surplus.empty() ? "" : "\n surplus " + surplus.front());
  }
}

TEST(Simulation, SaysTheSameUnderEverySchedule) {
  const uint64_t first = number_of("EARSHOT_SIMULATION_FIRST", 1);
  const uint64_t count = number_of("EARSHOT_SIMULATION_SEEDS", 200);
  std::map<uint64_t, Outcome> undisturbed;
  int deaths = 0;
  int refusals = 0;
  for (uint64_t seed = first; seed < first + count && !testing::Test::HasFatalFailure(); ++seed) {
    const uint64_t posts_seed = seed % 8;
    if (!undisturbed.contains(posts_seed)) undisturbed[posts_seed] = play(posts_seed, 1, 1, {});
    const Outcome found = play(posts_seed, seed, 1 + static_cast<int>(seed % 3), kFaults);
    expect_same(undisturbed[posts_seed], found, seed);
    deaths += found.deaths;
    refusals += found.refusals;
  }
  std::cout << count << " schedules, " << deaths << " deaths, " << refusals << " commits refused or unanswered\n";
  EXPECT_GT(deaths, 0);
  EXPECT_GT(refusals, 0);
}

// Which alerts show a post that is deleted follows from when DETECT hears of it; all else is the same.
TEST(Simulation, TakesMentionsBackOnceUnderEverySchedule) {
  const uint64_t first = number_of("EARSHOT_SIMULATION_FIRST", 1);
  const uint64_t count = number_of("EARSHOT_SIMULATION_SEEDS", 200);
  const auto play_changes = [](uint64_t posts_seed, uint64_t seed, int processes, const Faults& with) {
    Outcome outcome = play(posts_seed, seed, processes, with, fill_with_changes);
    for (const char* topic : {"alerts", "alerts.desk"}) outcome.outputs.erase(topic);
    return outcome;
  };
  std::map<uint64_t, Outcome> undisturbed;
  for (uint64_t seed = first; seed < first + count && !testing::Test::HasFatalFailure(); ++seed) {
    const uint64_t posts_seed = seed % 8;
    if (!undisturbed.contains(posts_seed)) undisturbed[posts_seed] = play_changes(posts_seed, 1, 1, {});
    expect_same(undisturbed[posts_seed], play_changes(posts_seed, seed, 1 + static_cast<int>(seed % 3), kFaults), seed);
  }
  std::map<std::string, int> told;
  const Outcome& any = undisturbed.begin()->second;
  for (const std::string& text : any.outputs.at("mentions.desk")) {
    ++told[nlohmann::json::parse(text).value("change", "new")];
  }
  EXPECT_GT(told["deleted"], 10);
  EXPECT_GT(told["retracted"], 3);
  EXPECT_GT(told["edited"], 3);
  EXPECT_TRUE(std::ranges::count(any.outputs.at("audit"),
                                 fmt::format("{} to mentions.desk", any.outputs.at("mentions.desk").size())))
      << "the audit counts other mentions than there are";
}

TEST(Simulation, HasSomethingToSay) {
  const Outcome outcome = play(1, 1, 1, {});
  EXPECT_EQ(outcome.failure, "");
  EXPECT_GT(outcome.outputs.at("windows").size(), 50u);
  EXPECT_GT(outcome.outputs.at("mentions.desk").size(), 100u);
  EXPECT_GT(outcome.outputs.at("late").size(), 0u);
  EXPECT_GT(outcome.outputs.at("alerts").size(), 0u);
  EXPECT_NE(outcome.outputs.at("dead letters").front(), "0");
  const auto& audit = outcome.outputs.at("audit");
  EXPECT_EQ(std::ranges::count_if(audit, [](const auto& line) { return line.find(" in, ") != line.npos; }),
            kInputPartitions);
}

TEST(Simulation, PlaysTheSameScheduleAgainForTheSameSeed) {
  const Faults faults{
      .death = 0.02, .refusal = 0.1, .lost_answer = 0.1, .expulsion = 0.02, .movement = 0.05, .steps = 400};
  const Outcome once = play(2, 99, 3, faults);
  const Outcome again = play(2, 99, 3, faults);
  EXPECT_EQ(once.deaths, again.deaths);
  EXPECT_EQ(once.refusals, again.refusals);
  EXPECT_EQ(once.outputs, again.outputs);
}

}  // namespace
}  // namespace earshot::simulation
