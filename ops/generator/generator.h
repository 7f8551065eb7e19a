// Generator: a day of posts about several brands, with a product launch and a crisis in it, as the lines that a
// listener would receive: a little out of order, with a few duplicates, late posts and broken lines. The same plan
// gives the same bytes on every machine. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "ops/generator/script.h"

namespace earshot::generator {

enum class WireFormat : uint8_t {
  kCanonical,  // schemas/post.schema.json
  kMixed,      // x as X v2, bluesky as Jetstream, mastodon and reddit as their API's objects, the rest canonical
};

struct DayPlan {
  uint64_t seed = 7;
  double hours = 24;                     // above 0, at most 31 days
  double posts_per_second = 4;           // mean over a whole day, events not counted; above 0, at most 20,000
  int64_t start_ms = 1'772'409'600'000;  // 2026-03-02T00:00:00Z, a Monday; from 2020 on
  bool has_events = true;                // the launch and the crisis
  WireFormat format = WireFormat::kCanonical;

  // Planted faults per day of 24 hours, about.
  double duplicates_per_day = 60;  // a line that comes twice
  double malformed_per_day = 12;   // a line that is no JSON
  double late_per_day = 12;        // a post that comes 20 minutes to 3 hours after it was written
};

// Everything but a late post comes at most so long after it was written.
inline constexpr int64_t kDisorderMsMax = 8'000;

enum class LineKind : uint8_t { kPost, kDuplicate, kLate, kMalformed };

struct Line {
  std::string text;  // without newline
  LineKind kind = LineKind::kPost;
  Theme theme = Theme::kChat;
  size_t brand = 0;  // of every theme but kChat
  int64_t created_at_ms = 0;
};

struct Tally {
  uint64_t posts = 0;  // late ones included
  uint64_t duplicates = 0;
  uint64_t late = 0;
  uint64_t malformed = 0;
  uint64_t bytes = 0;  // newlines included
};

class Generator {
 public:
  // kInvalid when the plan is out of its bounds.
  static Result<Generator> create(const DayPlan& plan);

  Generator(Generator&&) noexcept;
  Generator& operator=(Generator&&) noexcept;
  ~Generator();

  // The next line in order of arrival; false after the last. Swaps strings with `line`, so pass the same one again.
  bool next(Line& line);

  [[nodiscard]] const Tally& tally() const;

 private:
  struct Day;
  explicit Generator(std::unique_ptr<Day> day);
  std::unique_ptr<Day> day_;
};

// Writes the whole day as NDJSON to a file, whose folder is made when missing, or to stdout for "-". A file appears
// under its name only when it is complete.
Result<Tally> generate_file(const DayPlan& plan, const std::filesystem::path& path);

}  // namespace earshot::generator
