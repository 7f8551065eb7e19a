#include "ops/history/counts_file.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <istream>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "engine/time/timestamp.h"
#include "engine/time/watermark.h"

namespace earshot::history {
namespace {

constexpr size_t kFaultsShown = 20;
constexpr uint64_t kCountMax = 1'000'000'000;

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// As the file has them; what is missing is empty.
struct Row {
  std::string listener;
  std::string pane_start;
  std::string count;
  std::string negative;
};

std::optional<uint64_t> read_count(std::string_view text) {
  uint64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size() || count > kCountMax) return {};
  return count;
}

std::optional<int64_t> read_time_ms(std::string_view text) {
  constexpr int64_t kSecondsMax = 250'000'000'000;  // year 9999
  int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kSecondsMax) {
    return seconds * 1000;
  }
  return parse_rfc3339_ms(text);
}

// Members may be text or numbers, since both are about.
std::string text_of(simdjson::dom::element object, const char* name) {
  simdjson::dom::element member;
  if (object[name].get(member) != simdjson::SUCCESS) return {};
  std::string_view text;
  if (member.get(text) == simdjson::SUCCESS) return std::string(text);
  int64_t number = 0;
  return member.get(number) == simdjson::SUCCESS ? std::to_string(number) : simdjson::minify(member);
}

class RowReader {
 public:
  // kInvalid: what is wrong with the line. nullopt: it is the header.
  Result<std::optional<Row>> read(std::string_view line, bool is_first) {
    if (line.front() == '{') return read_json(line);
    return read_csv(line, is_first);
  }

 private:
  Result<std::optional<Row>> read_json(std::string_view line) {
    simdjson::dom::element object;
    if (const auto fault = parser_.parse(line.data(), line.size()).get(object); fault != simdjson::SUCCESS) {
      return invalid(std::string("not JSON: ") + simdjson::error_message(fault));
    }
    return std::optional(Row{text_of(object, "listener"), text_of(object, "pane_start"), text_of(object, "count"),
                             text_of(object, "negative")});
  }

  Result<std::optional<Row>> read_csv(std::string_view line, bool is_first) {
    constexpr size_t kColumnsMin = 3;
    std::array<std::string, 4> columns;
    size_t count = 0;
    for (size_t at = 0; at <= line.size(); ++count) {
      const size_t comma = std::min(line.find(',', at), line.size());
      if (count == columns.size()) return invalid("more than four columns");
      columns[count] = trim(line.substr(at, comma - at));
      at = comma + 1;
    }
    const bool is_header = is_first && columns[0] == "listener";
    if (is_header) return std::optional<Row>();
    if (count < kColumnsMin) return invalid("expected listener,pane_start,count or listener,pane_start,count,negative");
    return std::optional(
        Row{std::move(columns[0]), std::move(columns[1]), std::move(columns[2]), std::move(columns[3])});
  }

  simdjson::dom::parser parser_;
};

Result<HistoryPane> check_row(const Row& row, const std::set<std::string_view>& names,
                              const CountsFileOptions& options) {
  if (!names.contains(row.listener)) return invalid(fmt::format("no listener is called '{}'", row.listener));
  const auto time_ms = read_time_ms(row.pane_start);
  if (!time_ms) {
    return invalid(
        fmt::format("'{}' is not a pane_start: expected RFC 3339 or seconds since the epoch", row.pane_start));
  }
  if (*time_ms != pane_start(*time_ms, options.every_ms)) {
    return invalid(
        fmt::format("{} is no multiple of the {} ms that a row stands for", row.pane_start, options.every_ms));
  }
  if (*time_ms + options.every_ms > options.now_ms) {
    return invalid(fmt::format("{} is not over yet", row.pane_start));
  }
  const auto count = read_count(row.count);
  if (!count) return invalid(fmt::format("'{}' is not a count: expected a whole number", row.count));
  const auto negative = row.negative.empty() ? std::optional<uint64_t>(0) : read_count(row.negative);
  if (!negative || *negative > *count) {
    return invalid(fmt::format("'{}' is not a number of negative mentions: expected a whole number up to {}",
                               row.negative, *count));
  }
  return HistoryPane{*time_ms, *count, *negative};
}

class Faults {
 public:
  explicit Faults(std::string name) : name_(std::move(name)) {}
  void add(uint64_t line, const std::string& message) {
    if (++count_ <= kFaultsShown) text_ += fmt::format("{}:{}: {}\n", name_, line, message);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Error to_error() const {
    const size_t more = count_ - std::min(count_, kFaultsShown);
    std::string text = more == 0 ? text_ : text_ + fmt::format("and {} more\n", more);
    text.pop_back();
    return invalid(text);
  }

 private:
  std::string name_;
  std::string text_;
  size_t count_ = 0;
};

struct PlacedPane {
  HistoryPane pane;
  uint64_t line;
};

std::vector<HistoryPane> in_order(std::vector<PlacedPane>& placed, Faults& faults) {
  std::ranges::stable_sort(placed, {}, [](const PlacedPane& each) { return each.pane.start_ms; });
  std::vector<HistoryPane> panes;
  panes.reserve(placed.size());
  for (size_t i = 0; i < placed.size(); ++i) {
    if (i > 0 && placed[i].pane.start_ms == placed[i - 1].pane.start_ms) {
      faults.add(placed[i].line, fmt::format("the pane was given on line {} already", placed[i - 1].line));
      continue;
    }
    panes.push_back(placed[i].pane);
  }
  return panes;
}

}  // namespace

Result<std::map<std::string, std::vector<HistoryPane>>> read_counts(std::istream& in, const ListenerSet& listeners,
                                                                    const CountsFileOptions& options) {
  std::set<std::string_view> names;
  for (const Listener& listener : listeners.listeners) names.insert(listener.name);
  std::map<std::string, std::vector<PlacedPane>> placed;
  Faults faults(options.name);
  RowReader reader;
  std::string text;
  size_t rows = 0;
  bool is_first = true;
  for (uint64_t line = 1; std::getline(in, text); ++line) {
    const std::string_view trimmed = trim(text);
    if (trimmed.empty()) continue;
    const auto row = reader.read(trimmed, std::exchange(is_first, false));
    if (!row) {
      faults.add(line, row.error().message);
      continue;
    }
    if (!row->has_value()) continue;
    if (++rows > options.rows_max) return invalid(fmt::format("{}: more than {} rows", options.name, options.rows_max));
    const auto pane = check_row(**row, names, options);
    if (!pane) {
      faults.add(line, pane.error().message);
      continue;
    }
    placed[(*row)->listener].push_back({*pane, line});
  }
  if (in.bad()) return failed(options.name + ": cannot be read");
  std::map<std::string, std::vector<HistoryPane>> panes;
  for (auto& [name, each] : placed) panes[name] = in_order(each, faults);
  if (!faults.empty()) return faults.to_error();
  if (panes.empty()) return invalid(options.name + ": holds no row");
  return panes;
}

}  // namespace earshot::history
