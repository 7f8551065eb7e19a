// Reads a YAML configuration into the members that a ConfigSection binds, and says everything that is wrong with it.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/config/declaration.h"
#include "engine/config/document.h"
#include "engine/config/variables.h"

namespace earshot {

// Where each value was set, by path: "source.connector", "windows.sizes[1]".
class ConfigOrigins {
 public:
  explicit ConfigOrigins(std::string file = {}) : file_(std::move(file)) {}

  void add(std::string path, ConfigPosition position) { positions_.insert_or_assign(std::move(path), position); }
  [[nodiscard]] bool is_set(std::string_view path) const { return positions_.contains(path); }
  [[nodiscard]] const std::string& file() const { return file_; }

  // Of the value, or of the nearest section around it that the file has, or the start of the file.
  [[nodiscard]] ConfigPosition position_of(std::string_view path) const;

  // "file:line:column" of position_of().
  [[nodiscard]] std::string where(std::string_view path) const;

 private:
  std::string file_;
  std::map<std::string, ConfigPosition, std::less<>> positions_;
};

struct ConfigContext {
  std::string file;                   // as error messages name it
  std::filesystem::path base_folder;  // relative paths in the file start here; "-" stays as it is
  Environment environment;
};

struct ConfigReading {
  ConfigOrigins origins;
  std::vector<ConfigError> errors;

  [[nodiscard]] bool ok() const { return errors.empty(); }

  // True when an error concerns this path, a section around it or something inside it.
  [[nodiscard]] bool has_error(std::string_view path) const;

  // Adds an error when a rule over several options does not hold. The first path that the file sets is to blame; the
  // rule is passed over when one of the values could not be read.
  void require(bool holds, std::initializer_list<std::string_view> paths, std::string message);

  // All errors in the order of the file, a line each: "file:line:column: path: message". Precondition: !ok().
  [[nodiscard]] Error to_error() const;
};

// Options that the file does not set keep their value. With errors, what could be read is bound, the rest keeps its
// value.
ConfigReading read_config(std::string_view yaml, const ConfigSection& declaration, const ConfigContext& context);

}  // namespace earshot
