#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "schemas/dead_letter.h"
#include "schemas/mention.h"
#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

const std::filesystem::path kSchemas = std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas";

// Beyond it, readers that keep numbers as doubles lose digits.
constexpr uint64_t kGreatestVersion = (uint64_t{1} << 53) - 1;

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Example "alert.json" or "alert.escalated.json" belongs to alert.schema.json.
std::string record_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find('.'));
}

std::set<std::filesystem::path> files_in(const std::filesystem::path& folder, const std::string& ending) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(ending)) files.insert(entry.path());
  }
  return files;
}

std::filesystem::path schema_of(const std::string& record) {
  return kSchemas / (record + ".schema.json");
}

TEST(SchemaExamples, KeepToTheirSchemas) {
  size_t checked = 0;
  for (const std::filesystem::path& example : files_in(kSchemas / "examples", ".json")) {
    EXPECT_EQ(schema_faults(read_json(example), schema_of(record_of(example))), "") << example;
    ++checked;
  }
  EXPECT_GE(checked, 2U);
}

TEST(SchemaExamples, AreThereForEveryRecord) {
  std::set<std::string> with_example;
  for (const std::filesystem::path& example : files_in(kSchemas / "examples", ""))
    with_example.insert(record_of(example));
  for (const std::filesystem::path& schema : files_in(kSchemas, ".schema.json")) {
    const std::string record = record_of(schema);
    if (record == "config" || record == "listener") continue;  // YAML: their examples are those of ops/demo
    EXPECT_TRUE(with_example.count(record)) << "no schemas/examples/" << record << ".json";
  }
}

TEST(SchemaExamples, AreRefusedOnceAMemberIsMissingOrStrange) {
  for (const std::filesystem::path& example : files_in(kSchemas / "examples", ".json")) {
    const std::filesystem::path schema_path = schema_of(record_of(example));
    const nlohmann::json schema = read_json(schema_path);
    for (const auto& required : schema["required"]) {
      nlohmann::json document = read_json(example);
      document.erase(required.get<std::string>());
      EXPECT_NE(schema_faults(document, schema_path), "") << example << " without " << required;
    }
    EXPECT_NE(schema_faults(nlohmann::json::array(), schema_path), "") << example;
  }
}

TEST(MentionSchema, DescribesWhatIsWritten) {
  Listener listener;
  listener.name = "brand";
  listener.spoke = "service";
  Post post;
  post.id = "1";
  post.platform = "forum";
  post.text = "brand is \"down\"";
  post.author_id = "u1";
  const ClauseMatch clause{"brand", 0, 5};
  Mention mention;
  mention.post = &post;
  mention.listener = &listener;
  mention.clauses = {&clause, 1};
  mention.sentiment.compound = -0.25;
  mention.sentiment.label = SentimentLabel::kNegative;
  mention.triage.kind = TriageClass::kComplaint;
  mention.triage.urgency = 3;
  mention.triage.because = {"down"};
  std::string written;
  append_mention_json(written, mention, kGreatestVersion);
  EXPECT_EQ(schema_faults(nlohmann::json::parse(written), schema_of("mention")), "") << written;
}

TEST(DeadLetterSchema, DescribesWhatIsWrittenForAnyBytes) {
  for (const std::string_view payload : {std::string_view(""), std::string_view("a"), std::string_view("\xff\0{", 3)}) {
    DeadLetter letter;
    letter.stage = "parse";
    letter.reason = "not JSON";
    letter.topic = "posts";
    letter.rule_version = kGreatestVersion;
    letter.time_ms = 1'772'409'600'123;
    letter.payload = payload;
    std::string written;
    append_dead_letter_json(written, letter);
    EXPECT_EQ(schema_faults(nlohmann::json::parse(written), schema_of("dead_letter")), "") << written;
  }
}

TEST(AsyncApi, RefersOnlyToWhatIsThere) {
  const std::filesystem::path file = kSchemas / "asyncapi.yaml";
  const YAML::Node document = YAML::LoadFile(file.string());
  EXPECT_EQ(document["asyncapi"].as<std::string>(), "3.0.0");
  const std::string text = read_text(file);
  const std::regex reference(R"(\$ref: '([^']+)')");
  size_t references = 0;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), reference); match != std::sregex_iterator();
       ++match) {
    ++references;
    const std::string target = (*match)[1].str();
    if (target.starts_with("./")) {
      EXPECT_TRUE(std::filesystem::exists(kSchemas / target.substr(2))) << target;
      continue;
    }
    YAML::Node node = YAML::Clone(document);
    std::istringstream steps(target.substr(2));
    for (std::string step; std::getline(steps, step, '/');) node.reset(YAML::Node(node[step]));
    EXPECT_TRUE(node.IsMap()) << target;
  }
  EXPECT_GT(references, 10U);
}

}  // namespace
}  // namespace earshot
