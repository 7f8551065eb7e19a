// PhraseCatalogue: gives ids to all that the rules of a set look for in texts while the set is built. Until the last
// rule is read an id is provisional: planes have room for more between them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "operators/match/query.h"
#include "operators/match/regex.h"
#include "operators/match/text_as_written.h"
#include "operators/match/text_plane.h"

namespace earshot::match {

// A phrase of the text that also asks how it is written: it can only be where its base is.
struct DerivedPhrase {
  uint32_t base = 0;   // id of the folded phrase
  uint32_t plane = 0;  // where that is looked for
  WrittenPhrase written;
};

class PhraseCatalogue {
 public:
  explicit PhraseCatalogue(CaseFolding folding);

  // The options of the listener whose terms follow.
  void read_as(const Listener& listener);

  // The provisional id of a term that is_found_in_texts().
  uint32_t id_of(const QueryNode& term);

  // Tries a regex once. Errors, without the place: it or the set has too much of them.
  Result<void> check_regex(const QueryNode& term, DatabaseCache* databases);

  // Gives final ids: texts of the post's own planes, what is derived from them, then what may be looked at late: other
  // fields' planes and regexes.
  void number();
  [[nodiscard]] uint32_t final_id(uint32_t provisional) const {
    return first_of_group_[provisional >> kIndexBits] + (provisional & kIndexMask);
  }

  // After number().
  struct Plane {
    TextPlane plane;
    PlaneTexts texts;
    uint32_t first = 0;
  };
  [[nodiscard]] std::vector<Plane>& planes() { return planes_; }
  [[nodiscard]] std::vector<DerivedPhrase>& derived() { return derived_; }  // with final bases
  [[nodiscard]] const std::vector<Regex>& regexes() const { return regexes_; }
  [[nodiscard]] uint32_t first_derived() const { return first_of_group_[kDerivedGroup]; }
  [[nodiscard]] uint32_t first_late() const { return first_late_; }
  [[nodiscard]] uint32_t first_regex() const { return first_of_group_[kRegexGroup]; }
  [[nodiscard]] uint32_t size() const { return first_regex() + static_cast<uint32_t>(regexes_.size()); }

  [[nodiscard]] size_t phrase_count() const { return phrase_count_; }
  [[nodiscard]] size_t phrase_bytes() const { return phrase_bytes_; }
  [[nodiscard]] size_t pattern_count() const { return pattern_count_; }  // substrings too

 private:
  static constexpr uint32_t kIndexBits = 26;
  static constexpr uint32_t kIndexMask = (1U << kIndexBits) - 1;
  static constexpr uint32_t kGroups = 64;
  static constexpr uint32_t kGroupsOfPlane = 3;
  static constexpr uint32_t kDerivedGroup = 62;
  static constexpr uint32_t kRegexGroup = 63;

  uint32_t plane_of(const QueryNode& term);
  uint32_t folded_id(uint32_t plane, const QueryNode& term);
  uint32_t derived_id(uint32_t plane, const QueryNode& term);
  uint32_t regex_id(const QueryNode& term);

  CaseFolding folding_;
  PlaneKey read_as_;
  std::vector<Plane> planes_;  // the first one reads the text as most do
  std::map<PlaneKey, uint32_t> plane_ids_;
  TextIds ids_;
  std::vector<DerivedPhrase> derived_;
  std::vector<Regex> regexes_;
  std::map<std::string, Result<Regex>, std::less<>> checked_regexes_;
  uint32_t regex_sizes_ = 0;
  size_t phrase_count_ = 0;
  size_t phrase_bytes_ = 0;
  size_t pattern_count_ = 0;
  uint32_t first_late_ = 0;
  std::array<uint32_t, kGroups> first_of_group_{};
};

}  // namespace earshot::match
