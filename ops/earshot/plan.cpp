#include "ops/plan/plan.h"

#include <filesystem>
#include <iostream>
#include <iterator>

#include "ops/earshot/commands.h"
#include "schemas/listener.h"

namespace earshot {

int plan_command(const PlanArguments& arguments) {
  const auto before = load_settings(arguments.before);
  const auto after = load_settings(arguments.after);
  for (const auto* settings : {&before, &after}) {
    if (!*settings) {
      std::cerr << settings->error().to_string() << '\n';
      return 1;
    }
  }
  const auto old_listeners = load_listeners(before->listeners);
  const auto new_listeners = load_listeners(after->listeners);
  for (const auto* listeners : {&old_listeners, &new_listeners}) {
    if (!*listeners) {
      std::cerr << listeners->error().to_string() << '\n';
      return 1;
    }
  }
  const auto folder_of = [](const std::string& file) { return std::filesystem::path(file).parent_path(); };
  auto edits = plan::compare_settings(*before, folder_of(arguments.before), *after, folder_of(arguments.after));
  auto listener_edits = plan::compare_listeners(**old_listeners, **new_listeners);
  edits.insert(edits.end(), std::make_move_iterator(listener_edits.begin()),
               std::make_move_iterator(listener_edits.end()));
  std::cout << plan::to_table(edits);
  constexpr int kNeedsReset = 3;
  return plan::needs_reset(edits) ? kNeedsReset : 0;
}

}  // namespace earshot
