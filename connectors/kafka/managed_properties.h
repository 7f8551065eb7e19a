// The librdkafka properties that the connector sets itself: exactly-once, cooperative rebalancing and the bounded
// source rest on them, so a configuration may not.
#pragma once

#include <array>
#include <string_view>

namespace earshot::kafka {

inline constexpr std::array<std::string_view, 15> kManagedProperties{"acks",
                                                                     "allow.auto.create.topics",
                                                                     "auto.offset.reset",
                                                                     "client.id",
                                                                     "enable.auto.commit",
                                                                     "enable.auto.offset.store",
                                                                     "enable.idempotence",
                                                                     "enable.partition.eof",
                                                                     "group.id",
                                                                     "group.instance.id",
                                                                     "isolation.level",
                                                                     "partition.assignment.strategy",
                                                                     "request.required.acks",
                                                                     "transaction.timeout.ms",
                                                                     "transactional.id"};

}  // namespace earshot::kafka
