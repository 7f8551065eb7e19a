#include "ops/earshot/rule_files.h"

#include <iostream>
#include <utility>

namespace earshot {

Result<CaseFolding> case_folding_from_name(const std::string& name) {
  if (name == "unicode") return CaseFolding::kUnicode;
  if (name == "ascii") return CaseFolding::kAscii;
  return invalid("--case-folding: unknown '" + name + "'; expected unicode or ascii");
}

Result<std::shared_ptr<const match::RuleSet>> compile_listeners(const std::string& path, CaseFolding folding) {
  auto listeners = load_listeners(path);
  if (!listeners) return listeners.error();
  return match::RuleSet::compile(std::move(*listeners), {.folding = folding});
}

int refuse(const Error& error) {
  std::cerr << error.to_string() << '\n';
  return 1;
}

}  // namespace earshot
