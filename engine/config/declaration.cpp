#include "engine/config/declaration.h"

namespace earshot {

std::string_view to_string(EditEffect effect) {
  switch (effect) {
    case EditEffect::kUndeclared:
      return "undeclared";
    case EditEffect::kLive:
      return "live";
    case EditEffect::kRestart:
      return "restart";
    case EditEffect::kStateReset:
      return "state reset";
  }
  return "";
}

ConfigOption& ConfigOption::required() {
  is_required_ = true;
  return *this;
}

ConfigOption& ConfigOption::between(double low, double high) {
  range_ = {low, high};
  return *this;
}

ConfigOption& ConfigOption::between(std::chrono::milliseconds low, std::chrono::milliseconds high) {
  return between(static_cast<double>(low.count()), static_cast<double>(high.count()));
}

ConfigOption& ConfigOption::between(ByteSize low, ByteSize high) {
  return between(static_cast<double>(low.bytes), static_cast<double>(high.bytes));
}

ConfigOption& ConfigOption::matching(std::string pattern, std::string expectation) {
  pattern_ = {std::move(pattern), std::move(expectation)};
  return *this;
}

ConfigOption& ConfigOption::or_word(std::string word, std::chrono::milliseconds value) {
  word_ = {std::move(word), value};
  return *this;
}

ConfigOption& ConfigOption::elements(size_t low, size_t high) {
  element_bounds_ = {low, high};
  return *this;
}

ConfigOption& ConfigOption::default_shown_as(std::string text) {
  shown_default_ = std::move(text);
  return *this;
}

ConfigOption& ConfigOption::on_edit(EditEffect effect, std::string reason) {
  edit_rule_ = {effect, std::move(reason)};
  return *this;
}

ConfigOption& ConfigOption::restarts(std::string reason) {
  return on_edit(EditEffect::kRestart, std::move(reason));
}

ConfigOption& ConfigOption::on_append(EditEffect effect, std::string reason) {
  append_rule_ = {effect, std::move(reason)};
  return *this;
}

ConfigOption& ConfigSection::one_of(std::string name, std::string& target, std::vector<std::string> words,
                                    std::string doc) {
  std::vector<std::pair<std::string, std::string>> choices;
  for (const std::string& word : words) choices.emplace_back(word, word);
  return choice(std::move(name), target, std::move(choices), std::move(doc));
}

ConfigSection& ConfigSection::section(std::string name, std::string doc) {
  members_.push_back(std::make_unique<Member>(std::in_place_type<ConfigSection>, std::move(name), std::move(doc)));
  return std::get<ConfigSection>(*members_.back());
}

ConfigOption& ConfigSection::add(ConfigOption option) {
  members_.push_back(std::make_unique<Member>(std::in_place_type<ConfigOption>, std::move(option)));
  return std::get<ConfigOption>(*members_.back());
}

const ConfigSection::Member* ConfigSection::find(std::string_view name) const {
  for (const auto& member : members_) {
    if (name_of(*member) == name) return member.get();
  }
  return nullptr;
}

const std::string& name_of(const ConfigSection::Member& member) {
  return std::visit([](const auto& one) -> const std::string& { return one.name(); }, member);
}

}  // namespace earshot
