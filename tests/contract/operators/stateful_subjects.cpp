// The operators that carry something from post to post: by state in a store, a saved record, or by reading again.
#include "tests/contract/operators/stateful_subjects.h"

#include <map>

#include "engine/base/hash.h"
#include "engine/time/watermark.h"
#include "operators/advocates/advocates.h"
#include "operators/baseline/baseline.h"
#include "operators/dedup/dedup_window.h"
#include "operators/incident/incident_operator.h"
#include "operators/queue/service_queue.h"
#include "operators/spike/detector.h"
#include "operators/summarise/summariser.h"
#include "operators/window/window_operator.h"
#include "tests/engine/state/table_state.h"

namespace earshot::contract {
namespace {

constexpr int64_t kPaneMs = 10'000;
constexpr int64_t kStartMs = 1'772'366'400'000;

int64_t time_ms(const Item& item) {
  return kStartMs + item.time_s * 1000;
}

// A store whose commit is at hand.
class CommittedState {
 public:
  CommittedState() { reopen(); }
  StateStore& store() { return *store_; }
  void commit() { commit_to(table_, *store_); }
  void reopen() { store_ = std::make_unique<StateStore>("state", 0, std::make_unique<TableState>(table_)); }

 private:
  Table table_;
  std::unique_ptr<StateStore> store_;
};

class DedupSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const uint64_t id = hash_64(item.id);
    history_.push_back(id);
    return window_.insert(id, static_cast<int64_t>(history_.size()) - 1) ? "new" : "seen";
  }
  void restart() override {
    const auto rewind = window_.rewind_offset();
    window_ = dedup::DedupWindow(kCapacity);
    for (size_t offset = static_cast<size_t>(rewind.value_or(0)); offset < history_.size(); ++offset) {
      window_.insert(history_[offset], static_cast<int64_t>(offset));
    }
  }

 private:
  static constexpr size_t kCapacity = 50;
  dedup::DedupWindow window_{kCapacity};
  std::vector<uint64_t> history_;
};

std::shared_ptr<const ListenerSet> one_listener() {
  auto set = std::make_shared<ListenerSet>();
  set->listeners.emplace_back().name = "acme";
  return set;
}

class SummariseSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    Post post;
    post.id = item.id;
    post.text = item.text;
    Mention mention;
    mention.post = &post;
    summariser_->add(0, mention, {hash_64(item.id), hash_64(item.author), hash_64(item.text)},
                     pane_start(time_ms(item), kPaneMs), false);
    std::string said;
    const auto drained =
        summariser_->drain({.watermark_ms = time_ms(item)}, [&](int32_t, const wire::Partial& partial) {
          said += partial.SerializeAsString();
          return Result<void>();
        });
    return drained ? said : drained.error().message;
  }
  void restart() override { summariser_ = make(); }

 private:
  static std::unique_ptr<summarise::Summariser> make() {
    return std::make_unique<summarise::Summariser>(one_listener(), summarise::SummariseOptions{});
  }
  std::unique_ptr<summarise::Summariser> summariser_ = make();
};

class WindowSubject : public Subject {
 public:
  WindowSubject() { open(); }
  std::string apply(const Item& item) override {
    wire::Partial partial;
    partial.set_source_partitions(1);
    partial.set_watermark_ms(time_ms(item));
    wire::PanePartial& pane = *partial.add_panes();
    pane.set_listener(item.author);
    pane.set_pane_start_ms(pane_start(time_ms(item), kPaneMs));
    pane.mutable_counts()->set_mentions(item.text.size());
    if (const auto added = windows_->add(partial); !added) return added.error().message;
    std::string said;
    while (const auto start = windows_->next_closed_pane()) {
      for (const auto& [name, sum] : windows_->take_pane(*start))
        said += name + std::to_string(sum.counts.mentions) + ";";
    }
    for (const auto& window : windows_->take_windows()) {
      said += window.listener + "@" + std::to_string(window.start_ms) + "+" + std::to_string(window.length_ms) + "=" +
              std::to_string(window.counts.mentions) + "r" + std::to_string(window.revision) + ";";
    }
    return windows_->checkpoint() ? said : "checkpoint failed";
  }
  void restart() override {
    state_.commit();
    state_.reopen();
    open();
  }

 private:
  void open() {
    windows_ = std::make_unique<window::WindowOperator>(window::WindowOptions{}, state_.store());
    if (!windows_->restore()) throw std::runtime_error("window state cannot be restored");
  }
  CommittedState state_;
  std::unique_ptr<window::WindowOperator> windows_;
};

class BaselineSubject : public Subject {
 public:
  std::string apply(const Item& item) override {
    const int64_t block = pane_start(time_ms(item), baseline::kBlockMs);
    if (block > learned_until_) {
      baseline_.learn(block, static_cast<double>(item.text.size()));
      learned_until_ = block;
    }
    const baseline::Expectation expected = baseline_.at(block + baseline::kBlockMs);
    return std::to_string(expected.rate_per_ms * 1e6) + " " + std::to_string(expected.confidence);
  }
  void restart() override {
    wire::BaselineState state;
    baseline_.save(state);
    baseline_ = baseline::Baseline({});
    baseline_.restore(state);
  }

 private:
  baseline::Baseline baseline_{{}};
  int64_t learned_until_ = 0;
};

