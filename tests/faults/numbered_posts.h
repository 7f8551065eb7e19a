// Numbered posts and what a single thread makes of them: the input of every fault test, and the oracle that its outputs
// are compared with. Both follow from a seed, so a failure can be played again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace earshot::faults {

struct NumberedPost {
  std::string id;
  int64_t created_at_ms = 0;
  std::vector<std::string> listeners;  // that must hear it
  int64_t followers = 0;               // sums of these tell which posts were counted, not only how many
  std::string json;
};

// Event time goes on by 50 ms a post, out of order by up to 4 s; every twentieth minute one listener surges. One post
// in a hundred is sent again shortly after.
class PostScript {
 public:
  PostScript(uint64_t seed, int64_t start_ms) : seed_(seed), start_ms_(start_ms) {}

  [[nodiscard]] NumberedPost post(uint64_t number) const;

  // The listeners as YAML, as a file of the listeners folder holds them.
  static std::string listeners_yaml();

 private:
  [[nodiscard]] uint64_t draw(uint64_t number, uint64_t what, uint64_t below) const;
  [[nodiscard]] std::vector<std::string> listeners_of(uint64_t number) const;

  uint64_t seed_;
  int64_t start_ms_;
};

// Listener, start in RFC 3339, length in ms.
using WindowKey = std::tuple<std::string, std::string, int64_t>;

struct WindowCount {
  uint64_t mentions = 0;
  uint64_t reach = 0;
  friend bool operator==(const WindowCount&, const WindowCount&) = default;
};

// Lengths of the windows that the tests configure.
inline constexpr int64_t kWindowLengthsMs[] = {60'000, 900'000};

class Oracle {
 public:
  // A post that was added before counts once, as dedup promises.
  void add(const NumberedPost& post);

  [[nodiscard]] const std::map<WindowKey, WindowCount>& windows() const { return windows_; }
  [[nodiscard]] const std::set<std::pair<std::string, std::string>>& mentions() const { return mentions_; }

 private:
  std::set<std::string> seen_;
  std::map<WindowKey, WindowCount> windows_;
  std::set<std::pair<std::string, std::string>> mentions_;  // listener, post id
};

// What differs between the oracle and the windows and mentions that were written, as text for a person; "" when they
// agree: each mention once, and of each window every revision once, the last of which counts as the oracle does.
std::string compare(const Oracle& oracle, const std::vector<std::string>& windows,
                    const std::vector<std::string>& mentions);

// Windows are written once and never mended, since nothing was out of order beyond the disorder that is allowed.
std::string find_revisions(const std::vector<std::string>& windows);

// What two runs wrote, in any order: "" when it is the same.
std::string compare_lines(std::vector<std::string> expected, std::vector<std::string> actual);

}  // namespace earshot::faults
