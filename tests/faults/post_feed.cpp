#include "tests/faults/post_feed.h"

#include <chrono>
#include <utility>

namespace earshot::faults {

PostFeed::PostFeed(const PostScript& script, double posts_per_second, Write write)
    : script_(script), posts_per_second_(posts_per_second), write_(std::move(write)), thread_([this] { run(); }) {}

uint64_t PostFeed::stop() {
  is_stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return written_;
}

void PostFeed::run() {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  while (!is_stopping_) {
    const double elapsed_s = std::chrono::duration<double>(Clock::now() - began).count();
    const auto due = static_cast<uint64_t>(elapsed_s * posts_per_second_);
    std::vector<NumberedPost> posts;
    for (; written_ < due && posts.size() < 5'000; ++written_) posts.push_back(script_.post(written_));
    if (!posts.empty()) write_(posts);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Oracle oracle_of(const PostScript& script, uint64_t count) {
  Oracle oracle;
  for (uint64_t number = 0; number < count; ++number) oracle.add(script.post(number));
  return oracle;
}

}  // namespace earshot::faults
