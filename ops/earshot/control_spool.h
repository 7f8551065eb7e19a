// ControlSpool: decisions about incidents on their way to the control topic of a local log, which one process alone may
// write: others leave a file for each in a folder, and the process that runs takes them up, in order of their names.
#pragma once

#include <filesystem>
#include <string>
#include <thread>

#include "engine/base/result.h"
#include "engine/flow/log.h"
#include "ops/settings/settings.h"
#include "schemas/incident_control.h"

namespace earshot {

std::filesystem::path control_folder(const Settings& settings);

// Hands a decision to the engine that the settings describe: on Kafka straight to the control topic, else to the
// folder. It is final when this answers.
Result<void> send_control(const Settings& settings, const IncidentControl& control);

class ControlSpool {
 public:
  // Takes up what is there before it answers, then looks again twice a second on a thread of its own. `log` outlives
  // it. A decision whose file outlives a crash comes twice under one id, and counts once.
  ControlSpool(std::filesystem::path folder, Log& log, std::string topic, std::string producer_id);

 private:
  void look();
  Result<void> take_up();

  std::filesystem::path folder_;
  Log& log_;
  std::string topic_;
  std::string producer_id_;
  std::string last_fault_;  // told once
  std::jthread thread_;     // last: it uses the others
};

}  // namespace earshot
