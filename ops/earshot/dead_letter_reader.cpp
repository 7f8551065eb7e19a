#include "ops/earshot/dead_letter_reader.h"

#include <map>
#include <utility>

#include "ops/earshot/connectors.h"
#include "ops/earshot/topics.h"

namespace earshot {
namespace {

bool passes(const DeadLetterPart& letter, const DeadLetterFilter& filter) {
  if (!filter.stage.empty() && letter.stage != filter.stage) return false;
  if (letter.reason.find(filter.reason) == std::string::npos) return false;
  if (filter.since_ms && letter.time_ms < *filter.since_ms) return false;
  return filter.places.empty() || filter.places.contains(place_of(letter));
}

class Assembly {
 public:
  Assembly(const DeadLetterFilter& filter, const std::function<Result<void>(DeadLetterPart)>& visit)
      : filter_(filter), visit_(visit) {}

  // Parts of one letter follow each other, those of other letters may lie between.
  Result<void> add(DeadLetterPart part) {
    if (!passes(part, filter_)) return {};
    const std::string place = place_of(part);
    if (part.parts == 1) return hand_out(place, std::move(part));
    const auto found = begun_.find(place);
    if (part.part == 0) {
      begun_.insert_or_assign(place, std::pair(std::move(part), 1u));
      return {};
    }
    if (found == begun_.end() || found->second.second != part.part) return {};  // counted as incomplete at the end
    auto& [letter, parts] = found->second;
    letter.payload += part.payload;
    if (++parts < part.parts) return {};
    DeadLetterPart whole = std::move(letter);
    begun_.erase(found);
    return hand_out(place, std::move(whole));
  }

  DeadLetterTally tally() {
    tally_.incomplete = begun_.size();
    return tally_;
  }

 private:
  Result<void> hand_out(const std::string& place, DeadLetterPart letter) {
    if (!seen_.insert(place).second) return {};
    ++tally_.letters;
    return visit_(std::move(letter));
  }

  const DeadLetterFilter& filter_;
  const std::function<Result<void>(DeadLetterPart)>& visit_;
  std::map<std::string, std::pair<DeadLetterPart, uint32_t>> begun_;  // and how many of its parts came
  std::set<std::string> seen_;
  DeadLetterTally tally_;
};

}  // namespace

std::string place_of(const DeadLetterPart& letter) {
  return letter.topic + "/" + std::to_string(letter.partition) + "@" + std::to_string(letter.offset);
}

Result<DeadLetterTally> read_dead_letters(const Settings& settings, const DeadLetterFilter& filter,
                                          const std::function<Result<void>(DeadLetterPart letter)>& visit) {
  Assembly assembly(filter, visit);
  const Topics topics(settings.log.topic_prefix);
  const auto read = read_topic(settings, topics.dead_letters,
                               [&](const TopicPartition& partition, const RecordView& record) -> Result<void> {
                                 auto letter = read_dead_letter(record.value);
                                 if (letter) return assembly.add(std::move(*letter));
                                 return Error{ErrorCode::kCorrupt, letter.error().message,
                                              partition.to_string() + "@" + std::to_string(record.offset)};
                               });
  if (!read) return read.error();
  return assembly.tally();
}

}  // namespace earshot
