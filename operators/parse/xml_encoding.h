// Brings XML of any encoding into UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace earshot::parse {

// `xml` as valid UTF-8, either itself or written to `converted`. A byte order mark decides; else UTF-8 when the bytes
// are such, whatever the document declares; else what it declares; else Windows-1252, of which Latin-1 is a part. Bytes
// that the encoding does not have become U+FFFD. Empty with a `fault` in words when there is no such encoding.
std::string_view xml_as_utf8(std::string_view xml, std::string& converted, std::string& fault);

}  // namespace earshot::parse
