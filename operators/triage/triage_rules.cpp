#include "operators/triage/triage_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/base/hash.h"
#include "operators/triage/phrases.h"
#include "operators/triage/triage_file.h"

namespace earshot::triage {
namespace {

constexpr auto kFileKeys = std::to_array<std::string_view>(
    {"extends", "competitors", "classes", "negations", "words", "rules", "urgency", "exceptions", "history"});
constexpr std::string_view kBuiltin = "builtin";                              // what a file may extend
constexpr auto kWords = std::to_array<std::string_view>({kBuiltin, "none"});  // what else may decide
constexpr size_t kCompetitorsMax = 500;
constexpr auto kClassKeys =
    std::to_array<std::string_view>({"class", "at_least", "outranks", "urgency", "urgency_max", "action", "spoke"});
constexpr auto kConditionKeys = std::to_array<std::string_view>(
    {"sentiment", "where", "affirmed", "asks", "exclaims", "shouts", "hashtags", "mentions", "links"});
constexpr auto kPlaces = std::to_array<std::string_view>({"anywhere", "opening", "question"});
constexpr size_t kFormsOfQueryMax = 1000;  // a query has its own bounds
constexpr int kPointsMost = 100;
constexpr uint8_t kPhrasesMax = 4;  // that count for a rule which does not say

// By what VADER calls positive and negative; "very" is where a rater would too.
struct Feeling {
  std::string_view name;
  double min;
  double max;
};
constexpr std::array<Feeling, 9> kFeelings{{{"negative", -1, -0.05},
                                            {"very_negative", -1, -0.35},
                                            {"not_negative", -0.0499, 1},
                                            {"not_very_negative", -0.3499, 1},
                                            {"neutral", -0.0499, 0.0499},
                                            {"not_positive", -1, 0.0499},
                                            {"not_very_positive", -1, 0.3499},
                                            {"positive", 0.05, 1},
                                            {"very_positive", 0.35, 1}}};

}  // namespace

class TriageFileReader {
 public:
  TriageFileReader(std::string_view text, const std::string& name)
      : file_(name, text), rules_(std::make_shared<TriageRules>()) {
    rules_->version_ = TriageRules::version_of(text);
  }

  Result<std::shared_ptr<const TriageRules>> read(const QueryCompiler& compile) {
    for (const ConfigEntry& entry : file_.root().entries) {
      if (entry.key == "competitors") for_each(entry, [this](const ConfigNode& item) { read_competitor(item); });
    }
    for (const ConfigEntry& entry : file_.root().entries) {
      if (entry.key == "extends") read_extended(entry);
    }
    read_sections();
    if (!file_.has_faults() && classes_.empty() && extended_classes_.empty()) {
      file_.fault({1, 1}, "the file has no 'classes'");
    }
    if (file_.has_faults()) return invalid(file_.faults());
    std::sort(rules_->negations_.begin(), rules_->negations_.end());
    auto queries = compile(std::move(queries_));
    if (!queries) return queries.error();
    rules_->queries_ = std::move(*queries);
    return std::shared_ptr<const TriageRules>(rules_);
  }

 private:
  void read_sections() {
    for (const ConfigEntry& entry : file_.root().entries) {
      if (entry.key == "classes") {
        for_each(entry, [this](const ConfigNode& item) { read_class(item); });
      } else if (entry.key == "negations") {
        for_each(entry, [this](const ConfigNode& item) { rules_->negations_.push_back(item.text); });
      } else if (entry.key == "words") {
        read_words(entry);
      } else if (entry.key == "rules") {
        for_each(entry, [this](const ConfigNode& item) { read_rule(item, Rule::Effect::kPoints); });
      } else if (entry.key == "urgency") {
        for_each(entry, [this](const ConfigNode& item) { read_rule(item, Rule::Effect::kUrgency); });
      } else if (entry.key == "exceptions") {
        for_each(entry, [this](const ConfigNode& item) { read_rule(item, Rule::Effect::kException); });
      } else if (entry.key == "history") {
        for_each(entry, [this](const ConfigNode& item) { read_history(item); });
      } else if (entry.key != "extends" && entry.key != "competitors") {
        file_.unknown_key(entry, kFileKeys);
      }
    }
  }

