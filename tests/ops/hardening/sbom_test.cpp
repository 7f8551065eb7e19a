// The bill of materials names everything that the binary loads and is made of.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/ops/hardening/elf_file.h"
#include "tests/ops/hardening/program_output.h"

namespace earshot {
namespace {

using nlohmann::json;

// Made once: it asks dpkg about every library.
const ProgramOutput& made() {
  static const ProgramOutput output =
      output_of(std::string("'") + EARSHOT_SOURCE_DIR + "/ops/sbom.py' '" + EARSHOT_BINARY + "' 2>&1");
  return output;
}

#define EARSHOT_NEEDS_DEBIAN() \
  if (output_of("dpkg-query --version 2>&1").status != 0) GTEST_SKIP() << "needs Debian's package database"

TEST(Sbom, IsCycloneDx) {
  EARSHOT_NEEDS_DEBIAN();
  ASSERT_EQ(made().status, 0) << made().text;
  const json bill = json::parse(made().text);
  EXPECT_EQ(bill["bomFormat"], "CycloneDX");
  EXPECT_EQ(bill["specVersion"], "1.5");
  EXPECT_EQ(bill["version"], 1);
  static const std::regex kSerial("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(bill["serialNumber"].get<std::string>(), kSerial)) << bill["serialNumber"];
  EXPECT_EQ(bill["metadata"]["component"]["name"], "earshot");
  static const std::regex kVersion("[0-9]+\\.[0-9]+\\.[0-9]+");
  EXPECT_TRUE(std::regex_match(bill["metadata"]["component"]["version"].get<std::string>(), kVersion));
}

TEST(Sbom, NamesEveryLibraryThatTheBinaryAsksFor) {
  EARSHOT_NEEDS_DEBIAN();
  ASSERT_EQ(made().status, 0) << made().text;
  std::set<std::string> named;
  const json bill = json::parse(made().text);
  for (const json& component : bill["components"]) {
    for (const json& property : component.value("properties", json::array())) {
      if (property["name"] == "earshot:linked-as") named.insert(property["value"].get<std::string>());
    }
  }
  const ElfFile elf = read_elf(EARSHOT_BINARY);
  EXPECT_GT(elf.libraries.size(), 10U);
  for (const std::string& library : elf.libraries) {
    if (library.starts_with("ld-linux") || library.find("san.so") != std::string::npos) continue;
    EXPECT_TRUE(named.contains(library)) << library;
  }
}

TEST(Sbom, GivesEveryComponentAVersionALicenceAndAPlace) {
  EARSHOT_NEEDS_DEBIAN();
  ASSERT_EQ(made().status, 0) << made().text;
  const json bill = json::parse(made().text);
  std::set<std::string> references{bill["metadata"]["component"]["bom-ref"].get<std::string>()};
  std::set<std::string> names;
  for (const json& component : bill["components"]) {
    const std::string name = component["name"];
    names.insert(name);
    EXPECT_TRUE(references.insert(component["bom-ref"].get<std::string>()).second) << name << " is there twice";
    EXPECT_FALSE(component["version"].get<std::string>().empty()) << name;
    EXPECT_FALSE(component["licenses"].empty()) << name;
    EXPECT_TRUE(component["purl"].get<std::string>().starts_with("pkg:")) << name;
    for (const json& licence : component["licenses"]) {
      const json& either = licence["license"];
      EXPECT_NE(either.contains("id"), either.contains("name")) << name << ": " << licence;
    }
  }
  for (const char* name : {"librdkafka1", "libboost1.81-dev", "vaderSentiment"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  for (const json& dependency : bill["dependencies"]) {
    EXPECT_TRUE(references.contains(dependency["ref"].get<std::string>())) << dependency["ref"];
    for (const json& on : dependency.value("dependsOn", json::array())) {
      EXPECT_TRUE(references.contains(on.get<std::string>())) << on;
    }
  }
}

TEST(Sbom, IsRefusedForWhatIsNoBinaryOfOurs) {
  const auto refused = output_of(std::string("'") + EARSHOT_SOURCE_DIR + "/ops/sbom.py' /etc/passwd 2>&1");
  EXPECT_NE(refused.status, 0);
}

}  // namespace
}  // namespace earshot
