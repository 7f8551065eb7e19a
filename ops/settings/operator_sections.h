// The sections of earshot.yaml that operators are set by.
#pragma once

#include "ops/settings/settings.h"

namespace earshot {

void declare_operators(ConfigSection& root, Settings& settings);

}  // namespace earshot