  void read_competitor(const ConfigNode& item) {
    const auto checked = item.kind == ConfigNode::Kind::kScalar ? check_name(item.text) : invalid("expected a name");
    if (!checked) return file_.fault(item.position, checked.error().message);
    if (competitors_.size() == kCompetitorsMax) {
      return file_.fault(item.position, fmt::format("there are more than {} competitors", kCompetitorsMax));
    }
    competitors_.push_back(item.text);
  }

  // The built-in rules go before those of the file, with the file's competitors in their phrases.
  void read_extended(const ConfigEntry& entry) {
    size_t which = 0;
    if (!file_.one_of(entry, std::span(&kBuiltin, 1), which)) return;
    TriageFile extended("triage_rules.yaml", builtin_rules_text());
    std::swap(file_, extended);
    read_sections();
    std::swap(file_, extended);
    extended_classes_.swap(classes_);
  }

  void read_words(const ConfigEntry& entry) {
    size_t which = 0;
    if (!file_.one_of(entry, kWords, which)) return;
    if (kWords[which] == kBuiltin) {
      auto words = WordWeights::builtin();
      if (!words) return file_.fault(entry.value.position, words.error().message);
      rules_->words_ = std::make_shared<const WordWeights>(std::move(*words));
    } else {
      rules_->words_ = nullptr;
    }
  }

  template <class Read>
  void for_each(const ConfigEntry& entry, Read read) {
    if (entry.value.kind != ConfigNode::Kind::kSequence) {
      return file_.fault(entry.value.position, fmt::format("'{}' must be a list", entry.key));
    }
    for (const ConfigNode& item : entry.value.items) read(item);
  }

  void read_history(const ConfigNode& item) {
    if (auto rule = read_history_rule(file_, item)) rules_->history_.push_back(*rule);
  }

  void read_class(const ConfigNode& item) {
    const auto named = std::find_if(item.entries.begin(), item.entries.end(),
                                    [](const ConfigEntry& entry) { return entry.key == "class"; });
    if (named == item.entries.end()) return file_.fault(item.position, "expected a map with the key 'class'");
    const auto given = file_.triage_class(*named);
    if (!given) return;
    const TriageClass kind = *given;
    if (!classes_.insert(kind).second) return file_.fault(named->value.position, "this class is given twice");
    ClassPolicy& policy = rules_->policies_[static_cast<size_t>(kind)];
    // One that was there keeps its place and whatever the file does not say.
    if (!extended_classes_.contains(kind)) {
      policy.place = static_cast<uint8_t>(extended_classes_.size() + classes_.size());
    }
    for (const ConfigEntry& entry : item.entries) read_class_entry(entry, policy);
  }

  void read_class_entry(const ConfigEntry& entry, ClassPolicy& policy) {
    int64_t number = 0;
    if (entry.key == "at_least") {
      if (file_.whole_number(entry, 1, kPointsMost, number)) policy.points_min = static_cast<int>(number);
    } else if (entry.key == "urgency") {
      if (file_.whole_number(entry, 1, 5, number)) policy.urgency = static_cast<uint8_t>(number);
    } else if (entry.key == "urgency_max") {
      if (file_.whole_number(entry, 1, 5, number)) policy.urgency_max = static_cast<uint8_t>(number);
    } else if (entry.key == "action") {
      policy.action = file_.action(entry).value_or(policy.action);
    } else if (entry.key == "spoke") {
      file_.text(entry, policy.spoke);
    } else if (entry.key == "outranks") {
      for_each(entry, [&](const ConfigNode& item) { read_outranked(item, policy); });
    } else if (entry.key != "class") {
      file_.unknown_key(entry, kClassKeys);
    }
  }

