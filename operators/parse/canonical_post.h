// What both readers of canonical posts do with the members that they find.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "operators/parse/canonical_members.h"
#include "operators/parse/post_writer.h"

namespace earshot::parse {

inline constexpr std::array kPostKinds{PostKind::kOriginal, PostKind::kReply, PostKind::kRepost, PostKind::kQuote};
inline constexpr std::array kPostChanges{PostChange::kCreated, PostChange::kEdited, PostChange::kDeleted};

static_assert(kMembers <= 64);
constexpr uint64_t bit_of(Member member) {
  return uint64_t{1} << index_of(member);
}

constexpr bool is_from_to(Member member, Member first, Member behind) {
  return member >= first && member < behind;
}

// A post while its members are set, and which of them have a value.
class CanonicalPost {
 public:
  explicit CanonicalPost(Post& post) : post_(post) {}

  void set_text(Member member, std::string_view text) {
    post_.*kTextTargets[index_of(member)] = text;
    note(member);
  }
  // False when the time is absurd for this member.
  bool set_time(Member member, int64_t time_ms) {
    const bool is_absurd = !absurdity_of(time_ms).empty();
    // Some collectors write 1970 for an account whose age they do not know.
    if (is_absurd && member != Member::kAuthorCreatedAt) return false;
    post_.*kTimeTargets[index_of(member) - index_of(Member::kCreatedAt)] = is_absurd ? 0 : time_ms;
    note(member);
    return true;
  }
  // False when the count may not be below zero and is.
  bool set_count(Member member, int64_t count) {
    post_.*kCountTargets[index_of(member) - index_of(Member::kFollowers)] = count;
    return count >= 0 || member >= Member::kLikes;
  }
  void set_flag(Member member, bool value) {
    post_.*kFlagTargets[index_of(member) - index_of(Member::kVerified)] = value;
  }
  void set_list(Member member, std::span<const std::string_view> list) {
    post_.*kListTargets[index_of(member) - index_of(Member::kHashtags)] = list;
  }
  void clear_media() { post_.media = {}; }
  void add_medium(std::string_view name) {
    post_.media.has_images |= name == "image";
    post_.media.has_video |= name == "video";
  }
  // False when `text` is none of the words that kind or change takes.
  bool set_word(Member member, std::string_view text) {
    return member == Member::kKind ? set_word(text, kPostKinds, post_.kind)
                                   : set_word(text, kPostChanges, post_.change);
  }

  // A member that comes twice counts as its last, so a null takes back what was there.
  void forget(Member member);

  [[nodiscard]] bool has(Member member) const { return (seen_ & bit_of(member)) != 0; }
  [[nodiscard]] bool is_complete() const {
    constexpr uint64_t kRequired = bit_of(Member::kId) | bit_of(Member::kPlatform) | bit_of(Member::kCreatedAt);
    const bool has_all = (seen_ & kRequired) == kRequired && !post_.id.empty() && !post_.platform.empty();
    return has_all && (has(Member::kText) || post_.change == PostChange::kDeleted);
  }
  // What a post that is not complete lacks.
  [[nodiscard]] std::string_view what_is_missing() const;

 private:
  void note(Member member) { seen_ |= bit_of(member); }

  template <class Word, size_t N>
  static bool set_word(std::string_view text, const std::array<Word, N>& words, Word& target) {
    for (const Word word : words) {
      if (text != to_string(word)) continue;
      target = word;
      return true;
    }
    return false;
  }

  Post& post_;
  uint64_t seen_ = 0;
};

}  // namespace earshot::parse
