// LiteralScanner: finds any of many byte strings, or of many patterns, in a text by Hyperscan. The database is
// immutable and shared; scratch is per thread.
#pragma once

#include <hs.h>

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "operators/match/database_cache.h"

namespace earshot::match {

class LiteralScanner {
 public:
  struct Scratch {
    struct Free {
      void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
    };
    std::unique_ptr<hs_scratch_t, Free> memory;
  };

  LiteralScanner() = default;  // finds nothing

  // Literal i has id ids[i], or i when there are no ids. With `databases` one that was compiled before is taken from
  // there, and a new one is kept. Errors: a CPU without SSSE3, no memory.
  static Result<LiteralScanner> compile(std::span<const std::string> literals, std::span<const uint32_t> ids = {},
                                        DatabaseCache* databases = nullptr);

  // The same for regular expressions in Hyperscan's syntax, over bytes; expression i has id i.
  static Result<LiteralScanner> compile_expressions(std::span<const std::string> expressions,
                                                    DatabaseCache* databases = nullptr);

  // Throws std::bad_alloc.
  [[nodiscard]] Scratch make_scratch() const;

  // Calls on_match(id, 0, end offset, 0, context) for every occurrence of every literal, overlapping ones too. One
  // literal's occurrences come in order; different literals' need not. on_match returns 0 to go on.
  void scan(std::string_view text, const Scratch& scratch, match_event_handler on_match, void* context) const {
    if (!database_) return;
    const auto bytes = static_cast<unsigned>(text.size());
    const hs_error_t status = hs_scan(database_.get(), text.data(), bytes, 0, scratch.memory.get(), on_match, context);
    if (status != HS_SUCCESS) throw std::logic_error("hs_scan was called with a scratch of another thread or database");
  }

  [[nodiscard]] size_t size_bytes() const;

 private:
  enum class Kind : uint8_t { kLiterals, kExpressions };
  static Result<LiteralScanner> compile_as(Kind kind, std::span<const std::string> texts,
                                           std::span<const uint32_t> ids, DatabaseCache* databases);

  struct Free {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
  };
  std::unique_ptr<hs_database_t, Free> database_;
};

}  // namespace earshot::match
