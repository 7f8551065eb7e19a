#include "operators/triage/triage_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>

namespace earshot::triage {
namespace {

constexpr std::string_view kTopicNames[kTopics] = {"purchase_intent", "complaint", "question", "praise", "urgency"};
constexpr std::string_view kSignalNames[kSignals] = {"negative", "very_negative", "positive", "very_positive", "reply"};
constexpr std::string_view kNumerals[] = {"two",  "three", "four",   "five",   "six",     "seven",  "eight",
                                          "nine", "ten",   "eleven", "twelve", "fifteen", "twenty", "hundred"};
constexpr size_t kVariantsMax = 1000;  // of one phrase
constexpr size_t kPhrasesMax = 30'000;
constexpr size_t kWordsMax = 50'000;

template <class T, size_t kCount>
std::optional<T> by_name(const std::string_view (&names)[kCount], std::string_view name) {
  const auto* found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<T>(found - names);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    if (end != 0 && !text.empty()) parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trim(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::string quoted(std::string_view text) {
  return fmt::format("'{}'", text);
}

}  // namespace

std::string_view to_string(Signal signal) {
  return kSignalNames[static_cast<size_t>(signal)];
}

class TriageRulesParser {
 public:
  explicit TriageRulesParser(const std::string& name) : name_(name), rules_(std::make_shared<TriageRules>()) {}

  Result<std::shared_ptr<const TriageRules>> parse(std::string_view text) {
    for (const std::string_view raw : split_lines(text)) {
      ++line_;
      const std::string_view line = trim(raw);
      if (line.empty() || line.front() == '#') continue;
      Result<void> read = line.front() == '[' ? read_section(line) : read_phrases(line);
      if (!read) return read.error();
    }
    flatten();
    return std::shared_ptr<const TriageRules>(rules_);
  }

 private:
  struct Tree {
    std::map<uint16_t, Tree> children;
    std::vector<uint16_t> phrases;
  };

  static std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (size_t end = 0; end != std::string_view::npos;) {
      end = text.find('\n');
      lines.push_back(text.substr(0, end));
      if (end != std::string_view::npos) text.remove_prefix(end + 1);
    }
    return lines;
  }

  [[nodiscard]] Error at_line(std::string message) const {
    return invalid(std::move(message), fmt::format("{}:{}", name_, line_));
  }

  Result<void> read_section(std::string_view line) {
    if (line.back() != ']') return at_line("a section ends with ']', as in [complaint 2]");
    const auto words = split(line.substr(1, line.size() - 2), ' ');
    if (words.size() != 2) return at_line("a section is [CLASS POINTS], as in [complaint 2]");
    topic_ = by_name<Topic>(kTopicNames, words[0]);
    if (!topic_) {
      return at_line("unknown class " + quoted(words[0]) +
                     "; known: purchase_intent, complaint, question, praise, urgency");
    }
    const auto [end, fault] = std::from_chars(words[1].data(), words[1].data() + words[1].size(), points_);
    const bool is_whole = fault == std::errc() && end == words[1].data() + words[1].size();
    if (!is_whole || points_ < -100 || points_ > 100) return at_line("points are a whole number from -100 to 100");
    return {};
  }

  Result<void> read_phrases(std::string_view line) {
    for (const std::string_view phrase : split(line, ';')) {
      if (trim(phrase).empty()) continue;
      Result<void> read = read_phrase(trim(phrase));
      if (!read) return read;
    }
    return {};
  }

  Result<void> read_phrase(std::string_view line) {
    if (!topic_) return at_line("a phrase stands under a section, as in [complaint 2]");
    if (rules_->phrases_.size() >= kPhrasesMax) return at_line("more than 30,000 phrases");
    const auto number = static_cast<uint16_t>(rules_->phrases_.size());
    rules_->phrases_.push_back({*topic_, points_});
    if (line.front() == '@') {
      const auto signal = by_name<Signal>(kSignalNames, line.substr(1));
      if (!signal) {
        return at_line("unknown signal " + quoted(line) +
                       "; known: @negative, @very_negative, @positive, @very_positive, @reply");
      }
      rules_->signal_phrases_[static_cast<size_t>(*signal)].push_back(number);
      return {};
    }
    std::vector<std::vector<uint16_t>> places;
    size_t variants = 1;
    for (const std::string_view place : split(line, ' ')) {
      places.emplace_back();
      for (const std::string_view word : split(place, '/')) {
        Result<uint16_t> word_number = number_word(word);
        if (!word_number) return word_number.error();
        places.back().push_back(*word_number);
        if (*word_number != kNumeral) continue;
        for (const std::string_view numeral : kNumerals) places.back().push_back(rules_->vocabulary_.add(numeral));
      }
      variants *= places.back().size();
      if (places.back().empty()) return at_line("'/' stands between two words");
      if (variants > kVariantsMax) return at_line("the phrase has more than 3,000 forms; split it");
    }
    add_variants(tree_, places, 0, number);
    return {};
  }

  Result<uint16_t> number_word(std::string_view word) {
    if (word == "^") return kClauseStart;
    if (word == "?") return kQuestionMark;
    if (word == "0") return kNumeral;
    for (const char c : word) {
      if ((c < 'a' || c > 'z') && c != '\'') {
        return at_line(quoted(word) +
                       " is not a word: a word has the letters a to z and apostrophes; ^, ? and 0 stand alone");
      }
    }
    if (rules_->vocabulary_.number_count() >= kWordsMax) return at_line("more than 50,000 different words");
    return rules_->vocabulary_.add(word);
  }

  static void add_variants(Tree& tree, const std::vector<std::vector<uint16_t>>& places, size_t place,
                           uint16_t phrase) {
    if (place == places.size()) {
      tree.phrases.push_back(phrase);
      return;
    }
    for (const uint16_t word : places[place]) add_variants(tree.children[word], places, place + 1, phrase);
  }

  void flatten() {
    rules_->nodes_.resize(1);
    rules_->first_nodes_.assign(rules_->vocabulary_.number_count(), TriageRules::kNoNode);
    rules_->steps_.resize(std::bit_ceil(4 * count_steps(tree_) + 1));
    for (const auto& [word, subtree] : tree_.children) rules_->first_nodes_[word] = fill(subtree);
  }

  static size_t count_steps(const Tree& tree) {
    size_t steps = tree.children.size();
    for (const auto& [word, subtree] : tree.children) steps += count_steps(subtree);
    return steps;
  }

  // Returns the node that `tree` became. Recursion is as deep as the longest phrase.
  uint32_t fill(const Tree& tree) {
    const auto node = static_cast<uint32_t>(rules_->nodes_.size());
    rules_->nodes_.push_back(
        {static_cast<uint32_t>(rules_->ending_phrases_.size()), static_cast<uint32_t>(tree.phrases.size())});
    rules_->ending_phrases_.insert(rules_->ending_phrases_.end(), tree.phrases.begin(), tree.phrases.end());
    for (const auto& [word, subtree] : tree.children) {
      const uint32_t next = fill(subtree);
      const uint64_t step = TriageRules::step_of(node, word);
      const size_t mask = rules_->steps_.size() - 1;
      size_t slot = TriageRules::slot_of(step);
      while (rules_->steps_[slot & mask].node != TriageRules::kNoNode) ++slot;
      rules_->steps_[slot & mask] = {step, next};
    }
    return node;
  }

  const std::string& name_;
  std::shared_ptr<TriageRules> rules_;
  Tree tree_;
  std::optional<Topic> topic_;
  int points_ = 0;
  int line_ = 0;
};

Result<std::shared_ptr<const TriageRules>> TriageRules::parse(std::string_view text, const std::string& name) {
  return TriageRulesParser(name).parse(text);
}

Result<std::shared_ptr<const TriageRules>> TriageRules::load(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, "cannot read the triage rules", path.string()};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse(text, path.string());
}

std::shared_ptr<const TriageRules> TriageRules::builtin() {
  static const auto rules = [] {
    auto parsed = parse(builtin_rules_text(), "triage_rules.txt");
    if (!parsed) throw std::logic_error(parsed.error().to_string());
    return *parsed;
  }();
  return rules;
}

}  // namespace earshot::triage
