#include "operators/triage/triage_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/config/nearest_name.h"
#include "engine/config/plain_scalar.h"

namespace earshot::triage {
namespace {

constexpr size_t kFaultsToldMax = 100;

std::string shown(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::kNull:
      return "nothing";
    case ConfigNode::Kind::kSequence:
      return "a list";
    case ConfigNode::Kind::kMap:
      return "a map";
    case ConfigNode::Kind::kScalar:
      break;
  }
  return fmt::format("'{}'", node.text.substr(0, 60));
}

// What is quoted is text, whatever it looks like.
PlainScalar scalar_of(const ConfigEntry& entry) {
  return entry.value.is_quoted ? PlainText{} : resolve_plain_scalar(entry.value.text);
}

// One of an enum's names, of which kLast is the last.
template <auto kLast>
std::optional<decltype(kLast)> named(TriageFile& file, const ConfigEntry& entry) {
  using Enum = decltype(kLast);
  std::vector<std::string_view> names;
  for (size_t i = 0; i <= static_cast<size_t>(kLast); ++i) names.push_back(to_string(static_cast<Enum>(i)));
  size_t place = 0;
  if (!file.one_of(entry, names, place)) return std::nullopt;
  return static_cast<Enum>(place);
}

}  // namespace

TriageFile::TriageFile(std::string name, std::string_view text)
    : name_(std::move(name)), document_(parse_config_document(text)) {
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines_.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  for (const ConfigError& error : document_.errors) fault(error.position, error.message);
}

void TriageFile::fault(ConfigPosition position, std::string_view message) {
  if (++fault_count_ > kFaultsToldMax) return;
  faults_ +=
      fmt::format("{}{}:{}:{}: {}", fault_count_ > 1 ? "\n" : "", name_, position.line, position.column, message);
}

std::string TriageFile::faults() const {
  if (fault_count_ <= kFaultsToldMax) return faults_;
  return fmt::format("{}\n… and {} more errors", faults_, fault_count_ - kFaultsToldMax);
}

bool TriageFile::text(const ConfigEntry& entry, std::string& out) {
  out = entry.value.text;
  if (entry.value.kind == ConfigNode::Kind::kScalar && out.find_first_not_of(" \t\n") != std::string::npos) return true;
  fault(entry.value.position, fmt::format("'{}' must be text, found {}", entry.key, shown(entry.value)));
  return false;
}

bool TriageFile::whole_number(const ConfigEntry& entry, int64_t min, int64_t max, int64_t& out) {
  const PlainScalar scalar = scalar_of(entry);
  const auto* number = std::get_if<int64_t>(&scalar);
  if (entry.value.kind == ConfigNode::Kind::kScalar && number != nullptr && *number >= min && *number <= max) {
    out = *number;
    return true;
  }
  fault(entry.value.position,
        fmt::format("'{}' must be a whole number from {} to {}, found {}", entry.key, min, max, shown(entry.value)));
  return false;
}

bool TriageFile::number(const ConfigEntry& entry, double min, double max, double& out) {
  const PlainScalar scalar = scalar_of(entry);
  const auto* whole = std::get_if<int64_t>(&scalar);
  const auto* decimal = std::get_if<double>(&scalar);
  const double number = whole != nullptr ? static_cast<double>(*whole) : decimal != nullptr ? *decimal : std::nan("");
  if (entry.value.kind == ConfigNode::Kind::kScalar && number >= min && number <= max) {
    out = number;
    return true;
  }
  fault(entry.value.position,
        fmt::format("'{}' must be a number from {} to {}, found {}", entry.key, min, max, shown(entry.value)));
  return false;
}

bool TriageFile::truth(const ConfigEntry& entry, bool& out) {
  const PlainScalar scalar = scalar_of(entry);
  if (const bool* truth = std::get_if<bool>(&scalar); truth != nullptr) {
    out = *truth;
    return true;
  }
  fault(entry.value.position, fmt::format("'{}' must be true or false, found {}", entry.key, shown(entry.value)));
  return false;
}

bool TriageFile::one_of(const ConfigEntry& entry, std::span<const std::string_view> names, size_t& out) {
  const auto found = std::find(names.begin(), names.end(), entry.value.text);
  if (entry.value.kind == ConfigNode::Kind::kScalar && found != names.end()) {
    out = static_cast<size_t>(found - names.begin());
    return true;
  }
  fault(entry.value.position,
        fmt::format("unknown {} {}; known: {}", entry.key, shown(entry.value), fmt::join(names, ", ")));
  return false;
}

std::optional<TriageClass> TriageFile::triage_class(const ConfigEntry& entry) {
  return named<TriageClass::kOther>(*this, entry);
}

std::optional<TriageAction> TriageFile::action(const ConfigEntry& entry) {
  return named<TriageAction::kHandOver>(*this, entry);
}

void TriageFile::unknown_key(const ConfigEntry& entry, std::span<const std::string_view> known) {
  const std::string_view nearest = nearest_name(entry.key, known);
  const std::string hint =
      nearest.empty() ? fmt::format("known: {}", fmt::join(known, ", ")) : fmt::format("did you mean '{}'?", nearest);
  fault(entry.position, fmt::format("unknown key '{}'; {}", entry.key, hint));
}

QueryOrigin TriageFile::origin_of(const ConfigNode& scalar) const {
  auto line = static_cast<size_t>(scalar.position.line - 1);
  auto column = static_cast<size_t>(scalar.position.column - 1);
  const QueryOrigin unknown{name_, scalar.position.line, scalar.position.column, false};
  if (line >= lines_.size() || column >= lines_[line].size()) return unknown;
  const char opening = lines_[line][column];
  if (scalar.is_quoted && (opening == '|' || opening == '>')) {
    do {
      if (++line == lines_.size()) return unknown;
      column = lines_[line].find_first_not_of(' ');
    } while (column == std::string_view::npos);
  } else if (scalar.is_quoted) {
    ++column;
  }
  if (!has_lines_at(scalar.text, line, column)) return unknown;
  return {name_, static_cast<int>(line) + 1, static_cast<int>(column) + 1, true};
}

bool TriageFile::has_lines_at(std::string_view text, size_t line, size_t column) const {
  for (; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (line >= lines_.size()) return false;
    const std::string_view found = lines_[line].substr(std::min(column, lines_[line].size()));
    if (!found.starts_with(text.substr(0, end))) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

ConfigPosition TriageFile::position_in(std::string_view text, size_t offset, const QueryOrigin& origin) {
  if (!origin.is_verbatim) return {origin.line, origin.column};
  const std::string_view before = text.substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {origin.line + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
          origin.column + static_cast<int>(offset - line_start)};
}

}  // namespace earshot::triage
