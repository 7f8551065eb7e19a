// AlertLines: an alert as a person reads it, made from the CloudEvent on the topic.
#pragma once

#include <string>
#include <string_view>

namespace earshot {

struct AlertLines {
  std::string state;  // opened, escalated, easing, resolved, reopened; "unreadable" when it is no alert
  std::string text;   // one or more lines, without the last newline
};

AlertLines alert_lines(std::string_view cloud_event, bool use_colour);

}  // namespace earshot
