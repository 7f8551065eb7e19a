#include "schemas/incident_control.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/json_schema/json_schema.h"

namespace earshot {
namespace {

IncidentControl mute() {
  IncidentControl control;
  control.id = "d1";
  control.time_ms = 1'772'409'600'000;
  control.by = "nora";
  control.action = ControlAction::kMute;
  control.incident = "inc-0123456789abcdef";
  control.until_ms = 1'772'416'800'000;
  control.worsens_by = 2;
  control.text = "known";
  return control;
}

TEST(IncidentControlRecord, ReadsBackAsItWasWrittenAndKeepsToItsSchema) {
  for (const ControlAction action :
       {ControlAction::kMute, ControlAction::kUnmute, ControlAction::kAcknowledge, ControlAction::kAssign,
        ControlAction::kResolve, ControlAction::kNote, ControlAction::kFeedback}) {
    IncidentControl control = mute();
    control.action = action;
    control.assignee = action == ControlAction::kAssign ? "tom" : "";
    control.is_true_alarm = action != ControlAction::kFeedback;
    if (action != ControlAction::kMute) control.until_ms = control.worsens_by = 0;
    std::string json;
    append_incident_control_json(json, control);
    EXPECT_EQ(schema_faults(nlohmann::json::parse(json),
                            std::filesystem::path(EARSHOT_SOURCE_DIR) / "schemas/incident_control.schema.json"),
              "");
    const auto read = read_incident_control(json);
    ASSERT_TRUE(read.ok()) << read.error().to_string();
    EXPECT_EQ(read->action, action);
    EXPECT_EQ(read->by, "nora");
    EXPECT_EQ(read->until_ms, control.until_ms);
    EXPECT_EQ(read->worsens_by, control.worsens_by);
    EXPECT_EQ(read->assignee, control.assignee);
    EXPECT_EQ(read->text, "known");
    EXPECT_EQ(read->is_true_alarm, control.is_true_alarm);
  }
}

TEST(IncidentControlRecord, IsRefusedWithTheReason) {
  const auto reason = [](const std::function<void(nlohmann::json&)>& edit) {
    std::string json;
    append_incident_control_json(json, mute());
    auto record = nlohmann::json::parse(json);
    edit(record);
    const auto read = read_incident_control(record.dump());
    return read ? std::string("accepted") : read.error().message;
  };
  using Json = nlohmann::json;
  const auto expect = [&](const std::string& part, const std::function<void(Json&)>& edit) {
    const std::string message = reason(edit);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  EXPECT_EQ(reason([](Json&) {}), "accepted");
  expect("'by' is missing", [](Json& record) { record.erase("by"); });
  expect("'action' must be", [](Json& record) { record["action"] = "explode"; });
  expect("'worsens_by' must be", [](Json& record) { record["worsens_by"] = 9; });
  expect("'until' must be a time", [](Json& record) { record["until"] = "tomorrow"; });
  expect("'incident' must be an id", [](Json& record) { record["incident"] = "42"; });
  expect("'untill' is no member", [](Json& record) { record["untill"] = "x"; });
  expect("'text' has 5000 bytes", [](Json& record) { record["text"] = std::string(5000, 'a'); });
  expect("'verdict' is missing", [](Json& record) {
    record = {{"id", "1"},
              {"time", "2026-03-02T00:00:00Z"},
              {"by", "n"},
              {"action", "feedback"},
              {"incident", "inc-0123456789abcdef"}};
  });
  for (const char* text : {"", "{", "[]", "null", "\"mute\""}) EXPECT_FALSE(read_incident_control(text).ok()) << text;
}

}  // namespace
}  // namespace earshot
