// World: who posts where and about what on the generated day: brands, languages, platforms and their shares. Invented
// names; constant tables.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace earshot::generator {

struct Brand {
  std::string_view name;
  std::string_view tag;  // lower case, as in a handle or hashtag
  std::string_view things_list;
  std::array<std::string_view, 3> products;
};

// Most talked about first; the k-th gets a share in proportion to 1/k (Zipf's law).
std::span<const Brand> brands();
inline constexpr size_t kHotBrand = 0;     // has the crisis
inline constexpr size_t kLaunchBrand = 1;  // has the product launch; its first product is the new one

struct Language {
  std::string_view code;  // BCP 47
  std::string_view vocabulary;
  uint32_t share;                       // of all posts, in thousandths
  std::array<int32_t, 2> utc_offset_h;  // where its speakers live: half of them here, half there
  std::array<std::string_view, 12> given_names;
};

std::span<const Language> languages();

enum class Platform : uint8_t { kX, kBluesky, kMastodon, kReddit, kForum, kNews };
inline constexpr size_t kPlatformCount = 6;

std::string_view to_string(Platform platform);

// Shares of the posts in thousandths, by Platform.
std::span<const uint32_t> platform_shares();

// Whether its readers can repeat a post with one tap.
inline bool has_reposts(Platform platform) {
  return platform == Platform::kX || platform == Platform::kBluesky || platform == Platform::kMastodon;
}

std::span<const std::string_view> news_outlets();

// How much is posted at that local time of day against the day's mean, in 65536ths: low at night, peaks in the morning
// and in the evening, straight lines from hour to hour.
uint32_t daily_rhythm_e16(int64_t local_ms);

// How much the language's speakers post at that time (UTC) against their day's mean, in 65536ths; a little less on
// weekends.
uint32_t language_rhythm_e16(const Language& language, int64_t time_ms);

}  // namespace earshot::generator
