#include "ops/generator/author.h"

#include <algorithm>
#include <bit>

#include "ops/generator/digits.h"

namespace earshot::generator {
namespace {

constexpr uint64_t kAuthors = 150'000;

void describe_outlet(Author& author, uint64_t number) {
  author.name = news_outlets()[number];
  author.handle.clear();
  for (const char letter : author.name) {
    if (letter >= 'A' && letter <= 'Z') author.handle += static_cast<char>(letter - 'A' + 'a');
    if (letter >= 'a' && letter <= 'z') author.handle += letter;
  }
  author.id = author.handle;
  author.followers = 20'000 + static_cast<int64_t>(number * number * 3'000);
}

void write_id(Author& author, Platform platform, uint64_t bits) {
  author.id.clear();
  switch (platform) {
    case Platform::kX:
      append_digits(author.id, 1'000'000 + (bits >> 24), 10);
      return;
    case Platform::kBluesky:
      author.id += "did:plc:";
      append_fixed_base32(author.id, bits, 12);
      append_fixed_base32(author.id, scramble(bits), 12);
      return;
    case Platform::kMastodon:
      append_digits(author.id, 109'000'000'000'000'000 + (bits >> 10), 10);
      return;
    case Platform::kReddit:
      author.id += "t2_";
      break;
    case Platform::kForum:
    case Platform::kNews:
      author.id += "u";
      break;
  }
  append_digits(author.id, bits >> 24, 36);
}

void write_handle(Author& author, size_t language, Platform platform, uint64_t bits) {
  static constexpr std::string_view kSyllables[] = {"mo",  "ra",  "ki",  "lu",  "ven", "tor", "sha", "bel",
                                                    "fin", "gro", "wyn", "dex", "pip", "zan", "hol", "tri"};
  const std::string_view given = languages()[language].given_names[bits % 12];
  author.handle = given;
  if ((bits >> 8 & 1) != 0) author.handle += '_';
  author.handle += kSyllables[bits >> 9 & 15];
  author.handle += kSyllables[bits >> 13 & 15];
  append_digits(author.handle, bits >> 17 & 1023, 10);
  author.name = given;
  author.name[0] = static_cast<char>(author.name[0] - 'a' + 'A');
  author.name += ' ';
  author.name += static_cast<char>('A' + (bits >> 27 & 31) % 26);
  author.name += '.';
  if (platform == Platform::kBluesky) author.handle += ".bsky.example";
  if (platform == Platform::kMastodon) author.handle += "@social.example";
}

}  // namespace

void describe_author(Author& author, size_t language, Platform platform, uint64_t number) {
  if (platform == Platform::kNews) return describe_outlet(author, number);
  const uint64_t bits = scramble(number << 8 | static_cast<uint64_t>(platform) << 4 | language);
  write_id(author, platform, bits);
  write_handle(author, language, platform, bits);
  const uint64_t luck = scramble(bits);
  const int doublings = std::min(std::countr_zero(luck), 17);
  const uint64_t least = 30ULL << doublings;
  author.followers = static_cast<int64_t>(least + (luck >> 32) % least);
}

uint64_t pick_author(size_t language, Platform platform, Random& random) {
  if (platform == Platform::kNews) return random.below(news_outlets().size());
  const uint64_t share = languages()[language].share * platform_shares()[static_cast<size_t>(platform)];
  return random.below_skewed(kAuthors * share / 1'000'000 + 1);
}

}  // namespace earshot::generator
