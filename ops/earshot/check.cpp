#include <iostream>

#include "ops/earshot/commands.h"
#include "ops/earshot/pipeline.h"

namespace earshot {

int check_command(const std::string& config) {
  const auto prepared = prepare(config);
  if (!prepared) {
    std::cerr << prepared.error().to_string() << '\n';
    return 1;
  }
  // What `run` would refuse is wrong here too; only brokers that do not answer are no fault of the configuration.
  const auto state = judge_state(prepared->settings, std::chrono::seconds(5));
  const auto admitted = state ? refuse_resets(*state) : Result<void>(state.error());
  if (!admitted) {
    if (!state) std::cerr << "not compared with the state on the log: ";
    std::cerr << admitted.error().to_string() << '\n';
    if (state || state.error().code != ErrorCode::kUnavailable) return 1;
  }
  for (const std::string& remark : prepared->remarks) std::cerr << config << ": warning: " << remark << '\n';
  const ListenerSet& listeners = *prepared->rules->listeners();
  std::cout << config << ": good; " << listeners.listeners.size() << " listeners, rule version " << listeners.version
            << '\n';
  return 0;
}

}  // namespace earshot
