#include "ops/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/kafka/managed_properties.h"

namespace earshot {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

ReadSettings read(std::string_view yaml) {
  return read_settings(yaml, {"earshot.yaml", "/etc/earshot", [](std::string_view) { return std::nullopt; }});
}

std::string errors_of(std::string_view yaml) {
  const ReadSettings result = read(yaml);
  return result.reading.ok() ? "" : result.reading.to_error().to_string();
}

constexpr const char* kSmallest = "listeners: listeners/\nsource: {path: posts.ndjson}\n";

TEST(Settings, TheSmallestConfigurationHasEveryDefault) {
  const ReadSettings result = read(kSmallest);
  ASSERT_TRUE(result.reading.ok()) << result.reading.to_error().to_string();
  const Settings& settings = result.settings;
  EXPECT_EQ(settings.name, "earshot");
  EXPECT_EQ(settings.listeners, "/etc/earshot/listeners/");
  EXPECT_EQ(settings.source.path, "/etc/earshot/posts.ndjson");
  EXPECT_EQ(settings.data_dir, "/etc/earshot/earshot-data");
  EXPECT_EQ(settings.log.path, "/etc/earshot/earshot-data/log");
  EXPECT_EQ(settings.log.retention, hours(168));
  EXPECT_THAT(settings.windows.sizes, ElementsAre(minutes(1), minutes(15), hours(1)));
  EXPECT_EQ(settings.runtime.commit_interval, milliseconds(500));
  EXPECT_EQ(settings.runtime.batch_bytes.bytes, 1 << 20);
  EXPECT_EQ(settings.admin.listen, "127.0.0.1:9644");
  EXPECT_TRUE(settings.outputs.files.alerts.empty());
}

TEST(Settings, AKafkaConfigurationReads) {
  const ReadSettings result = read(R"(
name: crisis-desk
listeners: /srv/listeners
source: {connector: kafka, topics: [posts.x, posts.bluesky], format: x-v2, start: latest}
log: {connector: kafka, partitions: 12, replication_factor: 3, retention: forever, topic_prefix: earshot.}
kafka:
  bootstrap.servers: kafka-1:9092,kafka-2:9092
  security.protocol: SASL_SSL
  sasl.password: ${PASSWORD:-pw}
  socket.timeout.ms: 10000
windows: {pane: 5s, sizes: [30s, 5m]}
logging: {level: debug, format: json}
)");
  ASSERT_TRUE(result.reading.ok()) << result.reading.to_error().to_string();
  EXPECT_EQ(result.settings.source.connector, SourceConnector::kKafka);
  EXPECT_EQ(result.settings.log.retention, kRetainForever);
  EXPECT_EQ(result.settings.kafka.at("socket.timeout.ms").reveal(), "10000");
  EXPECT_EQ(result.settings.logging.level, LogLevel::kDebug);
}

TEST(Settings, ListenersAndAnInputAreRequired) {
  EXPECT_EQ(
      errors_of("name: a\n"),
      "earshot.yaml:1:1: listeners: is required: Folder or file of listeners: what to listen for, and for whom.\n"
      "earshot.yaml:1:1: source.path: is required when source.connector is file: a file, a folder or - for stdin");
}

TEST(Settings, OneInputIsSetInOnePlace) {
  EXPECT_EQ(errors_of("listeners: l\nsource:\n  path: a\n  paths: [b]\n"),
            "earshot.yaml:4:10: source.paths: set either source.path or source.paths");
}

TEST(Settings, KafkaNeedsItsBrokers) {
  EXPECT_EQ(errors_of("listeners: l\nsource: {connector: kafka}\n"),
            "earshot.yaml:2:21: source.connector: kafka needs the brokers' addresses: kafka: {bootstrap.servers: "
            "\"host:9092\"}");
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\nlog: {connector: kafka}\n"),
              HasSubstr("3:18: log.connector:"));
}

