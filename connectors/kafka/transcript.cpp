#include "connectors/kafka/transcript.h"

#include <span>

namespace earshot::kafka {

void Transcript::clear() {
  bytes_ = 0;
  memory_.reset();
  entries_.clear();
  headers_.clear();
}

// A null view (no value) and an empty one stay different.
std::string_view Transcript::copy(std::string_view bytes) {
  return bytes.empty() ? bytes.data() == nullptr ? std::string_view() : std::string_view("") : memory_.copy(bytes);
}

void Transcript::add(const OutputRecord& record) {
  bytes_ += record.topic.size() + record.key.size() + record.value.size() + sizeof(Entry);
  for (const Header& header : record.headers) bytes_ += header.first.size() + header.second.size() + sizeof(Header);
  if (!is_complete()) {  // no use any more: give the memory back
    const size_t bytes = bytes_;
    clear();
    bytes_ = bytes;
    return;
  }
  Entry entry{record, headers_.size(), record.headers.size()};
  // Runs of records for one topic share its name.
  const bool is_same_topic = !entries_.empty() && entries_.back().record.topic == record.topic;
  entry.record.topic = is_same_topic ? entries_.back().record.topic : memory_.copy(record.topic);
  entry.record.key = copy(record.key);
  entry.record.value = copy(record.value);
  entry.record.headers = {};
  for (const auto& [name, value] : record.headers) headers_.emplace_back(copy(name), copy(value));
  entries_.push_back(entry);
}

Result<void> Transcript::repeat(const std::function<Result<void>(const OutputRecord&)>& produce) const {
  for (const Entry& entry : entries_) {
    OutputRecord record = entry.record;
    record.headers = std::span(headers_).subspan(entry.first_header, entry.header_count);
    if (auto produced = produce(record); !produced) return produced;
  }
  return {};
}

}  // namespace earshot::kafka
