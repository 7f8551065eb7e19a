#include "ops/generator/world.h"

#include "ops/generator/vocabulary.h"

namespace earshot::generator {
namespace {

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kDayMs = 24 * kHourMs;

// Posts in each hour of a local day; they add up to kRhythmSum.
constexpr std::array<uint32_t, 24> kRhythm = {42,  28,  20,  18,  20,  32,  62,  98,  120, 116, 108, 106,
                                              116, 112, 104, 102, 106, 114, 124, 136, 144, 138, 108, 70};
constexpr uint32_t kRhythmSum = 2144;

int64_t positive_remainder(int64_t value, int64_t divisor) {
  const int64_t remainder = value % divisor;
  return remainder < 0 ? remainder + divisor : remainder;
}

}  // namespace

std::span<const Brand> brands() {
  static constexpr std::array<Brand, 8> kBrands = {{
      {"Payvanta", "payvanta", "things_payments", {"Payvanta Plus", "Payvanta Wallet", "Payvanta Card"}},
      {"Lumorix", "lumorix", "things_phones", {"Lumorix Arc", "Lumorix Fold", "Lumorix Buds"}},
      {"Brewmoor", "brewmoor", "things_coffee", {"Brewmoor Reserve", "Brewmoor Mug", "Brewmoor Iced"}},
      {"Aerovelle", "aerovelle", "things_airline", {"Aerovelle Comfort", "Aerovelle Miles", "Aerovelle Pass"}},
      {"Telquira", "telquira", "things_mobile", {"Telquira Max", "Telquira Fibre", "Telquira Go"}},
      {"Pantrello", "pantrello", "things_groceries", {"Pantrello Box", "Pantrello Fresh", "Pantrello Plus"}},
      {"Streamvale", "streamvale", "things_streaming", {"Streamvale Stick", "Streamvale Duo", "Streamvale Kids"}},
      {"Rollspark", "rollspark", "things_scooters", {"Rollspark Mini", "Rollspark Pass", "Rollspark Cargo"}},
  }};
  return kBrands;
}

std::span<const Language> languages() {
  static const std::array<Language, 6> kLanguages = {{
      {"en",
       english_vocabulary(),
       600,
       {-5, 0},
       {"alex", "sam", "jordan", "emma", "liam", "olivia", "noah", "ava", "ben", "grace", "priya", "omar"}},
      {"es",
       spanish_vocabulary(),
       110,
       {1, -5},
       {"lucia", "mateo", "sofia", "diego", "carmen", "pablo", "elena", "javier", "marta", "andres", "ines", "raul"}},
      {"pt",
       portuguese_vocabulary(),
       80,
       {-3, -3},
       {"ana", "joao", "bia", "pedro", "clara", "rafa", "luiza", "tiago", "carol", "bruno", "livia", "caio"}},
      {"ja",
       japanese_vocabulary(),
       80,
       {9, 9},
       {"haru", "yuki", "sora", "rin", "kenta", "aoi", "mei", "ren", "hina", "takumi", "nao", "emi"}},
      {"de",
       german_vocabulary(),
       70,
       {1, 1},
       {"lena", "jonas", "mia", "paul", "hanna", "felix", "greta", "emil", "nele", "jan", "klara", "timo"}},
      {"fr",
       french_vocabulary(),
       60,
       {1, 1},
       {"camille", "louis", "chloe", "hugo", "manon", "jules", "lea", "arthur", "zoe", "nina", "theo", "margot"}},
  }};
  return kLanguages;
}

std::string_view to_string(Platform platform) {
  switch (platform) {
    case Platform::kX:
      return "x";
    case Platform::kBluesky:
      return "bluesky";
    case Platform::kMastodon:
      return "mastodon";
    case Platform::kReddit:
      return "reddit";
    case Platform::kForum:
      return "forum";
    case Platform::kNews:
      return "news";
  }
  return "forum";
}

std::span<const uint32_t> platform_shares() {
  static constexpr std::array<uint32_t, kPlatformCount> kShares = {450, 180, 90, 170, 90, 20};
  return kShares;
}

std::span<const std::string_view> news_outlets() {
  static constexpr std::array<std::string_view, 12> kOutlets = {
      "The Harbour Ledger", "Morning Quill",  "Northfield Post", "City Lantern",
      "The Daily Plinth",   "Coastline News", "Market Sextant",  "Evening Compass",
      "Riverside Herald",   "Signal & Wire",  "The Open Column", "Metro Almanac"};
  return kOutlets;
}

uint32_t daily_rhythm_e16(int64_t local_ms) {
  // An hour's figure holds at its middle.
  const int64_t at_ms = positive_remainder(local_ms - kHourMs / 2, kDayMs);
  const size_t hour = static_cast<size_t>(at_ms / kHourMs);
  const int64_t past_ms = at_ms % kHourMs;
  const int64_t here = kRhythm[hour];
  const int64_t next = kRhythm[(hour + 1) % 24];
  const int64_t posts_e16 = ((here * (kHourMs - past_ms) + next * past_ms) << 16) / kHourMs;
  return static_cast<uint32_t>(posts_e16 * 24 / kRhythmSum);
}

uint32_t language_rhythm_e16(const Language& language, int64_t time_ms) {
  uint64_t sum_e16 = 0;
  for (const int32_t offset_h : language.utc_offset_h) {
    const int64_t local_ms = time_ms + offset_h * kHourMs;
    // Day 0 of the epoch was a Thursday.
    const int64_t weekday = positive_remainder((local_ms - positive_remainder(local_ms, kDayMs)) / kDayMs + 3, 7);
    const uint64_t level_e16 = daily_rhythm_e16(local_ms);
    sum_e16 += weekday >= 5 ? level_e16 * 85 / 100 : level_e16;
  }
  return static_cast<uint32_t>(sum_e16 / language.utc_offset_h.size());
}

}  // namespace earshot::generator
