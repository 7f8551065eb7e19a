// The text of an HTML fragment as a person reads it, for platforms that deliver posts as HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot::parse {

// Appends the text of `html` to `text`: tags dropped, paragraphs apart by an empty line, <br>, <div> and <li> on new
// lines, entities decoded, white space otherwise as it is, none at either end of a block. Text hidden by style
// (Mastodon's shortened links) is text too, so links come out whole. Adds to `links` the targets of <a> elements that
// are neither mentions nor hashtags by their class. Anything is accepted: what looks like no tag or entity is text.
// `html` is valid UTF-8, and so are the results.
void append_html_text(std::string_view html, std::string& text, std::vector<std::string>& links);

}  // namespace earshot::parse