TEST(Settings, PropertiesThatExactlyOnceRestsOnAreEarshotsOwn) {
  EXPECT_EQ(errors_of("listeners: l\nsource: {path: a}\nkafka:\n  bootstrap.servers: b\n  isolation.level: x\n"),
            "earshot.yaml:5:20: kafka.isolation.level: earshot sets this property itself: what an "
            "aborted transaction wrote must not be read; remove it");
}

TEST(Settings, TheLocalSourceNeedsTheLocalLog) {
  EXPECT_THAT(
      errors_of("listeners: l\nsource: {connector: local}\nlog: {connector: kafka}\nkafka: {bootstrap.servers: b}\n"),
      HasSubstr("2:21: source.connector: local reads topics of the local log"));
}

TEST(Settings, WindowsAreMultiplesOfThePaneAndAscend) {
  EXPECT_EQ(errors_of("listeners: l\nsource: {path: a}\nwindows: {pane: 10s, sizes: [1m, 75s, 80s, 80s]}\n"),
            "earshot.yaml:3:34: windows.sizes[1]: 75s is not a multiple of windows.pane, which is 10s\n"
            "earshot.yaml:3:44: windows.sizes[3]: windows.sizes must ascend, each once");
}

TEST(Settings, ABrokenPaneIsReportedOnceNotWithEverySize) {
  EXPECT_EQ(errors_of("listeners: l\nsource: {path: a}\nwindows: {pane: 7 s, sizes: [1m]}\n"),
            "earshot.yaml:3:17: windows.pane: expected a duration from 1s to 1h, found \"7 s\"");
}

TEST(Settings, AFileOfAnOutputThatIsOffIsAnError) {
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\noutputs: {mentions: false, files: {mentions: m.ndjson}}\n"),
              HasSubstr("3:46: outputs.files.mentions: needs outputs.mentions: true"));
}

TEST(Settings, TwoOutputsCannotShareAFileButCanShareStdout) {
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\noutputs: {files: {alerts: x, windows: ./x}}\n"),
              HasSubstr("3:39: outputs.files.windows: another output is written to this file already"));
  EXPECT_EQ(errors_of("listeners: l\nsource: {path: '-'}\noutputs: {files: {alerts: '-', windows: '-'}}\n"), "");
}

TEST(Settings, AnAddressHasAPort) {
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\nadmin: {listen: localhost}\n"),
              HasSubstr("3:17: admin.listen: expected host:port"));
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\nadmin: {listen: 'localhost:70000'}\n"),
              HasSubstr("3:17: admin.listen: 70000 is not a port"));
  EXPECT_EQ(errors_of("listeners: l\nsource: {path: a}\nadmin: {listen: '[::1]:0'}\n"), "");
}

TEST(Settings, EveryOptionIsDocumentedInSentences) {
  Settings settings;
  const ConfigSection root = declare_settings(settings);
  std::vector<const ConfigSection*> sections{&root};
  for (size_t i = 0; i < sections.size(); ++i) {
    EXPECT_TRUE(sections[i]->doc().ends_with('.')) << sections[i]->name();
    for (const auto& member : sections[i]->members()) {
      if (const auto* inner = std::get_if<ConfigSection>(member.get())) {
        sections.push_back(inner);
      } else {
        const std::string& doc = std::get<ConfigOption>(*member).doc();
        EXPECT_TRUE(doc.ends_with('.')) << name_of(*member);
      }
    }
  }
  EXPECT_GT(sections.size(), 10U);
}

TEST(Settings, EveryPropertyThatIsEarshotsOwnIsRefusedWithItsReason) {
  for (const kafka::ManagedProperty& property : kafka::kManagedProperties) {
    EXPECT_GT(property.reason.size(), 20U) << property.name;
    EXPECT_THAT(errors_of("listeners: l\nsource: {path: a}\nkafka:\n  " + std::string(property.name) + ": canary\n"),
                HasSubstr(std::string(property.reason)));
  }
}

