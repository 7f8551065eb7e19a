// Settings: everything that earshot.yaml can say. The defaults stand here; names, ranges and documentation are declared
// in declaration.cpp, and parsing, schemas/config.schema.json and docs/configuration.md come from both.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/declaration.h"
#include "engine/config/reader.h"
#include "engine/observe/admin_options.h"
#include "engine/observe/logging.h"

namespace earshot {

enum class SourceConnector { kFile, kKafka, kLocal };
enum class StartPosition { kEarliest, kLatest };
enum class LogConnector { kLocal, kKafka };

inline constexpr std::chrono::milliseconds kRetainForever{-1};

struct SourceSettings {
  SourceConnector connector = SourceConnector::kFile;
  std::filesystem::path path;  // "-": stdin; empty when `paths` is set
  std::vector<std::filesystem::path> paths;
  std::vector<std::string> topics{"posts"};
  std::string format = "auto";  // one of parse::format_names()
  ConfigProperties fields;      // for custom: members of a post, and JSON pointers to them
  bool detect_language = true;
  bool follow = false;
  bool keyed_by_post = false;
  StartPosition start = StartPosition::kEarliest;
  ByteSize max_record_bytes{1 << 20};
};

struct LogSettings {
  LogConnector connector = LogConnector::kLocal;
  std::filesystem::path path;  // never empty once loaded
  int64_t partitions = 4;
  std::string topic_prefix;
  int64_t replication_factor = -1;                                   // -1: the broker's default
  std::chrono::milliseconds retention = std::chrono::hours(7 * 24);  // kRetainForever: without end
  std::chrono::milliseconds internal_retention = std::chrono::hours(24);
  bool sync = true;
  int64_t standbys = 0;
};

struct MatchSettings {
  std::string case_folding = "unicode";  // unicode or ascii
};

struct SentimentSettings {
  std::string model = "vader";       // of English texts: vader or earshot
  std::string towards = "listener";  // listener or post
  std::vector<std::filesystem::path> lexicons;
  std::vector<std::filesystem::path> models;
};

struct TriageSettings {
  std::filesystem::path rules;  // empty: the built-in ones
};

struct DeskSettings {
  bool enabled = false;
  std::vector<std::string> own_accounts;
  // By urgency from 5 down to 1.
  std::vector<std::chrono::milliseconds> answer_within{std::chrono::minutes(15), std::chrono::hours(1),
                                                       std::chrono::hours(4), std::chrono::hours(24),
                                                       std::chrono::hours(72)};
  int64_t waiting = 100'000;
  int64_t authors = 100'000;
};

struct DedupSettings {
  int64_t mentions = 100'000;
};

struct TimeSettings {
  std::chrono::milliseconds disorder = std::chrono::seconds(10);
  std::chrono::milliseconds lateness = std::chrono::hours(1);
  std::chrono::milliseconds future_skew = std::chrono::minutes(10);
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);
};

struct WindowSettings {
  std::chrono::milliseconds pane = std::chrono::seconds(10);
  std::vector<std::chrono::milliseconds> sizes{std::chrono::minutes(1), std::chrono::minutes(15),
                                               std::chrono::hours(1)};
};

struct DetectSettings {
  double false_alarms_per_week = 1.0;
  int64_t min_mentions = 10;
  std::chrono::milliseconds warm_up = std::chrono::minutes(30);
  std::chrono::milliseconds cool_down = std::chrono::hours(6);
  bool mentions_drop = true;
  bool sentiment_shift = true;
  bool viral_post = true;
  bool emerging_term = true;
  std::chrono::milliseconds feed_silence = std::chrono::minutes(10);  // 0: not watched
};

struct IncidentSettings {
  double escalate_factor = 2.0;
  std::chrono::milliseconds resolve_after = std::chrono::minutes(15);
  std::chrono::milliseconds reopen_within = std::chrono::hours(6);
  int64_t evidence = 10;
  double open_score = 0.5;
  double volume_score = 0.8;
  int64_t storm_listeners = 6;
  std::chrono::milliseconds storm_within = std::chrono::minutes(10);
  std::chrono::milliseconds order_within = std::chrono::seconds(30);
  std::vector<std::string> severity_floors;  // "spoke=3"
  std::vector<std::string> quiet_hours;      // "spoke=22:00-07:00 Europe/Berlin"
  int64_t quiet_severity = 4;
};

// Empty: not written to a file. "-": stdout.
struct OutputFileSettings {
  std::filesystem::path alerts;
  std::filesystem::path mentions;
  std::filesystem::path retractions;
  std::filesystem::path windows;
  std::filesystem::path dead_letters;
};

struct OutputSettings {
  bool mentions = true;
  bool windows = true;
  OutputFileSettings files;
};

struct RuntimeSettings {
  int64_t threads = 0;  // 0: all cores
  std::chrono::milliseconds commit_interval{500};
  ByteSize batch_bytes{1 << 20};
  int64_t in_flight_batches = 8;
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(20);
};

struct AdminSettings {
  bool enabled = true;
  std::string listen = "127.0.0.1:9644";  // host:port; port 0 picks a free one
  std::filesystem::path certificate;      // empty: plain HTTP
  std::filesystem::path private_key;
  std::filesystem::path token_file;  // empty: nobody is asked for one

  [[nodiscard]] AdminOptions options() const {
    return {.listen = listen, .certificate = certificate, .private_key = private_key, .bearer_token = token_file};
  }
};

struct LoggingSettings {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kText;
};

// All paths are absolute or start at the folder of the configuration file, except "-".
struct Settings {
  std::string name = "earshot";
  std::string hub = "hub";
  std::filesystem::path data_dir = "earshot-data";
  std::filesystem::path listeners;
  std::chrono::milliseconds listeners_reload = std::chrono::seconds(2);  // 0: never
  std::chrono::milliseconds listeners_compile_time = std::chrono::seconds(60);
  ByteSize listeners_compile_memory{int64_t{4} << 30};
  SourceSettings source;
  LogSettings log;
  ConfigProperties kafka;
  MatchSettings match;
  SentimentSettings sentiment;
  TriageSettings triage;
  DeskSettings desk;
  DedupSettings dedup;
  TimeSettings time;
  WindowSettings windows;
  DetectSettings detect;
  IncidentSettings incident;
  OutputSettings outputs;
  RuntimeSettings runtime;
  AdminSettings admin;
  LoggingSettings logging;

  ConfigOrigins origins;  // where the file sets each of them, for messages about their values
};

// The declaration, bound to `settings`, which must stay where it is as long as the section is used.
[[nodiscard]] ConfigSection declare_settings(Settings& settings);

// Reads and checks a configuration: every fault of the text, then the rules over several options.
struct ReadSettings {
  Settings settings;      // as far as it could be read
  ConfigReading reading;  // ok() when all of it was
};
[[nodiscard]] ReadSettings read_settings(std::string_view yaml, const ConfigContext& context);

// Reads the file at `path` with this process's environment. The error has a line for each fault, "file:line:column:
// path: message", or says why the file could not be read.
[[nodiscard]] Result<Settings> load_settings(const std::filesystem::path& path);

// Checks what the settings name on this machine: listeners and input exist and can be read, folders can be written. It
// creates nothing. The error has a line for each fault.
[[nodiscard]] Result<void> check_environment(const Settings& settings);

// What is committed as schemas/config.schema.json and docs/configuration.md.
[[nodiscard]] std::string settings_json_schema();
[[nodiscard]] std::string settings_reference_page();

}  // namespace earshot
