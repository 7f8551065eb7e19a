// How the records of the configured source are read.
#pragma once

#include "operators/parse/parser.h"
#include "ops/settings/settings.h"

namespace earshot {

// `source` as load_settings() leaves it, whose fields are checked already.
parse::ParseOptions parse_options(const SourceSettings& source);

}  // namespace earshot
