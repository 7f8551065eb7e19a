#include "bench/crises/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "engine/base/hash.h"
#include "engine/text/text_normaliser.h"
#include "engine/text/text_shape.h"
#include "schemas/counts.h"
#include "schemas/evidence.h"
#include "schemas/mention_sample.h"

namespace earshot::crises {
namespace {

constexpr const char* kTalk[] = {"coffee", "morning", "friends",  "delivery", "parcel",  "weekend", "offer",  "review",
                                 "nice",   "thanks",  "shop",     "update",   "version", "price",   "ticket", "travel",
                                 "family", "dinner",  "birthday", "garden",   "music",   "concert", "season", "winter",
                                 "summer", "store",   "website",  "account",  "order",   "question"};
constexpr const char* kReasons[][3] = {{"outage", "refund", "charged"},   {"recall", "contaminated", "lettuce"},
                                       {"breach", "passwords", "leaked"}, {"strike", "stranded", "passengers"},
                                       {"explosion", "plant", "injured"}, {"lawsuit", "harassment", "executive"},
                                       {"boycott", "racist", "advert"},   {"bankrupt", "layoffs", "unpaid"},
                                       {"poisoned", "hospital", "batch"}, {"fraud", "arrested", "accounts"}};

std::string_view pick(std::mt19937_64& random) {
  return kTalk[random() % std::size(kTalk)];
}

double ramp(int64_t time_ms, int64_t start_ms, int64_t length_ms) {
  return std::clamp(static_cast<double>(time_ms - start_ms) / static_cast<double>(length_ms), 0.0, 1.0);
}

}  // namespace

std::string_view to_string(Shape shape) {
  constexpr std::string_view kNames[] = {"slow burn", "flash", "bot swarm", "second wave", "at night", "at an outage"};
  return kNames[static_cast<size_t>(shape)];
}

World::World(const WorldOptions& options) : options_(options) {
  std::mt19937_64 random(options.seed);
  auto set = std::make_shared<ListenerSet>();
  std::normal_distribution<double> log_rate(std::log(0.15), 1.3);
  for (size_t i = 0; i < options.listeners; ++i) {
    Listener& listener = set->listeners.emplace_back();
    listener.name = fmt::format("brand{:04}", i);
    listener.spoke = fmt::format("spoke{}", i % 12);
    listener.query = listener.name;
    SimulatedListener& simulated = listeners_.emplace_back();
    simulated.rate = std::clamp(std::exp(log_rate(random)), 0.005, 5.0);
    simulated.phase_hours = static_cast<double>(random() % 24);
    simulated.burstiness = 0.02 + static_cast<double>(random() % 100) / 500;
    for (int word = 0; word < 6; ++word) simulated.words.emplace_back(pick(random));
  }
  set->version = 1;
  set_ = std::move(set);
  outage_start_ms_ = kStartMs + (options.days - 2) * kDayMs + 14 * kHourMs;
  plant(random);
}

void World::plant(std::mt19937_64& random) {
  std::vector<size_t> order(listeners_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  constexpr Shape kShapes[] = {Shape::kSlowBurn,   Shape::kFlash,   Shape::kBotSwarm,
                               Shape::kSecondWave, Shape::kAtNight, Shape::kAtOutage};
  for (size_t i = 0; i < std::min(options_.crises, order.size()); ++i) {
    Crisis crisis;
    crisis.listener = order[i];
    crisis.shape = kShapes[i % std::size(kShapes)];
    const auto& reason = kReasons[i % std::size(kReasons)];
    crisis.words = {reason[0], reason[1], reason[2]};
    // The first day is for getting to know each other.
    const int64_t days = std::max<int64_t>(1, options_.days - 1);
    const int64_t day_ms = kStartMs + kDayMs + static_cast<int64_t>(random() % static_cast<uint64_t>(days)) * kDayMs;
    crisis.start_ms = day_ms + static_cast<int64_t>(7 * 60 + random() % (12 * 60)) * kMinuteMs;
    int64_t length_ms = 45 * kMinuteMs;
    if (crisis.shape == Shape::kSlowBurn) length_ms = 3 * kHourMs;
    if (crisis.shape == Shape::kSecondWave) length_ms = 2 * kHourMs;
    if (crisis.shape == Shape::kAtNight)
      crisis.start_ms = day_ms + 2 * kHourMs + static_cast<int64_t>(random() % 90) * kMinuteMs;
    if (crisis.shape == Shape::kAtOutage)
      crisis.start_ms = outage_end_ms() + static_cast<int64_t>(random() % 6) * kMinuteMs;
    crisis.end_ms = crisis.start_ms + length_ms;
    // A small brand's crisis is not two posts instead of one.
    const double rate = listeners_[crisis.listener].rate;
    crisis.multiple = std::max(8.0 + static_cast<double>(random() % 20), 1 + 1.5 / rate);
    if (crisis.shape == Shape::kSlowBurn) crisis.multiple = std::max(5.0, 1 + 1.5 / rate);
    crises_.push_back(crisis);
  }
}

double World::outage_factor(int64_t time_ms) const {
  constexpr double kDown = 0.4;
  constexpr double kCatchUp = 5;
  constexpr int64_t kCatchUpMs = 8 * kMinuteMs;
  if (time_ms < outage_start_ms() || time_ms >= outage_end_ms() + kCatchUpMs) return 1;
  return time_ms < outage_end_ms() ? kDown : kCatchUp;
}

double World::usual_rate(size_t listener, int64_t time_ms) const {
  const SimulatedListener& simulated = listeners_[listener];
  const double hours = static_cast<double>((time_ms - kStartMs) % kDayMs) / kHourMs;
  const double day = 1 + 0.7 * std::sin(2 * std::numbers::pi * (hours - simulated.phase_hours) / 24);
  const bool is_weekend = (time_ms - kStartMs) / kDayMs % 7 >= 5;
  return simulated.rate * day * (is_weekend ? 0.8 : 1.0) * outage_factor(time_ms);
}

double World::added_rate(const Crisis& crisis, int64_t time_ms) const {
  if (time_ms < crisis.start_ms || time_ms >= crisis.end_ms) return 0;
  const double full = (crisis.multiple - 1) * listeners_[crisis.listener].rate;
  switch (crisis.shape) {
    case Shape::kSlowBurn:
      return full * ramp(time_ms, crisis.start_ms, 2 * kHourMs);
    case Shape::kSecondWave: {  // half an hour, calm, half an hour
      const int64_t since_ms = time_ms - crisis.start_ms;
      return since_ms < kHourMs / 2 || since_ms >= 3 * kHourMs / 2 ? full : 0;
    }
    case Shape::kFlash:  // at once, then it fades
      return full * std::exp(-2.0 * ramp(time_ms, crisis.start_ms, crisis.end_ms - crisis.start_ms));
    case Shape::kBotSwarm:
    case Shape::kAtNight:
    case Shape::kAtOutage:
      return full * std::min(1.0, 0.25 + ramp(time_ms, crisis.start_ms, 5 * kMinuteMs));
  }
  return 0;
}

ListenerFeed::ListenerFeed(const World& world, size_t listener)
    : world_(world),
      listener_(listener),
      random_(mix_64(world.options_.seed + 1, listener * 2 + 0x9e3779b97f4a7c15ULL)) {
  for (const Crisis& crisis : world.crises()) {
    if (crisis.listener == listener) crises_.push_back(&crisis);
  }
}

uint64_t ListenerFeed::draw(double mean) {
  if (mean > 10) return static_cast<uint64_t>(std::poisson_distribution<int64_t>(mean)(random_));
  // By inversion: for small means one number mostly decides.
  double below = std::exp(-mean);
  double term = below;
  const double place = static_cast<double>(random_() >> 11) * 0x1.0p-53;
  uint64_t count = 0;
  while (place > below && count < 100) {
    term *= mean / static_cast<double>(++count);
    below += term;
  }
  return count;
}

std::string ListenerFeed::usual_text() {
  const auto& words = world_.listeners_[listener_].words;
  return fmt::format("{} {} {} {} {}", world_.listeners()->listeners[listener_].name, words[random_() % words.size()],
                     pick(random_), words[random_() % words.size()], pick(random_));
}

std::string ListenerFeed::crisis_text(const Crisis& crisis) {
  const std::string& name = world_.listeners()->listeners[listener_].name;
  if (crisis.shape == Shape::kBotSwarm) {
    return fmt::format("everybody must know that {} {} and {} people, tell your friends before it is too late {}", name,
                       crisis.words[0], crisis.words[1], random_() % 100'000);
  }
  std::string text = name;
  for (const std::string& word : crisis.words) {
    if (random_() % 4 != 0) text += " " + word;
  }
  return fmt::format("{} {} {} {}", text, pick(random_), pick(random_), pick(random_));
}

void ListenerFeed::count(wire::Counts& counts, const std::string& normalised, bool is_crisis, bool is_bot,
                         int64_t followers) {
  const auto add_bit = [](std::string& bits, uint64_t hash) {
    CountSums::Sketch sketch{};
    merge_sketch(sketch, bits);
    add_to_sketch(sketch, hash);
    bits = std::string(sketch_bytes(sketch));
  };
  counts.set_mentions(counts.mentions() + 1);
  counts.set_originals(counts.originals() + 1);
  counts.set_reach(counts.reach() + static_cast<uint64_t>(followers));
  const bool is_negative = random_() % 10 < (is_crisis ? 8U : 2U);
  counts.set_negative(counts.negative() + (is_negative ? 1 : 0));
  counts.set_accounts_dated(counts.accounts_dated() + 1);
  counts.set_accounts_new(counts.accounts_new() + (is_bot && random_() % 5 != 0 ? 1 : 0));
  add_bit(*counts.mutable_author_bits(), is_bot ? random_() % 40 : random_());
  add_bit(*counts.mutable_text_bits(), hash_64(normalised));
  add_bit(*counts.mutable_shape_bits(), text_shape(normalised));
}

// Of the usual mentions a third refer to a post: mostly to one that was referred to before, the more often the
// likelier, which gives the power tail that cascades have.
uint64_t ListenerFeed::reference_of(uint64_t post) {
  constexpr size_t kRemembered = 100;
  uint64_t draw = mix_64(post, 0x9e3779b97f4a7c15ULL);
  if (draw % 3 != 0) return 0;
  draw /= 3;
  const bool is_new = referred_.empty() || draw % 4 == 0;
  const uint64_t reference = is_new ? mix_64(post, 0xe7037ed1a0b428dbULL) : referred_[(draw / 4) % referred_.size()];
  if (referred_.size() < kRemembered) {
    referred_.push_back(reference);
  } else {
    referred_[draw / 1000 % kRemembered] = reference;
  }
  return reference;
}

uint64_t ListenerFeed::add_pane(int64_t pane_start_ms, wire::Partial& partial) {
  if (pane_start_ms >= burst_until_ms_) {
    const double shape = 1 / world_.burstiness(listener_);
    burst_ = std::gamma_distribution<double>(shape, 1 / shape)(random_);
    burst_until_ms_ = pane_start_ms + 10 * kMinuteMs;
  }
  const uint64_t usual = draw(world_.usual_rate(listener_, pane_start_ms) * burst_);
  const Crisis* going_on = nullptr;
  uint64_t added = 0;
  for (const Crisis* crisis : crises_) {
    const double rate = world_.added_rate(*crisis, pane_start_ms);
    if (rate > 0) added += draw(rate);
    if (rate > 0) going_on = crisis;
  }
  if (usual + added == 0) return 0;
  constexpr uint64_t kEvidenceMax = 3;
  wire::PanePartial& pane = *partial.add_panes();
  pane.set_listener(world_.listeners()->listeners[listener_].name);
  pane.set_pane_start_ms(pane_start_ms);
  static const TextNormaliser normaliser;
  std::vector<RankedEvidence> kept;
  std::vector<SampledMention> sample;
  for (uint64_t i = 0; i < usual + added; ++i) {
    const bool is_crisis = i >= usual;
    const bool is_bot = is_crisis && going_on->shape == Shape::kBotSwarm;
    const auto followers = static_cast<int64_t>(is_bot ? random_() % 50 : random_() % 3000);
    const std::string text = is_crisis ? crisis_text(*going_on) : usual_text();
    const std::string normalised = normaliser.normalise(text);
    count(*pane.mutable_counts(), normalised, is_crisis, is_bot, followers);
    wire::Evidence post;
    post.set_post_id(fmt::format("{}-{}", listener_, ++posts_));
    post.set_platform("x");
    post.set_text(text);
    post.set_text_hash(hash_64(text));
    post.set_followers(followers);
    post.set_sentiment_e4(is_crisis ? -6000 : 1000);
    offer_evidence(kept, rank(post), kEvidenceMax);
    const uint64_t id = post_hash(post.post_id(), post.platform());
    offer_sampled(sample, {.post = id,
                           .author = is_bot ? id % 40 : id,
                           .text = hash_64(normalised),
                           .shape = text_shape(normalised),
                           .reference = is_crisis ? 0 : reference_of(id),
                           .words = std::string(sampled_words(normalised))});
  }
  for (const RankedEvidence& post : kept) write_evidence(post, *pane.add_evidence());
  for (const SampledMention& mention : sample) write_sampled(mention, *pane.add_sample());
  return usual + added;
}

}  // namespace earshot::crises
