#include "operators/match/regex_scanner.h"

#include <fmt/format.h>

#include <new>
#include <string>

namespace earshot::match {
namespace {

constexpr std::string_view kPurpose = "regexes";

unsigned flags_of(const Regex& regex) {
  return regex.hyperscan_flags | (regex.tracks_begin ? static_cast<unsigned>(HS_FLAG_SOM_LEFTMOST) : 0U);
}

// A database of the regexes, or why there is none.
Result<hs_database_t*> build(std::span<const Regex> regexes, DatabaseCache* databases) {
  std::vector<std::string> texts;
  std::vector<const char*> expressions;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Regex& regex : regexes) {
    texts.push_back(regex.expression);
    expressions.push_back(regex.expression.c_str());
    flags.push_back(flags_of(regex));
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  const std::string key = databases != nullptr ? database_key(kPurpose, texts, flags) : std::string();
  hs_database_t* database = databases != nullptr ? find_database(*databases, key) : nullptr;
  if (database != nullptr) return database;
  hs_compile_error_t* error = nullptr;
  const auto count = static_cast<unsigned>(expressions.size());
  if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr, &database,
                       &error) == HS_SUCCESS) {
    if (databases != nullptr) keep_database(*databases, key, database);
    return database;
  }
  const std::string reason = error != nullptr ? error->message : "no reason given";
  hs_free_compile_error(error);
  return invalid(reason);
}

}  // namespace

Result<void> RegexScanner::check(Regex& regex, DatabaseCache* databases) {
  for (const bool tracks_begin : {true, false}) {
    regex.tracks_begin = tracks_begin;
    const auto database = build({&regex, 1}, databases);
    if (database) {
      hs_free_database(*database);
      return {};
    }
    if (!tracks_begin) {
      return invalid(fmt::format("Hyperscan, which searches for regexes, refuses this one: {} Split it into several",
                                 database.error().message));
    }
  }
  return {};
}

Result<RegexScanner> RegexScanner::compile(std::span<const Regex> regexes, DatabaseCache* databases) {
  RegexScanner scanner;
  if (regexes.empty()) return scanner;
  for (const Regex& regex : regexes) {
    scanner.tracks_begin_.push_back(regex.tracks_begin);
    scanner.match_bytes_max_.push_back(regex.match_bytes_max);
  }
  const auto database = build(regexes, databases);
  if (!database) {
    return failed(fmt::format("Hyperscan cannot compile the listeners' {} regexes together: {}", regexes.size(),
                              database.error().message));
  }
  scanner.database_.reset(*database);
  return scanner;
}

LiteralScanner::Scratch RegexScanner::make_scratch() const {
  if (!database_) return {};
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database_.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
  return {std::unique_ptr<hs_scratch_t, LiteralScanner::Scratch::Free>(scratch)};
}

void RegexScanner::scan(std::string_view text, const LiteralScanner::Scratch& scratch, match_event_handler on_match,
                        void* context) const {
  if (!database_) return;
  const auto bytes = static_cast<unsigned>(text.size());
  if (hs_scan(database_.get(), text.data(), bytes, 0, scratch.memory.get(), on_match, context) != HS_SUCCESS) {
    throw std::logic_error("hs_scan was called with a scratch of another thread or database");
  }
}

}  // namespace earshot::match
