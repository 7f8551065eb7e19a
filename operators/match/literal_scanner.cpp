#include "operators/match/literal_scanner.h"

#include <fmt/format.h>

#include <limits>
#include <new>
#include <vector>

namespace earshot::match {

Result<LiteralScanner> LiteralScanner::compile(std::span<const std::string> literals) {
  LiteralScanner scanner;
  if (literals.empty()) return scanner;
  if (hs_valid_platform() != HS_SUCCESS) return failed("Hyperscan needs a CPU with SSSE3, and this one has none");
  std::vector<const char*> expressions;
  std::vector<size_t> lengths;
  std::vector<unsigned> flags(literals.size(), 0);
  std::vector<unsigned> ids;
  for (const std::string& literal : literals) {
    ids.push_back(static_cast<unsigned>(ids.size()));
    expressions.push_back(literal.data());
    lengths.push_back(literal.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile_lit_multi(expressions.data(), flags.data(), ids.data(), lengths.data(),
                           static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr, &database, &error);
  if (status != HS_SUCCESS) {
    const std::string reason = error != nullptr ? error->message : "no reason given";
    const int index = error != nullptr ? error->expression : -1;
    hs_free_compile_error(error);
    const std::string which =
        index >= 0 ? fmt::format(" at '{}'", literals[static_cast<size_t>(index)]) : std::string();
    return failed(fmt::format("Hyperscan cannot compile {} phrases{}: {}", literals.size(), which, reason));
  }
  scanner.database_.reset(database);
  return scanner;
}

LiteralScanner::Scratch LiteralScanner::make_scratch() const {
  if (!database_) return {};
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database_.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
  return {std::unique_ptr<hs_scratch_t, Scratch::Free>(scratch)};
}

size_t LiteralScanner::size_bytes() const {
  size_t bytes = 0;
  if (database_) hs_database_size(database_.get(), &bytes);
  return bytes;
}

}  // namespace earshot::match
