// The type of a YAML scalar that stands without quotes, by the core schema of YAML 1.2 (section 10.3.2): so `yes` and
// `012` are not what YAML 1.1 made of them.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace earshot {

struct PlainText {};  // none of the others

using PlainScalar = std::variant<PlainText, bool, int64_t, double>;

// Integers beyond int64 come as double, and whole decimals of at most 2^53 ("1e3", "4.0") as integers, as in JSON
// Schema.
// ".inf" and ".nan" come as text: no option takes them.
PlainScalar resolve_plain_scalar(std::string_view text);

}  // namespace earshot
