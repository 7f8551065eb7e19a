// The librdkafka properties that the connector sets itself: exactly-once, cooperative rebalancing and the bounded
// source rest on them, so a configuration may not.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace earshot::kafka {

struct ManagedProperty {
  std::string_view name;
  std::string_view reason;
};

inline constexpr std::array<ManagedProperty, 16> kManagedProperties{{
    {"acks", "a record counts only when all replicas in sync have it"},
    {"allow.auto.create.topics", "a reader must not make topics with settings that nobody chose"},
    {"auto.commit.enable", "positions are committed with the outputs, in one transaction"},
    {"auto.offset.reset", "records that are gone must be told, not skipped; see source.start"},
    {"client.id", "it is the application's name; see name"},
    {"enable.auto.commit", "positions are committed with the outputs, in one transaction"},
    {"enable.auto.offset.store", "positions are committed with the outputs, in one transaction"},
    {"enable.idempotence", "transactions rest on it"},
    {"enable.partition.eof", "the end of a partition tells time to go on without it"},
    {"group.id", "it comes from the application's name and the role; see name"},
    {"group.instance.id", "it tells a process that came back from a new one; it is kept in data_dir"},
    {"isolation.level", "what an aborted transaction wrote must not be read"},
    {"partition.assignment.strategy", "partitions move one by one, while the others keep flowing"},
    {"request.required.acks", "a record counts only when all replicas in sync have it"},
    {"transaction.timeout.ms", "it bounds how long others wait for a process that died"},
    {"transactional.id", "it tells a process that lives from one that died"},
}};

// nullptr when a configuration may set it.
inline const ManagedProperty* find_managed_property(std::string_view name) {
  const auto* found = std::ranges::find(kManagedProperties, name, &ManagedProperty::name);
  return found == kManagedProperties.end() ? nullptr : found;
}

}  // namespace earshot::kafka
