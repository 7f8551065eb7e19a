#include "bench/spikes/nab_data.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <string>

#include "engine/time/timestamp.h"
#include "operators/spike/series.h"

namespace earshot::bench {
namespace {

// "2015-03-03 04:37:53.000000", UTC.
std::optional<int64_t> parse_label_time(std::string_view text) {
  return parse_rfc3339_ms(std::string(text) + "Z");
}

Result<std::vector<LabelledWindow>> read_windows(simdjson::dom::element labels, const std::string& file,
                                                 const std::vector<int64_t>& times_ms) {
  std::vector<LabelledWindow> windows;
  simdjson::dom::array spans;
  for (const simdjson::dom::key_value_pair entry : simdjson::dom::object(labels)) {
    if (!entry.key.ends_with("/" + file)) continue;
    spans = entry.value;
    for (const simdjson::dom::element span : spans) {
      const auto first_ms = parse_label_time(span.at(0).get_string().value());
      const auto last_ms = parse_label_time(span.at(1).get_string().value());
      if (!first_ms || !last_ms) return invalid("a window's ends are not timestamps", "windows.json: " + file);
      const auto first = std::lower_bound(times_ms.begin(), times_ms.end(), *first_ms);
      const auto last = std::upper_bound(times_ms.begin(), times_ms.end(), *last_ms);
      if (first >= last) return invalid("a window holds no row", "windows.json: " + file);
      windows.push_back(
          {static_cast<size_t>(first - times_ms.begin()), static_cast<size_t>(last - times_ms.begin()) - 1});
    }
    return windows;
  }
  return invalid("no windows for " + file, "windows.json");
}

Result<ScoredSeries> score_file(const std::filesystem::path& path, int64_t pane_ms, simdjson::dom::element labels) {
  ScoredSeries series;
  series.name = path.stem().string();
  std::vector<int64_t> times_ms;
  std::ifstream file(path);
  spike::SpikeCsv csv(pane_ms);
  std::string line;
  std::string scored;
  for (bool is_header = true; std::getline(file, line); is_header = false) {
    scored.clear();
    if (const auto done = csv.transform(line, scored); !done) return invalid(done.error().to_string(), path.string());
    if (is_header) continue;
    const auto time_ms = parse_rfc3339_ms(line.substr(0, line.find(',')) + "Z");
    if (!time_ms) return invalid("expected a timestamp first: " + line, path.string());
    times_ms.push_back(*time_ms);
    const size_t columns = line.size() + 1;
    double score = 0;
    std::from_chars(scored.data() + columns, scored.data() + scored.size(), score);
    series.scores.push_back(score);
    int level = 0;
    std::from_chars(scored.data() + scored.rfind(',') + 1, scored.data() + scored.size(), level);
    series.levels.push_back(level);
  }
  auto windows = read_windows(labels, path.filename().string(), times_ms);
  if (!windows) return windows.error();
  series.windows = std::move(*windows);
  return series;
}

}  // namespace

Result<std::vector<ScoredSeries>> score_folder(const std::filesystem::path& folder, int64_t pane_ms) {
  simdjson::dom::parser parser;
  simdjson::dom::element labels;
  if (parser.load((folder / "windows.json").string()).get(labels) != simdjson::SUCCESS || !labels.is_object()) {
    return invalid("expected a JSON object of windows by file", (folder / "windows.json").string());
  }
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") files.insert(entry.path());
  }
  std::vector<ScoredSeries> all;
  for (const std::filesystem::path& file : files) {
    auto series = score_file(file, pane_ms, labels);
    if (!series) return series.error();
    all.push_back(std::move(*series));
  }
  return all;
}

}  // namespace earshot::bench
