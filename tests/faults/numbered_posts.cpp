#include "tests/faults/numbered_posts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/base/hash.h"
#include "engine/time/timestamp.h"
#include "engine/time/watermark.h"

namespace earshot::faults {
namespace {

constexpr std::array<std::string_view, 6> kBrands{"alvonta", "brezimo", "corvasso", "delnoria", "elquiva", "fintaro"};
constexpr std::array<std::string_view, 8> kWords{"delayed again",    "works fine",    "no answer since monday",
                                                 "great support",    "refund please", "who else sees this",
                                                 "bought one today", "never again"};
constexpr int64_t kPostIntervalMs = 50;
constexpr int64_t kDisorderMs = 4'000;  // less than what the tests' configuration allows
constexpr uint64_t kRepeatDistance = 200;
constexpr uint64_t kSurgePeriod = 24'000;  // posts: twenty minutes
constexpr uint64_t kSurgePosts = 3'600;

enum Draw : uint64_t { kIsRepeat, kBack, kJitter, kBrand, kSecond, kText, kFollowers, kAuthor };

constexpr size_t kShownDifferences = 5;

// Collects the first few differences and counts the rest.
class Differences {
 public:
  void add(const std::string& text) {
    if (count_++ < kShownDifferences) text_ += text + '\n';
  }
  [[nodiscard]] std::string text() const {
    if (count_ <= kShownDifferences) return text_;
    return text_ + "and " + std::to_string(count_ - kShownDifferences) + " more\n";
  }

 private:
  size_t count_ = 0;
  std::string text_;
};

std::string to_text(const WindowKey& key) {
  return std::get<0>(key) + " " + std::get<1>(key) + " +" + std::to_string(std::get<2>(key)) + " ms";
}

std::string to_text(const WindowCount& count) {
  return std::to_string(count.mentions) + " mentions, reach " + std::to_string(count.reach);
}

void compare_mentions(const Oracle& oracle, const std::vector<std::string>& lines, Differences& differences) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const std::string& line : lines) {
    const auto mention = nlohmann::json::parse(line);
    const std::pair<std::string, std::string> key{mention["listener"], mention["post"]["id"]};
    if (!seen.insert(key).second) differences.add("mention doubled: " + key.first + " " + key.second);
    if (!oracle.mentions().contains(key)) differences.add("mention of nothing: " + key.first + " " + key.second);
  }
  for (const auto& key : oracle.mentions()) {
    if (!seen.contains(key)) differences.add("mention lost: " + key.first + " " + key.second);
  }
}

void compare_windows(const Oracle& oracle, const std::vector<std::string>& lines, Differences& differences) {
  std::map<WindowKey, std::map<uint64_t, WindowCount>> seen;
  for (const std::string& line : lines) {
    const auto window = nlohmann::json::parse(line);
    const WindowKey key{window["listener"], window["start"], window["length_ms"]};
    const bool is_new = seen[key].emplace(window["revision"], WindowCount{window["mentions"], window["reach"]}).second;
    if (!is_new) differences.add("window doubled: " + to_text(key));
  }
  for (const auto& [key, revisions] : seen) {
    const auto expected = oracle.windows().find(key);
    const WindowCount& last = revisions.rbegin()->second;
    if (expected == oracle.windows().end()) {
      differences.add("window of nothing: " + to_text(key));
    } else if (expected->second != last) {
      differences.add("window wrong: " + to_text(key) + ": " + to_text(last) + "; expected " +
                      to_text(expected->second));
    }
  }
  for (const auto& [key, count] : oracle.windows()) {
    if (!seen.contains(key)) differences.add("window lost: " + to_text(key) + ": " + to_text(count));
  }
}

}  // namespace

uint64_t PostScript::draw(uint64_t number, uint64_t what, uint64_t below) const {
  return mix_64(mix_64(seed_ ^ 0x9e3779b97f4a7c15ULL, number + 0x632be59bd9b4e019ULL) ^ what * 0xa0761d6478bd642fULL,
                number ^ 0xe7037ed1a0b428dbULL) %
         below;
}

