// Functions: where a file's functions begin and how long they are, by their braces or their indentation. Good enough to
// hold a limit on length; no parser.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::layout {

struct FunctionSpan {
  std::string name;
  size_t first_line = 0;  // 1-based
  size_t line_count = 0;  // signature and closing brace included

  friend bool operator==(const FunctionSpan&, const FunctionSpan&) = default;
};

// Outermost functions: lambdas and classes inside one are part of it.
std::vector<FunctionSpan> cpp_functions(std::string_view source);
std::vector<FunctionSpan> python_functions(std::string_view source);
std::vector<FunctionSpan> shell_functions(std::string_view source);

// The source with comments, literals and preprocessor lines as spaces; every other byte and every newline stays in
// place.
std::string without_literals(std::string_view source);

}  // namespace earshot::layout
