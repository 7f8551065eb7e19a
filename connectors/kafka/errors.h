// librdkafka's error codes in the words of engine/base/result.h.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace earshot::kafka {

ErrorCode classify(rd_kafka_resp_err_t code);

// "cannot <doing>: <librdkafka's reason>"; `detail` replaces the reason where librdkafka says more than its code does.
Error to_error(rd_kafka_resp_err_t code, std::string_view doing, std::string_view detail = {});

}  // namespace earshot::kafka
