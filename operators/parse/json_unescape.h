// The escapes of JSON strings (RFC 8259, section 7).
#pragma once

namespace earshot::parse {

// Replaces the escapes of the text in [begin, end) in its place, which never makes it longer; answers its new end, or
// nullptr when an escape is unknown, cut off or half of a surrogate pair.
char* unescape_json(char* begin, char* end);

}  // namespace earshot::parse
