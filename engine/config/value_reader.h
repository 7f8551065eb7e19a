// Reads the value of one option.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/config/declaration.h"
#include "engine/config/document.h"
#include "engine/config/plain_scalar.h"
#include "engine/config/reader.h"

namespace earshot {

class ConfigValueReader {
 public:
  ConfigValueReader(const ConfigOption& option, const ConfigContext& context, ConfigReading& reading)
      : option_(option), context_(context), reading_(reading) {}

  // Sets the bound member, or adds errors to the reading.
  void read(const ConfigNode& node, const std::string& path);

 private:
  // A scalar with its variables filled and its type found.
  struct Scalar {
    const ConfigNode& node;
    const std::string& path;
    std::string text;
    bool has_variables;
    PlainScalar plain;
    [[nodiscard]] bool is_text() const { return std::holds_alternative<PlainText>(plain); }
  };

  std::optional<Scalar> fill(const ConfigNode& node, const std::string& path);
  void fail(const ConfigNode& node, const std::string& path, std::string message);
  bool refuse(const Scalar& scalar, const std::string& hint = {});
  bool in_range(const Scalar& scalar, double value);
  bool read_text(const Scalar& scalar, std::string& text);

  bool take(const Scalar& scalar, std::string& target);
  bool take(const Scalar& scalar, std::filesystem::path& target);
  bool take(const Scalar& scalar, Secret& target);
  bool take(const Scalar& scalar, bool& target);
  bool take(const Scalar& scalar, int64_t& target);
  bool take(const Scalar& scalar, double& target);
  bool take(const Scalar& scalar, std::chrono::milliseconds& target);
  bool take(const Scalar& scalar, ByteSize& target);

  template <class T>
  void read_into(T* target, const ConfigNode& node, const std::string& path);
  template <class T>
  void read_into(std::vector<T>* target, const ConfigNode& node, const std::string& path);
  void read_into(const ChoiceBinding& choice, const ConfigNode& node, const std::string& path);
  void read_into(ConfigProperties* target, const ConfigNode& node, const std::string& path);

  const ConfigOption& option_;
  const ConfigContext& context_;
  ConfigReading& reading_;
};

// "a list", "a map", "nothing" or "a value".
[[nodiscard]] std::string_view kind_in_words(const ConfigNode& node);

// `text` in quotes, escaped and cut so that it fits a line of a message.
[[nodiscard]] std::string quoted_for_message(std::string_view text);

}  // namespace earshot
