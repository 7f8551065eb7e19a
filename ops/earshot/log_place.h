// LogPlace: which log an application's state lies on, kept in `data_dir`. A log that is not there any more cannot say
// itself that the configuration names another one.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "ops/plan/plan.h"
#include "ops/settings/settings.h"

namespace earshot {

// Edits of log.connector, log.path and log.topic_prefix since remember_log(); none when nothing is remembered.
Result<std::vector<plan::Edit>> moves_of_log(const Settings& settings);

// Durable when it returns.
Result<void> remember_log(const Settings& settings);

}  // namespace earshot
