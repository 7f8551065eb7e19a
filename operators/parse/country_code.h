// Country codes of platforms as those that a Post has.
#pragma once

#include <string_view>

namespace earshot::parse {

// ISO 3166-1 alpha-2 in capitals ("de" gives "DE"), in memory that lasts; empty for what is not two ASCII letters.
std::string_view country_code(std::string_view text);

}  // namespace earshot::parse
