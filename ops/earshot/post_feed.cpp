#include "ops/earshot/post_feed.h"

#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

#include "operators/parse/parser.h"
#include "ops/earshot/connectors.h"
#include "ops/earshot/parse_options.h"

namespace earshot {
namespace {

constexpr size_t kBatchBytes = size_t{1} << 20;

// Parses many records at once, as the pipeline does.
class PostFeed {
 public:
  PostFeed(parse::ParseOptions options, const std::function<bool(const Post&)>& visit)
      : parser_(std::move(options)), visit_(visit) {}

  Result<void> add(std::string_view record, int64_t timestamp_ms) {
    if (!batch_) batch_ = std::make_unique<RecordBatch>(TopicPartition{"input", 0}, kBatchBytes);
    batch_->append({}, record, static_cast<int64_t>(count_.records++), timestamp_ms);
    if (batch_->bytes_used() >= kBatchBytes) flush();
    if (is_stopped_) return Error{ErrorCode::kFenced, "enough", {}};
    return {};
  }

  void flush() {
    const auto batch = std::exchange(batch_, nullptr);
    if (!batch || is_stopped_) return;
    posts_.clear();
    parser_.parse(*batch, posts_);
    count_.refused += posts_.refusals.size();
    for (const Post& post : posts_.posts) {
      if (post.change == PostChange::kDeleted) continue;
      ++count_.posts;
      is_stopped_ = !visit_(post);
      if (is_stopped_) return;
    }
  }

  [[nodiscard]] bool is_stopped() const { return is_stopped_; }
  [[nodiscard]] const FeedCount& count() const { return count_; }

 private:
  parse::Parser parser_;
  const std::function<bool(const Post&)>& visit_;
  std::unique_ptr<RecordBatch> batch_;
  parse::PostBatch posts_;
  FeedCount count_;
  bool is_stopped_ = false;
};

}  // namespace

Result<FeedCount> visit_posts(const Settings& settings, const std::function<bool(const Post&)>& visit) {
  PostFeed feed(parse_options(settings.source), visit);
  if (settings.source.connector == SourceConnector::kFile && settings.source.path == "-") {
    for (std::string line; !feed.is_stopped() && std::getline(std::cin, line);) {
      if (!feed.add(line, kNoTimestamp)) break;
    }
  } else {
    const auto read = read_input(settings, [&](const TopicPartition&, const RecordView& record) {
      return feed.add(record.value, record.timestamp_ms);
    });
    if (!read && !feed.is_stopped()) return read.error();
  }
  feed.flush();
  return feed.count();
}

Result<Settings> settings_of_input(const std::string& path, const std::string& format) {
  if (!parse::format_from_name(format)) return invalid("--format: unknown format '" + format + "'");
  Settings settings;
  settings.source.connector = SourceConnector::kFile;
  settings.source.path = path;
  settings.source.format = format;
  return settings;
}

}  // namespace earshot
