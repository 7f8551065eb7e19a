#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/time/timestamp.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/dead_letter_reader.h"
#include "ops/earshot/dead_letter_replay.h"
#include "schemas/dead_letter.h"

namespace earshot {
namespace {

int report(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

Result<DeadLetterFilter> filter_from(const DeadLettersArguments& arguments) {
  DeadLetterFilter filter{.stage = arguments.stage,
                          .reason = arguments.reason,
                          .since_ms = {},
                          .places = {arguments.places.begin(), arguments.places.end()}};
  if (arguments.since.empty()) return filter;
  filter.since_ms = parse_rfc3339_ms(arguments.since);
  if (!filter.since_ms) return invalid("--since: '" + arguments.since + "' is no time, such as 2026-03-02T14:00:00Z");
  return filter;
}

// Settings and filter of any of the commands, or the exit status.
struct Opened {
  Settings settings;
  DeadLetterFilter filter;
};
Result<Opened> open(const DeadLettersArguments& arguments) {
  auto filter = filter_from(arguments);
  if (!filter) return filter.error();
  auto settings = load_settings(arguments.config);
  if (!settings) return settings.error();
  return Opened{std::move(*settings), std::move(*filter)};
}

void tell_incomplete(const DeadLetterTally& tally) {
  if (tally.incomplete == 0) return;
  std::cerr << tally.incomplete << " left out: retention has taken parts of them\n";
}

void show(const DeadLetterPart& letter) {
  std::cout << "place:        " << place_of(letter) << "\nstage:        " << letter.stage
            << "\nreason:       " << letter.reason << "\ntime:         " << format_rfc3339(letter.time_ms)
            << "\nrule version: " << letter.rule_version << "\nbytes:        " << letter.payload.size() << "\n\n"
            << letter.payload << '\n';
}

}  // namespace

int dead_letters_list_command(const DeadLettersArguments& arguments) {
  const auto opened = open(arguments);
  if (!opened) return report(opened.error());
  std::map<std::string, uint64_t> counts;
  const auto tally = read_dead_letters(opened->settings, opened->filter, [&](DeadLetterPart letter) -> Result<void> {
    std::cout << fmt::format("{} {} {} {} bytes: {}\n", place_of(letter), format_rfc3339(letter.time_ms), letter.stage,
                             letter.payload.size(), letter.reason);
    ++counts[letter.stage + ": " + letter.reason];
    return {};
  });
  if (!tally) return report(tally.error());
  std::vector<std::pair<std::string, uint64_t>> order(counts.begin(), counts.end());
  std::ranges::stable_sort(order, std::greater(), &std::pair<std::string, uint64_t>::second);
  std::cout << tally->letters << " dead letters\n";
  for (const auto& [reason, count] : order) std::cout << fmt::format("{:>8}  {}\n", count, reason);
  tell_incomplete(*tally);
  return 0;
}

int dead_letters_show_command(const DeadLettersArguments& arguments) {
  const auto opened = open(arguments);
  if (!opened) return report(opened.error());
  bool is_shown = false;
  const auto tally = read_dead_letters(opened->settings, opened->filter, [&](DeadLetterPart letter) -> Result<void> {
    if (std::exchange(is_shown, true)) return {};
    if (arguments.payload_alone) {
      std::cout << letter.payload;
    } else {
      show(letter);
    }
    return {};
  });
  if (!tally) return report(tally.error());
  tell_incomplete(*tally);
  if (is_shown) return 0;
  std::cerr << "there is no dead letter of " << arguments.places.front() << '\n';
  return 1;
}

int dead_letters_replay_command(const DeadLettersArguments& arguments) {
  const auto opened = open(arguments);
  if (!opened) return report(opened.error());
  auto target = arguments.to.empty() ? open_input_replay(opened->settings) : open_file_replay(arguments.to);
  if (!target) return report(target.error());
  const auto tally = read_dead_letters(opened->settings, opened->filter,
                                       [&](DeadLetterPart letter) { return (*target)->send(letter); });
  const auto finished = tally ? (*target)->finish() : Result<void>(tally.error());
  std::cerr << (*target)->sent() << " replayed\n";
  if (!finished) return report(finished.error());
  tell_incomplete(*tally);
  return 0;
}

}  // namespace earshot
