// FinderTrial: which of the two ways to find phrases is the faster one for a set, on this machine and on the posts that
// arrive: both find the phrases of the first texts, and the one that is faster on most of them stays. State of one
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace earshot::match {

// How phrases are found. Both ways give the same matches; kAuto tries both and stays with the faster one.
enum class PhraseFinder : uint8_t { kAuto, kHyperscan, kIndex };

// With fewer phrases Hyperscan hardly needs more than a glance at a text; with more the index is ahead in every
// measurement of bench/micro/match_bench.cpp. In either case nothing is tried.
inline constexpr size_t kTrialPhrasesMin = 8;
inline constexpr size_t kTrialPhrasesMax = 3000;
inline constexpr uint32_t kTrialTexts = 255;

class FinderTrial {
 public:
  explicit FinderTrial(PhraseFinder finder = PhraseFinder::kHyperscan) : finder_(finder) {}

  // kAuto while the trial goes on.
  [[nodiscard]] PhraseFinder finder() const { return finder_; }

  // Has one of them find the phrases of a text, or while the trial goes on both, one after the other: each has to begin
  // by dropping what the other found.
  template <class ByHyperscan, class ByIndex>
  void run(const ByHyperscan& by_hyperscan, const ByIndex& by_index) {
    if (finder_ == PhraseFinder::kIndex) {
      by_index();
    } else if (finder_ == PhraseFinder::kHyperscan) {
      by_hyperscan();
    } else {
      compare(by_hyperscan, by_index);
    }
  }

 private:
  // They take turns in going first, which is the slower place: the text is not yet in the cache.
  template <class ByHyperscan, class ByIndex>
  void compare(const ByHyperscan& by_hyperscan, const ByIndex& by_index) {
    using Clock = std::chrono::steady_clock;
    const bool index_goes_first = texts_ % 2 == 0;
    const Clock::time_point begin = Clock::now();
    index_goes_first ? by_index() : by_hyperscan();
    const Clock::time_point between = Clock::now();
    index_goes_first ? by_hyperscan() : by_index();
    const bool is_first_faster = between - begin < Clock::now() - between;
    texts_faster_by_index_ += is_first_faster == index_goes_first ? 1 : 0;
    if (++texts_ < kTrialTexts) return;
    finder_ = 2 * texts_faster_by_index_ > texts_ ? PhraseFinder::kIndex : PhraseFinder::kHyperscan;
  }

  PhraseFinder finder_;
  uint32_t texts_ = 0;
  uint32_t texts_faster_by_index_ = 0;
};

}  // namespace earshot::match
