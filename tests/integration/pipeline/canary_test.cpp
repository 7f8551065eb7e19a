// Secrets and people's words stay out of everything that earshot says about itself, at the most talkative log level.
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <regex>
#include <thread>

#include "tests/integration/pipeline/engine_process.h"

namespace earshot {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSecret = "canary-5f0c9a7e41d2";
constexpr const char* kWords = "canaryword";

void expect_silent(const Finished& finished, const std::string& name, const std::string& canary = kSecret) {
  EXPECT_EQ(finished.out.find(canary), std::string::npos) << name << " on stdout:\n" << finished.out;
  EXPECT_EQ(finished.err.find(canary), std::string::npos) << name << " on stderr:\n" << finished.err;
}

// Nothing below the folder but the files that the test wrote itself.
void expect_silent_files(const fs::path& folder, const std::string& canary) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(content.find(canary), std::string::npos) << entry.path();
  }
}

std::string base(const std::string& more) {
  return "logging: {level: trace}\nsource: {connector: kafka}\nlog: {connector: kafka}\n" + more;
}

// Every place that takes a secret, in configurations that are right, wrong, and wrong in the very place.
std::vector<std::pair<std::string, std::string>> configurations(const Workspace& workspace) {
  const std::string s = kSecret;
  const std::string kafka = "kafka:\n  bootstrap.servers: 127.0.0.1:1\n  security.protocol: SASL_SSL\n  debug: all\n";
  const std::string key = workspace.path("key.pem").string();
  std::ofstream(key) << "-----BEGIN PRIVATE KEY-----\n" << s << "\n-----END PRIVATE KEY-----\n";
  chmod(key.c_str(), 0600);
  return {
      {"plain", base(kafka + "  sasl.mechanisms: PLAIN\n  sasl.username: u\n  sasl.password: " + s + "\n")},
      {"scram", base(kafka + "  sasl.mechanisms: SCRAM-SHA-512\n  sasl.username: u\n  sasl.password: " + s + "\n")},
      {"variable", base(kafka + "  sasl.mechanisms: PLAIN\n  sasl.username: u\n  sasl.password: ${EARSHOT_CANARY}\n")},
      {"no-user", base(kafka + "  sasl.mechanisms: PLAIN\n  sasl.password: " + s + "\n")},
      {"oidc", base(kafka +
                    "  sasl.mechanisms: OAUTHBEARER\n  sasl.oauthbearer.method: oidc\n"
                    "  sasl.oauthbearer.client.id: c\n  sasl.oauthbearer.client.secret: " +
                    s + "\n")},
      {"unsecured", base(kafka +
                         "  sasl.mechanisms: OAUTHBEARER\n  enable.sasl.oauthbearer.unsecure.jwt: true\n"
                         "  sasl.oauthbearer.config: principal=" +
                         s + "\n")},
      {"key-password", base(kafka + "  ssl.key.location: " + key + "\n  ssl.key.password: " + s + "\n")},
      {"key-pem", base(kafka + "  ssl.key.pem: " + s + "\n")},
      {"keystore", base(kafka + "  ssl.keystore.location: " + key + "\n  ssl.keystore.password: " + s + "\n")},
      {"jaas", base(kafka + "  sasl.jaas.config: password=" + s + "\n")},
      {"typing-error", base(kafka + "  sasl.pasword: " + s + "\n")},
      {"wrong-name", base(kafka + "  compression.type: " + s + "\n")},
      {"wrong-protocol", base("kafka: {bootstrap.servers: '127.0.0.1:1', security.protocol: " + s + "}\n")},
      {"a-list", base(kafka + "  sasl.password: [" + s + "]\n")},
      {"a-map", base(kafka + "  sasl.password: {" + s + ": x}\n")},
      {"not-closed", base(kafka + "  sasl.password: \"" + s + "\n")},
      {"tagged", base(kafka + "  sasl.password: !secret " + s + "\n")},
      {"other-fault", base(kafka + "  sasl.password: " + s + "\n") + "sorce: 1\n"},
      {"bad-variable", base(kafka + "  sasl.password: " + s + "${\n")},
      {"token", "source: {path: '-'}\nadmin: {enabled: true, token_file: key.pem}\n"},
      {"admin-key", "source: {path: '-'}\nadmin: {enabled: true, tls: {certificate: key.pem, private_key: key.pem}}\n"},
  };
}

