// RegexScanner: finds any of many regexes in a text by Hyperscan. Immutable and shared; scratch is per thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "operators/match/literal_scanner.h"
#include "operators/match/regex.h"

namespace earshot::match {

class RegexScanner {
 public:
  RegexScanner() = default;  // finds nothing

  // Compiles one alone, as a trial, and finds out whether it tracks_begin. Errors, without the place: it is too large.
  // What is in `databases` is not compiled again, and what is compiled is kept there.
  static Result<void> check(Regex& regex, DatabaseCache* databases = nullptr);

  // Regex i has id i. Each has passed check(). Errors: what Hyperscan refuses of all together.
  static Result<RegexScanner> compile(std::span<const Regex> regexes, DatabaseCache* databases = nullptr);

  [[nodiscard]] LiteralScanner::Scratch make_scratch() const;

  // Calls on_match(id, begin, end, 0, context) for every end of every match; begin is the leftmost one for that end, or
  // 0 when the regex does not track it. Precondition: `text` is UTF-8.
  void scan(std::string_view text, const LiteralScanner::Scratch& scratch, match_event_handler on_match,
            void* context) const;

  // False when where a match begins is only known to be within match_bytes_max of its end.
  [[nodiscard]] bool tracks_begin(uint32_t id) const { return tracks_begin_[id]; }
  [[nodiscard]] uint32_t match_bytes_max(uint32_t id) const { return match_bytes_max_[id]; }
  [[nodiscard]] bool empty() const { return tracks_begin_.empty(); }

 private:
  struct Free {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
  };
  std::unique_ptr<hs_database_t, Free> database_;
  std::vector<bool> tracks_begin_;
  std::vector<uint32_t> match_bytes_max_;
};

}  // namespace earshot::match
