#include "engine/config/expectation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/json_writer.h"
#include "engine/config/plain_scalar.h"

namespace earshot {
namespace {

using std::chrono::milliseconds;

template <class Format>
std::string range_in_words(const ConfigOption& option, Format format) {
  const auto& range = option.range();
  return range ? fmt::format(" from {} to {}", format(range->low), format(range->high)) : std::string();
}

std::string number_text(double number) {
  return fmt::format("{}", number);
}
std::string duration_text(double ms) {
  return format_duration(milliseconds(static_cast<int64_t>(ms)));
}
std::string size_text(double bytes) {
  return format_byte_size({static_cast<int64_t>(bytes)});
}

struct Expectation {
  const ConfigOption& option;

  std::string operator()(const std::string*) const {
    return option.pattern() ? option.pattern()->expectation : std::string("text");
  }
  std::string operator()(const std::filesystem::path*) const { return "a path"; }
  std::string operator()(const Secret*) const { return "text"; }
  std::string operator()(const bool*) const { return "true or false"; }
  std::string operator()(const int64_t*) const { return "a whole number" + range_in_words(option, number_text); }
  std::string operator()(const double*) const { return "a number" + range_in_words(option, number_text); }
  std::string operator()(const milliseconds*) const {
    const std::string examples = option.range() ? "" : " such as 500ms, 10s, 15m, 1h or 7d";
    return "a duration" + examples + range_in_words(option, duration_text) +
           (option.word() ? " or " + option.word()->text : "");
  }
  std::string operator()(const ByteSize*) const {
    return "a size such as 64KiB, 10MB or a number of bytes," + range_in_words(option, size_text);
  }
  std::string operator()(const ChoiceBinding& choice) const {
    return fmt::format("one of {}", fmt::join(choice.names, ", "));
  }
  template <class T>
  std::string operator()(const std::vector<T>*) const {
    return (*this)(static_cast<const T*>(nullptr));
  }
  std::string operator()(const ConfigProperties*) const { return "a map of properties"; }
};

std::string yaml_text(const std::string& text) {
  if (text.empty()) return {};
  const bool is_plain = text.find_first_of("#{}[],&*!|>'\"%@` \n") == std::string::npos && !text.ends_with(':') &&
                        std::holds_alternative<PlainText>(resolve_plain_scalar(text)) && text != "-";
  if (is_plain) return text;
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

struct BoundValue {
  const ConfigOption& option;

  std::string operator()(const std::string* value) const { return yaml_text(*value); }
  std::string operator()(const std::filesystem::path* value) const { return yaml_text(value->string()); }
  std::string operator()(const Secret* value) const { return value->empty() ? "" : "(secret)"; }
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(const int64_t* value) const { return std::to_string(*value); }
  std::string operator()(const double* value) const { return fmt::format("{}", *value); }
  std::string operator()(const milliseconds* value) const {
    if (option.word() && *value == option.word()->value) return option.word()->text;
    return format_duration(*value);
  }
  std::string operator()(const ByteSize* value) const { return format_byte_size(*value); }
  std::string operator()(const ChoiceBinding& choice) const { return choice.names[choice.get()]; }
  template <class T>
  std::string operator()(const std::vector<T>* values) const {
    if (values->empty()) return {};
    std::vector<std::string> texts;
    for (const T& value : *values) texts.push_back((*this)(&value));
    return fmt::format("[{}]", fmt::join(texts, ", "));
  }
  std::string operator()(const ConfigProperties* value) const { return value->empty() ? "" : "(secret)"; }
};

bool is_list(const ConfigOption& option) {
  return std::holds_alternative<std::vector<std::string>*>(option.binding()) ||
         std::holds_alternative<std::vector<std::filesystem::path>*>(option.binding()) ||
         std::holds_alternative<std::vector<milliseconds>*>(option.binding());
}

}  // namespace

std::string element_expectation_of(const ConfigOption& option) {
  return std::visit(Expectation{option}, option.binding());
}

std::string expectation_of(const ConfigOption& option) {
  if (!is_list(option)) return element_expectation_of(option);
  const auto [low, high] = option.element_bounds();
  return fmt::format("a list of {} to {}, each {}", low, high, element_expectation_of(option));
}

std::string bound_value_of(const ConfigOption& option) {
  return std::visit(BoundValue{option}, option.binding());
}

size_t text_characters_max(const ConfigOption& option) {
  constexpr size_t kPatternCharactersMax = 256;  // std::regex recurses once per character
  return option.pattern() ? kPatternCharactersMax : kConfigTextCharactersMax;
}

}  // namespace earshot
