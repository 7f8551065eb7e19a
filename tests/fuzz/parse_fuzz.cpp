// Any bytes as a record of each format: never a crash, and every record is accounted for.
#include <cstdlib>
#include <string_view>

#include "operators/parse/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using earshot::parse::Format;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Format format : {Format::kAuto, Format::kCanonical, Format::kXV2, Format::kTwitterV1, Format::kJetstream,
                              Format::kMastodon, Format::kReddit}) {
    earshot::RecordBatch batch({"posts", 0}, size);
    batch.append({}, bytes, 0, earshot::kNoTimestamp);
    earshot::parse::PostBatch posts;
    earshot::parse::Parser(format).parse(batch, posts);
    if (posts.posts.size() + posts.refusals.size() + posts.not_posts == 0) std::abort();
  }
  return 0;
}
