#include "operators/match/literal_scanner.h"

#include <fmt/format.h>

#include <limits>
#include <new>
#include <vector>

namespace earshot::match {

Result<LiteralScanner> LiteralScanner::compile(std::span<const std::string> literals, std::span<const uint32_t> ids,
                                               DatabaseCache* databases) {
  return compile_as(Kind::kLiterals, literals, ids, databases);
}

Result<LiteralScanner> LiteralScanner::compile_expressions(std::span<const std::string> expressions,
                                                           DatabaseCache* databases) {
  return compile_as(Kind::kExpressions, expressions, {}, databases);
}

Result<LiteralScanner> LiteralScanner::compile_as(Kind kind, std::span<const std::string> texts,
                                                  std::span<const uint32_t> given_ids, DatabaseCache* databases) {
  LiteralScanner scanner;
  if (texts.empty()) return scanner;
  if (hs_valid_platform() != HS_SUCCESS) return failed("Hyperscan needs a CPU with SSSE3, and this one has none");
  const std::string_view purpose = kind == Kind::kLiterals ? "literals" : "expressions";
  const std::string key = databases != nullptr ? database_key(purpose, texts, given_ids) : std::string();
  if (databases != nullptr) scanner.database_.reset(find_database(*databases, key));
  if (scanner.database_) return scanner;
  const auto count = static_cast<unsigned>(texts.size());
  std::vector<const char*> expressions;
  std::vector<size_t> lengths;
  const std::vector<unsigned> flags(texts.size(), 0);
  std::vector<unsigned> ids(given_ids.begin(), given_ids.end());
  for (const std::string& text : texts) {
    if (given_ids.empty()) ids.push_back(static_cast<unsigned>(ids.size()));
    expressions.push_back(text.c_str());
    lengths.push_back(text.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status = kind == Kind::kLiterals
                                ? hs_compile_lit_multi(expressions.data(), flags.data(), ids.data(), lengths.data(),
                                                       count, HS_MODE_BLOCK, nullptr, &database, &error)
                                : hs_compile_multi(expressions.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK,
                                                   nullptr, &database, &error);
  if (status != HS_SUCCESS) {
    const std::string reason = error != nullptr ? error->message : "no reason given";
    const int index = error != nullptr ? error->expression : -1;
    hs_free_compile_error(error);
    const std::string which = index >= 0 ? fmt::format(" at '{}'", texts[static_cast<size_t>(index)]) : std::string();
    return failed(fmt::format("Hyperscan cannot compile {} {}{}: {}", texts.size(),
                              kind == Kind::kLiterals ? "phrases" : "words with wildcards", which, reason));
  }
  scanner.database_.reset(database);
  if (databases != nullptr) keep_database(*databases, key, database);
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
