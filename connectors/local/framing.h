// Framing: the records of RocksDB's manifest and write-ahead logs, as far as its reader of another process's files
// needs them whole. At a record that says it is of a recycled file, which ours never are, that reader stands still for
// ever (RocksDB 7.8, FragmentBufferedReader).
#pragma once

#include <string>

#include "engine/base/result.h"

namespace earshot::local {

// kCorrupt, naming the file and the place, when such a record is in one of the database's files. A file that goes away
// meanwhile is none.
Result<void> check_framing(const std::string& folder);

}  // namespace earshot::local
