#include "engine/config/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "engine/config/text_check.h"

namespace earshot {
namespace {

ConfigPosition position_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

// Unwinds yaml-cpp, which offers no other way to stop it.
struct StopParsing {
  ConfigError error;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(ConfigDocument& document) : document_(document) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) throw StopParsing{{position_of(mark), "", "a second document begins here; one is expected"}};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.kind = ConfigNode::Kind::kNull, .position = position_of(mark)}, "?", anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report(mark, "aliases are not supported; repeat the value");
    add({.kind = ConfigNode::Kind::kNull, .position = position_of(mark)}, "?", 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool is_quoted = tag != "?";  // "!": yaml-cpp's tag of what is not plain
    add({.kind = ConfigNode::Kind::kScalar, .position = position_of(mark), .text = value, .is_quoted = is_quoted}, tag,
        anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open({.kind = ConfigNode::Kind::kSequence, .position = position_of(mark)}, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open({.kind = ConfigNode::Kind::kMap, .position = position_of(mark)}, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    ConfigNode node;
    bool expects_key = false;
    std::string key;
    ConfigPosition key_position;
    bool drops_value = false;                    // its key was refused
    std::unordered_map<std::string, int> lines;  // of the keys so far
  };

  void report(ConfigPosition position, std::string message) {
    document_.errors.push_back({position, path(), std::move(message)});
  }
  void report(const YAML::Mark& mark, std::string message) { report(position_of(mark), std::move(message)); }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (const Frame& frame : frames_) {
      if (frame.node.kind == ConfigNode::Kind::kSequence) {
        out += '[' + std::to_string(frame.node.items.size()) + ']';
      } else if (!frame.expects_key) {
        out += (out.empty() ? "" : ".") + frame.key;
      }
    }
    return out;
  }

  void check_properties(const ConfigNode& node, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) report(node.position, "anchors are not supported; repeat the value where it is needed");
    if (!tag.empty() && tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str") {
      report(node.position, "the tag " + tag + " is not supported");
    }
  }

  void open(ConfigNode node, const std::string& tag, YAML::anchor_t anchor) {
    check_properties(node, tag, anchor);
    if (frames_.size() == static_cast<size_t>(kConfigDepthMax)) {
      throw StopParsing{{node.position, "", "more than " + std::to_string(kConfigDepthMax) + " levels deep"}};
    }
    if (!frames_.empty() && frames_.back().expects_key) {
      throw StopParsing{{node.position, path(), "expected a name as key, found a list or map"}};
    }
    const bool is_map = node.kind == ConfigNode::Kind::kMap;
    frames_.push_back({.node = std::move(node), .expects_key = is_map, .key = {}, .key_position = {}, .lines = {}});
  }

  void close() {
    ConfigNode node = std::move(frames_.back().node);
    frames_.pop_back();
    attach(std::move(node));
  }

  void add(ConfigNode node, const std::string& tag, YAML::anchor_t anchor) {
    check_properties(node, tag, anchor);
    if (!frames_.empty() && frames_.back().expects_key) {
      take_key(std::move(node));
    } else {
      attach(std::move(node));
    }
  }

  void take_key(ConfigNode node) {
    Frame& frame = frames_.back();
    frame.expects_key = false;
    frame.key = std::move(node.text);
    frame.key_position = node.position;
    const auto [first, is_new] = frame.lines.try_emplace(frame.key, node.position.line);
    frame.drops_value = !is_new || node.kind == ConfigNode::Kind::kNull;
    if (node.kind == ConfigNode::Kind::kNull) {
      report(node.position, "expected a name as key, found nothing");
    } else if (!is_new) {
      report(node.position, "duplicate key; line " + std::to_string(first->second) + " has set it already");
    }
  }

  void attach(ConfigNode node) {
    if (frames_.empty()) {
      document_.root = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == ConfigNode::Kind::kSequence) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    // yaml-cpp puts an absent value at the token after it.
    if (node.kind == ConfigNode::Kind::kNull) node.position = frame.key_position;
    if (!frame.drops_value) frame.node.entries.push_back({std::move(frame.key), frame.key_position, std::move(node)});
    frame.expects_key = true;
  }

  ConfigDocument& document_;
  std::vector<Frame> frames_;
  int documents_ = 0;
};

std::string_view line_of(std::string_view yaml, int line) {
  for (; line > 0 && !yaml.empty(); --line) yaml.remove_prefix(std::min(yaml.find('\n'), yaml.size() - 1) + 1);
  return yaml.substr(0, yaml.find('\n'));
}

// Says the faults that people make most so that it helps; yaml-cpp's own wording for the rest.
ConfigError explain(const YAML::Exception& fault, std::string_view yaml) {
  const std::string_view line = line_of(yaml, fault.mark.line);
  const std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
  if (const size_t tab = indentation.find('\t'); tab != std::string_view::npos) {
    return {{fault.mark.line + 1, static_cast<int>(tab) + 1}, "", "a tab indents this line; YAML takes spaces only"};
  }
  std::string message = "broken YAML: " + fault.msg;
  if (fault.msg == YAML::ErrorMsg::END_OF_MAP || fault.msg == YAML::ErrorMsg::END_OF_SEQ) {
    message = "the indentation does not fit the lines above";
  } else if (line.find("${") != std::string_view::npos) {
    message += "; a value with ${...} inside {} or [] needs quotes";
  }
  return {position_of(fault.mark), "", std::move(message)};
}

}  // namespace

ConfigDocument parse_config_document(std::string_view yaml) {
  ConfigDocument document;
  if (yaml.size() > kConfigBytesMax) {
    document.errors.push_back({{}, "", "the file is larger than 1 MiB; that is no configuration"});
    return document;
  }
  if (std::optional<ConfigError> fault = find_non_text(yaml)) {
    document.errors.push_back(std::move(*fault));
    return document;
  }
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    TreeBuilder builder(document);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (StopParsing& stop) {
    document.errors.push_back(std::move(stop.error));
  } catch (const YAML::Exception& fault) {
    document.errors.push_back(explain(fault, yaml));
  }
  if (document.errors.empty() && document.root.kind != ConfigNode::Kind::kMap) {
    const bool is_empty = document.root.kind == ConfigNode::Kind::kNull;
    document.errors.push_back(
        {document.root.position, "",
         is_empty ? "the file has no settings" : "expected settings as `key: value` at the top level"});
  }
  return document;
}

}  // namespace earshot
