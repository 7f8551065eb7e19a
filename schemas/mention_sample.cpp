#include "schemas/mention_sample.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "schemas/evidence.h"

namespace earshot {

bool is_drawn(const std::vector<SampledMention>& sample, uint64_t post) {
  return sample.size() < kSampledPerPane || post <= sample.back().post;
}

void offer_sampled(std::vector<SampledMention>& sample, SampledMention mention) {
  if (!is_drawn(sample, mention.post)) return;
  const auto place = std::ranges::lower_bound(sample, mention.post, {}, &SampledMention::post);
  if (place != sample.end() && place->post == mention.post) {
    const auto weight = [](const SampledMention& seen) {
      return std::tie(seen.reported_reposts, seen.text, seen.words);
    };
    if (weight(mention) > weight(*place)) *place = std::move(mention);
    return;
  }
  sample.insert(place, std::move(mention));
  if (sample.size() > kSampledPerPane) sample.pop_back();
}

void set_reference(SampledMention& mention, const Post& post) {
  const auto refer = [&](std::string_view id, std::string_view handle) {
    mention.reference = post_hash(id, post.platform);
    mention.reference_handle = handle;
  };
  if (!post.repost_of.empty()) {
    refer(post.repost_of, post.repost_of_handle);
    mention.reported_reposts = static_cast<uint64_t>(std::max<int64_t>(post.reposts, 0));
  } else if (!post.quote_of.empty()) {
    refer(post.quote_of, {});
  } else if (!post.in_reply_to.empty()) {
    refer(post.in_reply_to, post.in_reply_to_handle);
  }
}

std::string_view sampled_words(std::string_view normalised) {
  if (normalised.starts_with(' ')) normalised.remove_prefix(1);
  if (normalised.ends_with(' ')) normalised.remove_suffix(1);
  if (normalised.size() <= kSampledWordsBytes) return normalised;
  const size_t space = normalised.rfind(' ', kSampledWordsBytes);
  return normalised.substr(0, space == std::string_view::npos ? 0 : space);
}

SampledMention take_sampled(wire::SampledMention& wire) {
  return {.post = wire.post(),
          .author = wire.author(),
          .text = wire.text(),
          .shape = wire.shape(),
          .reference = wire.reference(),
          .reported_reposts = wire.reported_reposts(),
          .reference_handle = std::move(*wire.mutable_reference_handle()),
          .words = std::move(*wire.mutable_words())};
}

SampledMention copy_sampled(const wire::SampledMention& wire) {
  wire::SampledMention copy = wire;
  return take_sampled(copy);
}

void write_sampled(const SampledMention& mention, wire::SampledMention& out) {
  out.set_post(mention.post);
  out.set_author(mention.author);
  out.set_text(mention.text);
  out.set_shape(mention.shape);
  out.set_reference(mention.reference);
  if (!mention.reference_handle.empty()) out.set_reference_handle(mention.reference_handle);
  out.set_reported_reposts(mention.reported_reposts);
  if (!mention.words.empty()) out.set_words(mention.words);
}

}  // namespace earshot
