// NoticePolicy: whether a spoke is told of an incident now: not below its severity floor, nor in its quiet hours unless
// it is grave. Immutable; any thread may use it.
#pragma once

#include <unicode/uversion.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

U_NAMESPACE_BEGIN
class TimeZone;
U_NAMESPACE_END

namespace earshot::incident {

// Minutes of the local day in which a spoke wants its rest; the end is not part of it. From 22:00 to 07:00 spans
// midnight.
class QuietHours {
 public:
  // "22:00-07:00 Europe/Berlin"; UTC without a zone. kInvalid: what is wrong with it.
  static Result<QuietHours> parse(std::string_view text);

  [[nodiscard]] bool holds(int64_t time_ms) const;

 private:
  int from_minute_ = 0;
  int to_minute_ = 0;
  std::shared_ptr<const icu::TimeZone> zone_;
};

class NoticePolicy {
 public:
  NoticePolicy() = default;

  // `severity_floors`: "spoke=3"; `quiet_hours`: "spoke=22:00-07:00 Europe/Berlin", any number for each spoke. In quiet
  // hours only incidents of `quiet_severity` or more are told. kInvalid: what is wrong with which.
  static Result<NoticePolicy> make(const std::vector<std::string>& severity_floors,
                                   const std::vector<std::string>& quiet_hours, int quiet_severity);

  // Empty: tell it. Else why not: severity_floor or quiet_hours.
  [[nodiscard]] std::string_view silence(const std::string& spoke, int severity, int64_t time_ms) const;

 private:
  std::map<std::string, int> floors_;
  std::multimap<std::string, QuietHours> quiet_hours_;
  int quiet_severity_ = 4;
};

}  // namespace earshot::incident
