// The file source: newline-delimited records from files, folders or stdin; plain, gzip or zstd, told by their first
// bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/flow/source.h"

namespace earshot::file {

struct FileSourceOptions {
  // Files, folders (their regular files by name, those that begin with a dot left out, no deeper), or "-" for stdin.
  std::vector<std::string> paths;
  // True: wait for lines to be appended to the files, as tail -f does. A line counts once its newline is there. Folders
  // are listed once.
  bool follow = false;
  int64_t max_record_bytes = (10LL << 20) + (64LL << 10);
  int64_t batch_bytes = 1LL << 20;
  int32_t max_files = 512;  // read side by side, each with its buffers
};

// Each file is one partition, numbered in the order of the paths; its topic is its path ("stdin" for "-"). Offsets
// count bytes of the uncompressed text, and a record's is where its line begins. So that positions stay true between
// runs, a file that joins a folder must sort behind those that are there.
//
// Records are lines without their "\n" or "\r\n"; blank lines are none; a byte order mark is skipped; the last line
// needs no newline. Of a line longer than `max_record_bytes` the record is that many bytes from its front, and the rest
// is skipped: no parser takes it for whole, so it ends among the dead letters. Records have no key and no timestamp.
//
// The partition that has come least far is read next, so that files of one time span advance side by side. Stdin can't
// be read again: whatever comes is new, and its offsets go on from where finish_rebalance() starts it.
//
// Errors name file and offset: kNotFound for a missing path or an empty folder, kInvalid for a start that is no line's,
// kCorrupt for damaged compression, after the
// lines before the damage. (gzip has one checksum, at its end: damage may show late, and as wrong lines first.)
Result<std::unique_ptr<Source>> open_file_source(const FileSourceOptions& options);

}  // namespace earshot::file
