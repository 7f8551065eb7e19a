// What RuleCompiler's child does, and how the two understand each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace earshot {

inline constexpr std::string_view kCompileVerb = "compile-rules";  // hidden: no person types it

// Exit statuses beside 0.
inline constexpr int kChildOutOfMemory = 9;
inline constexpr int kChildErrorBase = 10;  // and the ErrorCode; the message is on stdout

struct CompileRulesArguments {
  std::string listeners;
  std::string case_folding = "unicode";
  std::string cache;
  int64_t memory_bytes = 0;
  int64_t seconds = 0;
  bool one_by_one = false;  // each listener alone: its name to stdout before it; at the end which was the slowest
};
int compile_rules_command(const CompileRulesArguments& arguments);

}  // namespace earshot
