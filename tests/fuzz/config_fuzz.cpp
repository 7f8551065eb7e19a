// Any bytes as a configuration: settings or errors, each with its place.
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "ops/settings/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace earshot;
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  Settings settings;
  const ConfigSection declaration = declare_settings(settings);
  const auto variable = [](std::string_view name) -> std::optional<std::string> {
    if (name == "VALUE") return "[a, b]: {c: d}";
    return std::nullopt;
  };
  const ConfigReading reading = read_config(yaml, declaration, {"c.yaml", "/", variable});
  for (const ConfigError& error : reading.errors) {
    if (error.message.empty()) std::abort();
  }
  return 0;
}
