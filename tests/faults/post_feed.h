// PostFeed: sends numbered posts at a steady rate from its own thread, so that engines die under load.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "tests/faults/numbered_posts.h"

namespace earshot::faults {

class PostFeed {
 public:
  using Write = std::function<void(const std::vector<NumberedPost>&)>;

  // `write` is called on the feed's thread, in order, until stop().
  PostFeed(const PostScript& script, double posts_per_second, Write write);
  ~PostFeed() { stop(); }
  PostFeed(const PostFeed&) = delete;
  PostFeed& operator=(const PostFeed&) = delete;

  // Numbers below the answer were written.
  uint64_t stop();

 private:
  void run();

  PostScript script_;
  double posts_per_second_;
  Write write_;
  std::atomic<bool> is_stopping_ = false;
  uint64_t written_ = 0;
  std::thread thread_;
};

// Of the posts below `count`.
Oracle oracle_of(const PostScript& script, uint64_t count);

}  // namespace earshot::faults
