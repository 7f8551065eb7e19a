// Commits numbered transactions to a local log until it is killed: `local_log_commit_loop PATH SYNC`. Transaction n
// appends n to both partitions of `numbers`, stores n as its state and n + 1 as its position, so that any torn commit
// shows.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "connectors/local/local_log.h"

namespace {

using earshot::CommitRequest;

int fail(const earshot::Error& error) {
  std::fprintf(stderr, "%s\n", error.to_string().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  earshot::local::LocalLogOptions options;
  options.path = argv[1];
  options.sync = std::string(argv[2]) == "sync";
  options.memory_budget_bytes = 4 << 20;  // many flushes
  options.segment_bytes = 1 << 20;
  auto log = earshot::local::open_local_log(options);
  if (!log) return fail(log.error());
  const std::vector<earshot::TopicSpec> topics{{"numbers", 2}};
  if (const auto made = (*log)->ensure_topics(topics); !made) return fail(made.error());
  auto producer = (*log)->open_producer("numbers");
  auto store = (*log)->open_state("numbers", 0);
  if (!producer || !store) return 1;
  const auto last = (*store)->get("last");
  if (!last) return fail(last.error());
  const std::string padding(20'000, 'x');
  for (long number = *last ? std::atol((*last)->c_str()) + 1 : 0;; ++number) {
    // Small batches lie in the database itself, large ones in segments: both, in turn.
    const std::string text = std::to_string(number) + " " + padding.substr(0, number % 3 == 0 ? padding.size() : 2000);
    if (const auto begun = (*producer)->begin(); !begun) return fail(begun.error());
    for (int32_t partition = 0; partition < 2; ++partition) {
      if (const auto produced = (*producer)->produce({"numbers", partition, "key", text}); !produced)
        return fail(produced.error());
    }
    (*store)->put("last", std::to_string(number));
    (*store)->put("at/" + std::to_string(number % 100), std::to_string(number));
    const CommitRequest request{
        "loop", nullptr, {{{"input", 0}, {number + 1, std::to_string(number)}}}, {store->get()}};
    if (const auto committed = (*producer)->commit(request); !committed) return fail(committed.error());
    std::printf("%ld\n", number);
    std::fflush(stdout);
  }
}