TEST(Settings, AnAdminPortThatOthersReachNeedsTlsAndAToken) {
  const std::string source = std::string(kSmallest) + "admin:\n";
  for (const char* listen : {"0.0.0.0:9644", "'[::]:9644'", "10.1.2.3:9644", "metrics.example.org:9644"}) {
    const std::string open = source + "  listen: " + listen + "\n";
    const std::string tls = "  tls: {certificate: c.pem, private_key: k.pem}\n";
    EXPECT_THAT(errors_of(open), HasSubstr("earshot.yaml:4:11: admin.listen: other machines can reach")) << listen;
    EXPECT_THAT(errors_of(open + "  token_file: t\n"), HasSubstr("it needs TLS and a token")) << listen;
    EXPECT_THAT(errors_of(open + tls), HasSubstr("it needs TLS and a token")) << listen;
    EXPECT_EQ(errors_of(open + tls + "  token_file: t\n"), "") << listen;
    EXPECT_EQ(errors_of(open + "  enabled: false\n"), "") << listen;
  }
  for (const char* listen : {"127.0.0.1:1", "localhost:1", "'[::1]:1'"}) {
    EXPECT_EQ(errors_of(source + "  listen: " + listen + "\n"), "") << listen;
  }
}

TEST(Settings, TlsOfTheAdminPortIsWholeOrNotThere) {
  EXPECT_THAT(errors_of(std::string(kSmallest) + "admin: {tls: {certificate: c.pem}}\n"),
              HasSubstr("TLS needs both admin.tls.certificate and admin.tls.private_key"));
  EXPECT_THAT(errors_of(std::string(kSmallest) + "admin: {tls: {private_key: c.pem}}\n"),
              HasSubstr("TLS needs both admin.tls.certificate and admin.tls.private_key"));
}

TEST(Settings, FilesOfTheAdminPortStartAtTheConfigurationsFolder) {
  const ReadSettings result =
      read(std::string(kSmallest) + "admin: {token_file: t, tls: {certificate: c.pem, private_key: k.pem}}\n");
  ASSERT_TRUE(result.reading.ok()) << result.reading.to_error().to_string();
  const AdminOptions options = result.settings.admin.options();
  EXPECT_EQ(options.certificate, "/etc/earshot/c.pem");
  EXPECT_EQ(options.private_key, "/etc/earshot/k.pem");
  EXPECT_EQ(options.bearer_token, "/etc/earshot/t");
}

TEST(Settings, TheFieldsOfACustomFormatAreCheckedLineByLine) {
  const std::string head = "listeners: l\nsource:\n  path: a\n  format: custom\n  fields:\n";
  EXPECT_EQ(errors_of(head + "    id: /i\n    text: /t\n    created_at: /c\n    platform: forum\n"), "");
  EXPECT_THAT(errors_of(head + "    id: /i\n    text: t\n    created_at: /c\n"),
              StartsWith("earshot.yaml:7:11: source.fields.text: expected a JSON pointer such as /data/0/text"));
  EXPECT_THAT(
      errors_of(head + "    id: /i\n    txt: /t\n"),
      StartsWith("earshot.yaml:7:10: source.fields.txt: is no member of a post; expected one of platform, lang"));
  EXPECT_THAT(errors_of(head + "    id: /i\n    text: /t\n"),
              HasSubstr("source.fields: needs a pointer for created_at"));
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a, format: custom}\n"), HasSubstr("needs a pointer for id"));
  EXPECT_THAT(errors_of("listeners: l\nsource: {path: a, fields: {id: /i}}\n"),
              HasSubstr("source.fields: is for source.format: custom"));
}

TEST(Settings, LanguagesAreDetectedUnlessThatIsTurnedOff) {
  EXPECT_TRUE(read(kSmallest).settings.source.detect_language);
  EXPECT_FALSE(read("listeners: l\nsource: {path: a, detect_language: false}\n").settings.source.detect_language);
}

}  // namespace
}  // namespace earshot
