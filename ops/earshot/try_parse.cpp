#include <iostream>
#include <string>
#include <utility>

#include "engine/base/json_writer.h"
#include "operators/parse/parser.h"
#include "ops/earshot/commands.h"
#include "ops/earshot/parse_options.h"
#include "ops/earshot/single_post.h"

namespace earshot {
namespace {

// Input bytes may be anything; JSON text may not.
std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) {
      text.push_back(c);
    } else {
      text.append("\xEF\xBF\xBD");
    }
  }
  return text;
}

void write_dead_letter(std::ostream& out, const std::string& reason, size_t number, const std::string& line) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().member("stage", "parse").member("reason", reason);
  writer.member("line", static_cast<int64_t>(number));
  writer.member("input", is_valid_utf8(line) ? line : printable(line)).end_object();
  out << json << '\n';
}

}  // namespace

int try_parse_command(const std::string& format_name, const std::string& config) {
  const auto format = parse::format_from_name(format_name);
  if (!format) {
    std::cerr << "unknown format '" << format_name << "'; expected " << parse::format_names_in_words() << '\n';
    return 2;
  }
  parse::ParseOptions options{.format = *format};
  if (!config.empty()) {
    const auto settings = load_settings(config);
    if (!settings) {
      std::cerr << settings.error().to_string() << '\n';
      return 2;
    }
    options = parse_options(settings->source);
  } else if (*format == parse::Format::kCustom) {
    std::cerr << "the fields of the custom format stand in a configuration; name it with --config\n";
    return 2;
  }
  SinglePostParser parser(std::move(options));
  std::string line;
  std::string json;
  size_t number = 0;
  size_t posts = 0;
  size_t refused = 0;
  size_t not_posts = 0;
  while (std::getline(std::cin, line)) {
    ++number;
    const parse::PostBatch& parsed = parser.parse(line);
    not_posts += parsed.not_posts;
    for (const Post& post : parsed.posts) {
      ++posts;
      json.clear();
      append_post_json(json, post);
      std::cout << json << '\n';
    }
    for (const parse::Refusal& refusal : parsed.refusals) {
      ++refused;
      write_dead_letter(std::cerr, refusal.reason, number, line);
    }
  }
  std::cout.flush();
  std::string counts;
  JsonWriter(counts)
      .begin_object()
      .member("posts", static_cast<int64_t>(posts))
      .member("dead_letters", static_cast<int64_t>(refused))
      .member("not_posts", static_cast<int64_t>(not_posts))
      .end_object();
  std::cerr << counts << std::endl;
  return 0;
}

}  // namespace earshot
