#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "ops/audit/ledger.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/topics.h"
#include "schemas/dead_letter.h"

namespace earshot {
namespace {

using audit::Ledger;

bool is_whole(const std::map<TopicPartition, int64_t>& earliest) {
  return std::ranges::all_of(earliest, [](const auto& entry) { return entry.second == 0; });
}

Result<Ledger> read_entries(const Settings& settings, const Topics& topics) {
  auto committed = read_input_positions(settings);
  if (!committed) return committed.error();
  Ledger ledger(consumer_group(settings, "listen"), std::move(*committed));
  auto read = read_topic(settings, topics.audit, [&](const TopicPartition& partition, const RecordView& record) {
    auto added = ledger.add(record.value);
    if (added) return added;
    const std::string where = partition.to_string() + "@" + std::to_string(record.offset);
    return Result<void>(Error{added.error().code, added.error().message, where});
  });
  if (!read) return read.error();
  ledger.check_entries();
  return ledger;
}

Result<void> audit_input(const Settings& settings, Ledger& ledger) {
  auto read = read_input(settings, [&](const TopicPartition& partition, const RecordView& record) -> Result<void> {
    ledger.count_input(partition, record.offset);
    return {};
  });
  if (read) {
    ledger.check_input(*read);
    return {};
  }
  if (read.error().code != ErrorCode::kInvalid && read.error().code != ErrorCode::kNotFound) return read.error();
  ledger.add_note("the input was not read again: " + read.error().to_string());
  return {};
}

Result<void> audit_dead_letters(const Settings& settings, const Topics& topics, Ledger& ledger) {
  auto read = read_topic(settings, topics.dead_letters,
                         [&](const TopicPartition& partition, const RecordView& record) -> Result<void> {
                           auto letter = read_dead_letter(record.value);
                           if (!letter) {
                             const std::string where = partition.to_string() + "@" + std::to_string(record.offset);
                             return Error{ErrorCode::kCorrupt, letter.error().message, where};
                           }
                           if (letter->part == 0)
                             ledger.count_dead_letter({letter->topic, letter->partition}, letter->offset);
                           return {};
                         });
  if (!read) return read.error();
  ledger.check_dead_letters(is_whole(*read));
  if (!is_whole(*read)) ledger.add_note(topics.dead_letters + ": retention has taken the oldest; not counted");
  return {};
}

// A refused decision about an incident is no post: no entry counts it.
bool is_decision(std::string_view dead_letter) {
  const auto letter = read_dead_letter(dead_letter);
  return letter && letter->stage == "incident";
}

// What the entries say was written, against what the topics hold.
Result<void> audit_outputs(const Settings& settings, const Topics& topics, Ledger& ledger) {
  if (!ledger.is_complete()) {
    ledger.add_note("outputs are not counted: the entries do not reach back to the first record");
    return {};
  }
  std::set<std::string> outputs{topics.late, topics.dead_letters};
  for (const auto& [topic, written] : ledger.outputs()) outputs.insert(topic);
  std::map<std::string, uint64_t> found;
  for (const std::string& topic : outputs) {
    uint64_t& records = found[topic];
    const bool is_dead_letters = topic == topics.dead_letters;
    auto read = read_topic(settings, topic, [&](const TopicPartition&, const RecordView& record) -> Result<void> {
      records += !is_dead_letters || !is_decision(record.value);
      return {};
    });
    if (!read) return read.error();
    if (is_whole(*read)) continue;
    ledger.add_note(topic + ": retention has taken the oldest; not counted");
    found.erase(topic);
  }
  // An engine at work may have written more by then.
  const auto later = read_entries(settings, topics);
  if (!later) return later.error();
  for (const auto& [topic, records] : found) {
    const auto written = later->outputs().find(topic);
    ledger.check_output(topic, records, written == later->outputs().end() ? 0 : written->second);
  }
  return {};
}

Result<Ledger> audit_all(const Settings& settings, bool skips_input) {
  const Topics topics(settings.log.topic_prefix);
  auto ledger = read_entries(settings, topics);
  if (!ledger) return ledger;
  if (!skips_input) {
    if (auto done = audit_input(settings, *ledger); !done) return done.error();
  }
  if (auto done = audit_dead_letters(settings, topics, *ledger); !done) return done.error();
  if (auto done = audit_outputs(settings, topics, *ledger); !done) return done.error();
  return ledger;
}

}  // namespace

int audit_command(const AuditArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) {
    std::cerr << settings.error().to_string() << '\n';
    return 1;
  }
  const auto ledger = audit_all(*settings, arguments.skips_input);
  if (!ledger) {
    std::cerr << ledger.error().to_string() << '\n';
    return 1;
  }
  std::cout << to_table(*ledger);
  return ledger->findings().empty() ? 0 : 1;
}

}  // namespace earshot
