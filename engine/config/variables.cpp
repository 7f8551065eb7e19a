#include "engine/config/variables.h"

#include <cstdlib>

namespace earshot {
namespace {

constexpr size_t kExpandedBytesMax = 64 * 1024;
constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of(kNameCharacters) == std::string_view::npos &&
         (name[0] < '0' || name[0] > '9');
}

// `body` is what stands between the braces.
Result<std::string> fill(std::string_view body, const Environment& environment) {
  const size_t separator = body.find(":-");
  const std::string_view name = body.substr(0, separator);
  if (!is_variable_name(name)) {
    return invalid(
        "expected ${NAME} or ${NAME:-default}, where NAME has letters, digits and _; write $$ for a dollar sign");
  }
  const std::optional<std::string> value = environment(name);
  const bool has_default = separator != std::string_view::npos;
  if (value && !(has_default && value->empty())) return *value;
  if (has_default) return std::string(body.substr(separator + 2));
  return invalid("environment variable " + std::string(name) + " is not set; set it or give a default: ${" +
                 std::string(name) + ":-default}");
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Result<ExpandedText> expand_variables(std::string_view text, const Environment& environment) {
  ExpandedText expanded;
  while (true) {
    const size_t dollar = text.find('$');
    expanded.text.append(text.substr(0, dollar));
    if (dollar == std::string_view::npos) return expanded;
    if (expanded.text.size() > kExpandedBytesMax)
      return invalid("the value is longer than 64 KiB once variables are filled");
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      expanded.text.push_back('$');
      text.remove_prefix(1);
    } else if (text.starts_with('{')) {
      const size_t end = text.find('}');
      if (end == std::string_view::npos) return invalid("${ is not closed by }; write $$ for a dollar sign");
      const Result<std::string> value = fill(text.substr(1, end - 1), environment);
      if (!value) return value.error();
      expanded.text.append(*value);
      expanded.has_variables = true;
      text.remove_prefix(end + 1);
    } else {
      expanded.text.push_back('$');
    }
  }
}

}  // namespace earshot
