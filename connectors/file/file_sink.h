// The file sink: newline-delimited records to the end of a file, or to stdout.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/flow/sink.h"

namespace earshot::file {

// `path` is created when missing; "-" is stdout, which has no position and forgets nothing. Positions are the file's
// size in bytes. Errors name the file: kFailed when its folder cannot be made, kCorrupt when recover() finds it shorter
// than what was committed, kUnavailable when the disk is full.
Result<std::unique_ptr<Sink>> open_file_sink(const std::string& path);

}  // namespace earshot::file
