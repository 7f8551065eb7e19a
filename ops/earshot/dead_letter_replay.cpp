#include "ops/earshot/dead_letter_replay.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "engine/time/wall_clock.h"
#include "ops/earshot/connectors.h"

namespace earshot {
namespace {

class InputReplay final : public DeadLetterReplay {
 public:
  InputReplay(std::unique_ptr<Log> log, std::unique_ptr<Producer> producer)
      : log_(std::move(log)), producer_(std::move(producer)) {}

  ~InputReplay() override {
    if (open_letters_ > 0) static_cast<void>(producer_->abort().ok());
  }
  InputReplay(const InputReplay&) = delete;
  InputReplay& operator=(const InputReplay&) = delete;

  Result<void> send(const DeadLetterPart& letter) override {
    constexpr uint64_t kLettersMax = 1000;
    constexpr size_t kBytesMax = 16 << 20;
    if (open_letters_ == 0) {
      if (auto begun = producer_->begin(); !begun) return begun;
    }
    ++open_letters_;
    open_bytes_ += letter.payload.size();
    auto produced = producer_->produce({.topic = letter.topic,
                                        .partition = letter.partition,
                                        .key = {},
                                        .value = letter.payload,
                                        .timestamp_ms = wall_clock_ms()});
    if (!produced) return produced;
    return open_letters_ < kLettersMax && open_bytes_ < kBytesMax ? Result<void>() : finish();
  }

  Result<void> finish() override {
    if (open_letters_ == 0) return {};
    if (auto committed = producer_->commit({}); !committed) return committed;
    sent_ += std::exchange(open_letters_, 0);
    open_bytes_ = 0;
    return {};
  }

  [[nodiscard]] uint64_t sent() const override { return sent_; }

 private:
  std::unique_ptr<Log> log_;
  std::unique_ptr<Producer> producer_;
  uint64_t open_letters_ = 0;
  size_t open_bytes_ = 0;
  uint64_t sent_ = 0;
};

class StreamReplay final : public DeadLetterReplay {
 public:
  explicit StreamReplay(std::string path) : path_(std::move(path)) {
    if (path_ != "-") file_.open(path_, std::ios::binary | std::ios::trunc);
  }
  [[nodiscard]] bool is_open() const { return path_ == "-" || file_.is_open(); }

  Result<void> send(const DeadLetterPart& letter) override {
    stream() << letter.payload << '\n';
    if (!stream()) return failed("cannot be written", path_);
    ++sent_;
    return {};
  }
  Result<void> finish() override {
    stream().flush();
    return stream() ? Result<void>() : Result<void>(failed("cannot be written", path_));
  }
  [[nodiscard]] uint64_t sent() const override { return sent_; }

 private:
  std::ostream& stream() { return path_ == "-" ? std::cout : file_; }

  std::string path_;
  std::ofstream file_;
  uint64_t sent_ = 0;
};

}  // namespace

Result<std::unique_ptr<DeadLetterReplay>> open_input_replay(const Settings& settings) {
  if (settings.source.connector == SourceConnector::kFile) {
    return invalid("the input is files, which earshot does not write: replay --to a file and make it an input");
  }
  auto log = open_input_log(settings);
  if (!log) return log.error();
  auto producer = (*log)->open_producer(settings.name + "-replay-" + std::to_string(getpid()));
  if (!producer) return producer.error();
  return std::unique_ptr<DeadLetterReplay>(std::make_unique<InputReplay>(std::move(*log), std::move(*producer)));
}

Result<std::unique_ptr<DeadLetterReplay>> open_file_replay(const std::string& path) {
  std::error_code fault;
  if (path != "-" && std::filesystem::exists(path, fault)) return invalid("is there already", path);
  auto replay = std::make_unique<StreamReplay>(path);
  if (!replay->is_open()) return failed("cannot be created", path);
  return std::unique_ptr<DeadLetterReplay>(std::move(replay));
}

}  // namespace earshot
