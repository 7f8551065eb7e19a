#include "operators/parse/canonical_post.h"

namespace earshot::parse {

void CanonicalPost::forget(Member member) {
  seen_ &= ~bit_of(member);
  if (member < Member::kFollowers) {
    post_.*kTextTargets[index_of(member)] = {};
  } else if (is_from_to(member, Member::kFollowers, Member::kCreatedAt)) {
    set_count(member, 0);
  } else if (is_from_to(member, Member::kCreatedAt, Member::kVerified)) {
    post_.*kTimeTargets[index_of(member) - index_of(Member::kCreatedAt)] = 0;
  } else if (is_from_to(member, Member::kVerified, Member::kHashtags)) {
    set_flag(member, false);
  } else if (is_from_to(member, Member::kHashtags, Member::kMedia)) {
    set_list(member, {});
  } else if (member == Member::kMedia) {
    clear_media();
  } else if (member == Member::kKind) {
    post_.kind = PostKind::kOriginal;
  } else if (member == Member::kChange) {
    post_.change = PostChange::kCreated;
  }
}

std::string_view CanonicalPost::what_is_missing() const {
  if (post_.id.empty()) return "id is missing";
  if (post_.platform.empty()) return "platform is missing";
  return has(Member::kCreatedAt) ? "text is missing" : "created_at is missing";
}

}  // namespace earshot::parse
