#include "ops/earshot/line_filter.h"

#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "engine/base/json_writer.h"

namespace earshot {

int filter_lines(std::istream& in, std::ostream& out, std::ostream& errors,
                 const std::function<Result<void>(const std::string& line, std::string& out_line)>& transform) {
  std::string line;
  std::string out_line;
  size_t number = 0;
  bool has_failed = false;
  while (std::getline(in, line)) {
    ++number;
    out_line.clear();
    if (const auto done = transform(line, out_line); !done) {
      has_failed = true;
      const std::string message = "line " + std::to_string(number) + ": " + done.error().to_string();
      errors << message << '\n';
      out_line.clear();
      JsonWriter(out_line).begin_object().member("error", message).end_object();
    }
    out << out_line << '\n';
  }
  out.flush();
  return has_failed ? 1 : 0;
}

void append_with_member(std::string& out, std::string_view object, std::string_view name, std::string_view value) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::string rewritten;
  const std::string quoted = '"' + std::string(name) + '"';
  if (object.find(quoted) != std::string_view::npos) {
    auto parsed = nlohmann::ordered_json::parse(object);
    if (parsed.erase(std::string(name)) > 0) {
      rewritten = parsed.dump();
      object = rewritten;
    }
  }
  while (!object.empty() && is_space(object.back())) object.remove_suffix(1);
  object.remove_suffix(1);  // the closing brace
  while (!object.empty() && is_space(object.back())) object.remove_suffix(1);
  out.append(object);
  if (!object.ends_with('{')) out.push_back(',');
  out.append(quoted).append(":").append(value).append("}");
}

}  // namespace earshot
