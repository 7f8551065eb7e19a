// Any bytes as what earshot's own topics hold: a partial, a signal, a decision about an incident, an audit entry, an
// alert, a dead letter.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ops/audit/ledger.h"
#include "ops/topologies/detect.h"
#include "ops/topologies/incident.h"
#include "schemas/alert.h"
#include "schemas/dead_letter.h"
#include "tests/ops/topologies/memory_log.h"

namespace {

using namespace earshot;

std::shared_ptr<const ListenerSet> listeners() {
  auto set = std::make_shared<ListenerSet>();
  set->listeners.push_back({.name = "acme", .spoke = "desk", .owner = "me", .query = "acme"});
  return set;
}

// A record that a topology takes or refuses; what it takes has to survive a commit too.
template <class Made>
void feed(Made& topology, const TopicPartition& partition, std::string_view bytes) {
  MemoryOutbox outbox;
  if (!topology.assigned(partition, std::nullopt)) return;
  auto batch = std::make_unique<RecordBatch>(partition, bytes.size() + 64);
  batch->append("acme", bytes, 0, 1'772'460'000'000);
  auto work = topology.process(std::move(batch));
  if (topology.apply(*work, outbox)) static_cast<void>(topology.before_commit({partition}, true, outbox));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  MemoryLog log;
  DetectTopology detect({}, listeners(), log);
  feed(detect, {"partials", 0}, bytes);
  IncidentTopology incident({}, listeners(), log);
  feed(incident, {"signals", 0}, bytes);
  feed(incident, {"incident-control", 0}, bytes);
  audit::Ledger ledger("listen", {});
  static_cast<void>(ledger.add(bytes));
  ledger.check_entries();
  static_cast<void>(render_alert(bytes));
  static_cast<void>(read_dead_letter(bytes));
  return 0;
}
