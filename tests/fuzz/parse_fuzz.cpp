// Any bytes as a record of each format: never a crash, every record is accounted for, and the two ways of reading a
// canonical post agree.
#include <cstdlib>
#include <string>
#include <string_view>

#include "operators/parse/custom_fields.h"
#include "operators/parse/parser.h"

namespace {

using namespace earshot;

std::shared_ptr<const parse::CustomFields> fields() {
  auto read = parse::CustomFields::from({{"id", "/id"},
                                         {"text", "/text"},
                                         {"created_at", "/created_at"},
                                         {"author.followers", "/author/followers"},
                                         {"hashtags", "/hashtags"},
                                         {"media", "/media"},
                                         {"geo", "/geo"},
                                         {"change", "/change"}});
  if (!read) std::abort();
  return std::make_shared<const parse::CustomFields>(std::move(*read));
}

// The post, or how many records were refused and ignored.
std::string outcome_of(std::string_view bytes, const parse::ParseOptions& options) {
  RecordBatch batch({"posts", 0}, bytes.size());
  batch.append({}, bytes, 0, kNoTimestamp);
  parse::PostBatch posts;
  parse::Parser(options).parse(batch, posts);
  if (posts.posts.size() + posts.refusals.size() + posts.not_posts == 0) std::abort();
  std::string outcome = std::to_string(posts.refusals.size()) + " " + std::to_string(posts.not_posts);
  for (const Post& post : posts.posts) append_post_json(outcome, post);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto custom = fields();
  for (size_t format = 0; format < parse::format_names().size(); ++format) {
    outcome_of(bytes, {.format = static_cast<parse::Format>(format), .custom = custom});
  }
  constexpr size_t kTooLongForTheShortWay = 4096;
  const std::string padded = std::string(bytes) + std::string(kTooLongForTheShortWay, ' ');
  const parse::ParseOptions canonical{.format = parse::Format::kCanonical, .detects_language = false};
  if (outcome_of(bytes, canonical) != outcome_of(padded, canonical)) std::abort();
  return 0;
}