TEST(Canary, NoConfigurationMakesCheckOrRunShowASecret) {
  const Workspace workspace;
  ASSERT_EQ(setenv("EARSHOT_CANARY", kSecret, 1), 0);
  for (const auto& [name, sections] : configurations(workspace)) {
    // A second `admin` would be a fault of its own.
    std::string config = workspace.configure(name, "");
    std::ofstream(config) << "name: test\nlisteners: listeners\ndata_dir: data-" << name << "\n"
                          << (sections.find("admin:") == std::string::npos ? "admin: {enabled: false}\n" : "")
                          << sections;
    const Finished checked = run_earshot({"check", "--config", config});
    expect_silent(checked, "check " + name);
    EXPECT_FALSE(checked.err.empty() && checked.out.empty()) << name << " was not looked at";
    EngineProcess engine({"run", "--config", config, "--until-end"});
    if (checked.status == 0) {
      // It goes on asking a broker that is not there; every handshake and login has been talked about by then.
      for (int i = 0; i < 100 && engine.errors_so_far().find("Connection refused") == std::string::npos; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
      engine.signal(SIGKILL);
    }
    const Finished ran = engine.wait();
    expect_silent(ran, "run " + name);
    if (name == "plain" || name == "variable" || name == "scram") {
      EXPECT_EQ(checked.status, 0) << checked.err;
      EXPECT_NE(ran.err.find("DEBUG kafka"), std::string::npos) << "the most talkative run said little: " << ran.err;
    }
    if (checked.status != 0) {
      EXPECT_EQ(ran.status, 1) << name << ": check and run disagree";
    }
    if (fs::exists(workspace.path("data-" + name))) expect_silent_files(workspace.path("data-" + name), kSecret);
  }
  unsetenv("EARSHOT_CANARY");
}

TEST(Canary, TheAdminPortNeverShowsItsToken) {
  const Workspace workspace;
  std::ofstream(workspace.path("token")) << kSecret << "\n";
  ASSERT_EQ(chmod(workspace.path("token").c_str(), 0600), 0);
  const std::string config = workspace.path("token.yaml").string();
  std::ofstream(config) << "name: test\nlisteners: listeners\ndata_dir: data\nlogging: {level: trace}\n"
                        << "admin: {listen: '127.0.0.1:0', token_file: token}\n"
                        << "source: {path: " << Workspace::posts().string() << "}\n";
  EngineProcess engine({"run", "--config", config});
  std::smatch port;
  for (int i = 0; i < 200 && port.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    static const std::regex kAddress("address=127\\.0\\.0\\.1:([0-9]+)");
    const std::string logged = engine.errors_so_far();
    std::smatch found;
    if (!std::regex_search(logged, found, kAddress)) continue;
    httplib::Client client("127.0.0.1", std::stoi(found[1]));
    for (const char* target : {"/metrics", "/livez", "/readyz", "/none"}) {
      for (const std::string& authorization : {std::string("Bearer wrong"), std::string("Bearer ") + kSecret}) {
        const auto response = client.Get(target, {{"Authorization", authorization}});
        ASSERT_TRUE(response) << target;
        EXPECT_EQ(response->status == 401, authorization == "Bearer wrong") << target << response->status;
        EXPECT_EQ(response->body.find(kSecret), std::string::npos) << target;
        for (const auto& [name, value] : response->headers) EXPECT_EQ(value.find(kSecret), std::string::npos) << name;
      }
    }
    engine.signal(SIGTERM);
    const Finished finished = engine.wait();
    EXPECT_EQ(finished.status, 0) << finished.err;
    return expect_silent(finished, "run");
  }
  ADD_FAILURE() << "the admin port did not open: " << engine.wait().err;
}

TEST(Canary, NobodysWordsReachTheLog) {
  const Workspace workspace;
  std::ofstream posts(workspace.path("posts.ndjson"));
  for (int i = 0; i < 200; ++i) {
    posts << R"({"id":")" << i << R"(","platform":"x","text":"acme )" << kWords
          << R"( broken refund","author":{"id":"a)" << i << R"("},"created_at":"2026-03-02T00:00:)"
          << (i % 60 < 10 ? "0" : "") << i % 60 << "Z\"}\n";
    posts << "{\"id\":\"bad" << i << "\",\"text\":\"" << kWords << "\"\n";  // no JSON: a dead letter
    posts << "{\"text\":\"" << kWords << "\",\"id\":7}\n";                  // no post
  }
  posts.close();
  const Finished finished = run_earshot({"run", "--config",
                                         workspace.configure("words",
                                                             "logging: {level: debug}\nsource: {path: posts.ndjson}\n"
                                                             "outputs: {files: {dead_letters: dead.ndjson}}\n"),
                                         "--until-end"});
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_GT(lines_of(workspace.path("dead.ndjson")).size(), 100U);
  expect_silent(finished, "run", kWords);
}

TEST(Run, KeepsItsFilesFromOtherUsers) {
  const Workspace workspace;
  const std::string config = workspace.configure("private", "source: {path: " + Workspace::posts().string() +
                                                                "}\noutputs: {files: {alerts: out/alerts.ndjson}}\n");
  const mode_t before = umask(0);
  const Finished finished = run_earshot({"run", "--config", config, "--until-end"});
  umask(before);
  ASSERT_EQ(finished.status, 0) << finished.err;
  size_t seen = 0;
  for (const fs::path& root : {workspace.path("private"), workspace.path("out")}) {
    std::vector<fs::path> paths{root};
    for (const auto& entry : fs::recursive_directory_iterator(root)) paths.push_back(entry.path());
    for (const fs::path& path : paths) {
      struct stat status {};
      ASSERT_EQ(stat(path.c_str(), &status), 0);
      EXPECT_EQ(status.st_mode & 0077, 0U) << path;
      ++seen;
    }
  }
  EXPECT_GT(seen, 5U);
}

TEST(Run, SaysWhatIsUnsafeAroundIt) {
  const Workspace workspace;
  const std::string config = workspace.configure("open", "source: {path: " + Workspace::posts().string() + "}\n");
  fs::create_directory(workspace.path("open"));
  fs::permissions(workspace.path("open"), static_cast<fs::perms>(0755));
  const Finished open = run_earshot({"run", "--config", config, "--until-end"});
  EXPECT_NE(open.err.find("other users may enter the data folder"), std::string::npos) << open.err;
  EXPECT_EQ(open.err.find("running as root") != std::string::npos, geteuid() == 0) << open.err;
  fs::permissions(workspace.path("open"), static_cast<fs::perms>(0700));
  const Finished closed = run_earshot({"run", "--config", config, "--until-end"});
  EXPECT_EQ(closed.err.find("other users may enter"), std::string::npos) << closed.err;
}

}  // namespace
}  // namespace earshot
