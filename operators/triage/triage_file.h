// TriageFile: the file of triage rules as YAML, with the place of everything in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/document.h"
#include "schemas/listener.h"
#include "schemas/mention.h"

namespace earshot::triage {

// One file while it is read. Faults are kept with their places; the first hundred are told.
class TriageFile {
 public:
  TriageFile(std::string name, std::string_view text);

  [[nodiscard]] const ConfigNode& root() const { return document_.root; }
  [[nodiscard]] const std::string& name() const { return name_; }

  void fault(ConfigPosition position, std::string_view message);
  [[nodiscard]] bool has_faults() const { return fault_count_ > 0; }
  [[nodiscard]] std::string faults() const;

  // The scalar's text, and false with a fault when it is none or empty.
  bool text(const ConfigEntry& entry, std::string& out);
  bool whole_number(const ConfigEntry& entry, int64_t min, int64_t max, int64_t& out);
  bool number(const ConfigEntry& entry, double min, double max, double& out);
  bool truth(const ConfigEntry& entry, bool& out);
  // The place of the entry's text among `names`.
  bool one_of(const ConfigEntry& entry, std::span<const std::string_view> names, size_t& out);
  // By name; without, it has a fault.
  std::optional<TriageClass> triage_class(const ConfigEntry& entry);
  std::optional<TriageAction> action(const ConfigEntry& entry);
  // A fault for an entry that is not among the `known` keys.
  void unknown_key(const ConfigEntry& entry, std::span<const std::string_view> known);

  // Where the scalar's own text begins: after a quote, or below the '|' of a block.
  [[nodiscard]] QueryOrigin origin_of(const ConfigNode& scalar) const;
  // Where byte `offset` of a text with that origin stands.
  static ConfigPosition position_in(std::string_view text, size_t offset, const QueryOrigin& origin);

 private:
  [[nodiscard]] bool has_lines_at(std::string_view text, size_t line, size_t column) const;

  std::string name_;
  std::vector<std::string_view> lines_;
  ConfigDocument document_;
  std::string faults_;
  size_t fault_count_ = 0;
};

}  // namespace earshot::triage