  void read_outranked(const ConfigNode& item, ClassPolicy& policy) {
    const auto given = file_.triage_class({"class", item.position, item});
    if (!given) return;
    const TriageClass kind = *given;
    // Were two classes to outrank each other, a post could have neither.
    const bool is_above =
        classes_.contains(kind) || (extended_classes_.contains(kind) && rules_->policy(kind).place < policy.place);
    if (is_above) return file_.fault(item.position, "only classes further down can be outranked");
    policy.outranked |= static_cast<uint16_t>(1U << static_cast<unsigned>(kind));
  }

  void read_rule(const ConfigNode& item, Rule::Effect effect) {
    if (item.kind != ConfigNode::Kind::kMap) return file_.fault(item.position, "a rule must be a map");
    Rule rule;
    rule.effect = effect;
    const ConfigEntry* query = nullptr;
    bool has_count = false;
    bool has_effect = false;
    for (const ConfigEntry& entry : item.entries) {
      if (entry.key == "phrases" || entry.key == "query") {
        if (query != nullptr) file_.fault(entry.position, "a rule has either 'phrases' or a 'query'");
        query = &entry;
      } else if (entry.key == "count") {
        int64_t count = 0;
        has_count = file_.whole_number(entry, 1, 100, count);
        rule.phrases_max = static_cast<uint8_t>(count);
      } else {
        has_effect |= read_effect(entry, rule);
      }
    }
    if (!has_effect) {
      constexpr std::array<std::string_view, 3> kEffects{"'class' and 'points'", "'add'",
                                                         "'class' and 'action' or 'spoke'"};
      file_.fault(item.position, fmt::format("this rule has no {}", kEffects[static_cast<size_t>(effect)]));
    }
    if (!has_count && effect == Rule::Effect::kPoints && query != nullptr && query->key == "phrases") {
      rule.phrases_max = kPhrasesMax;
    }
    add(item, std::move(rule), query);
  }

  // True when the entry says what the rule does.
  bool read_effect(const ConfigEntry& entry, Rule& rule) {
    int64_t number = 0;
    if (entry.key == "class" && rule.effect != Rule::Effect::kUrgency) {
      rule.kind = file_.triage_class(entry).value_or(rule.kind);
      return false;
    }
    if (entry.key == (rule.effect == Rule::Effect::kUrgency ? "add" : "points") &&
        rule.effect != Rule::Effect::kException) {
      if (file_.whole_number(entry, -kPointsMost, kPointsMost, number)) rule.points = static_cast<int>(number);
      return true;
    }
    if (rule.effect == Rule::Effect::kException && entry.key == "action") {
      const auto action = file_.action(entry);
      rule.sets_action = action.has_value();
      rule.action = action.value_or(rule.action);
      return true;
    }
    if (rule.effect == Rule::Effect::kException && entry.key == "spoke") return file_.text(entry, rule.spoke);
    read_condition(entry, rule);
    return false;
  }

  void read_condition(const ConfigEntry& entry, Rule& rule) {
    Conditions& conditions = rule.conditions;
    int64_t number = 0;
    size_t place = 0;
    const auto at_least = [&](uint8_t& out) {
      if (file_.whole_number(entry, 1, 200, number)) out = static_cast<uint8_t>(number);
    };
    const auto is_set = [&](bool& out, std::string_view reason) {
      file_.truth(entry, out);
      rule.reason = reason;
    };
    if (entry.key == "sentiment") {
      read_sentiment(entry, rule);
    } else if (entry.key == "where") {
      if (file_.one_of(entry, kPlaces, place)) conditions.place = static_cast<Place>(place);
    } else if (entry.key == "affirmed") {
      file_.truth(entry, conditions.affirmed);
    } else if (entry.key == "asks") {
      is_set(conditions.asks, "?");
    } else if (entry.key == "exclaims") {
      is_set(conditions.exclaims, "!!!");
    } else if (entry.key == "shouts") {
      is_set(conditions.shouts, "CAPITALS");
    } else if (entry.key == "hashtags") {
      at_least(conditions.hashtags_min);
      rule.reason = "hashtags";
    } else if (entry.key == "mentions") {
      at_least(conditions.mentions_min);
      rule.reason = "mentions";
    } else if (entry.key == "links") {
      at_least(conditions.links_min);
      rule.reason = "links";
    } else {
      std::vector<std::string_view> known{"class", "points", "add", "action", "spoke", "phrases", "query", "count"};
      known.insert(known.end(), kConditionKeys.begin(), kConditionKeys.end());
      file_.unknown_key(entry, known);
    }
  }

