// What a process that holds people's posts owes the machine it runs on.
#pragma once

#include "ops/settings/settings.h"

namespace earshot {

// Makes every file and folder that is created from here on readable by this user alone. Call it before threads start.
void create_files_privately();

// Logs what an operator should change: running as root, a data folder that others may enter.
void warn_of_unsafe_surroundings(const Settings& settings);

}  // namespace earshot
