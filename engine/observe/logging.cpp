#include "engine/observe/logging.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "engine/observe/log_line.h"

namespace earshot {
namespace {

class WriterSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit WriterSink(LogWriter writer) : writer_(std::move(writer)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    writer_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

 private:
  LogWriter writer_;
};

constexpr spdlog::level::level_enum spdlog_level(LogLevel level) {
  return static_cast<spdlog::level::level_enum>(level);
}
static_assert(spdlog_level(LogLevel::kTrace) == spdlog::level::trace);
static_assert(spdlog_level(LogLevel::kInfo) == spdlog::level::info);
static_assert(spdlog_level(LogLevel::kWarning) == spdlog::level::warn);
static_assert(spdlog_level(LogLevel::kError) == spdlog::level::err);

struct Logging {
  std::shared_ptr<spdlog::logger> logger;
  LogFormat format;
};

std::shared_ptr<const Logging> make_logging(LogLevel level, LogFormat format, LogWriter writer) {
  spdlog::sink_ptr sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  if (writer) sink = std::make_shared<WriterSink>(std::move(writer));
  auto logger = std::make_shared<spdlog::logger>("earshot", std::move(sink));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));  // lines come finished
  logger->set_level(spdlog_level(level));
  logger->flush_on(spdlog::level::trace);
  return std::make_shared<const Logging>(Logging{std::move(logger), format});
}

// The one process-wide state: an immutable snapshot that init_logging() replaces.
class CurrentLogging {
 public:
  void replace(std::shared_ptr<const Logging> logging) {
    const std::lock_guard lock(mutex_);
    logging_ = std::move(logging);
  }
  std::shared_ptr<const Logging> get() {
    const std::lock_guard lock(mutex_);
    return logging_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Logging> logging_ = make_logging(LogLevel::kInfo, LogFormat::kText, {});
};

CurrentLogging& current() {
  static CurrentLogging logging;
  return logging;
}

}  // namespace

void init_logging(LogLevel level, LogFormat format, LogWriter writer) {
  current().replace(make_logging(level, format, std::move(writer)));
}

void write_log(LogLevel level, std::string_view component, std::string_view message,
               std::initializer_list<LogField> fields) {
  const std::shared_ptr<const Logging> logging = current().get();
  if (!logging->logger->should_log(spdlog_level(level))) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const LogEvent event{std::chrono::duration_cast<std::chrono::milliseconds>(now).count(),
                       level,
                       component,
                       message,
                       {fields.begin(), fields.size()}};
  const std::string line = logging->format == LogFormat::kJson ? json_log_line(event) : text_log_line(event);
  logging->logger->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace earshot
