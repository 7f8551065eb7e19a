#include <string>

#include "operators/parse/parser.h"
#include "ops/settings/operator_sections.h"
#include "ops/settings/settings.h"

namespace earshot {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kTopicPattern = "^[A-Za-z0-9._-]{1,200}$";
constexpr const char* kTopicExpectation = "1 to 200 letters, digits, dots, dashes and underscores";

void declare_source(ConfigSection& section, SourceSettings& source) {
  section
      .choice(
          "connector", source.connector,
          {{"file", SourceConnector::kFile}, {"kafka", SourceConnector::kKafka}, {"local", SourceConnector::kLocal}},
          "`file` reads NDJSON from files or stdin, `kafka` topics of a cluster (see `kafka`), `local` topics of the "
          "local log (see `log.path`).")
      .resets_state(
          "positions belong to the connector: the new one begins anew, and event time waits for the old one's "
          "partitions");
  section
      .option("path", source.path,
              "For `file`: a file, a folder that is read recursively in name order, or `-` for stdin. Plain, gzip or "
              "zstd.")
      .restarts("positions are kept for each file: one that was not read before is read from its start");
  section.option("paths", source.paths, "For `file`: several of those; set either `path` or `paths`.")
      .elements(1, 1024)
      .resets_state(
          "a file's position is kept under its place in the list: one that moves is read again from its start, and "
          "event time waits for one that went")
      .on_append(EditEffect::kRestart, "a file at the end of the list is read from its start");
  section.option("topics", source.topics, "For `kafka` and `local`: topics to read.")
      .matching(kTopicPattern, kTopicExpectation)
      .resets_state(
          "partitions are numbered by the order of the topics: event time would wait for one that went and mix up "
          "those that moved")
      .on_append(EditEffect::kRestart, "a topic at the end of the list is read from source.start on");
  section
      .one_of(
          "format", source.format, parse::format_names(),
          "What a record holds, see [posts.md](posts.md). `auto` tells by each record; a set format refuses records "
          "of another. `custom` is JSON of any shape, read by `fields`.")
      .restarts();
  section
      .option(
          "fields", source.fields,
          "For `custom`: members of a post as canonical posts name them (`text`, `author.handle`), and JSON "
          "pointers (RFC 6901) to their values in a record. `id`, `created_at` and `text` are needed; `platform` may "
          "be a plain name.")
      .restarts();
  section
      .option("detect_language", source.detect_language,
              "Tell the language of texts whose platform gives none, by CLD2; what is not clear stays unknown.")
      .restarts("queries with `lang:` may match more or fewer posts than those that the baselines were learned from");
  section
      .option("keyed_by_post", source.keyed_by_post,
              "All that is said of a post comes on the partition that the post came on, because the input is keyed by "
              "the post's id or its author. Mentions are then taken back on the spot; else by way of the topic "
              "`post-changes`, which knows what every partition told. A single file is keyed either way.")
      .restarts("what was told before is remembered by its own partition alone");
  section.option("follow", source.follow, "For `file`: wait for more at the end of the input instead of finishing.")
      .restarts();
  section
      .choice("start", source.start, {{"earliest", StartPosition::kEarliest}, {"latest", StartPosition::kLatest}},
              "For `kafka` and `local`: where to begin when nothing has been committed yet.")
      .restarts("only where nothing has been committed yet");
  section.option("max_record_bytes", source.max_record_bytes, "A longer record becomes a dead letter.")
      .between(ByteSize{1 << 10}, ByteSize{64 << 20})
      .restarts();
}

void declare_log(ConfigSection& section, LogSettings& log) {
  section
      .choice("connector", log.connector, {{"local", LogConnector::kLocal}, {"kafka", LogConnector::kKafka}},
              "`local` is a durable log inside this process, for one machine. `kafka` shares the work among processes.")
      .resets_state("another log has none of the topics, positions and state of this one");
  section.option("path", log.path, "For `local`: the log's folder, used by one running process at a time.")
      .default_shown_as("`log` in `data_dir`")
      .resets_state("another folder is another log: move the folder along to keep topics, positions and state");
  section.option("partitions", log.partitions, "Partitions of the internal topics; they bound how far DETECT spreads.")
      .between(1, 1024)
      .resets_state(
          "a listener's windows and baseline lie in the partition that its name falls into, which depends on their "
          "number; partitions are never taken away, and on Kafka they are added with its own tools");
  section.option("topic_prefix", log.topic_prefix, "Stands before the name of every topic that earshot writes.")
      .matching("^[A-Za-z0-9._-]{0,100}$", "up to 100 letters, digits, dots, dashes and underscores")
      .resets_state("topics and state of the other prefix are not read any more");
  section
      .option("replication_factor", log.replication_factor,
              "For `kafka`: replicas of the topics that earshot creates; -1 is the broker's default.")
      .between(-1, 10)
      .restarts("for topics that are created from then on; those that exist keep theirs");
  section.option("retention", log.retention, "How long alerts, mentions, windows and dead letters are kept.")
      .between(minutes(1), hours(10 * 365 * 24))
      .or_word("forever", kRetainForever)
      .restarts();
  section
      .option(
          "internal_retention", log.internal_retention,
          "How long partials, signals and post changes are kept; longer than any outage that DETECT should catch up "
          "after.")
      .between(minutes(1), hours(10 * 365 * 24))
      .restarts();
  section
      .option("standbys", log.standbys,
              "For `kafka`: copies of each partition's state that other processes keep up to date, so that one of them "
              "goes on within seconds when its owner dies.")
      .between(0, 10)
      .restarts();
  section
      .option("sync", log.sync,
              "For `local`: a commit is on the disk before it counts. `false` is faster and may lose the last commits, "
              "always whole ones, when the machine loses power.")
      .restarts();
}

void declare_outputs(ConfigSection& section, OutputSettings& outputs) {
  section.option("mentions", outputs.mentions, "Write every mention to its spoke's topic.")
      .restarts("what was not written in between is not made up for");
  section.option("windows", outputs.windows, "Write the windows of every listener to the windows topic.")
      .restarts("what was not written in between is not made up for");
  ConfigSection& files = section.section(
      "files", "Copies of committed outputs as NDJSON, exactly once, for whoever reads files. `-` is stdout.");
  files.option("alerts", outputs.files.alerts, "File for alerts.")
      .restarts("a file that was not written before starts empty: what it holds is cut");
  files.option("mentions", outputs.files.mentions, "File for mentions.")
      .restarts("a file that was not written before starts empty: what it holds is cut");
  files
      .option("retractions", outputs.files.retractions,
              "File for mentions that are taken back, where the input has several partitions and is not keyed "
              "(`source.keyed_by_post`). Else they are in the file of mentions.")
      .restarts("a file that was not written before starts empty: what it holds is cut");
  files.option("windows", outputs.files.windows, "File for windows.")
      .restarts("a file that was not written before starts empty: what it holds is cut");
  files.option("dead_letters", outputs.files.dead_letters, "File for dead letters.")
      .restarts("a file that was not written before starts empty: what it holds is cut");
}

void declare_operations(ConfigSection& root, Settings& settings) {
  declare_outputs(root.section("outputs", "What is written besides alerts and dead letters, and where."),
                  settings.outputs);
  ConfigSection& runtime = root.section("runtime", "Threads, batches and commits.");
  runtime.option("threads", settings.runtime.threads, "Threads that process posts; 0 is one for each core.")
      .between(0, 1024)
      .restarts();
  runtime
      .option("commit_interval", settings.runtime.commit_interval,
              "Time between commits. Outputs become visible with a commit, so this bounds their delay from below.")
      .between(milliseconds(10), seconds(30))
      .restarts();
  runtime
      .option("batch_bytes", settings.runtime.batch_bytes, "Bytes of records that are fetched and processed together.")
      .between(ByteSize{4 << 10}, ByteSize{64 << 20})
      .restarts();
  runtime
      .option("in_flight_batches", settings.runtime.in_flight_batches,
              "Batches in work at one time; with `batch_bytes` this bounds memory.")
      .between(1, 1024)
      .restarts();
  runtime
      .option(
          "stop_timeout", settings.runtime.stop_timeout,
          "Time from a request to stop to the end of the process. What brokers that do not answer have not committed "
          "by then is left, as by a crash: the next start reads it again.")
      .between(seconds(1), std::chrono::minutes(10))
      .restarts();
  ConfigSection& admin = root.section("admin", "HTTP port with `/metrics`, `/livez` and `/readyz`.");
  admin.option("enabled", settings.admin.enabled, "Open the port.").restarts();
  admin
      .option(
          "listen", settings.admin.listen,
          "Host and port. Port 0 picks a free one. An address that other machines reach needs `tls` and `token_file`.")
      .matching("^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}$", "host:port, such as 127.0.0.1:9644")
      .restarts();
  admin
      .option(
          "token_file", settings.admin.token_file,
          "File of mode 0600 with the token that every request must bring as `Authorization: Bearer …`: one line of "
          "16 to 1024 visible ASCII characters.")
      .default_shown_as("no token is asked for")
      .restarts();
  ConfigSection& tls = admin.section("tls", "HTTPS instead of HTTP on that port, TLS 1.2 or newer.");
  tls.option("certificate", settings.admin.certificate,
             "PEM file: the server's certificate and those between it and its authority.")
      .default_shown_as("plain HTTP")
      .restarts();
  tls.option("private_key", settings.admin.private_key,
             "PEM file of mode 0600 with its private key, without a passphrase.")
      .default_shown_as("plain HTTP")
      .restarts();
  ConfigSection& logging = root.section("logging", "What earshot says about itself on stderr.");
  logging
      .choice("level", settings.logging.level,
              {{"trace", LogLevel::kTrace},
               {"debug", LogLevel::kDebug},
               {"info", LogLevel::kInfo},
               {"warning", LogLevel::kWarning},
               {"error", LogLevel::kError}},
              "The least important level that is written.")
      .restarts();
  logging
      .choice("format", settings.logging.format, {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
              "`text` for a person, `json` for a log collector: one object a line.")
      .restarts();
}

}  // namespace

ConfigSection declare_settings(Settings& settings) {
  ConfigSection root("", "Configuration of `earshot run` and of the commands that read the same log.");
  root.option("name", settings.name,
              "This application: prefix of its consumer groups and transactional ids. Processes of one name share the "
              "work.")
      .matching("^[a-z0-9-]{1,64}$", "1 to 64 lowercase letters, digits and dashes")
      .resets_state(
          "consumer groups carry the name: the input would be read again from source.start into state that has counted "
          "it");
  root.option("hub", settings.hub, "Name of the hub: who sees all spokes. Part of topic names.")
      .matching(kTopicPattern, kTopicExpectation)
      .resets_state("open incidents belong to the old hub and would never be resolved");
  root.option("data_dir", settings.data_dir, "Folder for everything that earshot keeps on this machine.")
      .restarts(
          "state of a log on Kafka is restored into the new folder; the default of log.path moves along, see there");
  root.option("listeners", settings.listeners, "Folder or file of listeners: what to listen for, and for whom.")
      .required()
      .restarts("what changes for each listener is listed by itself");
  root.option(
          "listeners_reload", settings.listeners_reload,
          "How often the listeners are looked at for changes, which are then taken up while earshot runs; a set with "
          "faults replaces nothing. 0s: at the start only.")
      .between(milliseconds(0), hours(24))
      .restarts();
  root.option("listeners_compile_time", settings.listeners_compile_time,
              "How long compiling the listeners may take. It is done by a process of its own, which is ended after it; "
              "the set is refused then.")
      .between(seconds(1), hours(1))
      .restarts();
  root.option("listeners_compile_memory", settings.listeners_compile_memory,
              "How much address space that process may take. About 0.3 GiB are the program's own.")
      .between(ByteSize{int64_t{512} << 20}, ByteSize{int64_t{1} << 40})
      .restarts();
  declare_source(root.section("source", "Where posts come from."), settings.source);
  declare_log(root.section("log", "Where internal topics, outputs and committed positions live."), settings.log);
  root.option("kafka", settings.kafka,
              "Properties of librdkafka, by its own names, for `kafka` as source and as log: `bootstrap.servers`, "
              "`security.protocol` and so on. Values are never printed.")
      .restarts("if the brokers are those of the same cluster: another one has none of the topics and positions");
  declare_operators(root, settings);
  declare_operations(root, settings);
  return root;
}

}  // namespace earshot
