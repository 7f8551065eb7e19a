#include "ops/generator/grammar.h"

#include <stdexcept>

namespace earshot::generator {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Splits off what stands before `separator`; `rest` becomes what follows it.
std::string_view take_until(std::string_view& rest, char separator) {
  const size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return part;
}

}  // namespace

Grammar::Grammar(std::string_view source) {
  while (!source.empty()) add_line(trimmed(take_until(source, '\n')));
  for (const auto& [name, index] : names_) {
    if (lists_[static_cast<size_t>(index)].empty()) throw std::logic_error("the vocabulary has no list " + name);
  }
}

void Grammar::add_line(std::string_view line) {
  if (line.empty() || line.front() == '#') return;
  const size_t list = static_cast<size_t>(list_index(trimmed(take_until(line, ':'))));
  while (!line.empty()) {
    Alternative alternative = compile(trimmed(take_until(line, '|')));
    lists_[list].push_back(std::move(alternative));
  }
}

Grammar::Alternative Grammar::compile(std::string_view text) {
  Alternative pieces;
  while (!text.empty()) {
    if (const std::string_view plain = text.substr(0, text.find('{')); !plain.empty()) {
      pieces.push_back({PieceKind::kText, -1, plain});
      text.remove_prefix(plain.size());
      continue;
    }
    text.remove_prefix(1);
    pieces.push_back(compile_slot(take_until(text, '}')));
  }
  return pieces;
}

Grammar::Piece Grammar::compile_slot(std::string_view name) {
  if (name == "brand") return {PieceKind::kBrand, -1, {}};
  if (name == "product") return {PieceKind::kProduct, -1, {}};
  if (name == "thing") return {PieceKind::kThing, -1, {}};
  if (name == "n") return {PieceKind::kNumber, -1, {}};
  if (name == "amount") return {PieceKind::kAmount, -1, {}};
  if (name == "id") return {PieceKind::kId, -1, {}};
  return {PieceKind::kList, list_index(name), {}};
}

int Grammar::list_index(std::string_view name) {
  const auto [entry, is_new] = names_.try_emplace(std::string(name), static_cast<int>(lists_.size()));
  if (is_new) lists_.emplace_back();
  return entry->second;
}

int Grammar::find(std::string_view list) const {
  const auto entry = names_.find(list);
  return entry == names_.end() ? -1 : entry->second;
}

void Grammar::expand(std::string& out, int list, const SlotWords& words, Random& random) const {
  const std::vector<Alternative>& alternatives = lists_[static_cast<size_t>(list)];
  for (const Piece& piece : alternatives[random.below(alternatives.size())]) {
    switch (piece.kind) {
      case PieceKind::kText:
        out += piece.text;
        break;
      case PieceKind::kList:
        expand(out, piece.list, words, random);
        break;
      case PieceKind::kBrand:
        out += words.brand;
        break;
      case PieceKind::kProduct:
        out += words.product;
        break;
      case PieceKind::kThing:
        expand(out, words.thing_list, words, random);
        break;
      case PieceKind::kNumber:
        out += std::to_string(2 + random.below(58));
        break;
      case PieceKind::kAmount:
        out += std::to_string(5 + random.below(476));
        break;
      case PieceKind::kId:
        out += std::to_string(10000 + random.below(90000));
        break;
    }
  }
}

}  // namespace earshot::generator
