#include <unistd.h>

#include <iostream>

#include "ops/earshot/alert_lines.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/tail.h"
#include "ops/earshot/topics.h"

namespace earshot {

int alerts_tail_command(const AlertsTailArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) {
    std::cerr << settings.error().to_string() << '\n';
    return 1;
  }
  const Topics topics(settings->log.topic_prefix);
  const TailOptions tail{.topic = arguments.spoke.empty() ? topics.alerts : topics.alerts_prefix + arguments.spoke,
                         .from_beginning = arguments.from_beginning,
                         .until_end = arguments.until_end};
  return tail_topic(*settings, tail, [as_json = arguments.json](std::string_view event) {
    return as_json ? std::string(event) : alert_lines(event, isatty(STDOUT_FILENO) == 1).text;
  });
}

int mentions_tail_command(const MentionsTailArguments& arguments) {
  const auto settings = load_settings(arguments.config);
  if (!settings) {
    std::cerr << settings.error().to_string() << '\n';
    return 1;
  }
  if (arguments.late == !arguments.spoke.empty()) {
    std::cerr << "mentions tail: name a --spoke, or --late\n";
    return 2;
  }
  const Topics topics(settings->log.topic_prefix);
  const TailOptions tail{.topic = arguments.late ? topics.late : topics.mentions_prefix + arguments.spoke,
                         .from_beginning = arguments.from_beginning,
                         .until_end = arguments.until_end};
  return tail_topic(*settings, tail, [](std::string_view mention) { return std::string(mention); });
}

}  // namespace earshot
