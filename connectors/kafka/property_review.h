// Looks over the Kafka properties of a configuration without asking any broker: what will not work is an error before
// anything runs, what is dangerous or doubtful is a remark.
#pragma once

#include <string>
#include <vector>

#include "connectors/kafka/kafka_log.h"

namespace earshot::kafka {

// The remarks, a sentence each, for whoever runs earshot. Errors: a property that is unknown, managed or refused, a
// certificate or key that cannot be used, a way of logging in that this librdkafka does not have (kInvalid).
[[nodiscard]] Result<std::vector<std::string>> review_properties(const KafkaOptions& options);

}  // namespace earshot::kafka
