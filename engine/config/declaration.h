// ConfigSection: the one declaration of a program's options. It binds each option to a member of a settings struct,
// whose value at that moment is the default; the reader, the JSON Schema and the reference page all come from it.
//
//   Settings settings;
//   ConfigSection root;
//   ConfigSection& source = root.section("source", "Where posts come from.");
//   source.option("path", settings.source.path, "File or folder to read.").required();
//
// The bound struct must outlive the section and stay where it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/secret.h"
#include "engine/config/quantity.h"

namespace earshot {

// Free-form properties; any value may be a credential, so all are secret.
using ConfigProperties = std::map<std::string, Secret>;

struct ChoiceBinding {
  std::vector<std::string> names;
  std::function<void(size_t)> set;
  std::function<size_t()> get;
};

// What a value is read into; its type is the option's type.
using ConfigBinding =
    std::variant<std::string*, std::filesystem::path*, Secret*, bool*, int64_t*, double*, std::chrono::milliseconds*,
                 ByteSize*, ChoiceBinding, std::vector<std::string>*, std::vector<std::filesystem::path>*,
                 std::vector<std::chrono::milliseconds>*, ConfigProperties*>;

// What a running program makes of an edited option.
enum class EditEffect {
  kUndeclared,
  kLive,       // nothing has to be done
  kRestart,    // takes hold at the next start; state and positions keep their meaning
  kStateReset  // state or positions lose their meaning
};
[[nodiscard]] std::string_view to_string(EditEffect effect);  // "live", "restart", "state reset"

class ConfigOption {
 public:
  ConfigOption(std::string name, ConfigBinding binding, std::string doc)
      : name_(std::move(name)), doc_(std::move(doc)), binding_(std::move(binding)) {}

  ConfigOption& required();

  // Bounds, both included. Integers, decimals, bytes or milliseconds; for a list, of each element.
  ConfigOption& between(double low, double high);
  ConfigOption& between(std::chrono::milliseconds low, std::chrono::milliseconds high);
  ConfigOption& between(ByteSize low, ByteSize high);

  // Text, or each element of a list of texts, matches this anchored ECMAScript pattern; `expectation` says it in words.
  ConfigOption& matching(std::string pattern, std::string expectation);

  // A duration may also be this word, which stands for `value`.
  ConfigOption& or_word(std::string word, std::chrono::milliseconds value);

  // Elements that a list may have; a list without this has 1 to 64.
  ConfigOption& elements(size_t low, size_t high);

  // What the reference says when the default is worked out from other options.
  ConfigOption& default_shown_as(std::string text);

  // What an edit does, and why, in words for whoever edits. Every option of a program declares one.
  ConfigOption& on_edit(EditEffect effect, std::string reason);
  ConfigOption& restarts(std::string reason = "takes hold at the next start");
  ConfigOption& resets_state(std::string reason) { return on_edit(EditEffect::kStateReset, std::move(reason)); }

  // The same for a list that only grows at its end.
  ConfigOption& on_append(EditEffect effect, std::string reason);

  struct EditRule {
    EditEffect effect = EditEffect::kUndeclared;
    std::string reason;
  };
  struct Range {
    double low;
    double high;
  };
  struct Pattern {
    std::string expression;
    std::string expectation;
  };
  struct Word {
    std::string text;
    std::chrono::milliseconds value;
  };

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& doc() const { return doc_; }
  [[nodiscard]] const ConfigBinding& binding() const { return binding_; }
  [[nodiscard]] bool is_required() const { return is_required_; }
  [[nodiscard]] const std::optional<Range>& range() const { return range_; }
  [[nodiscard]] const std::optional<Pattern>& pattern() const { return pattern_; }
  [[nodiscard]] const std::optional<Word>& word() const { return word_; }
  [[nodiscard]] const std::string& shown_default() const { return shown_default_; }
  [[nodiscard]] std::pair<size_t, size_t> element_bounds() const { return element_bounds_; }
  [[nodiscard]] const EditRule& edit_rule() const { return edit_rule_; }
  [[nodiscard]] const std::optional<EditRule>& append_rule() const { return append_rule_; }

 private:
  std::string name_;
  std::string doc_;
  ConfigBinding binding_;
  bool is_required_ = false;
  std::optional<Range> range_;
  std::optional<Pattern> pattern_;
  std::optional<Word> word_;
  std::pair<size_t, size_t> element_bounds_{1, 64};
  std::string shown_default_;
  EditRule edit_rule_;
  std::optional<EditRule> append_rule_;
};

class ConfigSection {
 public:
  using Member = std::variant<ConfigOption, ConfigSection>;

  explicit ConfigSection(std::string name = {}, std::string doc = {}) : name_(std::move(name)), doc_(std::move(doc)) {}

  // `doc` is one or more sentences for the reader of the reference. The references returned stay good.
  template <class T>
  ConfigOption& option(std::string name, T& target, std::string doc) {
    return add(ConfigOption(std::move(name), ConfigBinding(&target), std::move(doc)));
  }

  // One of a few words, each standing for a value of E.
  template <class E>
  ConfigOption& choice(std::string name, E& target, std::vector<std::pair<std::string, E>> choices, std::string doc) {
    ChoiceBinding binding;
    std::vector<E> values;
    for (auto& [word, value] : choices) {
      binding.names.push_back(word);
      values.push_back(value);
    }
    binding.set = [&target, values](size_t index) { target = values[index]; };
    binding.get = [&target, values] {
      size_t index = 0;
      while (index + 1 < values.size() && values[index] != target) ++index;
      return index;
    };
    return add(ConfigOption(std::move(name), std::move(binding), std::move(doc)));
  }

  // The same for words that some other room gives their meaning.
  ConfigOption& one_of(std::string name, std::string& target, std::vector<std::string> words, std::string doc);

  ConfigSection& section(std::string name, std::string doc);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& doc() const { return doc_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Member>>& members() const { return members_; }

  // nullptr when there is none of this name.
  [[nodiscard]] const Member* find(std::string_view name) const;

 private:
  ConfigOption& add(ConfigOption option);

  std::string name_;
  std::string doc_;
  std::vector<std::unique_ptr<Member>> members_;
};

[[nodiscard]] const std::string& name_of(const ConfigSection::Member& member);

inline constexpr size_t kConfigTextCharactersMax = 4096;  // of any text or path
inline constexpr size_t kConfigPropertiesMax = 256;       // of a map of properties

}  // namespace earshot
