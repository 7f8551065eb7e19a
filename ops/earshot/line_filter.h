// LineFilter: NDJSON in, NDJSON out, one line for each line, in order. What `earshot try` is made of.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot {

// Transforms each line of `in` to a line of `out`; `transform` appends to its second argument. A line that fails
// becomes
// {"error":…} in its place and is named on `errors`. The exit status: 1 when a line failed.
int filter_lines(std::istream& in, std::ostream& out, std::ostream& errors,
                 const std::function<Result<void>(const std::string& line, std::string& out_line)>& transform);

// Appends `object` (the text of a JSON object) with one more member, replacing a member of the same name. Other members
// stay as they are, to the byte. Precondition: `object` is valid JSON.
void append_with_member(std::string& out, std::string_view object, std::string_view name, std::string_view value);

}  // namespace earshot
