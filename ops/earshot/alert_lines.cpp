#include "ops/earshot/alert_lines.h"

#include <nlohmann/json.hpp>

#include "schemas/alert.h"

namespace earshot {
namespace {

// "io.earshot.incident.opened" → "opened".
std::string state_of(std::string_view cloud_event) {
  const auto event = nlohmann::json::parse(cloud_event, nullptr, false);
  const auto type = event.is_object() ? event.find("type") : event.end();
  if (type == event.end() || !type->is_string()) return "unreadable";
  const auto& name = type->get_ref<const std::string&>();
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

AlertLines alert_lines(std::string_view cloud_event, bool use_colour) {
  AlertLines lines{state_of(cloud_event), {}};
  auto text = render_alert(cloud_event, {.is_coloured = use_colour});
  lines.text = text ? std::move(*text) : "not an alert: " + text.error().to_string() + '\n';
  if (lines.text.ends_with('\n')) lines.text.pop_back();
  return lines;
}

}  // namespace earshot
