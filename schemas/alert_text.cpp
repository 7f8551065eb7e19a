#include <fmt/format.h>
#include <simdjson.h>

#include <iterator>
#include <string>

#include "engine/base/utf8_prefix.h"
#include "schemas/alert.h"

namespace earshot {
namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kFaint = "\x1b[2m";

std::string_view colour_of(std::string_view state) {
  if (state == "opened" || state == "reopened") return "\x1b[1;31m";
  if (state == "escalated") return "\x1b[1;35m";
  if (state == "easing") return "\x1b[33m";
  return "\x1b[32m";
}

std::string_view text_of(simdjson::dom::element element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::string_view member_text(simdjson::dom::element object, std::string_view name) {
  simdjson::dom::element member;
  return object[name].get(member) == simdjson::SUCCESS ? text_of(member) : std::string_view{};
}

// A post on one line: control characters and line ends would let it paint over the terminal.
std::string on_one_line(std::string_view text, size_t bytes_max) {
  std::string line;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    const bool is_c1 = code == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool is_blank = code <= 0x20 || code == 0x7F || is_c1;
    if (is_c1) ++i;
    if (!is_blank) {
      line.push_back(text[i]);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  if (line.size() <= bytes_max) return line;
  return std::string(utf8_prefix(line, bytes_max)) + "…";
}

std::string evidence_line(simdjson::dom::element post) {
  std::string_view author;
  simdjson::dom::element writer;
  int64_t followers = 0;
  double sentiment = 0;
  if (post["author"].get(writer) == simdjson::SUCCESS) {
    author = member_text(writer, "handle");
    if (author.empty()) author = member_text(writer, "id");
    if (writer["followers"].get(followers) != simdjson::SUCCESS) followers = 0;
  }
  if (post["sentiment"].get(sentiment) != simdjson::SUCCESS) sentiment = 0;
  constexpr size_t kTextBytesMax = 160;
  constexpr size_t kNameBytesMax = 40;
  return fmt::format("    {} @{} ({} followers, {:+.2f}): {}\n",
                     on_one_line(member_text(post, "platform"), kNameBytesMax), on_one_line(author, kNameBytesMax),
                     followers, sentiment, on_one_line(member_text(post, "text"), kTextBytesMax));
}

}  // namespace

Result<std::string> render_alert(std::string_view alert_json, const AlertTextOptions& options) {
  simdjson::dom::parser parser;
  simdjson::dom::element event;
  simdjson::dom::element data;
  int64_t severity = 0;
  if (parser.parse(alert_json.data(), alert_json.size()).get(event) != simdjson::SUCCESS ||
      event["data"].get(data) != simdjson::SUCCESS || data["severity"]["level"].get(severity) != simdjson::SUCCESS) {
    return invalid("not an alert: expected a CloudEvent with an incident as its data");
  }
  const std::string_view state = member_text(data, "state");
  constexpr size_t kHeadlineBytesMax = 400;
  std::string text = fmt::format("{}  {}{:<9}{}  severity {}  {}\n", member_text(event, "time"),
                                 options.is_coloured ? colour_of(state) : "", state, options.is_coloured ? kReset : "",
                                 severity, on_one_line(member_text(data, "headline"), kHeadlineBytesMax));
  simdjson::dom::array evidence;
  const bool is_over = state == "resolved" || state == "easing";
  if (is_over || data["evidence"].get(evidence) != simdjson::SUCCESS) return text;
  if (options.is_coloured) text += kFaint;
  size_t shown = 0;
  for (const simdjson::dom::element post : evidence) {
    if (shown++ == options.evidence_max) break;
    text += evidence_line(post);
  }
  if (options.is_coloured) text += kReset;
  return text;
}

}  // namespace earshot