std::vector<std::string> PostScript::listeners_of(uint64_t number) const {
  std::vector<std::string> listeners;
  const uint64_t in_period = number % kSurgePeriod;
  const bool is_surge = number >= kSurgePeriod / 2 && in_period >= kSurgePeriod / 2 &&
                        in_period < kSurgePeriod / 2 + kSurgePosts && draw(number, kSecond, 10) != 0;
  const uint64_t brand = is_surge ? number / kSurgePeriod % kBrands.size() : draw(number, kBrand, kBrands.size() + 1);
  if (brand == kBrands.size()) return listeners;  // heard by nobody
  listeners.emplace_back(kBrands[brand]);
  const uint64_t second = draw(number, kSecond, kBrands.size() * 8);
  if (second < kBrands.size() && second != brand) listeners.emplace_back(kBrands[second]);
  return listeners;
}

NumberedPost PostScript::post(uint64_t number) const {
  if (number > kRepeatDistance && draw(number, kIsRepeat, 100) == 0) {
    const uint64_t earlier = number - 1 - draw(number, kBack, kRepeatDistance);
    if (earlier <= kRepeatDistance || draw(earlier, kIsRepeat, 100) != 0) return post(earlier);
  }
  NumberedPost post;
  post.id = "n" + std::to_string(number);
  const auto jitter = static_cast<int64_t>(draw(number, kJitter, kDisorderMs));
  post.created_at_ms = start_ms_ + static_cast<int64_t>(number) * kPostIntervalMs - jitter;
  post.listeners = listeners_of(number);
  post.followers = 1 + static_cast<int64_t>(draw(number, kFollowers, 1'000'000));
  std::string text;
  for (const std::string& listener : post.listeners) text += listener + " ";
  text += kWords[draw(number, kText, kWords.size())];
  const uint64_t author = draw(number, kAuthor, 5'000);
  post.json = R"({"id":")" + post.id + R"(","platform":"x","created_at":")" + format_rfc3339(post.created_at_ms) +
              R"(","lang":"en","text":")" + text + R"(","author":{"id":"a)" + std::to_string(author) +
              R"(","handle":"a)" + std::to_string(author) + R"(","followers":)" + std::to_string(post.followers) + "}}";
  return post;
}

std::string PostScript::listeners_yaml() {
  std::string yaml = "listeners:\n";
  for (size_t i = 0; i < kBrands.size(); ++i) {
    yaml += "  - name: " + std::string(kBrands[i]) + "\n    spoke: " + (i % 2 == 0 ? "service" : "sales") +
            "\n    owner: desk@example.com\n    query: " + std::string(kBrands[i]) + "\n";
  }
  return yaml;
}

void Oracle::add(const NumberedPost& post) {
  if (post.listeners.empty() || !seen_.insert(post.id).second) return;
  for (const std::string& listener : post.listeners) {
    mentions_.emplace(listener, post.id);
    for (const int64_t length_ms : kWindowLengthsMs) {
      WindowCount& count = windows_[{listener, format_rfc3339(pane_start(post.created_at_ms, length_ms)), length_ms}];
      ++count.mentions;
      count.reach += static_cast<uint64_t>(post.followers);
    }
  }
}

std::string compare(const Oracle& oracle, const std::vector<std::string>& windows,
                    const std::vector<std::string>& mentions) {
  Differences differences;
  compare_mentions(oracle, mentions, differences);
  compare_windows(oracle, windows, differences);
  return differences.text();
}

std::string find_revisions(const std::vector<std::string>& windows) {
  Differences differences;
  for (const std::string& line : windows) {
    if (nlohmann::json::parse(line)["revision"] != 0) differences.add("window mended: " + line);
  }
  return differences.text();
}

std::string compare_lines(std::vector<std::string> expected, std::vector<std::string> actual) {
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::set_difference(expected.begin(), expected.end(), actual.begin(), actual.end(), std::back_inserter(missing));
  std::set_difference(actual.begin(), actual.end(), expected.begin(), expected.end(), std::back_inserter(surplus));
  Differences differences;
  for (const std::string& line : missing) differences.add("missing: " + line.substr(0, 400));
  for (const std::string& line : surplus) differences.add("surplus: " + line.substr(0, 400));
  return differences.text();
}

}  // namespace earshot::faults
