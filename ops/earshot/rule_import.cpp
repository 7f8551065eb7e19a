#include <fstream>
#include <iostream>
#include <iterator>

#include "ops/earshot/commands.h"
#include "ops/earshot/rule_files.h"
#include "ops/import/import.h"

namespace earshot {
namespace {

Result<std::string> read_whole(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) return failed("cannot read the rules", path);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return failed("cannot read the rules", path);
  return content;
}

bool write_yaml(const std::string& path, const std::string& yaml) {
  if (path.empty()) {
    std::cout << yaml << std::flush;
    return bool(std::cout);
  }
  std::ofstream file(path, std::ios::binary);
  file << yaml << std::flush;
  return bool(file);
}

void report(const import::Imported& imported) {
  for (const import::PlacedFinding& each : imported.findings) {
    const bool is_refused = each.finding.kind == import::Finding::Kind::kRefused;
    std::cerr << each.where << ": rule '" << each.rule << "': " << (is_refused ? "left out: " : "differs: ")
              << each.finding.operation << ": " << each.finding.message << '\n';
  }
  std::cerr << imported.rules << " rules, " << imported.rules - imported.refused << " translated, " << imported.refused
            << " left out\n";
}

}  // namespace

int rules_import_command(const RulesImportArguments& arguments) {
  const auto language = import::language_from_name(arguments.language);
  if (!language) return refuse(language.error()), 2;
  const auto content = read_whole(arguments.file);
  if (!content) return refuse(content.error());
  const auto imported = import::import_rules(*language, arguments.file, *content, {arguments.spoke, arguments.owner});
  if (!imported) return refuse(imported.error());
  report(*imported);
  if (!write_yaml(arguments.out, imported->yaml)) return refuse(failed("cannot write the listeners", arguments.out));
  return imported->refused == 0 ? 0 : 1;
}

}  // namespace earshot
