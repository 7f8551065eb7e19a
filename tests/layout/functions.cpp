#include "tests/layout/functions.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "tests/layout/source_tree.h"

namespace earshot::layout {
namespace {

enum class Scope { kOuter, kFunction, kInitializer };

bool is_space(char letter) {
  return std::isspace(static_cast<unsigned char>(letter)) != 0;
}
bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// Drops spaces, "template <…>" and attributes at the front.
std::string_view without_prefix(std::string_view head) {
  while (true) {
    while (!head.empty() && is_space(head.front())) head.remove_prefix(1);
    size_t end = std::string_view::npos;
    if (head.starts_with("[[")) {
      end = head.find("]]") + 1;
    } else if (head.starts_with("template")) {
      int depth = 0;
      for (size_t i = 8; i < head.size() && end == std::string_view::npos; ++i) {
        if (head[i] == '<') ++depth;
        if (head[i] == '>' && --depth == 0) end = i;
      }
    }
    if (end >= head.size()) return head;
    head.remove_prefix(end + 1);
  }
}

bool declares_scope(std::string_view head) {
  static const std::regex kKeyword(R"(^(inline\s+|typedef\s+|static\s+)*(namespace|class|struct|union|enum|extern)\b)");
  const bool ends_with_parameters = !head.empty() && head.back() == ')';
  return !ends_with_parameters && std::regex_search(head.begin(), head.end(), kKeyword);
}

// Whether "=" stands before the first parenthesis: a variable and its value, unless the value is a lambda.
bool assigns(std::string_view head) {
  if (head.find("operator") != std::string_view::npos) return false;
  const size_t equals = head.find('=');
  const size_t lambda = head.find("= [");
  return equals != std::string_view::npos && equals < head.find('(') && lambda == std::string_view::npos;
}

// "Name(…) : member_" before the brace of a member's initializer.
bool is_in_member_initializers(std::string_view head) {
  static const std::regex kColon(R"(\)[\w\s]*:[^:])");
  return !head.empty() && is_word(head.back()) && std::regex_search(head.begin(), head.end(), kColon);
}

std::string function_name(std::string_view head) {
  size_t end = head.find('(');
  if (end == std::string_view::npos) end = head.size();
  while (end > 0 && is_space(head[end - 1])) --end;
  size_t start = end;
  while (start > 0 && (is_word(head[start - 1]) || head[start - 1] == ':' || head[start - 1] == '~')) --start;
  const std::string name(head.substr(start, end - start));
  if (!name.starts_with("TEST") && name != "RC_GTEST_PROP") return name;
  return std::string(head.substr(start, head.find(')') - start + 1));
}

class CppScanner {
 public:
  explicit CppScanner(std::string_view source) : code_(without_literals(source)) {}

  std::vector<FunctionSpan> run() {
    for (at_ = 0; at_ < code_.size(); ++at_) step(code_[at_]);
    return std::move(found_);
  }

 private:
  [[nodiscard]] Scope scope() const { return scopes_.empty() ? Scope::kOuter : scopes_.back(); }

  void step(char letter) {
    if (scope() != Scope::kOuter) {
      if (letter == '{') scopes_.push_back(scope());
      if (letter == '}') close();
      return;
    }
    switch (letter) {
      case '(':
        ++parentheses_;
        break;
      case ')':
        --parentheses_;
        break;
      case '{':
        open();
        break;
      case '}':
        close();
        break;
      case ';':
        if (parentheses_ == 0) begin_head();
        break;
      case ':':
        skip_access_label();
        break;
      default:
        break;
    }
  }

  void begin_head() { head_start_ = at_ + 1; }

  void skip_access_label() {
    static const std::regex kLabel(R"(^\s*(public|protected|private)\s*$)");
    const std::string_view head = std::string_view(code_).substr(head_start_, at_ - head_start_);
    if (std::regex_match(head.begin(), head.end(), kLabel)) begin_head();
  }

  void open() {
    std::string_view head = std::string_view(code_).substr(head_start_, at_ - head_start_);
    while (!head.empty() && is_space(head.back())) head.remove_suffix(1);
    const std::string_view statement = without_prefix(head);
    keeps_head_ = parentheses_ > 0 || is_in_member_initializers(statement);
    if (keeps_head_ || (assigns(statement) && !declares_scope(statement))) {
      scopes_.push_back(Scope::kInitializer);
    } else if (declares_scope(statement) || statement.find('(') == std::string_view::npos) {
      scopes_.push_back(Scope::kOuter);
      begin_head();
    } else {
      name_ = function_name(statement);
      scopes_.push_back(Scope::kFunction);
    }
  }

  void close() {
    const Scope closed = scope();
    if (!scopes_.empty()) scopes_.pop_back();
    if (scope() != Scope::kOuter || keeps_head_) {
      keeps_head_ = keeps_head_ && scope() != Scope::kOuter;
      return;
    }
    if (closed == Scope::kFunction) {
      const size_t first = code_.find_first_not_of(" \t\r\n", head_start_);
      const auto line_of = [this](size_t place) {
        return 1 + static_cast<size_t>(std::count(code_.begin(), code_.begin() + static_cast<ptrdiff_t>(place), '\n'));
      };
      found_.push_back({name_, line_of(first), line_of(at_) - line_of(first) + 1});
    }
    begin_head();
  }

  std::string code_;
  std::vector<FunctionSpan> found_;
  std::vector<Scope> scopes_;
  std::string name_;
  size_t at_ = 0;
  size_t head_start_ = 0;
  int parentheses_ = 0;
  bool keeps_head_ = false;
};

size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

bool is_blank(std::string_view line) {
  return indentation(line) == line.size();
}

}  // namespace

std::vector<FunctionSpan> cpp_functions(std::string_view source) {
  return CppScanner(source).run();
}

std::vector<FunctionSpan> python_functions(std::string_view source) {
  static const std::regex kDef(R"(^\s*(async\s+)?def\s+(\w+))");
  const std::vector<std::string_view> lines = lines_of(source);
  std::vector<FunctionSpan> found;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::cmatch match;
    if (!std::regex_search(lines[i].data(), lines[i].data() + lines[i].size(), match, kDef)) continue;
    size_t body = i;  // the signature may take several lines
    while (body + 1 < lines.size() && lines[body].find_last_of(':') == std::string_view::npos) ++body;
    size_t last = body;
    for (size_t next = body + 1; next < lines.size(); ++next) {
      if (is_blank(lines[next])) continue;
      if (indentation(lines[next]) <= indentation(lines[i])) break;
      last = next;
    }
    found.push_back({match[2].str(), i + 1, last - i + 1});
  }
  return found;
}

std::vector<FunctionSpan> shell_functions(std::string_view source) {
  static const std::regex kStart(R"(^(function\s+)?([\w-]+)\s*\(\)\s*\{)");
  const std::vector<std::string_view> lines = lines_of(source);
  std::vector<FunctionSpan> found;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::cmatch match;
    if (!std::regex_search(lines[i].data(), lines[i].data() + lines[i].size(), match, kStart)) continue;
    size_t last = i;
    const bool is_one_line = lines[i].ends_with("}");
    while (!is_one_line && last + 1 < lines.size() && lines[last] != "}") ++last;
    found.push_back({match[2].str(), i + 1, last - i + 1});
  }
  return found;
}

}  // namespace earshot::layout