class SpikeSubject : public Subject {
 public:
  SpikeSubject() : detector_(std::make_unique<spike::Detector>(spike::DetectorOptions{})) {}
  std::string apply(const Item& item) override {
    const auto judged = detector_->observe(pane_start(time_ms(item), kPaneMs), static_cast<double>(item.text.size()));
    return std::to_string(judged.score) + " " + std::to_string(judged.level) + " " + std::to_string(judged.expected);
  }
  void restart() override {
    wire::DetectorState state;
    detector_->save(state);
    detector_ = std::make_unique<spike::Detector>(spike::DetectorOptions{});
    if (!detector_->restore(state)) throw std::runtime_error("detector state cannot be restored");
  }

 private:
  std::unique_ptr<spike::Detector> detector_;
};

class IncidentSubject : public Subject {
 public:
  IncidentSubject() { open(); }
  std::string apply(const Item& item) override {
    wire::Signal signal;
    signal.set_hub("hub");
    signal.set_listener(item.author);
    signal.set_pane_start_ms(pane_start(time_ms(item), kPaneMs));
    signal.set_pane_ms(kPaneMs);
    signal.set_level(static_cast<uint32_t>(item.text.size() % 3));
    signal.set_observed(static_cast<double>(item.text.size()));
    signal.set_expected(1);
    signal.set_window_ms(60'000);
    std::string said;
    for (const Alert& alert : incidents_->apply(signal)) append_alert_json(said, alert);
    incidents_->checkpoint();
    return said;
  }
  void restart() override {
    state_.commit();
    state_.reopen();
    open();
  }

 private:
  void open() {
    incidents_ = std::make_unique<incident::IncidentOperator>(incident::IncidentOptions{}, state_.store());
    if (!incidents_->restore()) throw std::runtime_error("incident state cannot be restored");
  }
  CommittedState state_;
  std::unique_ptr<incident::IncidentOperator> incidents_;
};

// A complaint, or an answer to the post of the same id.
Engagement engagement_of(const Item& item) {
  Engagement engagement;
  engagement.is_answer = item.text.find("great") != std::string::npos;
  engagement.listener = "brand";
  engagement.spoke = "service";
  engagement.kind = item.text.find("love") == std::string::npos ? TriageClass::kComplaint : TriageClass::kPraise;
  engagement.action = TriageAction::kMakeRight;
  engagement.urgency = 1 + static_cast<int64_t>(item.text.size() % 5);
  engagement.platform = "x";
  engagement.post_id = item.id;
  engagement.in_reply_to = item.id;
  engagement.author_id = item.author;
  engagement.created_at_ms = time_ms(item);
  engagement.json = "{}";
  return engagement;
}

class QueueSubject : public Subject {
 public:
  QueueSubject() { open(); }
  std::string apply(const Item& item) override {
    std::string said;
    auto applied = queue_->apply(engagement_of(item), {}, [&](const queue::QueueChange& change) {
      queue::append_queue_change_json(said, change);
      return Result<void>();
    });
    return applied ? said : applied.error().to_string();
  }
  void restart() override {
    state_.commit();
    state_.reopen();
    open();
  }

 private:
  void open() {
    queue_ = std::make_unique<queue::ServiceQueue>(queue::QueueOptions{.waiting_max = 20}, state_.store());
    if (auto restored = queue_->restore(); !restored) throw std::logic_error(restored.error().to_string());
  }
  CommittedState state_;
  std::unique_ptr<queue::ServiceQueue> queue_;
};

class AdvocatesSubject : public Subject {
 public:
  AdvocatesSubject() { open(); }
  std::string apply(const Item& item) override {
    Engagement engagement = engagement_of(item);
    engagement.created_at_ms = kStartMs + item.time_s * 1'000'000;  // some days in all
    std::string said;
    const auto before = advocates_->apply(engagement, [&](const advocates::StandingChange& change) {
      advocates::append_standing_change_json(said, change);
      return Result<void>();
    });
    return before ? said + std::to_string(before->good) + " " + std::to_string(before->ill)
                  : before.error().to_string();
  }
  void restart() override {
    advocates_->checkpoint();
    state_.commit();
    state_.reopen();
    open();
  }

 private:
  void open() {
    advocates_ = std::make_unique<advocates::Advocates>(advocates::AdvocateOptions{.authors_max = 3}, state_.store());
    if (auto restored = advocates_->restore(); !restored) throw std::logic_error(restored.error().to_string());
  }
  CommittedState state_;
  std::unique_ptr<advocates::Advocates> advocates_;
};

}  // namespace

std::unique_ptr<Subject> dedup_subject() {
  return std::make_unique<DedupSubject>();
}
std::unique_ptr<Subject> summarise_subject() {
  return std::make_unique<SummariseSubject>();
}
std::unique_ptr<Subject> window_subject() {
  return std::make_unique<WindowSubject>();
}
std::unique_ptr<Subject> baseline_subject() {
  return std::make_unique<BaselineSubject>();
}
std::unique_ptr<Subject> spike_subject() {
  return std::make_unique<SpikeSubject>();
}
std::unique_ptr<Subject> incident_subject() {
  return std::make_unique<IncidentSubject>();
}
std::unique_ptr<Subject> queue_subject() {
  return std::make_unique<QueueSubject>();
}
std::unique_ptr<Subject> advocates_subject() {
  return std::make_unique<AdvocatesSubject>();
}

}  // namespace earshot::contract