  void read_sentiment(const ConfigEntry& entry, Rule& rule) {
    std::array<std::string_view, kFeelings.size()> names;
    std::transform(kFeelings.begin(), kFeelings.end(), names.begin(), [](const Feeling& each) { return each.name; });
    size_t feeling = 0;
    if (!file_.one_of(entry, names, feeling)) return;
    rule.conditions.compound_min = kFeelings[feeling].min;
    rule.conditions.compound_max = kFeelings[feeling].max;
    rule.reason = kFeelings[feeling].name;
  }

  void add(const ConfigNode& item, Rule rule, const ConfigEntry* query) {
    const auto number = static_cast<uint32_t>(rules_->rules_.size());
    if (query == nullptr && rule.reason.empty()) {
      return file_.fault(item.position, "this rule holds for every post: give it a query, phrases or a condition");
    }
    rule.has_query = query != nullptr;
    if (query == nullptr) {
      rules_->rules_.push_back(std::move(rule));
      return rules_->rules_without_query_.push_back(number);
    }
    std::string text;
    if (!file_.text(*query, text)) return;
    const QueryOrigin origin = file_.origin_of(query->value);
    const bool is_query = query->key == "query";
    const std::vector<std::string> forms = is_query ? std::vector<std::string>() : forms_of(text, origin);
    if (!is_query && forms.empty()) return;  // only about competitors, and there are none
    rules_->rules_.push_back(std::move(rule));
    rules_->rule_of_query_.push_back(number);
    if (is_query) return queries_.push_back({std::move(text), origin});
    for (size_t begin = 0; begin < forms.size(); begin += kFormsOfQueryMax) {
      if (begin > 0) rules_->rule_of_query_.push_back(number);
      const size_t count = std::min(kFormsOfQueryMax, forms.size() - begin);
      queries_.push_back(
          {any_of(std::span(forms).subspan(begin, count)), {file_.name(), origin.line, origin.column, false}});
    }
  }

  std::vector<std::string> forms_of(std::string_view text, const QueryOrigin& origin) {
    std::vector<std::string> forms;
    bool has_phrase = false;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.find(';', begin), text.size());
      const std::string_view phrase = text.substr(begin, end - begin);
      const size_t first = phrase.find_first_not_of(" \n");
      if (first != std::string_view::npos) {
        has_phrase = true;
        if (auto added = append_forms(phrase, competitors_, forms); !added) {
          file_.fault(TriageFile::position_in(text, begin + first, origin), added.error().message);
        }
      }
      begin = end + 1;
    }
    if (!has_phrase) file_.fault({origin.line, origin.column}, "a rule's phrases are at least one");
    return forms;
  }

  TriageFile file_;
  std::shared_ptr<TriageRules> rules_;
  std::vector<Query> queries_;
  std::set<TriageClass> classes_;           // of the file
  std::set<TriageClass> extended_classes_;  // of the rules that it extends
  std::vector<std::string> competitors_;
};

Result<std::shared_ptr<const TriageRules>> TriageRules::parse(std::string_view text, const std::string& name,
                                                              const QueryCompiler& compile) {
  return TriageFileReader(text, name).read(compile);
}

Result<std::shared_ptr<const TriageRules>> TriageRules::load(const std::filesystem::path& path,
                                                             const QueryCompiler& compile) {
  if (path.empty()) return builtin(compile);
  const auto text = read_file(path);
  if (!text) return text.error();
  return parse(*text, path.string(), compile);
}

Result<std::string> TriageRules::read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, "cannot read the triage rules", path.string()};
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

uint64_t TriageRules::version_of(std::string_view text) {
  return hash_64(text);
}

Result<std::shared_ptr<const TriageRules>> TriageRules::builtin(const QueryCompiler& compile) {
  return parse(builtin_rules_text(), "triage_rules.yaml", compile);
}

}  // namespace earshot::triage
