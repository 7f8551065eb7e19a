#include "engine/config/value_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <regex>

#include "engine/base/json_writer.h"
#include "engine/base/utf8_prefix.h"
#include "engine/config/expectation.h"
#include "engine/config/nearest_name.h"

namespace earshot {
namespace {

using Kind = ConfigNode::Kind;
using std::chrono::milliseconds;

size_t count_characters(std::string_view utf8) {
  size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

std::string_view kind_in_words(const ConfigNode& node) {
  switch (node.kind) {
    case Kind::kNull:
      return "nothing";
    case Kind::kScalar:
      return "a value";
    case Kind::kSequence:
      return "a list";
    case Kind::kMap:
      return "a map";
  }
  return "";
}

std::string quoted_for_message(std::string_view text) {
  constexpr size_t kShownBytesMax = 60;
  const bool is_cut = text.size() > kShownBytesMax;
  text = utf8_prefix(text, kShownBytesMax);
  std::string quoted;
  append_json_string(quoted, text);
  return is_cut ? quoted + "…" : quoted;
}

void ConfigValueReader::read(const ConfigNode& node, const std::string& path) {
  reading_.origins.add(path, node.position);
  std::visit([&](const auto& binding) { read_into(binding, node, path); }, option_.binding());
}

void ConfigValueReader::fail(const ConfigNode& node, const std::string& path, std::string message) {
  reading_.errors.push_back({node.position, path, std::move(message)});
}

std::optional<ConfigValueReader::Scalar> ConfigValueReader::fill(const ConfigNode& node, const std::string& path) {
  if (node.kind != Kind::kScalar) {
    const std::string hint = node.kind == Kind::kNull ? "; remove the key to keep the default" : "";
    fail(node, path,
         fmt::format("expected {}, found {}{}", element_expectation_of(option_), kind_in_words(node), hint));
    return std::nullopt;
  }
  Result<ExpandedText> expanded = expand_variables(node.text, context_.environment);
  if (!expanded) {
    fail(node, path, expanded.error().message);
    return std::nullopt;
  }
  const bool may_be_typed = expanded->has_variables || !node.is_quoted;
  PlainScalar plain = may_be_typed ? resolve_plain_scalar(expanded->text) : PlainScalar(PlainText{});
  return Scalar{node, path, std::move(expanded->text), expanded->has_variables, plain};
}

// Adds the error that a value is not what the option takes. A variable's value is not shown: it may be secret.
bool ConfigValueReader::refuse(const Scalar& scalar, const std::string& hint) {
  const bool is_secret = std::holds_alternative<Secret*>(option_.binding());
  std::string found;
  if (is_secret) {
    found = "something else";
  } else if (scalar.has_variables) {
    found = "something else in " + quoted_for_message(scalar.node.text);
  } else {
    found = scalar.is_text() ? quoted_for_message(scalar.text) : scalar.text;
  }
  fail(scalar.node, scalar.path, fmt::format("expected {}, found {}{}", element_expectation_of(option_), found, hint));
  return false;
}

bool ConfigValueReader::in_range(const Scalar& scalar, double value) {
  const auto& range = option_.range();
  return (!range || (value >= range->low && value <= range->high)) || refuse(scalar);
}

bool ConfigValueReader::read_text(const Scalar& scalar, std::string& text) {
  if (!scalar.is_text() && !scalar.has_variables) return refuse(scalar, "; put it in quotes to make it text");
  const size_t characters_max = text_characters_max(option_);
  if (count_characters(scalar.text) > characters_max) {
    fail(scalar.node, scalar.path, fmt::format("expected at most {} characters", characters_max));
    return false;
  }
  if (scalar.text.find('\0') != std::string::npos) {
    fail(scalar.node, scalar.path, "the character U+0000 is not allowed");
    return false;
  }
  text = scalar.text;
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, std::string& target) {
  std::string text;
  if (!read_text(scalar, text)) return false;
  if (option_.pattern() && !std::regex_search(text, std::regex(option_.pattern()->expression))) return refuse(scalar);
  target = std::move(text);
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, std::filesystem::path& target) {
  std::string text;
  if (!read_text(scalar, text)) return false;
  if (text.empty()) return refuse(scalar);
  target = std::move(text);
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, Secret& target) {
  std::string text;
  if (!read_text(scalar, text)) return false;
  target = Secret(std::move(text));
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, bool& target) {
  const bool* value = std::get_if<bool>(&scalar.plain);
  if (value == nullptr) return refuse(scalar);
  target = *value;
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, int64_t& target) {
  const int64_t* value = std::get_if<int64_t>(&scalar.plain);
  if (value == nullptr) return refuse(scalar);
  if (!in_range(scalar, static_cast<double>(*value))) return false;
  target = *value;
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, double& target) {
  double value = NAN;
  if (const int64_t* integer = std::get_if<int64_t>(&scalar.plain)) value = static_cast<double>(*integer);
  if (const double* decimal = std::get_if<double>(&scalar.plain)) value = *decimal;
  if (!std::isfinite(value)) return refuse(scalar);
  if (!in_range(scalar, value)) return false;
  target = value;
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, milliseconds& target) {
  if (option_.word() && scalar.is_text() && scalar.text == option_.word()->text) {
    target = option_.word()->value;
    return true;
  }
  const auto value = scalar.is_text() ? parse_duration(scalar.text) : std::nullopt;
  if (!value) return refuse(scalar, scalar.is_text() ? "" : "; it needs a unit: ms, s, m, h, d or w");
  if (!in_range(scalar, static_cast<double>(value->count()))) return false;
  target = *value;
  return true;
}

bool ConfigValueReader::take(const Scalar& scalar, ByteSize& target) {
  std::optional<ByteSize> value = scalar.is_text() ? parse_byte_size(scalar.text) : std::nullopt;
  if (const int64_t* bytes = std::get_if<int64_t>(&scalar.plain)) value = ByteSize{*bytes};
  if (!value) return refuse(scalar);
  if (!in_range(scalar, static_cast<double>(value->bytes))) return false;
  target = *value;
  return true;
}

template <class T>
void ConfigValueReader::read_into(T* target, const ConfigNode& node, const std::string& path) {
  if (const auto scalar = fill(node, path)) take(*scalar, *target);
}

template <class T>
void ConfigValueReader::read_into(std::vector<T>* target, const ConfigNode& node, const std::string& path) {
  const auto [low, high] = option_.element_bounds();
  if (node.kind != Kind::kSequence) {
    const bool is_variable = node.kind == Kind::kScalar && node.text.find("${") != std::string::npos;
    const std::string hint = is_variable ? "; a variable fills one value, so write [\"${NAME}\"]" : "";
    fail(node, path, fmt::format("expected {}, found {}{}", expectation_of(option_), kind_in_words(node), hint));
    return;
  }
  if (node.items.size() < low || node.items.size() > high) {
    fail(node, path, fmt::format("expected {}, found {} of them", expectation_of(option_), node.items.size()));
    return;
  }
  std::vector<T> values;
  for (size_t i = 0; i < node.items.size(); ++i) {
    const std::string item_path = fmt::format("{}[{}]", path, i);
    reading_.origins.add(item_path, node.items[i].position);
    T value{};
    if (const auto scalar = fill(node.items[i], item_path); scalar && take(*scalar, value)) {
      values.push_back(std::move(value));
    }
  }
  if (values.size() == node.items.size()) *target = std::move(values);
}

void ConfigValueReader::read_into(const ChoiceBinding& choice, const ConfigNode& node, const std::string& path) {
  const auto scalar = fill(node, path);
  if (!scalar) return;
  for (size_t i = 0; i < choice.names.size(); ++i) {
    if (scalar->is_text() && scalar->text == choice.names[i]) return choice.set(i);
  }
  const std::vector<std::string_view> names(choice.names.begin(), choice.names.end());
  const std::string_view nearest = scalar->has_variables ? "" : nearest_name(scalar->text, names);
  refuse(*scalar, nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
}

void ConfigValueReader::read_into(ConfigProperties* target, const ConfigNode& node, const std::string& path) {
  if (node.kind == Kind::kNull) return;
  if (node.kind != Kind::kMap) {
    return fail(node, path, fmt::format("expected {}, found {}", expectation_of(option_), kind_in_words(node)));
  }
  if (node.entries.size() > kConfigPropertiesMax) {
    return fail(node, path, fmt::format("expected at most {} properties", kConfigPropertiesMax));
  }
  for (const ConfigEntry& entry : node.entries) {
    const std::string entry_path = path + "." + entry.key;
    reading_.origins.add(entry_path, entry.value.position);
    if (entry.value.kind != Kind::kScalar) {
      fail(entry.value, entry_path, fmt::format("expected one value, found {}", kind_in_words(entry.value)));
      continue;
    }
    Result<ExpandedText> value = expand_variables(entry.value.text, context_.environment);
    if (!value) {
      fail(entry.value, entry_path, value.error().message);
    } else if (count_characters(value->text) > kConfigTextCharactersMax) {
      fail(entry.value, entry_path, fmt::format("expected at most {} characters", kConfigTextCharactersMax));
    } else {
      target->insert_or_assign(entry.key, Secret(std::move(value->text)));
    }
  }
}

}  // namespace earshot
